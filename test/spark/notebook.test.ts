import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { signIn } from "@keyspaces-segmentation/aws-session";
import { noteOpenLoad } from "@keyspaces-segmentation/invoice-store/dist/load_journal.js";
import { connectToKeyspaces, type KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { CASSANDRA_JARS, NOTEBOOK, PYTHON } from "@keyspaces-segmentation/local-support";
import { generateRetailCsv } from "../../local/data/generate.js";
import { runNotebook } from "../../local/notebook/run_notebook.js";
import { type Stack, startStack } from "../../local/stack.js";
import { readSettings } from "../../src/settings.js";
import type { Summary } from "../../src/summary.js";
import { runCells } from "../support/cells.js";
import { type Output, textOf } from "../support/notebook.js";
import { readSegmented } from "../support/segment.js";
import { tableContents } from "../support/table_contents.js";

// The whole notebook with Spark as its engine, under the policies of infra/iam: in the kernel, and in a second run with fewer customers
// to look at than there are.

const keyspace = "spark_notebook";
const folder = mkdtempSync(join(tmpdir(), "spark-notebook-"));
const parameters = {
  SEGMENTATION_ENGINE: "spark",
  SEGMENTATION_KEYSPACE: keyspace,
  SEGMENTATION_PREFIX: keyspace,
  SEGMENTATION_CLEAN_UP: "false",
  SEGMENTATION_INSTANCES: "2",
  SEGMENTATION_MAX_ROWS_PER_SECOND: "500",
};
const SAMPLE = 60;

let stack: Stack;
let db: KeyspacesClient;
let environment: NodeJS.ProcessEnv;
const before = { ...process.env };

beforeAll(async () => {
  const body = Buffer.from(generateRetailCsv({ seed: 5, customers: 120 }));
  const data = { bucket: "generated", key: "generated.csv", body, metadata: { origin: "generated" } };
  const directory = join(folder, "stack");
  const policies = { ...process.env, ...parameters };
  stack = await startStack({ directory, jars: CASSANDRA_JARS, python: PYTHON, region: "us-east-1", data, policies });
  Object.assign(process.env, stack.environment);
  environment = { ...process.env, ...parameters, SEGMENTATION_HEADLESS: "1" };
  const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });
  db = await connectToKeyspaces(await signIn(settings), settings);
});
afterAll(async () => {
  await db?.shutdown();
  await stack?.stop("discard");
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
});

const rowsOf = async (table: string): Promise<Record<string, unknown>[]> =>
  (await tableContents(db, { keyspace, table })).map((row) => JSON.parse(row));
const byId = (a: { customer_id?: unknown }, b: { customer_id?: unknown }) =>
  String(a.customer_id) < String(b.customer_id) ? -1 : 1;

/** All that the cells of a run have said. */
const saidIn = (notebook: string): string =>
  (JSON.parse(readFileSync(notebook, "utf8")) as { cells: { outputs?: Output[] }[] }).cells
    .flatMap(({ outputs = [] }) => outputs.map(({ data, text }) => textOf(data?.["text/plain"] ?? text)))
    .join("\n");

test("Spark reads the table, what it has written is trained with, and it stores every customer's cluster", async () => {
  const outputDirectory = join(folder, "whole");
  await runNotebook({
    python: PYTHON,
    notebook: NOTEBOOK,
    outputDirectory,
    environment: { ...environment, SEGMENTATION_OUTPUT_DIRECTORY: outputDirectory },
  });
  const { summary, customers, notebook } = readSegmented(outputDirectory);
  expect(saidIn(notebook)).toMatch(/ pages of 32 token ranges, by Spark/);

  // No features were sent a second time: a note says where they are, by which the clean-up knows the model.
  const sageMaker = new SageMakerClient({});
  const job = await sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: summary.training.job }));
  const channel = job.InputDataConfig?.[0]?.DataSource?.S3DataSource;
  expect(channel).toMatchObject({
    S3Uri: expect.stringMatching(/\/spark_notebook\/features\/spark_notebook\.online_retail\/[^/]+\/train\/$/),
    S3DataDistributionType: "ShardedByS3Key",
  });
  const s3 = new S3Client({});
  const [, Bucket = "", Prefix = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(channel?.S3Uri ?? "") ?? [];
  expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix }))).KeyCount).toBe(2);
  const own = `${keyspace}/${summary.training.job}/input/`;
  const { Contents: notes } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: own }));
  expect(notes?.map(({ Key }) => Key)).toEqual([`${own}source.json`]);
  s3.destroy();
  sageMaker.destroy();

  // What Spark has stored is what this process has found, customer by customer.
  const listed = customers.map(
    ([id, country, recency, frequency, monetary, , , , segment, cluster, name, distance]) => ({
      customer_id: id,
      country,
      recency_days: Number(recency),
      frequency: Number(frequency),
      monetary: Number(monetary),
      segment,
      cluster: Number(cluster),
      cluster_name: name?.replace(/^"|"$/g, ""),
      distance: Number(distance),
    }),
  );
  const members = await rowsOf("customers_of_cluster");
  expect(members.sort(byId)).toMatchObject(listed.map(({ cluster_name: _, ...row }) => row).sort(byId));
  const lookups = await rowsOf("cluster_of_customer");
  expect(lookups.sort(byId)).toMatchObject(listed.map(({ country: _, ...row }) => row).sort(byId));
  const clusters = await rowsOf("ml_clustering_results");
  expect(clusters.reduce((sum, { total_customers: count }) => sum + Number(count), 0)).toBe(listed.length);
  // A read finds them by the date of the run.
  expect(new Set(lookups.map(({ run_date: date }) => date))).toEqual(
    new Set(clusters.map(({ run_date: date }) => date)),
  );
  expect(summary.customers).toBe(listed.length);
});

