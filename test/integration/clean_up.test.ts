import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeAll, beforeEach, expect, test } from "@jest/globals";
import { cleanUp } from "@keyspaces-segmentation/aws-cleanup";
import { type AwsSession, listObjects, signIn, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { lastReadObject } from "@keyspaces-segmentation/cluster-store";
import { registerRun } from "@keyspaces-segmentation/cluster-store/dist/registry.js";
import { createResultTables } from "@keyspaces-segmentation/cluster-store/dist/result_tables.js";
import { createLoadsTable } from "@keyspaces-segmentation/invoice-store/dist/loads.js";
import { createKeyspace, createRetailTable, listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { readSettings } from "../../src/settings.js";
import { makeKeyspaceByHand, withKeyspace } from "../support/keyspaces.js";
import { registeredClusters } from "../support/registered_clusters.js";

const it = withKeyspace();
const bucket = "clean-up-of-runs";
const [run, job] = ["2010-12-09-net-min_max-k6-91c0e5a2f7", "job-1"];
let aws: AwsSession;
let somebody: S3Client;
let count = 0;
let where: { keyspace: string; table: string; bucket: string; prefix: string };
beforeAll(async () => {
  aws = await signIn(readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" }));
  somebody = new S3Client({ region: aws.region, forcePathStyle: true });
  await somebody.send(new CreateBucketCommand({ Bucket: bucket }));
});
beforeEach(() => {
  where = { keyspace: `${it.keyspace}_${count}`, table: "online_retail", bucket, prefix: `team/runs-${count}` };
  count++;
});

const byHand = (statement: string) => it.client.execute(statement, [], { prepare: false });
const put = (Key: string) => somebody.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "theirs" }));
const tablesIn = async (keyspace: string) => {
  const query = "SELECT table_name FROM system_schema_mcs.tables WHERE keyspace_name = ?";
  return (await it.client.execute(query, [keyspace])).rows.map((row) => String(row.table_name)).sort();
};

/** What a run leaves in S3, SageMaker's part of it written as SageMaker does, without our metadata. */
async function uploadRun() {
  const ours = [
    `${job}/input/train/part-0.csv`,
    `${run}/results/customers.csv`,
    `${run}/transform-1/input/part-00000.csv`,
  ];
  for (const key of ours) await uploadBytes(aws, { bucket, key: `${where.prefix}/${key}` }, "ours");
  for (const key of [`${job}/output/model.tar.gz`, `${run}/transform-1/output/part-00000.csv.out`]) {
    await put(`${where.prefix}/${key}`);
  }
}

test("only what a run of this walkthrough has made is removed, and of the rest it is said that it stays", async () => {
  await createKeyspace(it.client, where.keyspace);
  await byHand(`CREATE TABLE ${where.keyspace}.online_retail (invoice text PRIMARY KEY, note text)`);
  await createRetailTable(it.client, { ...where, table: "sales" });
  await createResultTables(it.client, where);
  await byHand(`CREATE TABLE ${where.keyspace}.loads (k text PRIMARY KEY)`);
  await uploadRun();
  await registerRun(it.client, aws, where, registeredClusters(run), {
    loads: ["0".repeat(64)],
    preparation: "net",
    now: new Date(),
  });
  const theirs = [
    `${where.prefix}/${job}/output/notes.txt`,
    `${where.prefix}/${run}/results/customers.xlsx`,
    `${where.prefix}/${run}/transform-1/output/part-00009.csv.out`,
    `${where.prefix}/clusters/plan.json`,
    `${where.prefix}/${run}-2/results/customers.csv`,
  ].sort();
  for (const key of theirs) await put(key);

  const made = { ...where, run, job, dataFile: "/no/such/file.csv", cleanUp: true };
  const cleaned = new Map((await cleanUp(it.client, aws, made)).map(({ what, outcome }) => [what, outcome]));
  expect(await tablesIn(where.keyspace)).toEqual(["loads", "online_retail"]);
  expect(await listObjects(aws, { bucket, prefix: `${where.prefix}/` })).toEqual(theirs);
  expect(cleaned.get(`keyspace ${where.keyspace}`)).toMatch(
    /^stays, as it holds what this walkthrough did not make; dropped of it: .*sales$/,
  );
  for (const table of ["loads", "online_retail"]) {
    expect(cleaned.get(`table ${table} in it`)).toBe("stays, this walkthrough did not make it");
  }
  const folders = [job, run].map((name) => `${where.prefix}/${name}/`);
  const objects = `objects in ${folders.map((folder) => `s3://${bucket}/${folder}`).join(" and ")}`;
  expect(cleaned.get(objects)).toBe("5 deleted");
  const inFolder = theirs.filter((key) => folders.some((folder) => key.startsWith(folder)));
  expect(inFolder).toHaveLength(3);
  for (const key of inFolder) {
    expect(cleaned.get(`s3://${bucket}/${key}`)).toBe("stays, no run of this walkthrough made it");
  }

  // Once more, as a cell that is run again: nothing is left to do, and nothing breaks.
  await cleanUp(it.client, aws, made);
  expect(await tablesIn(where.keyspace)).toEqual(["loads", "online_retail"]);
  await byHand(`DROP KEYSPACE ${where.keyspace}`);
});

