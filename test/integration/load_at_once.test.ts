import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
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
  // Nothing of the file is missing.
  expect(await unfinished()).toEqual([]);
  expect(await tableContents(it.client, name)).toHaveLength(150);
  expect(await load(file, "one")).toMatchObject({ reused: true });
});

test("one that begins later and fails leaves nothing to do where the other comes to its end", async () => {
  const file = await fileOf(invoices(200, 249));
  const failing = meanwhile(file, async () => {
    throw new Error("the disk is full");
  });
  const failed = () => expect(load(failing, "other")).rejects.toThrow("the disk is full");
  await load(
    meanwhile(file, () => failed()),
    "one",
  );
  expect(await unfinished()).toEqual([]);
  expect(await load(file, "one")).toMatchObject({ reused: true });
  // Writing it anew, one that fails is not made good by what was on record before.
  await expect(load(failing, "one", { reuse: false })).rejects.toThrow("the disk is full");
  expect(await unfinished()).toEqual([expect.stringMatching(/^A load of s3:.* has failed/)]);
});

test("a load that is on record has come to its end, whether or not its note could be taken back", async () => {
  const file = await fileOf(invoices(200, 249));
  const execute = it.client.execute.bind(it.client);
  const refusing = jest
    .spyOn(it.client, "execute")
    .mockImplementation(((query: string, ...more: []) =>
      query.startsWith("DELETE") ? Promise.reject(new Error("refused")) : execute(query, ...more)) as typeof execute);
  try {
    expect(await load(file, "one")).toMatchObject({ reused: false, stored: 150 });
  } finally {
    refusing.mockRestore();
  }
  // None of its rows is said to be missing.
  expect(await unfinished()).toEqual([
    "A load of s3://data/b.csv has begun and is not done: rows of it count here as far as they are stored. Load it to its end (step 5), and read again.",
  ]);
  await load(file, "one");
  expect(await unfinished()).toEqual([]);
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

test("one whose folder another process writes to is refused before anything is stored or noted", async () => {
  const door = require.resolve("@keyspaces-segmentation/common");
  const atIt = `() => new Promise(() => { console.log("at it"); setInterval(() => {}, 1000); })`;
  const script = `void require(${JSON.stringify(door)}).aloneIn(${JSON.stringify(join(folder, "shared"))}, ${atIt})`;
  const other = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(other.stdout, "data");
  const file = await fileOf(invoices(1, 9));
  await expect(load(file, "shared")).rejects.toThrow(`another run, process ${other.pid}, is writing there.`);
  expect(await tableContents(it.client, name)).toEqual([]);
  expect(await unfinished()).toEqual([]);
  other.kill("SIGKILL");
  await once(other, "exit");
  expect(await load(file, "shared")).toMatchObject({ stored: 27 });
});
