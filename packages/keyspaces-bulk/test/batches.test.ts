import { describe, expect, test } from "@jest/globals";
import { retailTable } from "@keyspaces-segmentation/invoices";
import { type Batch, createBatcher } from "@keyspaces-segmentation/keyspaces-bulk/dist/batches.js";
import { batchBytes } from "@keyspaces-segmentation/keyspaces-bulk/dist/limits.js";
import { keyReader } from "@keyspaces-segmentation/keyspaces-bulk/dist/row_encoding.js";
import { parseInvoices } from "../../../test/support/invoice_files.js";

const keyOf = keyReader(retailTable);
const HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n";
const row = (invoice: string, stockCode: string, description = "d") =>
  `${invoice},${stockCode},${description},1,12/1/09 07:45,1.5,7,Norway\n`;

async function batchesOf(text: string, { chunkBytes = 1 << 20, settledLine = 0 } = {}): Promise<Batch[]> {
  const bytes = Buffer.from(HEADER + text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const batcher = createBatcher(retailTable, settledLine);
  const batches: Batch[] = [];
  for await (const chunk of parseInvoices(chunks())) batches.push(...batcher.add(chunk));
  return [...batches, ...batcher.end()];
}
const shape = (batches: Batch[]) =>
  batches.map(({ rows, rejects, lastLine }) => ({
    rows: rows.map(({ values }) => keyOf(values).join("/")),
    rejects: rejects.map(({ lineNumber }) => lineNumber),
    lastLine,
  }));

describe("a batch", () => {
  test("holds the rows of one invoice", async () => {
    const batches = await batchesOf(row("1", "A") + row("1", "B") + row("2", "A") + row("1", "A"));
    expect(shape(batches)).toEqual([
      { rows: ["1/A/1", "1/B/1"], rejects: [], lastLine: 3 },
      { rows: ["2/A/1"], rejects: [], lastLine: 4 },
      { rows: ["1/A/2"], rejects: [], lastLine: 5 },
    ]);
  });

  test("holds at most 30 rows", async () => {
    const rows = Array.from({ length: 75 }, (_, i) => row("1", String(i))).join("");
    expect((await batchesOf(rows)).map((batch) => batch.rows.length)).toEqual([30, 30, 15]);
  });

  test("stays below what a request may hold, unless one row alone is longer", async () => {
    const long = "x".repeat(15_000);
    const rows =
      row("1", "A", long) +
      row("1", "B", long) +
      row("1", "C", long) +
      row("1", "D", "x".repeat(60_000)) +
      row("1", "E");
    const batches = await batchesOf(rows);
    expect(batches.map((batch) => batch.rows.length)).toEqual([2, 1, 1, 1]);
    for (const batch of batches.filter((one) => one.rows.length > 1)) {
      const bytes = batch.rows.reduce((sum, { values }) => sum + values.end - values.start, 0);
      expect(bytes).toBeLessThanOrEqual(batchBytes);
    }
  });

  test("is the same however the file is cut", async () => {
    const rows = Array.from({ length: 90 }, (_, i) =>
      i % 17 === 3 ? "1,,,,,,,\n" : row(String(i >> 4), String(i)),
    ).join("");
    const whole = shape(await batchesOf(rows));
    const nothingCompleted = ({ rows: kept }: { rows: string[] }) => kept.length > 0;
    for (const chunkBytes of [1, 7, 64, 1000]) {
      const cut = shape(await batchesOf(rows, { chunkBytes }));
      expect(cut.flatMap((batch) => batch.rows)).toEqual(whole.flatMap((batch) => batch.rows));
      expect(cut.flatMap((batch) => batch.rejects)).toEqual(whole.flatMap((batch) => batch.rejects));
      expect(cut.filter(nothingCompleted).map((batch) => batch.rows)).toEqual(
        whole.filter(nothingCompleted).map((batch) => batch.rows),
      );
      expect(cut.map(({ lastLine }) => lastLine)).toEqual(cut.map(({ lastLine }) => lastLine).sort((a, b) => a - b));
      expect(cut.at(-1)?.lastLine).toBe(91);
    }
  });

  test("carries the lines among its rows that are none, and covers them", async () => {
    const batches = await batchesOf(`bad\n${row("1", "A")}1,B\n${row("1", "C")}${row("2", "A")}2,,\n`);
    expect(shape(batches)).toEqual([
      { rows: ["1/A/1", "1/C/1"], rejects: [2, 4], lastLine: 5 },
      { rows: ["2/A/1"], rejects: [7], lastLine: 7 },
    ]);
  });
});

test("what an earlier run has settled is left out, but counted among the repeats", async () => {
  const text = `${row("1", "A")}bad\n${row("1", "A")}${row("1", "A")}bad\n`;
  expect(shape(await batchesOf(text, { settledLine: 3 }))).toEqual([
    { rows: ["1/A/2", "1/A/3"], rejects: [6], lastLine: 6 },
  ]);
  expect(await batchesOf(text, { settledLine: 6 })).toEqual([]);
});
