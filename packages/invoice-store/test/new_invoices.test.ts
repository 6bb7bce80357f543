import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  createInvoicesOfLoadTable,
  listedInvoices,
  listInvoices,
} from "@keyspaces-segmentation/invoice-store/dist/new_invoices.js";
import { createKeyspace } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { connectToKeyspaces, type KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { sessionOf } from "../../../test/support/session.js";
import { gatewayBench, region } from "../../keyspaces-local/test/support.js";

const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 20 });
// The longest name that a table may have.
const where = { keyspace: "lists", table: "t".repeat(48) };
let client: KeyspacesClient;
let folder: string;
let unitsWritten: () => number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "new-invoices-"));
  await bench.begin();
  const gateway = await bench.gatewayWith();
  unitsWritten = () => Object.values(gateway.units()).reduce((sum, { written }) => sum + written, 0);
  const keyspacesCaFile = join(folder, "ca.pem");
  await writeFile(keyspacesCaFile, bench.certificates().ca);
  const keyspacesEndpoint = { host: "localhost", port: gateway.port };
  const aws = sessionOf({ region, credentials: async () => identity });
  client = await connectToKeyspaces(aws, { keyspacesEndpoint, keyspacesCaFile });
  await createKeyspace(client, where.keyspace);
  await createInvoicesOfLoadTable(client, where);
});
afterAll(async () => {
  await client.shutdown();
  await bench.end();
  await rm(folder, { recursive: true });
});

let loads = 0;
const newLoad = () => {
  loads++;
  return { fingerprint: String(loads).padStart(64, "0"), loadedAt: new Date("2026-11-30T00:00:00Z") };
};
/** Lists invoices and reads them again; with the write units that it took. */
async function listed(invoices: readonly string[]) {
  const load = newLoad();
  const before = unitsWritten();
  const isListed = await listInvoices(client, where, load, new Set(invoices), { maxRowsPerSecond: 1000 });
  const units = unitsWritten() - before;
  return { isListed, units, read: (await listedInvoices(client, where, load, invoices.length)).sort() };
}

const numbers = (count: number, numbered: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => numbered(i));

test.each([
  ["one", numbers(1, () => "536365"), 1],
  ["a full bucket of the sample's", numbers(1000, (i) => String(536_000 + i)), 21],
  [
    "three buckets, some of one letter",
    numbers(2001, (i) => (i % 9 ? `C${536_000 + i}` : String.fromCodePoint(0x4e00 + i))),
    47,
  ],
  ["sixteen characters each", numbers(500, (i) => `RE-2010-${String(i).padStart(8, "0")}`), 25],
  // More than a row should have, and in more bytes than characters.
  ["one of 300 letters in two bytes each", ["\u00fc".repeat(300), "1"].sort(), 3],
])("a list comes back as it was written, in few write units: %s", async (_, invoices, units) => {
  expect(await listed(invoices)).toEqual({ isListed: true, units, read: [...invoices].sort() });
});

test("a number that is too long for the table is no list, and one with a line's end in it has more than it should", async () => {
  expect((await listed(["1", "x".repeat(900)])).isListed).toBe(false);
  expect((await listed(["1", "2\n3"])).read).toHaveLength(3);
});

test("a list with a row for each, as earlier versions have written it, is read", async () => {
  const { fingerprint, loadedAt } = newLoad();
  const invoices = numbers(1001, (i) => String(i)).sort();
  const query = `INSERT INTO ${where.keyspace}.invoices_of_load (data_table, fingerprint, loaded_at, bucket, invoice) VALUES (?, ?, ?, ?, ?)`;
  for (const [i, invoice] of invoices.entries())
    await client.execute(query, [where.table, fingerprint, loadedAt, i % 2, invoice], { prepare: true });
  expect((await listedInvoices(client, where, { fingerprint, loadedAt }, 1001)).sort()).toEqual(invoices);
});
