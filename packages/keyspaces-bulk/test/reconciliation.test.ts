import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { retailTable } from "@keyspaces-segmentation/invoices";
import type { Batch } from "@keyspaces-segmentation/keyspaces-bulk/dist/batches.js";
import { readCheckpoint } from "@keyspaces-segmentation/keyspaces-bulk/dist/checkpoint.js";
import {
  openReconciliation,
  type Reconciliation,
  type ReconciliationOf,
} from "@keyspaces-segmentation/keyspaces-bulk/dist/reconciliation.js";
import { rowEncoder } from "@keyspaces-segmentation/keyspaces-bulk/dist/row_encoding.js";
import type { Client } from "cassandra-driver";

const identity = { file: "ab12", keyspace: "ks", table: "t", definition: retailTable };
const encode = rowEncoder(retailTable);
const valuesOf = (invoice: string) =>
  encode([invoice, "A", 1, null, { unscaled: 1n, scale: 0 }, new Date(0), { unscaled: 1n, scale: 0 }, null, null]);
const batch = (first: number, rows: number, rejects: number[] = []): Batch => ({
  rows: Array.from({ length: rows }, (_, i) => ({
    values: valuesOf(`i${first + i}`),
    lineNumber: first + i,
    original: "o",
  })),
  rejects: rejects.map((lineNumber) => ({ lineNumber, line: "l", reason: "r" })),
  lastLine: Math.max(first + rows - 1, ...rejects),
});

/** A client that knows which rows the table has. */
const tableWith = (...invoices: string[]) =>
  ({
    execute: async (_query: string, [invoice]: [string]) => ({ rows: invoices.includes(invoice) ? [{ line: 1 }] : [] }),
  }) as unknown as Client;

let folder: string;
let files: { rejectsFile: string; checkpointFile: string };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reconciliation-"));
  files = { rejectsFile: join(folder, "rejects.csv"), checkpointFile: join(folder, "ingest.checkpoint.json") };
});
afterEach(() => rm(folder, { recursive: true }));

const open = (client = tableWith(), wanted: ReconciliationOf = identity): Promise<Reconciliation> =>
  openReconciliation(client, wanted, files);
const rejected = async () => (await readFile(files.rejectsFile, "utf8")).split("\n").slice(1, -1);

test("rows are let go of as soon as their batch has ended, though it may have to wait for an earlier one", async () => {
  const reconciliation = await open();
  await reconciliation.begin();
  const batches = [batch(2, 3), batch(5, 2)] as const;
  const [first, second] = batches.map(reconciliation.enter);
  const rows = () => batches.map((each) => each.rows.length);
  second!([]);
  expect(rows()).toEqual([3, 0]);
  first!([]);
  expect(rows()).toEqual([0, 0]);
  expect(reconciliation.stored()).toBe(5);
  await reconciliation.close(true);
});

test("batches that end out of order are settled in order, and their rejects stand in that of the file", async () => {
  const reconciliation = await open();
  await reconciliation.begin();
  const first = reconciliation.enter(batch(2, 3));
  const second = reconciliation.enter(batch(5, 2, [6]));
  const third = reconciliation.enter(batch(8, 1));
  third([]);
  second([{ lineNumber: 5, line: "o", reason: "refused" }]);
  expect([
    reconciliation.settledLine(),
    reconciliation.stored(),
    reconciliation.rejected(),
    reconciliation.pending(),
  ]).toEqual([0, 0, 0, 3]);
  first([]);
  expect([
    reconciliation.settledLine(),
    reconciliation.stored(),
    reconciliation.rejected(),
    reconciliation.pending(),
  ]).toEqual([8, 5, 2, 0]);
  expect(reconciliation.lastReject()?.lineNumber).toBe(6);
  await reconciliation.close(true);
  expect(await rejected()).toEqual(["5,refused,o", "6,r,l"]);
  await expect(stat(files.checkpointFile)).rejects.toThrow("ENOENT");
});

test("many batches ahead of a slow one are settled once it is done", async () => {
  const reconciliation = await open();
  await reconciliation.begin();
  const slow = reconciliation.enter(batch(2, 1));
  for (let i = 0; i < 5000; i++) reconciliation.enter(batch(3 + i, 1))([]);
  expect(reconciliation.pending()).toBe(5001);
  slow([]);
  expect([reconciliation.pending(), reconciliation.stored(), reconciliation.settledLine()]).toEqual([0, 5001, 5002]);
  for (let i = 0; i < 5000; i++) reconciliation.enter(batch(5003 + i, 1))([]);
  expect([reconciliation.pending(), reconciliation.stored(), reconciliation.settledLine()]).toEqual([
    0, 10_001, 10_002,
  ]);
  await reconciliation.close(true);
});

