import { describe, expect, test } from "@jest/globals";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import {
  detectText,
  type Quoting,
  readTextRecords,
  refuseNonTable,
  sampleRecords,
  type TextFormat,
} from "@keyspaces-segmentation/table-files";
import { chunksOf, cutSample, wholeSample } from "./samples.js";

const DESCRIPTIONS = [
  'WHITE "HANGING" HEART',
  "CAKE, BIG; RED",
  '12" RULER',
  "PLAIN",
  "a|b\tc",
  "£ CAKE CASES – “x”",
  "line\nbreak",
  "line\r\nbreak",
  "\\back\\slash",
  "ends in \\",
  "",
  '5" TIN, 3"',
];

/** A shop with such descriptions, its header first. */
function shop(lines: number): string[][] {
  const random = seededRandom(5);
  const below = (n: number): number => Math.floor(random() * n);
  const rows = Array.from({ length: lines }, (_, at) => [
    String(489_434 + at),
    String(20_000 + below(999)),
    DESCRIPTIONS[at % DESCRIPTIONS.length]!,
    String(1 + below(24)),
    `${1 + below(12)}/${1 + below(28)}/2023 ${below(24)}:${10 + below(50)}`,
    (below(400) / 4).toFixed(2),
    at % 11 === 0 ? "" : String(12_000 + below(60)),
    ["United Kingdom", "EIRE", "Côte d'Ivoire"][below(3)]!,
  ]);
  return [
    ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"],
    ...rows,
  ];
}

/** How programs write fields, and the quoting that it is. */
const WAYS: Readonly<Record<string, readonly [Quoting, (field: string, separator: string) => string]>> = {
  "where they need it": ["doubled", (field, separator) => (needsQuotes(field, separator) ? quoted(field) : field)],
  "around every field": ["doubled", quoted],
  "with a blank in front": [
    "doubled",
    (field, separator) => (needsQuotes(field, separator) ? ` ${quoted(field)}` : field),
  ],
  "with backslashes": ["backslash", (field) => `"${field.replace(/["\\]/g, "\\$&")}"`],
  "around whole lines": ["whole_lines", (field, separator) => (needsQuotes(field, separator) ? quoted(field) : field)],
};

function quoted(field: string): string {
  return `"${field.replaceAll('"', '""')}"`;
}

