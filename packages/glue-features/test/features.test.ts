import { writeFile } from "node:fs/promises";
import { CreateJobCommand, GetJobCommand, GetJobRunsCommand, GetTagsCommand } from "@aws-sdk/client-glue";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect, test } from "@jest/globals";
import type { StatusChange } from "@keyspaces-segmentation/aws-jobs";
import { assignBySpark, computeFeatures, removeFeatures, sparkParameters } from "@keyspaces-segmentation/glue-features";
import { jobNameFor } from "@keyspaces-segmentation/glue-features/dist/script_job.js";
import { region } from "../../../test/support/aws.js";
import { glueFeatures } from "../../../test/support/glue_features.js";
import { fakeSpark, jobRequest, untilIn } from "../../../test/support/glue_jobs.js";

const bucket = "features-test";
const role = "arn:aws:iam::123456789012:role/LocalFeatures";

let sent: string[] = [];
const world = glueFeatures({ bucket, prefix: "segmentation" }, { glue: { spark: fakeSpark, minute: 3000 } });
const { request, JobName } = world;
/** A session of which it is known what it asks for. */
const session = () => {
  sent = [];
  return world.session({ onRequest: ({ command }) => sent.push(command) });
};
const removing = (more: { cleanUp: boolean; prefix?: string }) =>
  removeFeatures(session(), {
    bucket,
    parameters: { engine: "spark", keyspace: "blog", table: "online_retail", prefix: "segmentation", ...more },
  });

