import { createReadStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { toNumber } from "@keyspaces-segmentation/common";
import { NOTHING_GIVEN, openInvoiceFile } from "@keyspaces-segmentation/invoice-files";
import type { ParsedChunk } from "@keyspaces-segmentation/invoices";
import { writeRetailFiles } from "../../bench/retail_file.js";
import { parseAll } from "../support/retail.js";

const directory = mkdtempSync(join(tmpdir(), "retail-file-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, rows: number, seed?: number) {
  const files = {
    file: join(directory, `${name}.csv`),
    numberedFile: join(directory, `${name}_numbered.csv`),
    germanFile: join(directory, `${name}_german.csv`),
    workbookFile: join(directory, `${name}.xlsx`),
  };
  writeRetailFiles({ rows, ...files, ...(seed !== undefined && { seed }) });
  return files;
}

async function linesOf(path: string): Promise<ParsedChunk["lines"]> {
  const opened = await openInvoiceFile(path, NOTHING_GIVEN);
  const all: ParsedChunk["lines"] = [];
  for await (const { lines } of opened.lines()) all.push(...lines);
  return all;
}

const text = (file: string) => readFileSync(file, "utf8");

test("the file has the rows asked for, and the shape and the faults of the real one", async () => {
  const { lines, rejects } = await parseAll(createReadStream(write("shape", 6000).file));
  expect(lines.length + rejects.length).toBe(6000);
  expect(rejects.length).toBeGreaterThan(0);
  expect(rejects.length).toBeLessThan(10);
  // 541,909 rows of the real one are on 25,900 invoices; 1,067,371 rows are of 5,942 customers.
  const invoices = new Set(lines.map(({ invoice }) => invoice)).size;
  expect(lines.length / invoices).toBeGreaterThan(17);
  expect(lines.length / invoices).toBeLessThan(25);
  expect(new Set(lines.map(({ customerId }) => customerId)).size).toBeGreaterThan(25);
  expect(lines.some(({ customerId }) => customerId === null)).toBe(true);
  expect(lines.some(({ invoice }) => invoice.startsWith("C"))).toBe(true);
  expect(lines.some(({ line }) => line > 1)).toBe(true);
});

test("lines of an invoice lie together, in order of time", async () => {
  const { lines } = await parseAll(createReadStream(write("order", 1500).file));
  const begun = lines.filter(({ invoice }, i) => invoice !== lines[i - 1]?.invoice);
  expect(new Set(begun.map(({ invoice }) => invoice)).size).toBe(begun.length);
  const times = begun.map(({ invoiceDate }) => invoiceDate.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test("the numbered file counts repeated lines as our parser does", async () => {
  const { file, numberedFile } = write("numbered", 2000);
  const { lines, originals } = await parseAll(createReadStream(file));
  const numbered = new Set(text(numberedFile).split("\n"));
  const missing = lines.filter(({ line }, i) => !numbered.has(`${originals[i]!.text},${line}`));
  expect(missing).toEqual([]);
});

test("the German file has the same lines in another form", async () => {
  const { file, germanFile } = write("german", 1000);
  const [lines, german] = await Promise.all([file, germanFile].map(linesOf));
  expect(german).toEqual(lines);
});

test("the workbook has the same lines, with dates and numbers as such", async () => {
  const { file, workbookFile } = write("workbook", 1000);
  const [lines, ofWorkbook] = await Promise.all([file, workbookFile].map(linesOf));
  const shown = (each: ParsedChunk["lines"][number]) => ({
    ...each,
    price: toNumber(each.price),
    quantity: toNumber(each.quantity),
  });
  expect(ofWorkbook!.map(shown)).toEqual(lines!.map(shown));
});

test("the same seed gives the same file, another seed another one", () => {
  const [first, again, other] = [write("first", 500, 3), write("again", 500, 3), write("other", 500, 4)];
  expect(text(again.file)).toBe(text(first.file));
  expect(text(other.file)).not.toBe(text(first.file));
});

test.each([1, 2, 179])("%d rows are that many", (rows) => {
  expect(text(write("few", rows).file).trimEnd().split("\n")).toHaveLength(rows + 1);
});
