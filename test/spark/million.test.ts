import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readCustomers } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import { sizedCsv } from "../../local/data/sized.js";
import { expectSameFeatures } from "../support/spark_features.js";
import { bucket, keyspace, type SparkWorld, startSparkWorld } from "../support/spark_world.js";

const lines = Number(process.env.SPARK_LINES ?? 1_000_000);
/** As the full *Online Retail II* has them. */
const LINES_PER_CUSTOMER = 180;

let world: SparkWorld;

beforeAll(async () => {
  world = await startSparkWorld();
  const file = join(world.folder, "million.csv");
  const size = { lines, customers: Math.ceil(lines / LINES_PER_CUSTOMER) };
  await pipeline(Readable.from(sizedCsv(size, 17)), createWriteStream(file));
  await world.load("million", file);
}, 1_200_000);
afterAll(() => world?.end());

test("the features of a million generated lines are ours, row for row", async () => {
  const totals = await readCustomers(world.client, { keyspace, table: "million" });
  expect(totals.lines).toBeGreaterThan(0.99 * lines);
  const choice = { preparation: "net", scaling: "log_standard", format: "recordio" } as const;
  const { preparation, scaling, format } = choice;
  const run = await world.run(
    "rfm_features.py",
    { table: "million", output: `s3://${bucket}/million`, preparation, scaling, format, shards: "2", ranges: "16" },
    { conf: { "spark.driver.extraJavaOptions": "" } },
  );
  expect(run).toMatchObject({ status: 0, reason: "" });
  expectSameFeatures(await world.objects("million"), totals, choice);
  console.log(
    `${totals.lines} lines: ${totals.seconds.toFixed(1)} s by the scan, ${run.seconds.toFixed(1)} s by Spark`,
  );
}, 1_200_000);