test("a keyspace made by hand stays, without the tables made in it", async () => {
  await makeKeyspaceByHand(it.client, where.keyspace);
  await createRetailTable(it.client, where);
  await createLoadsTable(it.client, where);
  const made = { ...where, run, job, dataFile: "/no/such/file.csv", cleanUp: true };
  const cleaned = await cleanUp(it.client, aws, made);
  expect(cleaned[1]).toEqual({
    what: `keyspace ${where.keyspace}`,
    outcome: "stays, this walkthrough did not make it; dropped of it: loads, online_retail",
  });
  expect(await listKeyspaces(it.client)).toContain(where.keyspace);
  await byHand(`DROP KEYSPACE ${where.keyspace}`);
});

test("the training that an earlier run has made stays with its model, as that run may need it", async () => {
  await uploadRun();
  const made = { ...where, run, job, isEarlierTraining: true, dataFile: "/no/such/file.csv", cleanUp: true };
  const cleaned = await cleanUp(it.client, aws, made);
  expect(await listObjects(aws, { bucket, prefix: `${where.prefix}/` })).toEqual([
    `${where.prefix}/${job}/input/train/part-0.csv`,
    `${where.prefix}/${job}/output/model.tar.gz`,
  ]);
  expect(cleaned).toContainEqual({
    what: `training data and model in s3://${bucket}/${where.prefix}/${job}/`,
    outcome: "stay, an earlier run made them and may need them",
  });
});

test("a model without a job's input beside it is not taken for this run's", async () => {
  await put(`${where.prefix}/${job}/output/model.tar.gz`);
  const made = { ...where, run, job, dataFile: "/no/such/file.csv", cleanUp: true };
  const cleaned = await cleanUp(it.client, aws, made);
  expect(cleaned).toContainEqual({ what: `keyspace ${where.keyspace}`, outcome: "was not there" });
  expect(await listObjects(aws, { bucket, prefix: `${where.prefix}/` })).toHaveLength(1);
});

test.each([true, false])("a data file that was handed in stays, with its folder (cleanUp: %s)", async (wanted) => {
  const home = await mkdtemp(join(tmpdir(), "home-"));
  const dataFile = join(home, "invoices.csv");
  await writeFile(dataFile, "Invoice\n");
  await writeFile(join(home, "diary.txt"), "");
  await cleanUp(it.client, aws, { ...where, run, job, dataFile, cleanUp: wanted });
  expect(existsSync(dataFile)).toBe(true);
  expect(await readdir(home)).toHaveLength(2);
  await rm(home, { recursive: true });
});

test("what cannot be removed does not keep the rest from being removed, and is told of", async () => {
  await uploadRun();
  const noKeyspaces = { execute: () => Promise.reject(new Error("no connection")) } as unknown as typeof it.client;
  const made = { ...where, run, job, dataFile: "/no/such/file.csv", cleanUp: true };
  const others: boolean[] = [];
  const also = async (tableStays: boolean) => {
    others.push(tableStays);
    return [];
  };
  await expect(cleanUp(noKeyspaces, aws, made, { also })).rejects.toThrow(
    `Could not take run ${run} out of ${where.keyspace}.known_clusters`,
  );
  expect(others).toEqual([true]);
  expect(await listObjects(aws, { bucket, prefix: `${where.prefix}/` })).toEqual([]);
});

