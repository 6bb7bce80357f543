import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { cleanUp } from "@keyspaces-segmentation/aws-cleanup";
import { Meter } from "@keyspaces-segmentation/aws-costs/dist/meter.js";
import { listObjects, readObject, uploadBytes } from "@keyspaces-segmentation/aws-session";
import {
  loadFile,
  loadsOf,
  lookAtTable,
  readCustomers,
  readTable,
  type TableRead,
} from "@keyspaces-segmentation/invoice-store";
import type { LoadOptions } from "@keyspaces-segmentation/invoice-store/dist/load_file.js";
import { journalOf, noteOpenLoad } from "@keyspaces-segmentation/invoice-store/dist/load_journal.js";
import { countingOf } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import { createKeyspace, createRetailTable, ownTables } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { prepareFeatures, type RetailTotals, retailTable } from "@keyspaces-segmentation/invoices";
import {
  connectToKeyspaces,
  type KeyspacesClient,
  type KeyspacesSettings,
} from "@keyspaces-segmentation/keyspaces-bulk";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { generateRetailCsv } from "../../../local/data/generate.js";
import { invoiceFile } from "../../../test/support/invoice_files.js";
import { useMoto } from "../../../test/support/moto.js";
import { preparations } from "../../../test/support/oracle.js";
import { sessionOf } from "../../../test/support/session.js";
import { gatewayBench, region } from "../../keyspaces-local/test/support.js";

useMoto();

const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 20 });
const aws = sessionOf({ region, credentials: async () => identity });
const where = { keyspace: "shop", table: "online_retail", bucket: "next-month", prefix: "runs" };
let keyspaces: KeyspacesSettings;
let client: KeyspacesClient;
let folder: string;
/** Read units that the gateway has counted. */
let unitsRead: () => number;
/** Write units that it has counted for lists of what loads have brought. */
let unitsOfLists: () => number;
/** Counts what the client sends, as a run does to show it. */
const meter = new Meter({ ...ownTables, [where.table]: retailTable });
const unitsShown = () => meter.usage.quantity(meter.step, "readUnits");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "next-month-"));
  await bench.begin();
  const gateway = await bench.gatewayWith();
  unitsRead = () => Object.values(gateway.units()).reduce((sum, { read }) => sum + read, 0);
  unitsOfLists = () => gateway.units()[`${where.keyspace}.invoices_of_load`]?.written ?? 0;
  const keyspacesCaFile = join(folder, "ca.pem");
  await writeFile(keyspacesCaFile, bench.certificates().ca);
  const keyspacesEndpoint = { host: "localhost", port: gateway.port };
  keyspaces = { keyspacesEndpoint, keyspacesCaFile };
  client = await connectToKeyspaces(aws, keyspaces, { traffic: meter });
  await createKeyspace(client, where.keyspace);
  await createRetailTable(client, where);
});
afterAll(async () => {
  await client.shutdown();
  await bench.end();
  await rm(folder, { recursive: true });
});

const [header = "", ...records] = generateRetailCsv({ seed: 17, customers: 150 }).trimEnd().split("\n");
/** December 2009 to November 2010, with the first days of another December in the last; a record without a date is of the month before it. */
const months: string[][] = Array.from({ length: 12 }, () => []);
let month = 0;
for (const record of records) {
  const [, number, year] = /,(\d{1,2})\/\d{1,2}\/(09|10) \d{1,2}:\d\d,/.exec(record) ?? [];
  if (number !== undefined) month = year === "09" ? 0 : Math.min(11, Number(number));
  months[month]!.push(record);
}

async function load(uri: string, lines: readonly string[], options: Partial<LoadOptions> = {}, to = where) {
  const path = join(folder, uri);
  await writeFile(path, `${[header, ...lines].join("\n")}\n`);
  const loading = { rejectsFile: join(folder, "rejects.csv"), maxRejects: "90%", ...options } as const;
  const { reused } = await loadFile(client, to, { file: await invoiceFile(path), uri }, loading);
  return { reused, listed: (await loadsOf(client, to)).find((each) => each.uri === uri)?.brought };
}

const unitsOfScan = (rows: number): number => Math.ceil((rows * 121) / 4096) + 16;
const asWanted = { read: "changed", keep: true, isContinued: true, analysisDate: null, unitsOfScan } as const;

