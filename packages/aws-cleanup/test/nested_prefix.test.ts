import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findLeftovers } from "@keyspaces-segmentation/aws-cleanup/dist/find_leftovers.js";
import { removeLeftovers } from "@keyspaces-segmentation/aws-cleanup/dist/remove_leftovers.js";
import { deleteOwnObjects, listObjects, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { type RunningAws, region, startAws } from "../../../test/support/aws.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { type ScriptedAnswer, startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

// Prefixes have slashes: one may lead into a folder of another.

const bucket = "nested-prefix";
const prefix = "shop";
const policies = "infra/iam";
let aws: RunningAws;
beforeAll(async () => {
  aws = await startAws();
  await aws.s3.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterAll(() => aws?.stop());
withEnvironment(() => ({ AWS_ENDPOINT_URL: aws.front.url }));

const session = (run?: string) => {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = aws.identity;
  return sessionOf({ region, run, credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }) });
};
const run = "2026-11-20-08-00-00-000";
const kept = "2010-12-09-net-min_max-k6-91c0e5a2f7";
const otherRun = "2026-11-20-09-00-00-000";
const put = async (keys: readonly string[], by = run) => {
  for (const key of keys) await uploadBytes(session(by), { bucket, key }, "1,2,3");
};
/** Long after, so that what has no entry in the registry has broken off. */
const now = new Date(Date.now() + 48 * 3_600_000);
const finding = (choice: Parameters<typeof findLeftovers>[3]["choice"]) =>
  findLeftovers(null, session(), { bucket, prefix, policies }, { choice, now });

const ofPrefix = (at: string) =>
  [
    ...[`clusters/${region}/blog/online_retail/${kept}.json`, `${kept}/results/clusters.csv`],
    ...["jobs/0123456789abcdef/rfm_features.py", "train-1/input/train/part-0.csv"],
  ].map((key) => `${at}/${key}`);

test.each(["shop/jobs", "shop/eu", "shop/clusters"])(
  "what runs on %s have kept and left stays for every choice, and it is said how it is looked at",
  async (at) => {
    const theirs = ofPrefix(at);
    const own = ["shop/jobs/fedcba9876543210/rfm_features.py", "shop/train-2/input/train/part-0.csv"];
    for (const choice of ["broken off", "all", { runs: [run, otherRun] }] as const) {
      await put(theirs);
      await put(own, otherRun);
      const found = await finding(choice);
      const outcome = `stays: it is of the prefix ${at}: npm run cleanup -- --param bucket=${bucket} --param prefix=${at}`;
      expect(found.stays).toEqual([expect.objectContaining({ what: `4 objects in s3://${bucket}/${at}/`, outcome })]);
      await removeLeftovers(found, { policies });
      expect(await listObjects(session(), { bucket, prefix: `${prefix}/` })).toEqual(theirs.toSorted());
    }
    await deleteOwnObjects(session(), { bucket, prefix: `${prefix}/` });
  },
);

test("scripts and jar stay for a run that was started since they were found", async () => {
  const [, , script = ""] = ofPrefix(prefix);
  await put([script]);
  const job = { Name: "job", Description: "Made by keyspaces-segmentation" };
  let runs: object[] = [];
  const glue = await startScriptedAws(({ operation }): ScriptedAnswer => {
    if (operation === "AWSGlue.GetJob") return [200, { Job: job }];
    return [200, operation === "AWSGlue.GetJobRuns" ? { JobRuns: runs } : {}];
  });
  process.env.AWS_ENDPOINT_URL_GLUE = glue.url;
  try {
    const found = await finding({ runs: [run] });
    expect(found.goes.map(({ what }) => what)).toEqual([`1 object in s3://${bucket}/${prefix}/jobs/`]);
    runs = [{ Id: "jr_1", JobRunState: "STARTING" }];
    const [row] = await removeLeftovers(found, { policies });
    expect(row).toMatchObject({
      failed: true,
      outcome: expect.stringMatching(/needed by run jr_1 of .*, which is running/),
    });
    expect(await listObjects(session(), { bucket, prefix: `${prefix}/` })).toEqual([script]);
    runs = [];
    await removeLeftovers(found, { policies });
    expect(await listObjects(session(), { bucket, prefix: `${prefix}/` })).toEqual([]);
  } finally {
    delete process.env.AWS_ENDPOINT_URL_GLUE;
    await glue.stop();
  }
});