test("what else there is hears whether the table has stayed", async () => {
  const told: boolean[] = [];
  const also = async (tableStays: boolean) => {
    told.push(tableStays);
    return [];
  };
  const made = { ...where, run, job, dataFile: "/no/such/file.csv", cleanUp: true };
  // Of one's own invoices, with a run on the sample; then with one of their own; then it is gone.
  await createKeyspace(it.client, where.keyspace, { invoices: "own" });
  await createRetailTable(it.client, where);
  await cleanUp(it.client, aws, { ...made, invoices: "sample" }, { also });
  await cleanUp(it.client, aws, { ...made, invoices: "own" }, { also });
  await cleanUp(it.client, aws, made, { also });
  expect(told).toEqual([true, false, false]);
  // Somebody else's tables: beside the run's own, and of its name.
  told.splice(0);
  await createKeyspace(it.client, where.keyspace);
  await createRetailTable(it.client, where);
  await byHand(`CREATE TABLE ${where.keyspace}.orders (k text PRIMARY KEY)`);
  await cleanUp(it.client, aws, made, { also });
  await cleanUp(it.client, aws, { ...made, table: "orders" }, { also });
  expect(told).toEqual([false, true]);
  await byHand(`DROP KEYSPACE ${where.keyspace}`);
});

test("a run that is cleaned up is taken out of both registries, where its keyspace stays as well", async () => {
  await createKeyspace(it.client, where.keyspace, { invoices: "own" });
  await createResultTables(it.client, where);
  for (const each of [run, "run-2"]) {
    const of = { loads: ["0".repeat(64)], preparation: "net", now: new Date() } as const;
    await registerRun(it.client, aws, where, registeredClusters(each), of);
  }
  const made = { ...where, run, job, dataFile: "/no/such/file.csv", cleanUp: true };
  await cleanUp(it.client, aws, { ...made, invoices: "sample" });
  const { rows } = await it.client.execute(`SELECT run_id FROM ${where.keyspace}.known_clusters`);
  expect(rows.map((row) => row.run_id)).toEqual(["run-2"]);
  expect(await listObjects(aws, { bucket, prefix: `${where.prefix}/clusters/` })).toEqual([
    expect.stringMatching(/\/run-2\.json$/),
  ]);
  await byHand(`DROP KEYSPACE ${where.keyspace}`);
});

test("an entry whose object cannot be written, or whose row cannot be deleted, leaves no row without its object", async () => {
  await createKeyspace(it.client, where.keyspace, { invoices: "own" });
  await createResultTables(it.client, where);
  const of = { loads: ["0".repeat(64)], preparation: "net", now: new Date() } as const;
  const nowhere = { ...where, bucket: "no-such-bucket-of-runs" };
  const registering = registerRun(it.client, aws, nowhere, registeredClusters("run-2"), of);
  await expect(registering).rejects.toThrow(nowhere.bucket);
  await registerRun(it.client, aws, where, registeredClusters(run), of);
  const made = { ...where, run, job, invoices: "sample", dataFile: "/no/such/file.csv", cleanUp: true } as const;
  await expect(cleanUp(it.client, aws, made, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  const { rows } = await it.client.execute(`SELECT run_id FROM ${where.keyspace}.known_clusters`);
  expect(rows.map((row) => row.run_id)).toEqual([run]);
  expect(await listObjects(aws, { bucket, prefix: `${where.prefix}/clusters/` })).toHaveLength(1);
  await byHand(`DROP KEYSPACE ${where.keyspace}`);
});

test("what the next read goes on from stays as long as its table, and goes with it", async () => {
  const made = { ...where, run, job, dataFile: "/no/such/file.csv", cleanUp: true };
  const { key } = lastReadObject(aws, where);
  const other = { keyspace: where.keyspace, table: "other_retail", bucket, prefix: where.prefix };
  const keyOfOther = lastReadObject(aws, other).key;
  const left = () => listObjects(aws, { bucket, prefix: `${where.prefix}/clusters/` });
  for (const each of [key, keyOfOther]) await uploadBytes(aws, { bucket, key: each }, "sums");
  await createKeyspace(it.client, where.keyspace, { invoices: "own" });
  for (const each of [where, other]) await createRetailTable(it.client, each);
  // On the sample, in a keyspace of one's own invoices.
  await cleanUp(it.client, aws, { ...made, invoices: "sample" });
  expect(await left()).toEqual([key, keyOfOther]);
  const noKeyspaces = { execute: () => Promise.reject(new Error("no connection")) } as unknown as typeof it.client;
  await expect(cleanUp(noKeyspaces, aws, made)).rejects.toThrow("no connection");
  expect(await left()).toEqual([key, keyOfOther]);
  await cleanUp(it.client, aws, made);
  expect(await left()).toEqual([]);
  expect(await listKeyspaces(it.client)).not.toContain(where.keyspace);
});
