import { expect, test } from "@jest/globals";
import { sampleSheet } from "@keyspaces-segmentation/table-files";
import { filesForTests } from "../support/folder.js";
import { type WorkbookXml, workbook } from "../support/workbook.js";

const file = filesForTests();
const rows = (count: number, row: (i: number) => string) =>
  Array.from({ length: count }, (_each, i) => row(i + 1)).join("");

test("a small sheet is taken whole, with what was seen besides", async () => {
  const sheet = rows(500, (i) => `<row r="${i}"><c t="inlineStr"><is><t>${i}</t></is></c><c><f>A1</f></c></row>`);
  const { records, whole, notes } = await sampleSheet(file("small.xlsx", workbook({ sheets: { A: sheet } })), "a");
  expect(whole).toBe(true);
  expect(records.map(({ lineNumber, fields }) => [String(lineNumber), fields[0]])).toEqual(
    Array.from({ length: 500 }, (_each, i) => [String(i + 1), String(i + 1)]),
  );
  expect(notes.formulasWithoutValue).toBe(500);
});

test.each<[string, (i: number) => string]>([
  [
    "",
    (i) =>
      `<row r="${i}"><c r="A${i}"><v>${i}</v></c><c r="B${i}" t="inlineStr"><is><t>東京 &amp; ${"京".repeat(20)}</t></is></c></row>`,
  ],
  [
    "with prefixes",
    (i) =>
      `<x:row r="${i}"><x:c r="A${i}"><x:v>${i}</x:v></x:c><x:c r="B${i}"><x:v>${"1".repeat(15)}</x:v></x:c></x:row>`,
  ],
])("a large sheet is sampled at its beginning, at its end and all over between %s", async (_what, row) => {
  const count = 120_000;
  const prefix = row(1).startsWith("<x:") ? "x:" : "";
  const part = `<?xml version="1.0"?><${prefix}worksheet xmlns:x="urn:x"><${prefix}sheetData>${rows(count, row)}</${prefix}sheetData></${prefix}worksheet>`;
  const xml: WorkbookXml = { sheets: { A: part } };
  const { records, whole } = await sampleSheet(file("large.xlsx", workbook(xml)), 1);
  expect(whole).toBe(false);
  expect(records.length).toBeGreaterThan(15_000);
  expect(records.length).toBeLessThan(60_000);
  expect(records.filter(({ lineNumber, fields }) => fields[0] !== String(lineNumber))).toEqual([]);
  const numbers = records.map(({ lineNumber }) => lineNumber);
  const gaps = numbers.flatMap((each, i) => (i > 0 && each !== numbers[i - 1]! + 1 ? [each] : []));
  expect([numbers[0], numbers.at(-1)]).toEqual([1, count]);
  expect(gaps.length).toBeGreaterThan(20);
  expect(numbers.some((each) => Math.abs(each - count / 2) < 100)).toBe(true);
});
