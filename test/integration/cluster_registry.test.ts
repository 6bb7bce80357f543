import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { cleanUp } from "@keyspaces-segmentation/aws-cleanup";
import { type AwsSession, downloadObject, listObjects, signIn, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { membershipsOfRun } from "@keyspaces-segmentation/cluster-store/dist/memberships.js";
import { lastComparableRun, registerRun } from "@keyspaces-segmentation/cluster-store/dist/registry.js";
import { customersCsv } from "@keyspaces-segmentation/cluster-store/dist/result_csv.js";
import { createResultTables } from "@keyspaces-segmentation/cluster-store/dist/result_tables.js";
import { saveClusters } from "@keyspaces-segmentation/cluster-store/dist/results.js";
import type { ClusteredCustomer, MadeOf } from "@keyspaces-segmentation/customer-clusters";
import { movements } from "@keyspaces-segmentation/customer-clusters";
import { createKeyspace, listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { readSettings } from "../../src/settings.js";
import { clusteredCustomers } from "../support/clustered_customers.js";
import { withKeyspace } from "../support/keyspaces.js";
import { registeredClusters } from "../support/registered_clusters.js";
import { tableContents } from "../support/table_contents.js";

const it = withKeyspace();
const bucket = "cluster-registry";
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
const fail = ({ message }: { message: string }) => {
  throw new Error(message);
};
const downloaded = async (key: string) => {
  const path = join(await mkdtemp(join(tmpdir(), "registry-")), "copy");
  return (await downloadObject(aws, { bucket, key }, path)).path;
};

const [file1, file2, file3] = ["1", "2", "3"].map((digit) => digit.repeat(64)) as [string, string, string];
const net = { loads: [file1], preparation: "net" } as const;
const register = (
  runId: string,
  day: number,
  { of = where, ...madeOf }: Partial<MadeOf> & { of?: typeof where } = {},
): Promise<string> => registerRun(it.client, aws, of, registeredClusters(runId), { ...net, ...madeOf, now: at(day) });

/** What is found, and what was said of entries that are left out. */
async function lookUp(
  except: string,
  { of = where, ...madeOf }: Partial<MadeOf> & { of?: typeof where } = {},
): Promise<{ run: string | null; from?: string; savedAt?: Date; leftOut: string[] }> {
  const leftOut: string[] = [];
  const onLeftOut = ({ message }: { message: string }) => leftOut.push(message);
  const found = await lastComparableRun(it.client, aws, of, { ...net, ...madeOf, except, onLeftOut });
  if (found === null) return { run: null, leftOut };
  expect(found.known).toEqual(registeredClusters(found.known.runId));
  return { run: found.known.runId, from: found.from, savedAt: found.savedAt, leftOut };
}
const folderOf = ({ prefix, keyspace, table }: typeof where) => `${prefix}/clusters/${aws.region}/${keyspace}/${table}`;
const damage = (runId: string, content: string) =>
  uploadBytes(aws, { bucket, key: `${folderOf(where)}/${runId}.json` }, content);
const forget = (runId: string) =>
  it.client.execute(
    `DELETE FROM ${it.keyspace}.known_clusters WHERE data_table = ? AND run_id = ?`,
    [where.table, runId],
    { prepare: true },
  );

describe("the last run", () => {
  test("is none where nothing was made yet", async () => {
    expect(await lookUp("run-1")).toEqual({ run: null, leftOut: [] });
    const found = await membershipsOfRun(it.client, aws, where, { runId: "run-1" }, { onLeftOut: fail });
    expect(found).toBeNull();
  });

  test("is the newest one that is not this very run, wherever it is kept", async () => {
    await createResultTables(it.client, it);
    await register("run-1", 1);
    await register("run-2", 2);
    for (let i = 0; i < 12; i++) await register("run-3", 3 + i);
    // A cell that is run again: the run has one entry, its last.
    expect(await tableContents(it.client, { keyspace: it.keyspace, table: "known_clusters" })).toHaveLength(3);
    await register("run-4", 20, { of: { ...where, table: "other" } });
    const from = `${it.keyspace}.known_clusters`;
    expect(await lookUp("run-3")).toEqual({ run: "run-2", savedAt: at(2), from, leftOut: [] });
    expect(await lookUp("run-9")).toMatchObject({ run: "run-3", leftOut: [] });
    // Keyspaces has lost them, as when the keyspace was dropped and made anew from the same files.
    for (const run of ["run-1", "run-2", "run-3"]) await forget(run);
    expect(await lookUp("run-3")).toEqual({
      run: "run-2",
      savedAt: at(2),
      leftOut: [],
      from: `s3://${bucket}/${folderOf(where)}/run-2.json`,
    });
  });

  test("is nobody else's: not of another keyspace or table with the same bucket and prefix", async () => {
    await createResultTables(it.client, it);
    await register("run-1", 1);
    const elsewhere = { ...where, keyspace: `${it.keyspace}_of_a_colleague` };
    expect(await lookUp("", { of: elsewhere })).toEqual({ run: null, leftOut: [] });
    expect(await lookUp("", { of: { ...where, table: `${where.table}_2` } })).toEqual({ run: null, leftOut: [] });
    // Nor does a copy get in.
    const copy = await readFile(await downloaded(`${folderOf(where)}/run-1.json`), "utf8");
    await uploadBytes(aws, { bucket, key: `${folderOf(elsewhere)}/run-1.json` }, copy);
    const { run, leftOut } = await lookUp("", { of: elsewhere });
    expect(run).toBeNull();
    expect(leftOut).toEqual([expect.stringContaining(`it is of run run-1 on ${it.keyspace}.${where.table}`)]);
  });

  test("counts while its files are among those of the table, which may have grown, and not in a table made anew", async () => {
    await createResultTables(it.client, it);
    await register("run-1", 1, { loads: [file1] });
    await register("run-2", 2, { loads: [file2, file1] });
    expect(await lookUp("", { loads: [file1, file2] })).toMatchObject({ run: "run-2", leftOut: [] });
    expect(await lookUp("", { loads: [file3, file2, file1] })).toMatchObject({ run: "run-2", leftOut: [] });
    const other =
      "The clusters of run run-2 are not compared with these: it was made of files that are not in this table.";
    expect(await lookUp("", { loads: [file1, file3] })).toMatchObject({ run: "run-1", leftOut: [other] });
    const { run, leftOut } = await lookUp("", { loads: [file3] });
    expect(run).toBeNull();
    expect(leftOut).toEqual([other, other.replace("run-2", "run-1")]);
  });

  test("is one of the same preparation", async () => {
    await createResultTables(it.client, it);
    await register("run-1", 1);
    await register("run-2", 2, { preparation: "sales" });
    const { run, leftOut } = await lookUp("");
    expect(run).toBe("run-1");
    expect(leftOut).toEqual([
      "The clusters of run run-2 are not compared with these: its customers were prepared as sales.",
    ]);
  });

  test("is the next newest where one is damaged, which is named with what deletes it", async () => {
    await createResultTables(it.client, it);
    for (const day of [1, 2, 3, 4]) await register(`run-${day}`, day);
    const whole = { ...where, savedAt: at(3), ...net, known: registeredClusters("run-3") };
    const hostile = { ...whole.known, clusters: whole.known.clusters.map((of) => ({ ...of, name: "<img src=x>" })) };
    await damage("run-3", JSON.stringify({ ...whole, known: hostile }));
    await damage("run-4", "{");
    const insert = `INSERT INTO ${it.keyspace}.known_clusters (data_table, saved_at, run_id, known) VALUES (?, ?, ?, ?)`;
    await it.client.execute(insert, [where.table, at(9), "o'run", null], { prepare: true });
    for (const run of ["run-2", "run-3", "run-4"]) await forget(run);
    await forget("run-1");

    const { run, from, leftOut } = await lookUp("");
    expect({ run, from }).toEqual({ run: "run-2", from: `s3://${bucket}/${folderOf(where)}/run-2.json` });
    const uri = (id: string) => `s3://${bucket}/${folderOf(where)}/${id}.json`;
    const statement = `DELETE FROM "${it.keyspace}"."known_clusters" WHERE data_table = '${where.table}' AND run_id = 'o''run'`;
    expect(leftOut).toEqual([
      `Left out the registry entry of run o'run in ${it.keyspace}.known_clusters: it is empty. To delete it: ${statement}`,
      expect.stringMatching(
        new RegExp(`^Left out the registry entry of run run-4 in ${uri("run-4")}: .*JSON.*aws s3 rm ${uri("run-4")}$`),
      ),
      expect.stringContaining("Expected `clusters[0].name` to be 1 to 200 characters without markup"),
    ]);
    expect(leftOut.every((line) => !line.includes("\n"))).toBe(true);
    // The statement does what it says.
    await it.client.execute(statement, [], { prepare: true });
    expect((await lookUp("")).leftOut).toHaveLength(2);
  });

  test("is not registered with what nobody could read later", async () => {
    const broken = { ...registeredClusters("run-1"), centroids: [[Number.NaN, 0, 0]] };
    const save = registerRun(it.client, aws, where, broken, { ...net, now: at(1) });
    await expect(save).rejects.toThrow("`centroids[0][0]`");
    await expect(register("run-1", 1, { loads: [] })).rejects.toThrow("Expected `loads.length` to be 1 or more");
    expect(await lookUp("")).toEqual({ run: null, leftOut: [] });
  });

  test("is found by runs that are made side by side, each of which keeps its own", async () => {
    await createResultTables(it.client, it);
    const runs = Array.from({ length: 8 }, (_, i) => `run-${i}`);
    await Promise.all(runs.map((run, i) => register(run, i + 1)));
    const found = await Promise.all(runs.map((run) => lookUp(run)));
    expect(found.map(({ run }) => run)).toEqual([...Array(7).fill("run-7"), "run-6"]);
  });
});

describe("the customers of the last run", () => {
  const { customers, clusters: profiles } = clusteredCustomers(500);
  const expected = customers
    .map(({ customerId, cluster: id, clusterName: name, monetary }) => ({
      customerId,
      cluster: { id, name },
      monetary,
    }))
    .sort((a, b) => (a.customerId < b.customerId ? -1 : 1));
  const inOrder = <T extends { customerId: string }>(memberships: readonly T[] | null) =>
    memberships?.toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1));
  const upload = (csv: string, runId: string) =>
    uploadBytes(aws, { bucket, key: `${where.prefix}/${runId}/results/customers.csv` }, csv);

  const membershipsOf = (runId: string) => membershipsOfRun(it.client, aws, where, { runId }, { onLeftOut: fail });

  test("come from Keyspaces, all of them", async () => {
    await createResultTables(it.client, it);
    await saveClusters(it.client, it, { runId: "run-1", runDate: at(1), profiles, customers });
    const memberships = await membershipsOf("run-1");
    expect(inOrder(memberships)).toEqual(expected);
    expect(movements(memberships!, memberships!).every(({ from, to }) => from?.id === to?.id)).toBe(true);
  });

  test("come from S3 where Keyspaces has not all of them any more", async () => {
    await createResultTables(it.client, it);
    await saveClusters(it.client, it, { runId: "run-2", runDate: at(1), profiles, customers });
    const { cluster, customerId } = customers[0] as ClusteredCustomer;
    const one = `DELETE FROM ${it.keyspace}.customers_of_cluster WHERE run_id = ? AND cluster = ? AND bucket = 0 AND customer_id = ?`;
    await it.client.execute(one, ["run-2", cluster, customerId], { prepare: true });
    expect(await membershipsOf("run-2")).toBeNull();
    await upload([...customersCsv(customers)].join(""), "run-2");
    expect(inOrder(await membershipsOf("run-2"))).toEqual(expected);
  });

  test.each([
    ["without a column", "customer_id,monetary,cluster\n1,2,3\n", "it has no column cluster_name"],
    ["with a number that is none", "customer_id,monetary,cluster,cluster_name\n1,,3,x\n", "its line 2 is not"],
    ["with a cluster that is none", "customer_id,monetary,cluster,cluster_name\n1,2,-3,x\n", "its line 2 is not"],
    ["with a customer twice", "customer_id,monetary,cluster,cluster_name\n1,2,3,x\n1,2,3,x\n", "its line 3 is not"],
    ["that breaks off", 'customer_id,monetary,cluster,cluster_name\n1,2,3,x\n2,2,3,"x', "its line 3 is not"],
    ["with markup for a name", "customer_id,monetary,cluster,cluster_name\n1,2,3,<b>\n", "its line 2 is not"],
  ])("in a file %s are left out, with a word", async (_, csv, reason) => {
    await upload(csv, "run-3");
    const leftOut: string[] = [];
    const onLeftOut = ({ message }: { message: string }) => leftOut.push(message);
    expect(await membershipsOfRun(it.client, aws, where, { runId: "run-3" }, { onLeftOut })).toBeNull();
    expect(leftOut).toEqual([expect.stringContaining(reason)]);
    expect(leftOut[0]).toMatch(`aws s3 rm s3://${bucket}/${where.prefix}/run-3/results/customers.csv`);
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
    await register("run-1", 1, { of: own });
    await register("run-2", 2, { of: own });
    for (const run of ["run-1", "run-2"]) {
      await uploadBytes(aws, { bucket, key: `${where.prefix}/${run}/results/customers.csv` }, "kept");
    }
    await uploadBytes(aws, { bucket, key: `${where.prefix}/job-2/output/model.tar.gz` }, "model");
    return { ...own, run: "run-2", job: "job-2", dataFile: join(folder, "data.csv"), cleanUp: wanted };
  }

  test("removes this run's registry entry with its results, and leaves an earlier run's", async () => {
    const leftovers = await made(true);
    const rows = await cleanUp(it.client, aws, leftovers);
    expect(rows.map(({ what }) => what)).toContain(
      `registry entry of this run, s3://${bucket}/${folderOf(leftovers)}/run-2.json`,
    );
    expect(await listObjects(aws, { bucket, prefix: `${where.prefix}/` })).toEqual([
      `${folderOf(leftovers)}/run-1.json`,
      `${where.prefix}/run-1/results/customers.csv`,
    ]);
    expect(await listKeyspaces(it.client)).not.toContain(leftovers.keyspace);
    expect(await lookUp("run-3", { of: leftovers })).toMatchObject({ run: "run-1" });
  });

  test("that is not wanted leaves everything", async () => {
    const leftovers = await made(false);
    await cleanUp(it.client, aws, leftovers);
    expect(await listObjects(aws, { bucket, prefix: `${where.prefix}/` })).toHaveLength(5);
    expect(await lookUp("run-3", { of: leftovers })).toMatchObject({ run: "run-2" });
    await cleanUp(it.client, aws, { ...leftovers, dataFile: join(tmpdir(), "no-such-folder", "x"), cleanUp: true });
  });
});
