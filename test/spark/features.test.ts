import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readCustomers } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import { dayAfter } from "@keyspaces-segmentation/invoices";
import { realFile } from "../support/real_data.js";
import { generatedCsv, testOnRealData } from "../support/retail.js";
import { expectSameFeatures } from "../support/spark_features.js";
import { bucket, keyspace, type SparkWorld, startSparkWorld } from "../support/spark_world.js";

let world: SparkWorld;

beforeAll(async () => {
  // The tokens of a new account, which the Spark Cassandra Connector cannot read by.
  world = await startSparkWorld("org.apache.cassandra.dht.RandomPartitioner");
  const file = join(world.folder, "generated.csv");
  await writeFile(file, generatedCsv());
  await world.load("generated", file);
});
afterAll(() => world?.end());

const scan = (table: string, options = {}) => readCustomers(world.client, { keyspace, table }, options);

test.each([
  { preparation: "net", scaling: "min_max", format: "csv", shards: 1 },
  { preparation: "sales", scaling: "log_standard", format: "csv", shards: 2 },
  { preparation: "as_published", scaling: "min_max", format: "recordio", shards: 3 },
] as const)("the features of $preparation, $scaling, as $format are ours, row for row", async (choice) => {
  const { preparation, scaling, format, shards } = choice;
  const prefix = `run/${preparation}`;
  const run = await world.run("rfm_features.py", {
    table: "generated",
    output: `s3://${bucket}/${prefix}`,
    preparation,
    scaling,
    format,
    shards: String(shards),
    ranges: "8",
  });
  expect(run).toMatchObject({ status: 0, said: expect.stringMatching(/^rfm_features done: \d+ lines/) });
  const manifest = expectSameFeatures(await world.objects(prefix), await scan("generated"), choice);
  expect(manifest.train.objects).toHaveLength(shards);
});

test("lines behind the analysis date are in the ledger and in no customer", async () => {
  const analysisDate = "2010-09-30";
  const prefix = "run/earlier";
  const run = await world.run("rfm_features.py", {
    table: "generated",
    output: `s3://${bucket}/${prefix}`,
    analysis_date: analysisDate,
    ranges: "8",
    credit_prefix: "none",
    product_code: "none",
  });
  expect(run.status).toBe(0);
  const rules = { creditPrefix: null, productCode: null };
  const totals = await scan("generated", { until: dayAfter(analysisDate), rules });
  expect(totals.later.lines).toBeGreaterThan(0);
  const choice = { preparation: "net", scaling: "min_max", format: "csv", analysisDate } as const;
  expectSameFeatures(await world.objects(prefix), totals, choice);
});

testOnRealData("the features of the real data are ours, row for row", async () => {
  await world.load("real", realFile);
  const choice = { preparation: "net", scaling: "min_max", format: "csv" } as const;
  const output = `s3://${bucket}/run/real`;
  const run = await world.run("rfm_features.py", { table: "real", output, ranges: "8" });
  expect(run.status).toBe(0);
  expectSameFeatures(await world.objects("run/real"), await scan("real"), choice);
});