/** All that is made of a table. */
function result({ aggregate, cut, beforeCut, ledger, lines, reusedNumbers, later }: RetailTotals) {
  const features = preparations.map((preparation) => prepareFeatures(aggregate, { preparation }));
  return { aggregate, features, cut, beforeCut, ledger, lines, reusedNumbers, later };
}

/** Reads only what changed, where that goes, and all of it, and expects the same; with the read units of both. */
async function readBothWays(options: Partial<typeof asWanted | { analysisDate: string | null }> = {}, of = where) {
  const wanted = { ...asWanted, ...options };
  const counting = countingOf(await loadsOf(client, of), wanted);
  const [start, startShown] = [unitsRead(), unitsShown()];
  const read = await readTable(client, aws, of, wanted);
  const [spent, shown] = [unitsRead() - start, unitsShown() - startShown];
  const whole = await readCustomers(client, of, { rules: counting.rules, until: counting.until, cut: read.cut });
  expect(result(read)).toEqual(result(whole));
  return { read, spent, shown, whole: unitsRead() - start - spent };
}

const how = ({ newInvoices, whyWhole, whyNotKept }: TableRead) => ({ newInvoices, whyWhole, whyNotKept });
const onlyNew = { newInvoices: expect.any(Number), whyWhole: null, whyNotKept: null };
const all = (whyWhole: unknown) => ({ newInvoices: null, whyWhole, whyNotKept: null });
const numberOf = (record: string): string => record.slice(0, record.indexOf(","));

