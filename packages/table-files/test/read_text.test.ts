import { expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import {
  detectText,
  noCounts,
  readTextRecords,
  refuseNonTable,
  sampleRecords,
  type TableRecord,
  type TextFormat,
} from "@keyspaces-segmentation/table-files";
import { lineDecoder } from "@keyspaces-segmentation/table-files/dist/text/decode.js";
import { wholeSample } from "./samples.js";

const PARTS = [
  ..."a,,,;|\\\t \0é\uFEFF\u2028",
  ...['"', '"', '""', '",', '\n"', '"\n', '\\"', "\n", "\r\n", "\r"],
  ...["12", "1,2,3\n", '"a",b,c\n', '4,"5\n6",7\n', "sep=,\n"],
];
const ENCODINGS = ["utf-8", "utf-8", "utf-16le", "utf-16be", "windows-1252", "macintosh"];
const QUOTINGS = ["doubled", "doubled", "backslash", "whole_lines", "none"] as const;

/** A source of chance and what is drawn from it. */
function chance(seed: number) {
  const random = seededRandom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  const text = (): string => Array.from({ length: below(60) }, () => pick(PARTS)).join("");
  const bytes = (): Uint8Array => {
    const made = Buffer.from(text(), random() < 0.3 ? "utf16le" : "utf8");
    for (let damage = below(8) - 4; damage > 0 && made.length > 0; damage--) made[below(made.length)] = below(256);
    return made;
  };
  const format = (): TextFormat => ({
    encoding: pick(ENCODINGS),
    separator: pick([",", ";"]),
    quoting: pick(QUOTINGS),
    lineEnd: pick(["lf", "crlf", "cr"] as const),
    separatorLine: random() < 0.2,
    ...(random() < 0.7 && { widths: [3] }),
  });
  return { below, bytes, format };
}

/** Its records where it comes in pieces that end at these places. */
async function read(bytes: Uint8Array, format: TextFormat, cuts: Iterable<number>) {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let from = 0;
    for (const cut of [...cuts, bytes.length]) {
      const chunk = new Uint8Array(bytes.subarray(from, cut));
      yield chunk;
      // Whoever made the chunk may fill it again.
      chunk.fill(0x41);
      from = cut;
    }
  }
  const counts = noCounts();
  const records: TableRecord[] = [];
  for await (const batch of readTextRecords(chunks(), format, counts)) records.push(...batch);
  // As text: comparing objects takes longer than reading them.
  return { records, all: JSON.stringify({ records, counts }) };
}

test.each([1, 2, 3, 4])("wherever bytes are cut, the records and the counts are the same: seed %i", async (seed) => {
  const { below, bytes, format } = chance(seed);
  for (let round = 0; round < 150; round++) {
    const file = bytes();
    const like = format();
    const whole = await read(file, like, []);
    const some = [...file.keys()].filter(() => below(3) === 0);
    for (const cuts of [[...file.keys()], some]) {
      const { all } = await read(file, like, cuts);
      if (all !== whole.all) expect({ all, cuts }).toEqual({ all: whole.all, cuts });
    }
  }
});

test.each([11, 12])("each line with something in it belongs to one record: seed %i", async (seed) => {
  const { bytes, format } = chance(seed);
  const wrong: unknown[] = [];
  for (let round = 0; round < 250; round++) {
    const file = bytes();
    const like = format();
    const decode = lineDecoder(like);
    const lines = (decode(file) + decode(undefined)).split("\n");
    const owners = lines.map(() => 0);
    for (const { lineNumber, text } of (await read(file, like, [])).records) {
      const own = text.split("\n").length;
      const asInFile = lines.slice(lineNumber - 1, lineNumber - 1 + own).join("\n");
      const bare = [asInFile, text].map((each) => each.replace(/^\uFEFF+|\r+$/g, ""));
      if (bare[0] !== bare[1]) wrong.push({ bare });
      for (let at = 0; at < own; at++) owners[lineNumber - 1 + at]!++;
    }
    for (const [at, line] of lines.entries()) {
      const isBlank = line.replace(/[\s",;\uFEFF]/g, "") === "";
      const isSeparatorLine = at === 0 && like.separatorLine && /^\uFEFF*"?sep=/.test(line);
      const isRight = isBlank || isSeparatorLine ? owners[at]! <= 1 : owners[at] === 1;
      if (!isRight) wrong.push({ line, owners: owners[at] });
    }
  }
  expect(wrong).toEqual([]);
});

test.each([21, 22])("whatever the bytes are, they are read, asked about or refused: seed %i", (seed) => {
  const { below, bytes } = chance(seed);
  for (let round = 0; round < 200; round++) {
    const file = round % 4 === 0 ? Uint8Array.from({ length: below(300) }, () => below(256)) : bytes();
    const sample = wholeSample(file);
    try {
      refuseNonTable(sample, "chance.csv");
      const { format } = detectText(sample);
      if (format !== null) sampleRecords(sample, format);
    } catch (error) {
      expect(error).toBeInstanceOf(StepError);
      expect((error as StepError).message).not.toMatch(/[\p{Cc}\uFFFD]/u);
    }
  }
});
