import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { listObjects, uploadBytes } from "../../src/aws/objects.js";
import { type AwsSession, signIn } from "../../src/aws/session.js";
import { cleanUp } from "../../src/clean_up.js";
import { movements } from "../../src/clustering/movement.js";
import type { SegmentedCustomer } from "../../src/clustering/profile.js";
import { saveClusters } from "../../src/keyspaces/results.js";
import { createKeyspace, createResultTables, listKeyspaces } from "../../src/keyspaces/schema.js";
import { recallRun, rememberRun } from "../../src/memory.js";
import { placesOfRun } from "../../src/places_of_run.js";
import { customersCsv } from "../../src/report/results.js";
import { readSettings } from "../../src/settings.js";
import { withKeyspace } from "../support/keyspaces.js";
import { knownClusters } from "../support/known_clusters.js";
import { segmentedCustomers } from "../support/segmented_customers.js";
import { tableContents } from "../support/table_contents.js";

const it = withKeyspace();
const bucket = "memory-of-runs";
let aws: AwsSession;
let count = 0;
let where: { keyspace: string; table: string; bucket: string; prefix: string };
beforeAll(async () => {
  aws = await signIn(readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" }));
  await new S3Client({ region: aws.region, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: bucket }));
});
beforeEach(() => {
  where = { keyspace: it.keyspace, table: `of_test_${count}`, bucket, prefix: `runs/${count}` };
  count++;
});
const at = (day: number) => new Date(Date.UTC(2026, 0, day));

describe("the last run", () => {
  test("is none where nothing was made yet", async () => {
    expect(await recallRun(it.client, aws, where, { except: "run-1" })).toBeNull();
    const found = await placesOfRun(it.client, aws, where, { runId: "run-1" });
    expect(found).toBeNull();
  });

  test("is the newest one that is not this very run, wherever it is kept", async () => {
    await createResultTables(it.client, it);
    await rememberRun(it.client, aws, where, knownClusters("run-1"), at(1));
    await rememberRun(it.client, aws, where, knownClusters("run-2"), at(2));
    for (let i = 0; i < 12; i++) await rememberRun(it.client, aws, where, knownClusters("run-3"), at(3 + i));
    // A cell that is run again: the run has one memory, its last.
    expect(await tableContents(it.client, { keyspace: it.keyspace, table: "known_clusters" })).toHaveLength(3);
    await rememberRun(it.client, aws, { ...where, table: "other" }, knownClusters("run-4"), at(20));
    expect(await recallRun(it.client, aws, where, { except: "run-3" })).toEqual({
      known: knownClusters("run-2"),
      savedAt: at(2),
      from: `${it.keyspace}.known_clusters`,
    });
    expect(await recallRun(it.client, aws, where, { except: "run-9" })).toMatchObject({ known: { runId: "run-3" } });
    // Another keyspace, as tomorrow's will be.
    const tomorrow = { ...where, keyspace: `${it.keyspace}_tomorrow` };
    expect(await recallRun(it.client, aws, tomorrow, { except: "run-3" })).toMatchObject({
      savedAt: at(2),
      from: `s3://${bucket}/${where.prefix}/clusters/run-2.json`,
    });
    // A newer one from another keyspace comes before this keyspace's.
    await uploadBytes(
      aws,
      { bucket, key: `${where.prefix}/clusters/run-5.json` },
      JSON.stringify({ savedAt: at(25), table: where.table, known: knownClusters("run-5") }),
    );
    expect(await recallRun(it.client, aws, where, { except: "run-9" })).toMatchObject({ known: { runId: "run-5" } });
  });

  test("is refused when its memory is broken, and named", async () => {
    await createResultTables(it.client, it);
    await it.client.execute(
      `INSERT INTO ${it.keyspace}.known_clusters (data_table, saved_at, run_id, known) VALUES (?, ?, ?, ?)`,
      [where.table, at(1), "run-1", JSON.stringify({ ...knownClusters("run-1"), nextId: 0 })],
      { prepare: true },
    );
    const recall = () => recallRun(it.client, aws, where, { except: "run-2" });
    const failure = await recall().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: "StepError",
      message: expect.stringContaining(
        "the row of run run-1 is broken: Expected `nextId` to be an integer above all ids",
      ),
      hint: expect.stringContaining("Delete that row: DELETE FROM"),
    });
    // The hint does what it says.
    const statement = (failure as { hint: string }).hint.replace("Delete that row: ", "");
    await it.client.execute(statement, [], { prepare: true });
    expect(await recall()).toBeNull();
  });

  test("is not remembered with what nobody could read later", async () => {
    const broken = { ...knownClusters("run-1"), centroids: [[Number.NaN, 0, 0]] };
    await expect(rememberRun(it.client, aws, where, broken, at(1))).rejects.toThrow("`centroids[0][0]`");
    expect(await recallRun(it.client, aws, where, { except: "" })).toBeNull();
  });
});

