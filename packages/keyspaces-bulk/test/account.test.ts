import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount } from "@keyspaces-segmentation/keyspaces-bulk/dist/account.js";
import type { Batch } from "@keyspaces-segmentation/keyspaces-bulk/dist/batches.js";
import { readCheckpoint } from "@keyspaces-segmentation/keyspaces-bulk/dist/checkpoint.js";
import { lineEncoder } from "@keyspaces-segmentation/keyspaces-bulk/dist/row_encoding.js";
import type { Client } from "cassandra-driver";

const identity = { file: "ab12", keyspace: "ks", table: "t" };
const encode = lineEncoder();
const valuesOf = (invoice: string) =>
  encode({
    invoice,
    stockCode: "A",
    line: 1,
    description: null,
    quantity: 1,
    invoiceDate: new Date(0),
    price: { unscaled: 1n, scale: 0 },
    customerId: null,
    country: null,
  });
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
  folder = await mkdtemp(join(tmpdir(), "account-"));
  files = { rejectsFile: join(folder, "rejects.csv"), checkpointFile: join(folder, "ingest.checkpoint.json") };
});
afterEach(() => rm(folder, { recursive: true }));

const open = (client = tableWith(), wanted = identity): Promise<Account> => openAccount(client, wanted, files);
const rejected = async () => (await readFile(files.rejectsFile, "utf8")).split("\n").slice(1, -1);

test("batches that end out of order are booked in order, and their rejects stand in that of the file", async () => {
  const account = await open();
  await account.begin();
  const first = account.enter(batch(2, 3));
  const second = account.enter(batch(5, 2, [6]));
  const third = account.enter(batch(8, 1));
  third([]);
  second([{ lineNumber: 5, line: "o", reason: "refused" }]);
  expect([account.settledLine(), account.stored(), account.rejected(), account.pending()]).toEqual([0, 0, 0, 3]);
  first([]);
  expect([account.settledLine(), account.stored(), account.rejected(), account.pending()]).toEqual([8, 5, 2, 0]);
  expect(account.lastReject()?.lineNumber).toBe(6);
  await account.close(true);
  expect(await rejected()).toEqual(["5,refused,o", "6,r,l"]);
  await expect(stat(files.checkpointFile)).rejects.toThrow("ENOENT");
});

test("many batches ahead of a slow one are booked once it is done", async () => {
  const account = await open();
  await account.begin();
  const slow = account.enter(batch(2, 1));
  for (let i = 0; i < 5000; i++) account.enter(batch(3 + i, 1))([]);
  expect(account.pending()).toBe(5001);
  slow([]);
  expect([account.pending(), account.stored(), account.settledLine()]).toEqual([0, 5001, 5002]);
  for (let i = 0; i < 5000; i++) account.enter(batch(5003 + i, 1))([]);
  expect([account.pending(), account.stored(), account.settledLine()]).toEqual([0, 10_001, 10_002]);
  await account.close(true);
});

describe("an interrupted run", () => {
  beforeEach(async () => {
    const account = await open();
    await account.begin();
    account.enter(batch(2, 3))([]);
    account.enter(batch(5, 1, [6]))([]);
    account.enter(batch(7, 1));
    await account.save();
    account.enter(batch(8, 1, [9]))([]);
    await account.close(false);
    // What a killed run wrote after its last checkpoint.
    await writeFile(files.rejectsFile, `${await readFile(files.rejectsFile, "utf8")}9,r,l\n10,cut of`);
  });

  test("is continued from what was settled, and its later rejects are dropped", async () => {
    const account = await open(tableWith("i5"));
    expect([account.settledLine(), account.stored(), account.rejected(), account.resumed]).toEqual([6, 4, 1, 5]);
    await account.begin();
    account.enter(batch(7, 2, [9]))([]);
    await account.close(true);
    expect(await rejected()).toEqual(["6,r,l", "9,r,l"]);
    expect([account.stored(), account.rejected()]).toEqual([6, 2]);
  });

  test("keeps its checkpoint until another has come further", async () => {
    const before = await readCheckpoint(files.checkpointFile);
    const account = await open(tableWith("i5"));
    await account.begin();
    await account.close(false);
    expect(await readCheckpoint(files.checkpointFile)).toEqual(before);
  });

  test.each<[string, () => Promise<Account>]>([
    ["the table lacks the last row: it was made anew", () => open(tableWith("i4"))],
    ["another file", () => open(tableWith("i5"), { ...identity, file: "cd34" })],
    ["another table", () => open(tableWith("i5"), { ...identity, table: "u" })],
    ["another keyspace", () => open(tableWith("i5"), { ...identity, keyspace: "kt" })],
    ["the rejects file is gone", () => rm(files.rejectsFile).then(() => open(tableWith("i5")))],
    ["the rejects file was cut", () => writeFile(files.rejectsFile, "line").then(() => open(tableWith("i5")))],
    ["the checkpoint cannot be read", () => writeFile(files.checkpointFile, "{").then(() => open(tableWith("i5")))],
  ])("is not continued where %s", async (_, reopen) => {
    const account = await reopen();
    expect([account.settledLine(), account.resumed]).toEqual([0, 0]);
    await account.begin();
    await account.close(true);
    expect(await rejected()).toEqual([]);
  });
});
