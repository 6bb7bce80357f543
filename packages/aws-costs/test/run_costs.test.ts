import { expect, test } from "@jest/globals";
import type { WeighedFile } from "@keyspaces-segmentation/aws-costs";
import { RunCosts, readPrices } from "@keyspaces-segmentation/aws-costs";
import { million, plan, tables } from "./million_rows.js";

const estimated = (budgetUsd: number | null, file: WeighedFile = million, region = "us-east-1") => {
  const costs = new RunCosts({ budgetUsd, tables });
  costs.estimate(region, file, plan);
  return costs;
};
const lineOf = (costs: RunCosts, what: "estimate" | "meter", item: string) =>
  costs.summary()?.[what].lines.find((line) => line.item === item);

test("a million rows cost what AWS's price list says, to the last digit", () => {
  const costs = estimated(null, { ...million, writeUnits: 999_993 });
  expect(lineOf(costs, "estimate", "write units")).toMatchObject({ price: "0.625", usd: "0.625000000000" });
  const training = lineOf(costs, "estimate", "seconds of training on ml.m5.large");
  // 120 s of 0.115 $/h
  expect(training).toMatchObject({ quantity: 120, usd: "0.003833333333" });
  expect(costs.caption()).toBe(
    "in us-east-1, by prices of 2025-11-05 (Keyspaces) and 2026-08-11 (S3, KMS, SageMaker, Glue)",
  );
});

test("without a budget anything may begin, and with one only what stays within it", () => {
  const free = new RunCosts({ budgetUsd: null, tables });
  expect(() => free.begin("ingest")).not.toThrow();
  const enough = estimated(1);
  for (const step of ["ingest", "read", "train", "keep"] as const) expect(() => enough.begin(step)).not.toThrow();
  expect(() => estimated(0.1).begin("ingest")).toThrow(
    "Could not begin step 5 Ingest: it costs about $0.6250 and the run has cost $0.0000 so far, which is more than the $0.1000 of `budgetUsd`.",
  );
});

test("what was spent before counts", () => {
  const costs = estimated(0.63);
  costs.begin("ingest");
  costs.meter.usage.add("ingest", "writeUnits", 1_008_000);
  expect(() => costs.begin("read")).toThrow("and the run has cost $0.6300 so far");
});

test("a budget is refused where a price is unknown, and steps where nothing was estimated", () => {
  expect(() => estimated(1, million, "cn-north-1")).toThrow(
    "Could not keep the run within `budgetUsd` in cn-north-1: no price is known there of S3 writes and lists",
  );
  expect(() => new RunCosts({ budgetUsd: 1, tables }).begin("train")).toThrow("nothing is known of its costs yet");
});

test("a region of which no price is known has another's, and says so", () => {
  const costs = estimated(1, million, "eu-west-1");
  expect(lineOf(costs, "estimate", "write units")).toMatchObject({ price: "0.705" });
  expect(lineOf(costs, "estimate", "S3 reads")).toMatchObject({ price: "0.0004" });
  expect(costs.remarks()[0]).toBe(
    "The prices of S3, SageMaker are those of us-east-1, as none of eu-west-1 are known: add them to packages/aws-costs/prices.json.",
  );
  expect(costs.summary()?.standIns).toEqual(["s3", "kms", "instances", "serverless", "glue"]);
  expect(estimated(null).summary()?.standIns).toEqual([]);
  expect(estimated(null, million, "xx-north-9").remarks()[0]).toMatch(/^The prices of Keyspaces, S3, SageMaker are/);
});

test("in China prices are in another currency: there are none, and it says so", () => {
  const costs = estimated(null, million, "cn-north-1");
  expect(costs.summary()?.estimate).toMatchObject({ totalUsd: "0", lines: expect.any(Array) });
  expect(lineOf(costs, "estimate", "write units")).toMatchObject({ price: null, usd: null });
  expect(costs.remarks()).toEqual([expect.stringMatching(/^No price is known in cn-north-1 of S3 writes and lists/)]);
});

test("tables with a key of one's own ask KMS, as often as the guide says, and estimate and meter agree on it", () => {
  let now = 0;
  const own = ["loads", "ml_clustering_results", "customers_of_cluster", "cluster_of_customer", "known_clusters"];
  const columns = { columns: { k: "text" }, primaryKey: "k" };
  const costs = new RunCosts({
    budgetUsd: null,
    tables: { ...tables, ...Object.fromEntries(own.map((table) => [table, columns])) },
  });
  costs.meter.encryptTables(() => now);
  costs.estimate("us-east-1", { ...million, rows: 10, rowBytes: 1210 }, { ...plan, kmsKey: "key" });
  const use = (table: string) => costs.meter.onRead({ table, rows: 1, localOne: false });
  costs.begin("ingest");
  for (const table of ["lines", "loads", "lines", "system"]) use(table);
  costs.begin("keep");
  for (const table of own.slice(1)) use(table);
  const of = (what: "estimate" | "meter", step: string) =>
    costs.summary()![what].lines.find((line) => line.item === "KMS requests" && line.step === step)?.quantity;
  // What is described and made once, and read over nine connections: two tables of loads, four of results.
  expect({ ingest: of("meter", "5 Ingest"), keep: of("meter", "8 Keep results") }).toEqual({ ingest: 26, keep: 52 });
  // Beside it the estimate has the objects of the step.
  expect({ ingest: of("estimate", "5 Ingest"), keep: of("estimate", "8 Keep results") }).toEqual({
    ingest: 26,
    keep: 61,
  });
  now = 299_999;
  use("lines");
  expect(of("meter", "8 Keep results")).toBe(52);
  now += 300_000;
  use("lines");
  expect(of("meter", "8 Keep results")).toBe(61);
});