test("where fewer customers are looked at than there are, training, counts and tables are of all", async () => {
  const outputDirectory = join(folder, "sample");
  const uri = "s3://generated/killed.csv";
  const killed = {
    fingerprint: "f".repeat(64),
    uri,
    attempt: "1",
    hasFailed: true,
    from: null,
    reading: [],
    isBesideUnknown: false,
  };
  const retail = { keyspace, table: "online_retail" };
  await noteOpenLoad(db, retail, killed, { now: new Date() });
  await runCells({
    notebook: NOTEBOOK,
    outputDirectory,
    environment: {
      ...environment,
      SEGMENTATION_OUTPUT_DIRECTORY: outputDirectory,
      SEGMENTATION_SPARK_SAMPLE: String(SAMPLE),
      SEGMENTATION_K: "4",
    },
  });
  const read = (name: string) => readFileSync(join(outputDirectory, name), "utf8");
  const summary = JSON.parse(read("summary.json")) as Summary;
  const lookups = (await rowsOf("cluster_of_customer")).filter(({ run_id: id }) => id === summary.run);
  expect(summary.customers).toBe(lookups.length);
  expect(summary.customers).toBeGreaterThan(SAMPLE);
  for (const { cluster, name, customers } of summary.clusters) {
    const members = lookups.filter((row) => row.cluster === cluster);
    expect(members.length).toBe(customers);
    expect(new Set(members.map((row) => row.cluster_name))).toEqual(new Set(customers > 0 ? [name] : []));
  }
  const spent = lookups.reduce((sum, { monetary }) => sum + Number(monetary), 0);
  for (const { cluster, customers, monetaryMean, revenueShare } of summary.clusters) {
    const members = lookups.filter((row) => row.cluster === cluster);
    const ofCluster = members.reduce((sum, { monetary }) => sum + Number(monetary), 0);
    expect(monetaryMean).toBeCloseTo(customers > 0 ? ofCluster / customers : 0, 6);
    expect(revenueShare).toBeCloseTo(ofCluster / spent, 9);
  }
  const inertia = lookups.reduce((sum, { distance }) => sum + Number(distance) ** 2, 0);
  expect(summary.training.inertia).toBeCloseTo(inertia, 6);
  // Whoever finds a list of some is not to take it for that of all.
  const list = read("customers_sample.csv").trimEnd().split(/\r?\n/).slice(1);
  expect(list.length).toBeLessThanOrEqual(SAMPLE);
  expect(() => read("customers.csv")).toThrow("ENOENT");
  // Scored among all, not among themselves.
  const scored = new Map(lookups.map((row) => [row.customer_id, row.segment]));
  for (const fields of list.map((line) => line.split(","))) expect(scored.get(fields[0])).toBe(fields[8]);
  const said = saidIn(join(outputDirectory, "customer_segmentation.ipynb"));
  expect(said).toMatch(/\d+ of the \d+ customers with features are looked at here, drawn at random/);
  // As a read by this process says it.
  expect(said).toContain("A load of s3://generated/killed.csv has failed: rows of it count here");
  expect(said).toMatch(/The whole table was read, as Spark reads all of it each time: \d/);
  expect(said).toContain("Who moved is not told where not all customers are looked at");
});