function needsQuotes(field: string, separator: string): boolean {
  return /["\r\n]/.test(field) || field.includes(separator);
}

const ENCODERS: Readonly<Record<string, (text: string) => Uint8Array>> = {
  "utf-8": (text) => Buffer.from(text),
  "utf-8 with a mark": (text) => Buffer.from(`\uFEFF${text}`),
  "utf-16le": (text) => Buffer.from(text, "utf16le"),
  "utf-16be with a mark": (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
  "windows-1252": (text) =>
    Buffer.from(
      text.replace(/[–“”]/g, (sign) => ({ "–": "\x96", "“": "\x93", "”": "\x94" })[sign]!),
      "latin1",
    ),
};

describe.each([",", ";", "\t", "|"])("a shop's file separated by %j", (separator) => {
  describe.each(Object.keys(WAYS))("in quotes %s", (way) => {
    const [quoting, write] = WAYS[way]!;
    const rows = shop(48);
    const lines = rows.map((row) => row.map((field) => write(field, separator)).join(separator));
    const records = quoting === "whole_lines" ? lines.map(quoted) : lines;

    test.each(["\n", "\r\n", "\r"])("with lines that end with %j, in each encoding", async (lineEnd) => {
      const expected = JSON.stringify(rows);
      for (const [encoding, encode] of Object.entries(ENCODERS)) {
        const bytes = encode(records.join(lineEnd) + lineEnd);
        for (const sample of [wholeSample(bytes), cutSample(bytes, 1777)]) {
          refuseNonTable(sample, "shop.csv");
          const { format } = detectText(sample);
          expect(format).toMatchObject({ encoding: encoding.split(" ")[0], separator, quoting, widths: [8] });
          // As text: comparing fields one by one takes longer than reading them.
          expect(JSON.stringify(await fieldsOf(bytes, format!))).toBe(expected);
        }
      }
    });
  });
});

async function fieldsOf(bytes: Uint8Array, format: TextFormat): Promise<(readonly string[])[]> {
  const all: (readonly string[])[] = [];
  for await (const records of readTextRecords(chunksOf(bytes, 2501), format)) {
    for (const { fields } of records) all.push(fields);
  }
  return all;
}

describe("the quoting", () => {
  const quotingOf = (text: string) => detectText(wholeSample(text)).quoting;
  const lines = (line: (at: number) => string): string =>
    Array.from({ length: 30 }, (_, at) => `${line(at)}\n`).join("");

  test.each<[string, string, Quoting]>([
    ["no quotes", lines((at) => `${at},a`), "doubled"],
    ["one field that is not closed", `${lines((at) => `${at},"a, b"`)}31,"c\n32,d\n`, "doubled"],
    ["values that end in a backslash", lines((at) => `${at},"C:\\",x`), "doubled"],
    [
      "a backslash before quotes on two lines",
      `${lines((at) => `${at},"a, b",x`)}31,"5\\" TIN",x\n32,"6\\", 7",x\n`,
      "backslash",
    ],
    ["a backslash before separators", lines((at) => `${at},a${"\\,".repeat(at % 4)}b,x`), "backslash"],
    ["only some lines in quotes", lines((at) => (at % 3 ? `${at},plain,x` : `"${at},""a, b"",x"`)), "whole_lines"],
    ["empty cells behind whole lines", lines((at) => `"${at},""a, b"",x",,,`), "whole_lines"],
    ["quotes that are text", lines((at) => `${at}\t${at % 2 ? '"RED" MUG' : "BLUE"}\tx`), "none"],
  ])("of a text with %s", (_, text, value) => {
    expect(quotingOf(text)).toMatchObject({ value, evidence: expect.any(String) });
  });
});

test("records of a sample: whole ones only, also where a piece begins within a quoted field", () => {
  const rows = Array.from({ length: 400 }, (_, at) => `${at},"${"some text\n".repeat(at % 9)}",x\n`).join("");
  const bytes = Buffer.from(`id,text,x\n${rows}`);
  for (let length = 900; length < 940; length++) {
    const sample = cutSample(bytes, length);
    const { format } = detectText(sample);
    const [head, middle, tail] = sampleRecords(sample, format!);
    const records = [...head!, ...middle!, ...tail!];
    expect(records.filter(({ fields, problem }) => problem !== undefined || fields.length !== 3)).toEqual([]);
    expect(head![0]!.fields).toEqual(["id", "text", "x"]);
    expect(tail!.at(-1)!.fields[0]).toBe("399");
  }
});

describe("apostrophes", () => {
  const quotingOf = (lines: readonly string[]): Quoting | undefined =>
    detectText(wholeSample(Buffer.from(lines.join("\n")))).quoting?.value;

  test("around fields of nearly all lines are quotes", () => {
    const lines = ["id,name,price", ...Array.from({ length: 30 }, (_, i) => `'${i}','a, ''b'' \\'c\\'','2.5'`)];
    const sample = wholeSample(Buffer.from(lines.join("\n")));
    const { format, quoting } = detectText(sample);
    expect(quoting).toMatchObject({ value: "single", evidence: "30 of 30 lines have a field in single quotes" });
    expect(
      sampleRecords(sample, format!)[0]!
        .slice(0, 2)
        .map(({ fields }) => fields),
    ).toEqual([
      ["id", "name", "price"],
      ["0", "a, 'b' 'c'", "2.5"],
    ]);
  });

  test.each([
    ["within words", (i: number) => `${i},CHILDREN'S O'NEIL'S,2.5`],
    ["in front of ids", (i: number) => `'00${i},x,2.5`],
    ["around some names", (i: number) => (i % 3 === 0 ? `${i},'x',2.5` : `${i},x,2.5`)],
    ["within quotes", (i: number) => `${i},"'a', 'b'",2.5`],
  ])("%s are text", (_what, line) =>
    expect(quotingOf(["id,name,price", ...Array.from({ length: 30 }, (_, i) => line(i))])).toBe("doubled"),
  );
});