const textOf = async (uri: string): Promise<string> => {
  const Key = uri.slice(`s3://${bucket}/`.length);
  return (
    (await (await world.aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString()) ?? ""
  );
};

/** What the script was called with, as its manifest has it. */
async function argumentsOf(uri: string, key: string): Promise<Record<string, string>> {
  const { parameters } = JSON.parse(await textOf(`${uri}/${key}`)) as { parameters: { arguments: string[] } };
  const given = parameters.arguments;
  return Object.fromEntries(given.flatMap((name, i) => (i % 2 ? [] : [[name, given[i + 1] ?? ""]])));
}

test("features are what a scan comes to, and what has not changed is not sent twice", async () => {
  const told: string[] = [];
  const onStatus = ({ secondaryStatus, message }: StatusChange) => told.push(`${secondaryStatus}: ${message}`);
  const features = await computeFeatures(session(), request(), { onStatus });
  expect(told.at(0)).toBe("STARTING: Preparing the workers");
  expect(told.at(-1)).toBe("SUCCEEDED: The run has succeeded");
  expect(sent.filter((command) => command === "PutObjectCommand")).toHaveLength(3);
  expect(features).toMatchObject({
    job: JobName,
    lines: 12,
    reusedNumbers: 1,
    later: { lines: 2, amount: "3.50" },
    cut: null,
    beforeCut: null,
    ledger: [{ bin: "purchase", lines: 12, amount: "100.10" }],
    requests: 77,
    ranges: 60,
    readUnits: 812.5,
    customers: 2,
    customersWithLines: 3,
    sample: null,
    scaler: { scaling: "min_max", offset: [1, 1, 1], factor: [1, 1, 1] },
    stored: { rows: 2, columns: 3, prefix: expect.stringMatching(/^segmentation\/features\/blog.*\/train\/$/) },
    run: expect.stringMatching(/^jr_/),
    uri: expect.stringMatching(/^s3:\/\/features-test\/segmentation\/features\/blog\.online_retail\/\d{4}-/),
  });
  expect(features.aggregate).toMatchObject({
    firstInvoice: new Date("2010-12-01T08:26:00Z"),
    lastInvoice: new Date("2011-12-09T12:50:00Z"),
  });
  // Numbers by value and before other text.
  expect([...features.aggregate.customers]).toEqual([
    {
      customerId: "9",
      country: "EIRE",
      purchaseInvoices: 1,
      lastPurchase: new Date("2011-11-30T09:00:00Z"),
      salesAmount: { unscaled: 100n, scale: 0 },
      netAmount: { unscaled: 100n, scale: 0 },
      merged: { invoices: 1, lastLine: new Date("2011-11-30T09:00:00Z"), amount: { unscaled: 100n, scale: 0 } },
    },
    {
      customerId: "12348",
      country: "United Kingdom",
      purchaseInvoices: 0,
      lastPurchase: null,
      merged: null,
      salesAmount: { unscaled: 0n, scale: 0 },
      netAmount: { unscaled: -3n, scale: 0 },
    },
    {
      customerId: 'a "b", c',
      country: "Spain",
      purchaseInvoices: 2,
      lastPurchase: new Date("2011-12-01T10:00:00Z"),
      salesAmount: { unscaled: 105n, scale: 1 },
      netAmount: { unscaled: 950n, scale: 2 },
      merged: { invoices: 2, lastLine: new Date("2011-12-01T10:00:00Z"), amount: { unscaled: 95n, scale: 1 } },
    },
  ]);
  expect(await argumentsOf(features.uri, "manifest.json")).toMatchObject({
    "--keyspace": "blog",
    "--table": "online_retail",
    "--output": features.uri,
    "--shards": "2",
    "--analysis_date": "2011-12-09",
    "--cut": "2011-09-09T00:00:00.000Z",
    "--credit_prefix": "C",
    "--product_code": "none",
    "--preparation": "net",
    "--scaling": "min_max",
    "--keyspaces_endpoint": "127.0.0.1:9142",
    "--ca_file": "/tmp/ca.pem",
    "--ranges": "60",
    "--row_bytes": "107",
    "--recency_cuts": "[30,60,90,120]",
    "--region": region,
  });

  const ResourceArn = `arn:aws:glue:${region}:123456789012:job/${JobName}`;
  expect((await world.aws.glue.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({
    "made-by": "keyspaces-segmentation",
  });

  const again = await computeFeatures(session(), request());
  expect(sent.filter((command) => /PutObject|CreateJob|UpdateJob/.test(command))).toEqual([]);
  expect(again.aggregate).toEqual(features.aggregate);
  expect(again.uri).not.toBe(features.uri);

  await writeFile(world.jar, "another jar");
  await computeFeatures(session(), request({ sparkWorkers: 5 }));
  expect(sent.filter((command) => /PutObject|CreateJob|UpdateJob/.test(command))).toEqual([
    "PutObjectCommand",
    "UpdateJobCommand",
  ]);
  const { Job: job } = await world.aws.glue.send(new GetJobCommand({ JobName }));
  expect(job).toMatchObject({ GlueVersion: "5.1", WorkerType: "G.1X", NumberOfWorkers: 5, Timeout: 100, Role: role });
});

test("a run that fails says why, and where its log is", async () => {
  await expect(computeFeatures(session(), request({ keyspace: "failing" }))).rejects.toMatchObject({
    message: expect.stringMatching(
      new RegExp(
        `^Could not complete the Glue job ${JobName}, run jr_\\w{8}…: it failed: SystemExit: rfm_features failed: tried to read failing\\.online_retail: got no table\\. Create it\\.$`,
      ),
    ),
    hint: expect.stringMatching(
      /^Its log is in CloudWatch, groups \/aws-glue\/jobs\/output and .*, stream jr_\w{64}\.$/,
    ),
  });
});

test("objects that do not hold what the manifest says are refused", async () => {
  await expect(computeFeatures(session(), request({ keyspace: "lying" }))).rejects.toThrow(
    /they have 3 customers, and the manifest says 4/,
  );
});

test("a run that takes too long is said to", async () => {
  const tooLong = computeFeatures(session(), request({ keyspace: "slow", sparkTimeoutMinutes: 1 }));
  await expect(tooLong).rejects.toMatchObject({
    message: expect.stringMatching(/it failed: it took longer than 1 minute\.$/),
    hint: expect.stringContaining("`sparkTimeoutMinutes`"),
  });
});

test("an interruption stops the run", async () => {
  const interrupt = new AbortController();
  const onStatus = ({ secondaryStatus }: StatusChange) => {
    if (secondaryStatus === "RUNNING") interrupt.abort();
  };
  const { signal } = interrupt;
  await expect(computeFeatures(session(), request({ keyspace: "slow" }), { onStatus, signal })).rejects.toMatchObject({
    message: expect.stringMatching(/^Could not wait for the Glue job .*: the wait was interrupted\.$/),
    hint: expect.stringMatching(/It is being stopped|It has ended as Stopped/),
  });
  const { JobRuns: [latest] = [] } = await world.aws.glue.send(new GetJobRunsCommand({ JobName }));
  expect((await untilIn(world.aws.glue, JobName, latest!.Id!)).JobRunState).toBe("STOPPED");
});

test("a run waits for one that is under way", async () => {
  const { stop } = await world.begin({ owner: "somebody" });
  const computing = computeFeatures(session(), request());
  while (!sent.includes("StartJobRunCommand")) await new Promise((resolve) => setTimeout(resolve, 20));
  await stop();
  expect((await computing).lines).toBe(12);
});

test("of more customers than are looked at, those come that the hash of their ids has first, scored among all", async () => {
  const { aggregate, sample, customers, customersWithLines } = await computeFeatures(
    session(),
    request({ sparkSample: 2 }),
  );
  expect({ customers, customersWithLines }).toEqual({ customers: 2, customersWithLines: 3 });
  expect([...aggregate.customers].map(({ customerId }) => customerId)).toEqual(["12348", 'a "b", c']);
  const features = { country: "Spain", recencyDays: 8, frequency: 2, monetary: 9.5 };
  const scored = { customerId: 'a "b", c', ...features, r: 5, f: 4, m: 1, segment: "Champions" };
  expect(sample).toEqual(new Map([[scored.customerId, scored]]));
});

test("Spark is told the clusters, and tells what became of all customers", async () => {
  const { settings, files, place } = request();
  const parameters = { ...settings.parameters, maxRowsPerSecond: null };
  const features = await computeFeatures(session(), request());
  const stored = await assignBySpark(session(), {
    settings: { ...settings, parameters },
    place,
    features,
    ...(files && { files }),
    runId: "run-1",
    runDate: new Date("2011-12-10T00:00:00Z"),
    ttlSeconds: 86_400,
    clusters: [
      { centroid: [0, 0, 1], id: 7, name: "Low" },
      { centroid: [1, 0.5, 0], id: 2, name: "High" },
    ],
  });
  const uri = `${features.uri}/assignments/run-1`;
  expect(stored).toEqual({
    customers: 2,
    inertia: 0.25,
    rowsWritten: 4,
    uri,
    seconds: expect.any(Number),
    clusters: [
      { id: 7, customers: 2, recencyDaysMean: 3, frequencyMean: 2, monetaryMean: 9.5, revenueShare: 1 },
      { id: 2, customers: 0, recencyDaysMean: null, frequencyMean: null, monetaryMean: null, revenueShare: 0 },
    ],
  });
  const given = await argumentsOf(features.uri, "assignments/run-1/manifest.json");
  expect(given).toMatchObject({
    "--keyspace": "blog",
    "--features": features.uri,
    "--run_id": "run-1",
    "--ttl_seconds": "86400",
    "--run_date": "2011-12-10T00:00:00.000Z",
    "--rows_per_second": "4000",
  });
  expect(JSON.parse(await textOf(given["--clusters"]!))).toEqual({
    centroids: [
      [0, 0, 1],
      [1, 0.5, 0],
    ],
    clusters: [
      { cluster: 7, name: "Low" },
      { cluster: 2, name: "High" },
    ],
  });
});

test("a job that would be ended before all is written is not begun", async () => {
  const { settings, place, files } = request();
  const assigning = (
    customers: number,
    maxRowsPerSecond: number | null,
    sparkTimeoutMinutes = 120,
    workers: { sparkWorkerType?: string; sparkWorkers?: number } = {},
  ) =>
    assignBySpark(session(), {
      settings: {
        ...settings,
        parameters: { ...settings.parameters, maxRowsPerSecond, sparkTimeoutMinutes, ...workers },
      },
      place,
      features: { uri: `s3://${bucket}/segmentation/features/blog.online_retail/none`, customers },
      files: { ...files!, jar: `${world.jar}-none` },
      runId: "run-1",
      runDate: new Date("2011-12-10T00:00:00Z"),
      ttlSeconds: undefined,
      clusters: [],
    });
  await expect(assigning(20_000_000, null)).rejects.toMatchObject({
    message:
      "Could not have Spark write the clusters of 20,000,000 customers: Spark needs a minute to begin and 167 minutes for 40,000,000 rows at 4,000 rows a second, and the job is ended after 120 minutes.",
    hint: "Nothing was started. Set `sparkTimeoutMinutes` higher, or `maxRowsPerSecond`, where both tables take more.",
  });
  await expect(assigning(1_000_000, 200)).rejects.toThrow(/167 minutes for 2,000,000 rows at 200 rows a second/);
  await expect(assigning(4372, 50, 3)).rejects.toThrow(
    "Spark needs a minute to begin and 3 minutes for 8,744 rows at 50 rows a second, and the job is ended after 3 minutes.",
  );
  // No workers write faster than they can, whatever the tables take.
  await expect(assigning(10_000_000, 40_000, 30, { sparkWorkerType: "G.1X", sparkWorkers: 2 })).rejects.toMatchObject({
    message:
      "Could not have Spark write the clusters of 10,000,000 customers: Spark needs a minute to begin and 34 minutes for 20,000,000 rows at 10,000 rows a second, which is what can be counted on from 2 workers of type G.1X, and the job is ended after 30 minutes.",
    hint: "Nothing was started. Set `sparkTimeoutMinutes` higher, or `sparkWorkers`.",
  });
  expect(sent).toEqual([]);
  for (const workers of [
    { sparkWorkerType: "G.1X", sparkWorkers: 5 },
    { sparkWorkerType: "G.4X", sparkWorkers: 2 },
  ])
    await expect(assigning(10_000_000, 40_000, 10, workers)).rejects.toThrow(/spark\.jar-none/);
  // That goes on to what comes next.
  await expect(assigning(10_000_000, null)).rejects.toThrow(/spark\.jar-none/);
  await expect(assigning(4372, 50, 4)).rejects.toThrow(/spark\.jar-none/);
  // So few are written with the least that may be set.
  expect(sparkParameters.sparkTimeoutMinutes.read(1)).toBeUndefined();
  await expect(assigning(10, 1, sparkParameters.sparkTimeoutMinutes.read(2))).rejects.toThrow(/spark\.jar-none/);
});

test("without the jar nothing is made, and how to get it is said", async () => {
  const wanted = { ...request({ prefix: "no-jar" }), files: { ...request().files!, jar: `${world.jar}-none` } };
  await expect(computeFeatures(session(), wanted)).rejects.toMatchObject({
    message: expect.stringContaining("spark.jar-none"),
    hint: "Run npm run spark, on a machine that has Java 17 and Maven.",
  });
  expect(sent).not.toContain("CreateJobCommand");
});

test("a job of that name that somebody else made is neither changed nor deleted", async () => {
  const prefix = "foreign";
  const Name = jobNameFor({ kind: "features", bucket, prefix });
  await world.aws.glue.send(new CreateJobCommand({ ...jobRequest("a.py"), Name }));
  await expect(computeFeatures(session(), request({ prefix }))).rejects.toThrow(/this project did not make it/);
  const removed = await removing({ prefix, cleanUp: true });
  expect(removed[0]).toEqual({ what: `Glue job ${Name}`, outcome: "stays, this project did not make it" });
  expect((await world.aws.glue.send(new GetJobCommand({ JobName: Name }))).Job?.Name).toBe(Name);
});

test("what was made is removed where that is wanted, once", async () => {
  const left = await removing({ cleanUp: false });
  expect(left.map(({ outcome }) => outcome)).toEqual([
    "left in place; costs nothing while it does not run",
    "left in place; costs nothing while it does not run",
    "left in place; their storage is billed",
    "left in place; their storage is billed",
  ]);
  const removed = await removing({ cleanUp: true });
  expect(removed.map(({ outcome }) => outcome)).toEqual([
    "deleted",
    "deleted",
    expect.stringMatching(/^\d+ deleted$/),
    expect.stringMatching(/^[1-9]\d* deleted$/),
  ]);
  for (const Prefix of ["segmentation/features/blog.online_retail/", "segmentation/jobs/"])
    expect((await world.aws.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }))).KeyCount).toBe(0);
  expect((await removing({ cleanUp: true }))[0]?.outcome).toBe("was not there");
});
