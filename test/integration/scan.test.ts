import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ingestInvoices } from "@keyspaces-segmentation/invoice-store/dist/ingest_invoices.js";
import { readCustomers, readInvoiceLines } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import { createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices";
import type { Client, QueryOptions } from "cassandra-driver";
import { invoiceFile } from "../support/invoice_files.js";
import { withKeyspace } from "../support/keyspaces.js";
import { foldLines, generatedCsv, parseGenerated } from "../support/retail.js";

const it = withKeyspace();

let folder: string;
let lines: InvoiceLine[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scan-"));
  const file = join(folder, "data.csv");
  await writeFile(file, generatedCsv());
  ({ lines } = await parseGenerated());
  await createRetailTable(it.client, it);
  await ingestInvoices(it.client, it, await invoiceFile(file), { rejectsFile: join(folder, "rejects.csv") });
});
afterAll(() => rm(folder, { recursive: true }));

test.each(["LOCAL_QUORUM", "LOCAL_ONE"] as const)(
  "the customers read at %s are those of the file, to the penny",
  async (consistency) => {
    const { requests, seconds, ...totals } = await readCustomers(it.client, it, { consistency });
    expect(totals).toEqual(foldLines(lines));
    expect(requests).toBeGreaterThan(0);
    expect(seconds).toBeGreaterThan(0);
  },
);

test("where the service refuses paging states, the customers are still the same", async () => {
  let continued = 0;
  const execute = (query: string, params: unknown[], options: QueryOptions = {}) => {
    const { pageState } = options;
    const spoil = typeof pageState === "string" && ++continued % 5 === 0;
    return it.client.execute(query, params, {
      ...options,
      fetchSize: 50,
      ...(spoil && { pageState: pageState.slice(0, -8) }),
    });
  };
  const client = Object.assign(Object.create(it.client), { execute }) as Client;
  const { requests, seconds, ...totals } = await readCustomers(client, it);
  expect(totals).toEqual(foldLines(lines));
  expect(continued).toBeGreaterThan(50);
});

test("all lines come back, or the first ones, or none where they are too many", async () => {
  const all = await readInvoiceLines(it.client, it);
  expect(new Map(all.lines.map((line) => [`${line.invoice} ${line.stockCode} ${line.line}`, line]))).toEqual(
    new Map(lines.map((line) => [`${line.invoice} ${line.stockCode} ${line.line}`, line])),
  );
  expect(all.lines).toHaveLength(lines.length);

  const first = await readInvoiceLines(it.client, it, { limit: 100 });
  expect(first.lines).toHaveLength(100);
  // The service may answer with an empty page first, never with two; the whole table takes a request a token range at least.
  expect(first.requests).toBeLessThanOrEqual(2);
  expect(all.lines).toEqual(expect.arrayContaining(first.lines.slice(0, 3)));

  const atMost = lines.length - 1;
  await expect(readInvoiceLines(it.client, it, { atMost })).rejects.toThrow(/more than [\d,]+ lines/);
});

test("a table that is not there", async () => {
  await expect(readCustomers(it.client, { ...it, table: "nowhere" })).rejects.toThrow(
    /^Could not read the table \S+\.nowhere: .*unconfigured table/,
  );
});
