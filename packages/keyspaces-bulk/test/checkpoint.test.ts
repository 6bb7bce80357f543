import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  type Checkpoint,
  fingerprintOf,
  readCheckpoint,
  removeCheckpoint,
  writeCheckpoint,
} from "@keyspaces-segmentation/keyspaces-bulk/dist/checkpoint.js";

const checkpoint: Checkpoint = {
  file: "ab12",
  keyspace: "ks",
  table: "t",
  settledLine: 31,
  stored: 29,
  rejected: 1,
  rejectsBytes: 80,
  storedKey: ["489434", "85048", 1],
};

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "checkpoint-"));
  path = join(folder, "ingest.checkpoint.json");
});
afterAll(() => rm(folder, { recursive: true }));

test("is read back as written, replaced, and removed without a trace", async () => {
  await writeCheckpoint(path, checkpoint);
  await writeCheckpoint(path, { ...checkpoint, stored: 30 });
  expect(await readCheckpoint(path)).toEqual({ ...checkpoint, stored: 30 });
  await removeCheckpoint(path);
  expect(await readCheckpoint(path)).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  "",
  "{",
  "null",
  "[]",
  "{}",
  JSON.stringify({ ...checkpoint, settledLine: -1 }),
  JSON.stringify({ ...checkpoint, stored: "29" }),
  JSON.stringify({ ...checkpoint, file: 1 }),
  JSON.stringify({ ...checkpoint, storedKey: null }),
])("what is no checkpoint is none: %s", async (text) => {
  await writeFile(path, text);
  expect(await readCheckpoint(path)).toBeUndefined();
});

test("a file is known by its bytes", async () => {
  const file = join(folder, "data.csv");
  await writeFile(file, "a,b\n1,2\n");
  expect(await fingerprintOf(file)).toBe(createHash("sha256").update("a,b\n1,2\n").digest("hex"));
});

test("a file that is there and cannot be read is not taken for none", async () => {
  await expect(readCheckpoint(folder)).rejects.toThrow("EISDIR");
  expect(await readCheckpoint(join(folder, "none"))).toBeUndefined();
});
