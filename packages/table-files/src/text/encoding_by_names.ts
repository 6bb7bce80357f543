import { isAscii } from "node:buffer";
import { formatPlural } from "@keyspaces-segmentation/common";
import type { Sample } from "../bytes/sample.js";
import type { Decision } from "../decision.js";
import { lineDecoder } from "./decode.js";
import { wholeLines } from "./whole_lines.js";

/** How many names of columns a line has. */
export type NamesIn = (line: string) => number;

/** What spreadsheets and databases write where Windows-1252 or UTF-8 is not usual, the likeliest first. */
const OTHERS = [
  ...[
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "iso-8859-2",
    "koi8-r",
    "ibm866",
    "ibm850",
  ],
  ...["macintosh", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr"],
];

/** Names of columns are among the first lines, and in one of few digits. */
const FIRST_LINES = 60;
const MOST_DIGITS = 1 / 8;
/** Fewer may be chance. */
const FEWEST_NAMES = 3;
/** Where a line has such signs, no names of columns are counted in it. */
const NO_NAME = /[^\p{L}\p{M}\p{N}\p{P}\p{Sc}\p{Zs}\p{ASCII}№°]/u;
/** What is hardly in text: characters that are none, and signs within words. */
const ODD = /\uFFFD|[^\P{C}\s]|\p{L}[^\p{L}\p{M}\p{N}\p{ASCII}\u2010-\u2019\xb7]\p{L}/u;

/**
 * The encoding in which the header of a file is most names of columns, where Windows-1252 has fewer; of several, the one with the fewest odd
 * lines. The file is known to be no UTF-8.
 */
export function encodingByNames(sample: Sample, namesIn: NamesIn): Decision<string> | undefined {
  const first: Buffer[] = [];
  const all: Buffer[] = [];
  let at = 0;
  for (const line of wholeLines(sample)) {
    if (!isAscii(line)) {
      all.push(line);
      if (at < FIRST_LINES && digitsIn(line) <= MOST_DIGITS * line.length) first.push(line);
    }
    at++;
  }
  const namesBy = (encoding: string): number =>
    Math.max(0, ...textsOf(first, encoding).map((line) => (NO_NAME.test(line) ? 0 : namesIn(line))));
  const usual = namesBy("windows-1252");
  const counted = OTHERS.map((encoding) => ({ encoding, names: namesBy(encoding) }));
  const most = Math.max(...counted.map(({ names }) => names));
  if (most <= usual || most < FEWEST_NAMES) return undefined;
  const oddLines = (encoding: string): number => textsOf(all, encoding).filter((text) => ODD.test(text)).length;
  const [best] = counted
    .filter(({ names }) => names === most)
    .map(({ encoding }) => ({ encoding, odd: oddLines(encoding) }))
    .sort((one, other) => one.odd - other.odd);
  return {
    value: best!.encoding,
    evidence: `its header has ${formatPlural(most, "name")} of columns so, and ${usual} in Windows-1252`,
    confidence: "likely",
  };
}

const digitsIn = (line: Buffer): number =>
  line.reduce((count, byte) => count + Number(byte >= 0x30 && byte <= 0x39), 0);

function textsOf(lines: readonly Buffer[], encoding: string): string[] {
  return lines.map((line) => {
    const decode = lineDecoder({ encoding, lineEnd: "lf" });
    return (decode(line) + decode(undefined)).trimEnd();
  });
}