test("twelve months, one after the other, read as their invoices come in, give what reading the whole table gives", async () => {
  await new S3Client({ region, credentials: identity }).send(
    new CreateBucketCommand({ Bucket: where.bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
  );
  // What makes it hard is there: credit notes for what was bought months ago, and customers who stay away and come back.
  const customerOf = (record: string): string => record.split(",").at(-2)!;
  const inMonths = (customer: string) => months.map((of) => of.some((record) => customerOf(record) === customer));
  const customers = [...new Set(records.map(customerOf))].filter((customer) => /^\d+$/.test(customer));
  expect(customers.some((customer) => /10001/.test(inMonths(customer).map(Number).join("")))).toBe(true);
  const isReturn = (record: string) => record.startsWith("C");
  const onlyReturns = months.slice(2).flatMap((of) => {
    const bought = new Set(of.filter((record) => !isReturn(record)).map(customerOf));
    return of.filter((record) => isReturn(record) && !bought.has(customerOf(record)));
  });
  expect(onlyReturns.length).toBeGreaterThan(0);
  // An invoice goes on in the next file; months come in the wrong order; one file begins with the whole month before.
  const [last, ...next] = [months[4]!.at(-1)!, ...months[5]!];
  const file = months.map((of) => of);
  const split = months[4]!.findIndex((record, i) => i > 0 && numberOf(record) === numberOf(months[4]![i - 1]!));
  const moved = months[4]![split]!;
  file[4] = months[4]!.filter((_, i) => i !== split);
  file[5] = [moved, ...(last === moved ? next : months[5]!)];
  file[9] = [...months[8]!, ...months[9]!];
  const order = [0, 1, 2, 3, 4, 5, 7, 6, 8, 9, 10, 11];

  const table: object[] = [];
  const total = { spent: 0, shown: 0, whole: 0 };
  for (const [i, at] of order.entries()) {
    const { listed } = await load(`${at + 1}.csv`, file[at]!);
    const { read, spent, shown, whole } = await readBothWays();
    total.spent += spent;
    total.shown += shown;
    total.whole += whole;
    table.push({
      month: at + 1,
      invoices: listed,
      readOneByOne: read.newInvoices,
      spent,
      shown,
      whole,
      why: read.whyWhole,
    });
    if (i === 0) expect(how(read)).toEqual(all("nothing is kept of an earlier read"));
    else if (at === 5)
      expect(how(read)).toEqual(all(expect.stringMatching(/^6\.csv added 1 line to invoices that were there/)));
    else expect(how(read)).toEqual({ ...onlyNew, newInvoices: listed });
    expect(read.cut === null).toBe(read.newInvoices !== null);
  }
  console.table([...table, { month: "all", ...total, writtenForLists: unitsOfLists() }]);
  // In money, too: a write unit costs five read units. https://aws.amazon.com/keyspaces/pricing/
  expect(unitsOfLists()).toBeGreaterThan(0);
  expect(total.spent + 5 * unitsOfLists()).toBeLessThan(0.75 * total.whole);
  // What is shown as spent is what the service counts.
  expect(Math.abs(total.shown / total.spent - 1)).toBeLessThan(0.1);

  // A file that is in already brings nothing; and what nothing was added to is not read.
  expect((await load("3.csv", file[2]!)).reused).toBe(true);
  const { read } = await readBothWays();
  expect(how(read)).toEqual({ ...onlyNew, newInvoices: 0 });
  // What is on record of the loads comes to the rows that the table has.
  expect((await lookAtTable(client, where, { analysisDate: null })).rows).toBe(read.lines);
});

test("an analysis date that moves on from month to month has only what is new read, as long as nothing lies behind it", async () => {
  const dated = { ...where, keyspace: "dated", prefix: "dated" };
  await createKeyspace(client, dated.keyspace);
  await createRetailTable(client, dated);
  // December 2009 to November 2010: the last day of each. The last file has some of the December after as well.
  const ends = months.map((_, at) => new Date(Date.UTC(2009, 12 + at, 0)).toISOString().slice(0, 10));
  const reads: TableRead[] = [];
  let latest = 0;
  for (const at of [0, 1, 2, 3, 4, 5, 7, 6, 8, 9, 10, 11]) {
    latest = Math.max(latest, at);
    const { listed } = await load(`dated_${at + 1}.csv`, months[at]!, {}, dated);
    const { read } = await readBothWays({ analysisDate: ends[latest]! }, dated);
    if (at > 0) expect(how(read)).toEqual({ ...onlyNew, newInvoices: listed });
    reads.push(read);
  }
  expect(reads.map(({ later }) => later.lines > 0)).toEqual([...Array(11).fill(false), true]);
  const at = async (analysisDate: string | null) => how((await readBothWays({ analysisDate }, dated)).read);
  const left = reads.at(-1)!.later.lines;
  expect(await at("2010-12-31")).toEqual(
    all(`the last read counted lines to another analysis date, and left out ${left} lines behind it`),
  );
  // No date is later than any.
  expect(await at("2011-01-31")).toEqual({ ...onlyNew, newInvoices: 0 });
  expect(await at(null)).toEqual({ ...onlyNew, newInvoices: 0 });
  const back = all("the last read may have counted lines that are behind the analysis date");
  expect(await at("2011-01-31")).toEqual(back);
  expect(await at("2011-01-30")).toEqual(back);
});

test("what a run shows as spent that has loaded nothing itself is what the service counts, too", async () => {
  const ofRun = new Meter({ ...ownTables, [where.table]: retailTable });
  const reader = await connectToKeyspaces(aws, keyspaces, { traffic: ofRun });
  const before = [unitsRead(), ofRun.usage.quantity(ofRun.step, "readUnits")] as const;
  expect(before[1]).toBeLessThan(3);
  await readTable(reader, aws, where, asWanted);
  const spent = unitsRead() - before[0];
  expect(ofRun.usage.quantity(ofRun.step, "readUnits") - before[1]).toBeGreaterThan(0.9 * spent);
  await reader.shutdown();
});

test("whoever is told that the whole table is to be read may refuse it", async () => {
  const told: number[] = [];
  const beginWholeRead = (rows: number) => {
    told.push(rows);
    throw new Error("too dear");
  };
  const before = unitsRead();
  const { lines } = await readTable(client, aws, where, { ...asWanted, beginWholeRead });
  expect(told).toEqual([]);
  const changed = unitsRead() - before;
  const whole = readTable(client, aws, where, { ...asWanted, read: "full", beginWholeRead });
  await expect(whole).rejects.toThrow("too dear");
  expect(told).toEqual([lines]);
  expect(unitsRead() - before).toBeLessThanOrEqual(2 * changed);
});

test("whatever might not add up has the whole table read, with the reason", async () => {
  const line = (invoice: number, code = "12345", day = "11/20/10") =>
    `${invoice},${code},thing,1,${day} 9:00,2.50,7000,France`;

  expect(how((await readBothWays({ read: "full" } as never)).read)).toEqual(all(null));
  // The cut of a full read is there as long as nothing comes that moves it.
  const still = (await readBothWays()).read;
  expect(how(still)).toEqual({ ...onlyNew, newInvoices: 0 });
  expect(still.cut).not.toBeNull();
  expect(still.whyNoCut).toBeNull();
  expect(how((await readBothWays({ analysisDate: "2010-10-31" })).read)).toEqual(
    all("the last read may have counted lines that are behind the analysis date"),
  );
  expect(how((await readBothWays({ analysisDate: "2010-10-31" })).read)).toEqual({ ...onlyNew, newInvoices: 0 });
  expect((await readBothWays()).read.whyWhole).toMatch(
    /^the last read counted lines to another analysis date, and left out [\d,]+ lines behind it$/,
  );

  // A load that fails on its way, and is done again.
  const stop = new AbortController();
  const lines = Array.from({ length: 400 }, (_, i) => line(900_000 + i));
  const failing = {
    signal: stop.signal,
    maxRowsPerSecond: 300,
    onProgress: ({ stored }: { stored: number }) => {
      if (stored > 20) stop.abort(new Error("interrupted"));
    },
  };
  await expect(load("failed.csv", lines, failing)).rejects.toThrow("interrupted");
  expect(how((await readBothWays()).read)).toEqual(all("a load has failed since the last read, or was done again"));
  // What a load that has failed has left does not change any more.
  await load("one.csv", [line(910_000)]);
  expect(how((await readBothWays()).read)).toEqual({ ...onlyNew, newInvoices: 1 });
  await load("failed.csv", lines);
  expect(how((await readBothWays()).read)).toEqual(all("a load has failed since the last read, or was done again"));

  // One that was killed may be under way as far as can be told: what is read then is not kept.
  const open = { attempt: "1", hasFailed: false, from: null, reading: [], isBesideUnknown: false };
  const killed = { ...open, fingerprint: "f".repeat(64), uri: "killed.csv" };
  await noteOpenLoad(client, where, killed, { now: new Date() });
  expect(how((await readBothWays()).read)).toEqual({
    ...all("a load of killed.csv has begun and is not done"),
    whyNotKept: "a load is under way, or was killed",
  });
  await noteOpenLoad(client, where, { ...killed, hasFailed: true }, { now: new Date() });
  expect((await readBothWays()).read.whyWhole).toContain("a load has failed");

  // One that fails while the table is read.
  const execute = client.execute.bind(client);
  let looks = 0;
  const meanwhile = jest.spyOn(client, "execute").mockImplementation((async (query: string, ...more: []) => {
    if (/^SELECT \* FROM \S*loads/.test(query) && ++looks === 2)
      await noteOpenLoad(client, where, { ...killed, attempt: "2", hasFailed: true }, { now: new Date() });
    return execute(query, ...more);
  }) as typeof execute);
  expect((await readTable(client, aws, where, asWanted)).whyNotKept).toBe(
    "the loads on record have changed while it was read",
  );
  meanwhile.mockRestore();
  expect((await readBothWays()).read.whyWhole).toContain("a load has failed");

  // A file that is written again.
  await load("again.csv", [line(920_000)]);
  expect(how((await readBothWays()).read)).toEqual({ ...onlyNew, newInvoices: 1 });
  await load("again.csv", [line(920_000)], { reuse: false });
  expect(how((await readBothWays()).read)).toEqual(all("again.csv was written again since the last read"));

  // Another version, which does not see notes of this one, lists what others have brought as not new; what is in the last read is known.
  const asOlder = async (uri: string) => {
    const at = (await loadsOf(client, where)).find((each) => each.uri === uri)!;
    const key = [where.table, at.fingerprint];
    const of = "WHERE data_table = ? AND fingerprint = ?";
    const found = await client.execute(`SELECT account FROM ${where.keyspace}.loads ${of}`, key, { prepare: true });
    const { brought: _, ...account } = JSON.parse(found.first().account);
    const older = [JSON.stringify({ ...account, listedInvoices: 0 }), ...key];
    await client.execute(`UPDATE ${where.keyspace}.loads SET account = ? ${of}`, older, { prepare: true });
  };
  expect((await readBothWays()).read.newInvoices).toBe(0);
  await asOlder("again.csv");
  expect((await readBothWays()).read.newInvoices).toBe(0);
  await load("older.csv", [line(925_000)]);
  await asOlder("older.csv");
  expect(how((await readBothWays()).read)).toEqual(all("it is not on record which invoices older.csv has brought"));

  // What was kept is damaged, of another version, or of another table.
  const [key = ""] = (await listObjects(aws, { bucket: where.bucket, prefix: `${where.prefix}/` })).filter((each) =>
    each.endsWith("/last_read.jsonl.gz"),
  );
  const at = { bucket: where.bucket, key };
  const sound = await readObject(aws, at);
  const other = { ...where, table: "other" };
  // Of the version whose loads may list too little.
  const text = gunzipSync(sound)
    .toString()
    .replace(/last read of a table, \d+/, "last read of a table, 3");
  for (const bytes of [sound.subarray(0, sound.length / 2), Buffer.from("no gzip"), flipped(sound), gzipSync(text)]) {
    await uploadBytes(aws, at, bytes);
    expect(how((await readBothWays()).read)).toEqual(
      all(expect.stringMatching(/^what was kept of the last read cannot be used \(/)),
    );
  }
  await createRetailTable(client, other);
  await uploadBytes(aws, { ...at, key: key.replace("/online_retail/", "/other/") }, sound);
  expect((await readTable(client, aws, other, asWanted)).whyWhole).toContain("it is of shop.online_retail");

  // More invoices than the whole table would take.
  await load("two.csv", [line(930_000), line(930_001)]);
  expect((await readTable(client, aws, where, { ...asWanted, unitsOfScan: () => 1 })).whyWhole).toContain(
    "2 invoices came in since the last read, and one by one they take more than all",
  );

  // Other rules, where the codes of most lines are no numbers.
  await load(
    "codes.csv",
    Array.from({ length: 12_000 }, (_, i) => line(940_000 + Math.floor(i / 40), `CODE${i % 40}`)),
  );
  expect((await readBothWays()).read.whyWhole).toContain("by other rules");

  // Rows that are gone behind the record's back.
  const gone = [(await loadsOf(client, where))[0]!.firstInvoiceNumber];
  await client.execute(`DELETE FROM ${where.keyspace}.${where.table} WHERE invoice = ?`, gone, { prepare: true });
  expect((await readTable(client, aws, where, asWanted)).whyWhole).toBe("rows of the last read are gone");

  // Clean-up takes it away.
  const made = { ...where, run: "run-1", job: "job-1", dataFile: join(folder, "none"), cleanUp: true };
  await cleanUp(client, aws, made);
  expect(await listObjects(aws, { bucket: where.bucket, prefix: `${dirname(key)}/` })).toEqual([]);
});

function flipped(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[Math.floor(copy.length / 2)]! ^= 0xff;
  return copy;
}

test("a load notes each hour that it is under way, not more often, and leaves no note behind", async () => {
  await createKeyspace(client, where.keyspace);
  await createRetailTable(client, where);
  const execute = client.execute.bind(client);
  let notes = 0;
  const spied = jest.spyOn(client, "execute").mockImplementation((async (
    query: string,
    params: unknown[],
    ...more: []
  ) => {
    if (/^INSERT INTO \S*loads/.test(query) && /"hasFailed":false/.test(String(params[4]))) notes++;
    return execute(query, params, ...more);
  }) as typeof execute);
  const notesOf = async (uri: string, msBetweenLooks: number): Promise<number> => {
    notes = 0;
    let looks = 0;
    const now = () => new Date(Date.parse("2026-11-30T00:00:00Z") + msBetweenLooks * looks++);
    await load(uri, months[0]!, { now, reuse: false });
    return notes;
  };
  expect(await notesOf("short.csv", 60_000)).toBe(1);
  expect(await notesOf("long.csv", 3_600_000)).toBeGreaterThan(1);
  spied.mockRestore();
  expect((await journalOf(client, where)).open).toEqual([]);
});