describe("the customers of the last run", () => {
  const { customers, clusters: profiles } = segmentedCustomers(500);
  const expected = customers
    .map(({ customerId, cluster: id, clusterName: name, monetary }) => ({
      customerId,
      cluster: { id, name },
      monetary,
    }))
    .sort((a, b) => (a.customerId < b.customerId ? -1 : 1));
  const inOrder = <T extends { customerId: string }>(places: readonly T[] | null) =>
    places?.toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1));
  const upload = (csv: string, runId: string) =>
    uploadBytes(aws, { bucket, key: `${where.prefix}/${runId}/results/customers.csv` }, csv);

  test("come from Keyspaces, all of them", async () => {
    await createResultTables(it.client, it);
    await saveClusters(it.client, it, { runId: "run-1", runDate: at(1), profiles, customers });
    const places = await placesOfRun(it.client, aws, where, { runId: "run-1" });
    expect(inOrder(places)).toEqual(expected);
    expect(movements(places!, places!).every(({ from, to }) => from?.id === to?.id)).toBe(true);
  });

  test("come from S3 where Keyspaces has not all of them any more", async () => {
    await createResultTables(it.client, it);
    await saveClusters(it.client, it, { runId: "run-2", runDate: at(1), profiles, customers });
    const { cluster, customerId } = customers[0] as SegmentedCustomer;
    const one = `DELETE FROM ${it.keyspace}.customers_of_cluster WHERE run_id = ? AND cluster = ? AND bucket = 0 AND customer_id = ?`;
    await it.client.execute(one, ["run-2", cluster, customerId], { prepare: true });
    expect(await placesOfRun(it.client, aws, where, { runId: "run-2" })).toBeNull();
    await upload(customersCsv(customers), "run-2");
    expect(inOrder(await placesOfRun(it.client, aws, where, { runId: "run-2" }))).toEqual(expected);
  });

  test.each([
    ["without a column", "customer_id,monetary,cluster\n1,2,3\n", "it has no column cluster_name"],
    ["with a number that is none", "customer_id,monetary,cluster,cluster_name\n1,,3,x\n", "its line 2 is not"],
    ["with a cluster that is none", "customer_id,monetary,cluster,cluster_name\n1,2,-3,x\n", "its line 2 is not"],
    ["with a customer twice", "customer_id,monetary,cluster,cluster_name\n1,2,3,x\n1,2,3,x\n", "its line 3 is not"],
    ["that breaks off", 'customer_id,monetary,cluster,cluster_name\n1,2,3,x\n2,2,3,"x', "its line 3 is not"],
  ])("in a file %s are refused", async (_, csv, reason) => {
    await upload(csv, "run-3");
    await expect(placesOfRun(it.client, aws, where, { runId: "run-3" })).rejects.toMatchObject({
      message: expect.stringContaining(reason),
      hint: expect.stringContaining(`aws s3 rm s3://${bucket}/${where.prefix}/run-3/results/customers.csv`),
    });
  });
});

describe("cleaning up", () => {
  async function made(wanted: boolean) {
    const folder = await mkdtemp(join(tmpdir(), "clean-up-"));
    await writeFile(join(folder, "data.csv"), "");
    const keyspace = `${it.keyspace}_${count}`;
    await createKeyspace(it.client, keyspace);
    await createResultTables(it.client, { keyspace });
    const own = { ...where, keyspace };
    await rememberRun(it.client, aws, own, knownClusters("run-1"), at(1));
    await rememberRun(it.client, aws, own, knownClusters("run-2"), at(2));
    for (const run of ["run-1", "run-2"]) {
      await uploadBytes(aws, { bucket, key: `${where.prefix}/${run}/results/customers.csv` }, "kept");
    }
    return { ...own, job: "run-2", dataFile: join(folder, "data.csv"), cleanUp: wanted };
  }

  test("removes this run's memory with its results, and leaves an earlier run's", async () => {
    const leftovers = await made(true);
    const rows = await cleanUp(it.client, aws, leftovers);
    expect(rows.map(({ what }) => what)).toContain(
      `memory of this run, s3://${bucket}/${where.prefix}/clusters/run-2.json`,
    );
    expect(await listObjects(aws, { bucket, prefix: `${where.prefix}/` })).toEqual([
      `${where.prefix}/clusters/run-1.json`,
      `${where.prefix}/run-1/results/customers.csv`,
    ]);
    expect(await listKeyspaces(it.client)).not.toContain(leftovers.keyspace);
    expect(await recallRun(it.client, aws, leftovers, { except: "run-3" })).toMatchObject({
      known: { runId: "run-1" },
    });
  });

  test("that is not wanted leaves everything", async () => {
    const leftovers = await made(false);
    await cleanUp(it.client, aws, leftovers);
    expect(await listObjects(aws, { bucket, prefix: `${where.prefix}/` })).toHaveLength(4);
    expect(await recallRun(it.client, aws, leftovers, { except: "run-3" })).toMatchObject({
      known: { runId: "run-2" },
    });
    await cleanUp(it.client, aws, { ...leftovers, dataFile: join(tmpdir(), "no-such-folder", "x"), cleanUp: true });
  });
});
