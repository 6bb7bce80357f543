import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { InvoiceFile } from "@keyspaces-segmentation/invoice-files";
import { createRetailTable, loadFile, loadsOf, lookAtTable } from "@keyspaces-segmentation/invoice-store";
import type { ParsedChunk } from "@keyspaces-segmentation/invoices";
import { invoiceFile } from "../support/invoice_files.js";
import { withKeyspace } from "../support/keyspaces.js";
import { tableContents } from "../support/table_contents.js";

const it = withKeyspace();
const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
/** Lines of invoices, three an invoice. */
const invoices = (first: number, last: number): string[] =>
  Array.from({ length: 3 * (last - first + 1) }, (_, i) => {
    const invoice = first + Math.floor(i / 3);
    return `${invoice},SKU${i % 3},thing,1,2010-01-${10 + (invoice % 10)} 10:00,2.50,${7000 + (invoice % 5)},Norway`;
  });

let folder: string;
let name: { keyspace: string; table: string };
let tables = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "at-once-"));
});
beforeEach(async () => {
  name = { keyspace: it.keyspace, table: `online_retail_${tables++}` };
  await createRetailTable(it.client, name);
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(lines: readonly string[]): Promise<InvoiceFile> {
  const path = join(folder, `${tables}-${lines.length}.csv`);
  await writeFile(path, `${[header, ...lines].join("\n")}\n`);
  return invoiceFile(path);
}
const load = (file: InvoiceFile, notebook: string, options: { reuse?: boolean; signal?: AbortSignal } = {}) =>
  loadFile(
    it.client,
    name,
    { file, uri: "s3://data/b.csv" },
    { rejectsFile: join(folder, notebook, "r.csv"), ...options },
  );

/** The file, in whose middle something else happens before more of it is read. */
function meanwhile(file: InvoiceFile, between: () => Promise<unknown>): InvoiceFile {
  const half = ({ lines, lineNumbers, originals }: ParsedChunk, from: number, to: number): ParsedChunk => ({
    lines: lines.slice(from, to),
    lineNumbers: lineNumbers.slice(from, to),
    originals: originals.slice(from, to),
    rejects: [],
  });
  async function* lines(count?: (bytes: number) => void): ReturnType<InvoiceFile["lines"]> {
    for await (const chunk of file.lines(count)) {
      const middle = chunk.lines.length >> 1;
      yield half(chunk, 0, middle);
      await between();
      yield half(chunk, middle, chunk.lines.length);
    }
  }
  const { path, rows, warnings, currency, notes } = file;
  return { path, rows, warnings, currency, notes, lines };
}

const unfinished = async () => (await lookAtTable(it.client, name, { analysisDate: null })).conflicts;

test("two that load the same file at once: none takes for its list of new invoices what the other has brought", async () => {
  await load(await fileOf(invoices(1, 9)), "one");
  const file = await fileOf(invoices(200, 249));
  await load(
    meanwhile(file, () => load(file, "other")),
    "one",
  );
  expect(await tableContents(it.client, name)).toHaveLength(27 + 150);
  expect(await loadsOf(it.client, name)).toMatchObject([{}, { lines: 150, listedInvoices: null }]);
  expect(await unfinished()).toEqual([]);
});

test("one that fails leaves what another has put on record of the same file", async () => {
  const file = await fileOf(invoices(200, 249));
  let recorded: unknown;
  const failing = meanwhile(file, async () => {
    await load(file, "other");
    recorded = await loadsOf(it.client, name);
    throw new Error("the disk is full");
  });
  await expect(load(failing, "one")).rejects.toThrow("the disk is full");
  expect(recorded).toMatchObject([{ lines: 150, stored: 150, file: { lines: 150 } }]);
  expect(await loadsOf(it.client, name)).toEqual(recorded);
  expect(await unfinished()).toEqual([expect.stringContaining("A load of s3://data/b.csv has failed")]);
  // What is said to do about it helps.
  await load(file, "one");
  expect(await unfinished()).toEqual([]);
  expect(await tableContents(it.client, name)).toHaveLength(150);
  expect(await load(file, "one")).toMatchObject({ reused: true });
});

test("a file whose rows were being written anew is loaded to its end by loading it again", async () => {
  const file = await fileOf(invoices(200, 249));
  await load(file, "one");
  const stop = new AbortController();
  const rewriting = meanwhile(file, async () => stop.abort(new Error("interrupted")));
  await expect(load(rewriting, "one", { reuse: false, signal: stop.signal })).rejects.toThrow("interrupted");
  expect(await unfinished()).toHaveLength(1);
  await load(file, "one");
  expect(await unfinished()).toEqual([]);
  expect(await tableContents(it.client, name)).toHaveLength(150);
});