test("what invoices beside those of other files cost is said", () => {
  const [, remark] = estimated(null, { ...million, invoices: 100_000 }).remarks();
  // A read unit for each, and a write unit for twenty.
  expect(remark).toBe(
    "Where the table holds rows of other files, each of its 100,000 invoices is looked for there and listed as new: up to $0.0156 more.",
  );
});

test("LOCAL_ONE costs half, and a forgotten endpoint what it costs", () => {
  const costs = estimated(null);
  expect(costs.remarks()).toEqual([
    "Reading costs $0.003699 at LOCAL_QUORUM, and half of it, $0.001849, at LOCAL_ONE.",
  ]);
  const ofFirstLines = estimated(null, { ...million, invoices: 100_000, isWhole: false }).remarks();
  expect(ofFirstLines[2]).toMatch(/^The file is very long: .*customers and invoices it has is an estimate/);
  expect(ofFirstLines[1]).toContain("each of its about 100,000 invoices");
  expect(costs.forgottenEndpoint()).toContain("$0.115 an hour, $84 a month");
});

test("jobs that were begun here are billed once, by what SageMaker says; others are not", () => {
  const costs = estimated(null);
  const request = (client: string, command: string, input: object, output: object | null = {}) =>
    costs.meter.onRequest({ client, command, input, output: output ?? undefined, sentBytes: 100, seconds: 1 });
  const done = {
    BillableTimeInSeconds: 77,
    ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 2 },
  };
  costs.begin("train");
  request("SageMakerClient", "DescribeTrainingJobCommand", { TrainingJobName: "earlier" }, done);
  request("SageMakerClient", "CreateTrainingJobCommand", { TrainingJobName: "own" });
  request("SageMakerClient", "DescribeTrainingJobCommand", { TrainingJobName: "own" }, {});
  costs.begin("keep");
  for (let i = 0; i < 2; i++) {
    request("SageMakerClient", "DescribeTrainingJobCommand", { TrainingJobName: "own" }, done);
  }
  expect(lineOf(costs, "meter", "seconds of training on ml.m5.large")).toMatchObject({
    step: "7 Train",
    quantity: 154,
  });
  request("S3Client", "PutObjectCommand", { SSEKMSKeyId: "key" });
  request("S3Client", "PutObjectCommand", {}, null);
  // Larger files go in parts.
  request("S3Client", "UploadPartCommand", {});
  request("S3Client", "UploadPartCommand", {}, null);
  request("S3Client", "ListObjectsV2Command", {});
  request("S3Client", "GetObjectCommand", {});
  request("S3Client", "DeleteObjectsCommand", {});
  expect(lineOf(costs, "meter", "S3 writes and lists")?.quantity).toBe(5);
  expect(lineOf(costs, "meter", "S3 reads")?.quantity).toBe(1);
  expect(lineOf(costs, "meter", "KMS requests")?.quantity).toBe(1);
  expect(lineOf(costs, "meter", "bytes in S3")?.quantity).toBe(200);
});

test("in a logged batch rows cost twice, a page half at LOCAL_ONE, and an UPDATE stores nothing more", () => {
  const costs = estimated(null);
  const slab = Buffer.concat([Buffer.from([0, 0, 0, 1, 107, 0, 0, 4, 0]), Buffer.alloc(1024)]);
  const row = { slab, start: 0, end: slab.length };
  const written = { table: "lines", columns: ["k", "v"], rows: [row, row] };
  costs.begin("ingest");
  costs.meter.onWrite({ ...written, inserts: true, logged: true });
  costs.meter.onWrite({ ...written, inserts: false, logged: false });
  // 2 × 1 + 4 and 1,024 + 1 bytes are two units a row.
  expect(lineOf(costs, "meter", "write units")?.quantity).toBe(8 + 4);
  expect(lineOf(costs, "meter", "bytes in Keyspaces")?.quantity).toBe(2 * (1031 + 100));
  costs.begin("read");
  costs.meter.onRead({ table: "unseen", rows: 41, localOne: false });
  costs.meter.onRead({ table: "unseen", rows: 0, localOne: true });
  expect(lineOf(costs, "meter", "read units")?.quantity).toBe(3 + 0.5);
});

test("every price in the file has the day that it is of", () => {
  const { sources, regions } = readPrices();
  for (const groups of Object.values(regions)) {
    for (const group of Object.keys(groups)) {
      expect(sources[group as keyof typeof sources].published).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
  }
});
