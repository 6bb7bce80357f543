import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchStopJobRunCommand, StartJobRunCommand } from "@aws-sdk/client-glue";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type AwsSession, listObjects, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { computeFeatures, removeFeatures } from "@keyspaces-segmentation/glue-features";
import { jobNameFor } from "@keyspaces-segmentation/glue-features/dist/script_job.js";
import { type RunningAws, region, startAws } from "../../../test/support/aws.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { fakeSpark, featuresRequest, untilIn } from "../../../test/support/glue_jobs.js";
import { startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

// Of the features of one table, on one prefix, which go and which stay.

const bucket = "removal";
const prefix = "segmentation";
const JobName = jobNameFor({ kind: "features", bucket, prefix });
const own = sessionOf().arn;
const joe = "arn:aws:sts::123456789012:assumed-role/Notebook/joe";

let aws: RunningAws;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "removal-"));
  await writeFile(join(folder, "spark.jar"), "a jar");
  aws = await startAws(20, { glue: { spark: fakeSpark } });
  await aws.s3.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterAll(async () => {
  await aws?.stop();
  await rm(folder, { recursive: true, force: true });
});
withEnvironment(() => ({ AWS_ENDPOINT_URL: aws.front.url }));

const session = (run = "2026-11-30-08-00-00-000", arn = own): AwsSession => {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = aws.identity;
  return sessionOf({ region, run, arn, credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }) });
};
const table = { keyspace: "blog", table: "online_retail", prefix, cleanUp: true };
/** What has become of features, and of the rest. */
async function removing(engine: "node" | "spark", { tableStays = false }: { tableStays?: boolean } = {}) {
  const removed = await removeFeatures(session(), { bucket, parameters: { ...table, engine }, tableStays });
  const isFeatures = ({ what }: { what: string }) => what.startsWith("features in ");
  return { features: removed.find(isFeatures)?.outcome, others: removed.filter((each) => !isFeatures(each)) };
}
const featuresIn = () => listObjects(session(), { bucket, prefix: `${prefix}/features/blog.online_retail/` });

const part = `${prefix}/features/blog.online_retail/2026-12-01/customers/part-00000.csv`;
/** A run that has written its first part. @returns what stops it */
async function begun(run: string, owner: string) {
  await computeFeatures(session(), featuresRequest({ bucket, prefix, folder }));
  const written = (await featuresIn()).length;
  const Arguments = { "--keyspace": "slow", "--table": "t", "--output": `s3://${bucket}/x`, "--made_for": owner };
  const { JobRunId = "" } = await aws.glue.send(
    new StartJobRunCommand({ JobName, Arguments: { ...Arguments, "--run": run } }),
  );
  await untilIn(aws.glue, JobName, JobRunId, "RUNNING");
  await uploadBytes(session(run, owner), { bucket, key: part }, "a customer");
  const stop = async () => {
    await aws.glue.send(new BatchStopJobRunCommand({ JobName, JobRunIds: [JobRunId] }));
    await untilIn(aws.glue, JobName, JobRunId, "STOPPED");
  };
  return { written, stop };
}
beforeEach(async () => {
  await removing("spark");
  expect(await featuresIn()).toEqual([]);
});

test.each([
  ["spark", "of somebody else's", joe],
  ["spark", "of another notebook of one's own", own],
  ["node", "of another notebook of one's own", own],
] as const)("with %s, what a run %s under way has written stays until it has ended", async (engine, _whose, owner) => {
  const { written, stop } = await begun("2026-12-01-08-00-00-000", owner);
  try {
    const why = `a run of ${owner} on the keyspace slow is under way`;
    const outcome = (await removing(engine)).features;
    expect(outcome).toBe(`${written} deleted; 1 stay, ${why}`);
    expect(await featuresIn()).toEqual([part]);
  } finally {
    await stop();
  }
  expect((await removing(engine)).features).toBe("1 deleted");
});

test("without Spark, those of another owner stay, under way or not, and one's own go", async () => {
  const { written, stop } = await begun("2026-12-01-08-00-00-000", joe);
  await stop();
  const stay = "1 stay, no run of yours made them";
  expect((await removing("node")).features).toBe(`${written} deleted; ${stay}`);
  expect((await removing("node")).features).toBe(`0 deleted; ${stay}`);
  expect(await featuresIn()).toEqual([part]);
});

test("where the table stays, all stay, and jobs go", async () => {
  await computeFeatures(session(), featuresRequest({ bucket, prefix, folder }));
  const before = await featuresIn();
  expect(before.length).toBeGreaterThan(0);
  expect(await removing("node", { tableStays: true })).toEqual({ features: undefined, others: [] });
  const removed = await removing("spark", { tableStays: true });
  expect(removed.features).toBe("stay, as their table does; their storage is billed");
  expect(removed.others[0]?.outcome).toBe("deleted");
  expect(await featuresIn()).toEqual(before);
});

test("without Spark and the permission to look for runs, one's own stay, and it is said why", async () => {
  await computeFeatures(session(), featuresRequest({ bucket, prefix, folder }));
  const before = await featuresIn();
  const glue = await startScriptedAws(() => [400, { __type: "AccessDeniedException", message: "not allowed" }]);
  process.env.AWS_ENDPOINT_URL_GLUE = glue.url;
  try {
    expect((await removing("node")).features).toBe(
      `0 deleted; ${before.length} stay, whether a run that writes them is under way could not be seen`,
    );
  } finally {
    delete process.env.AWS_ENDPOINT_URL_GLUE;
    await glue.stop();
  }
  expect(await featuresIn()).toEqual(before);
});