describe("an interrupted run", () => {
  beforeEach(async () => {
    const reconciliation = await open();
    await reconciliation.begin();
    reconciliation.enter(batch(2, 3))([]);
    reconciliation.enter(batch(5, 1, [6]))([]);
    reconciliation.enter(batch(7, 1));
    await reconciliation.save();
    reconciliation.enter(batch(8, 1, [9]))([]);
    await reconciliation.close(false);
    // What a killed run wrote after its last checkpoint.
    await writeFile(files.rejectsFile, `${await readFile(files.rejectsFile, "utf8")}9,r,l\n10,cut of`);
  });

  test("is continued from what was settled, and its later rejects are dropped", async () => {
    const reconciliation = await open(tableWith("i5"));
    expect([
      reconciliation.settledLine(),
      reconciliation.stored(),
      reconciliation.rejected(),
      reconciliation.resumed,
    ]).toEqual([6, 4, 1, 5]);
    await reconciliation.begin();
    reconciliation.enter(batch(7, 2, [9]))([]);
    await reconciliation.close(true);
    expect(await rejected()).toEqual(["6,r,l", "9,r,l"]);
    expect([reconciliation.stored(), reconciliation.rejected()]).toEqual([6, 2]);
  });

  test("keeps its checkpoint until another has come further", async () => {
    const before = await readCheckpoint(files.checkpointFile);
    const reconciliation = await open(tableWith("i5"));
    await reconciliation.begin();
    await reconciliation.close(false);
    expect(await readCheckpoint(files.checkpointFile)).toEqual(before);
  });

  test("of a version that named no run is not continued in a table that may be another, nor read otherwise", async () => {
    const attempt = { id: "new", isOnRecord: () => true };
    expect((await open(tableWith("i5"), { ...identity, attempt })).resumed).toBe(0);
    await expect(open(tableWith("i5"), { ...identity, attempt, readAs: "dates: day first" })).rejects.toThrow(
      "it has stored 4 rows of this very file and read it otherwise",
    );
  });

  test("keeps its name in the checkpoints of those that go on from it", async () => {
    const attempt: { id: string | undefined; isOnRecord: () => boolean } = { id: "first", isOnRecord: () => true };
    const first = await open(tableWith("i5"));
    await first.close(true);
    const begun = await open(tableWith("i5"), { ...identity, attempt });
    await begun.begin();
    begun.enter(batch(2, 3))([]);
    await begun.close(false);
    const second = { id: undefined as string | undefined, isOnRecord: (id: string) => id === "first" };
    const next = await open(tableWith("i4"), { ...identity, attempt: second });
    await next.begin();
    await next.save();
    expect((await readCheckpoint(files.checkpointFile))?.attempt).toBe("first");
    second.id = "second";
    await next.close(false);
    expect((await readCheckpoint(files.checkpointFile))?.attempt).toBe("first");
  });

  test.each<[string, () => Promise<Reconciliation>]>([
    ["the table lacks the last row: it was made anew", () => open(tableWith("i4"))],
    ["another file", () => open(tableWith("i5"), { ...identity, file: "cd34" })],
    ["another table", () => open(tableWith("i5"), { ...identity, table: "u" })],
    ["another keyspace", () => open(tableWith("i5"), { ...identity, keyspace: "kt" })],
    ["the rejects file is gone", () => rm(files.rejectsFile).then(() => open(tableWith("i5")))],
    ["the rejects file was cut", () => writeFile(files.rejectsFile, "line").then(() => open(tableWith("i5")))],
    ["the checkpoint cannot be read", () => writeFile(files.checkpointFile, "{").then(() => open(tableWith("i5")))],
  ])("is not continued where %s", async (_, reopen) => {
    const reconciliation = await reopen();
    expect([reconciliation.settledLine(), reconciliation.resumed]).toEqual([0, 0]);
    await reconciliation.begin();
    await reconciliation.close(true);
    expect(await rejected()).toEqual([]);
  });
});
