import { writeFile } from "node:fs/promises";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { deleteOwnObjects, listObjects, madeBySageMaker, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { computeFeatures, removeFeatures } from "@keyspaces-segmentation/glue-features";
import { glueFeatures } from "../../../test/support/glue_features.js";
import { type ScriptedAnswer, startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

// Of the features of one table, on one prefix, which go and which stay.

const bucket = "removal";
const prefix = "segmentation";
const own = sessionOf().arn;
const joe = "arn:aws:sts::123456789012:assumed-role/Notebook/joe";

const world = glueFeatures({ bucket, prefix });
const session = (run = "2026-11-30-08-00-00-000", arn = own) => world.session({ run, arn });
const table = { keyspace: "blog", table: "online_retail", prefix, cleanUp: true };
/** What has become of features, and of the rest. */
async function removing(engine: "node" | "spark", { tableStays = false, as = session() } = {}) {
  const removed = await removeFeatures(as, { bucket, parameters: { ...table, engine }, tableStays });
  const isFeatures = ({ what }: { what: string }) => what.startsWith("features in ");
  return { features: removed.find(isFeatures)?.outcome, others: removed.filter((each) => !isFeatures(each)) };
}
const featuresIn = () => listObjects(session(), { bucket, prefix: `${prefix}/features/blog.online_retail/` });

const part = `${prefix}/features/blog.online_retail/2026-12-01-08-00-00-000/customers/part-00000.csv`;
/** A run that has written its first part. @returns what stops it */
async function begun(run: string, owner: string) {
  await computeFeatures(session(), world.request());
  const written = (await featuresIn()).length;
  const { stop } = await world.begin({ owner, run });
  await uploadBytes(session(run, owner), { bucket, key: part }, "a customer");
  return { written, stop };
}
beforeEach(async () => {
  await removing("spark");
  expect(await featuresIn()).toEqual([]);
});

test.each(["spark", "node"] as const)(
  "with %s, what a run of another notebook of one's own that is under way has written stays until it has ended",
  async (engine) => {
    const { written, stop } = await begun("2026-12-01-08-00-00-000", own);
    try {
      const why = "another run of yours on the keyspace slow is under way";
      expect((await removing(engine)).features).toBe(`${written} deleted; 1 stay, ${why}`);
      expect(await featuresIn()).toEqual([part]);
    } finally {
      await stop();
    }
    expect((await removing(engine)).features).toBe("1 deleted");
  },
);

test.each(["spark", "node"] as const)(
  "with %s, those of another owner stay, under way or not, and one's own go",
  async (engine) => {
    const { written, stop } = await begun("2026-12-01-08-00-00-000", joe);
    const stay = "1 stay, no run of yours made them";
    expect((await removing(engine)).features).toBe(`${written} deleted; ${stay}`);
    await stop();
    expect((await removing(engine)).features).toBe(`0 deleted; ${stay}`);
    expect(await featuresIn()).toEqual([part]);
    await removing("spark", { as: session("2026-12-01-08-00-00-000", joe) });
    expect(await featuresIn()).toEqual([]);
  },
);

describe("script, modules and jar", () => {
  const filesIn = () => listObjects(session(), { bucket, prefix: `${prefix}/jobs/` });
  const outcomeOf = ({ others }: Awaited<ReturnType<typeof removing>>) =>
    others.find(({ what }) => what.startsWith("scripts and jar"))?.outcome;

  test("go with the jobs, older ones as well, and stay while somebody's run may read them", async () => {
    await computeFeatures(session(), world.request());
    await writeFile(world.jar, "a newer jar");
    await computeFeatures(session(), world.request());
    const before = await filesIn();
    expect(before.filter((key) => key.endsWith("/spark.jar"))).toHaveLength(2);
    const { stop } = await world.begin({ owner: joe });
    try {
      const why = `a run of ${joe} on the keyspace slow is under way`;
      expect(outcomeOf(await removing("spark"))).toBe(`0 deleted; ${before.length} stay, ${why}`);
      expect(await filesIn()).toEqual(before);
    } finally {
      await stop();
    }
    expect(outcomeOf(await removing("spark"))).toBe(`${before.length} deleted`);
    expect(await filesIn()).toEqual([]);
  });

  test("of another owner stay", async () => {
    await computeFeatures(session("2026-12-01-08-00-00-000", joe), world.request());
    const before = await filesIn();
    expect(outcomeOf(await removing("spark"))).toBe(`0 deleted; ${before.length} stay, no run of yours made them`);
    expect(await filesIn()).toEqual(before);
    await removing("spark", { as: session("2026-12-01-08-00-00-000", joe) });
    expect(await filesIn()).toEqual([]);
  });

  const script = `${prefix}/jobs/0123456789abcdef/rfm_features.py`;
  const upload = (key = script) => uploadBytes(session(), { bucket, key }, "a script");
  /** Removes while Glue answers so. */
  async function removingBy(answers: Record<string, object>, tableStays = false) {
    const gone: ScriptedAnswer = [400, { __type: "EntityNotFoundException", message: "no such job" }];
    const glue = await startScriptedAws(({ operation }) => {
      const answer = answers[operation.replace("AWSGlue.", "")];
      return answer === undefined ? gone : [200, answer];
    });
    process.env.AWS_ENDPOINT_URL_GLUE = glue.url;
    try {
      return outcomeOf(await removing("spark", { tableStays }));
    } finally {
      delete process.env.AWS_ENDPOINT_URL_GLUE;
      await glue.stop();
    }
  }

  test("stay for a run that was started after the jobs had gone", async () => {
    await upload();
    const run = { Id: "jr_1", JobRunState: "STARTING", Arguments: { "--made_for": joe, "--keyspace": "blog" } };
    expect(await removingBy({ GetJobRuns: { JobRuns: [run] } })).toBe(
      `0 deleted; 1 stay, a run of ${joe} on the keyspace blog is under way`,
    );
    expect(await filesIn()).toEqual([script]);
  });

  test("go where somebody else's job has the name, and runs", async () => {
    await upload();
    const Job = { Name: "theirs", Description: "nightly" };
    const JobRuns = [{ Id: "jr_9", JobRunState: "RUNNING", Arguments: {} }];
    expect(await removingBy({ GetJob: { Job }, GetJobRuns: { JobRuns } })).toBe("1 deleted");
  });

  test("stay where they may not be looked for, and it is said which permission that takes, as of the jobs what became of them", async () => {
    await computeFeatures(session(), world.request());
    const before = await filesIn();
    const denied = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    const s3 = await startScriptedAws(() => [403, denied]);
    process.env.AWS_ENDPOINT_URL_S3 = s3.url;
    try {
      const removed = await removing("spark", { tableStays: true });
      expect(removed.others[0]?.outcome).toBe("deleted");
      expect(outcomeOf(removed)).toMatch(
        /^stay: Could not list the versions in .*AccessDenied.* s3:ListBucketVersions /,
      );
    } finally {
      delete process.env.AWS_ENDPOINT_URL_S3;
      await s3.stop();
    }
    expect(await filesIn()).toEqual(before);
  });

  test("go, and what runs on a prefix that leads into the same folder have written stays", async () => {
    const theirs = [
      ...["jobs/0123456789abcdef/rfm_features.py", "kept-run/results/clusters.csv", "train-1/input/train/part-0.csv"],
      ...["features/blog.online_retail/2026-12-01-08-00-00-000/manifest.json", "notes.txt"],
    ].map((key) => `${prefix}/jobs/${key}`);
    for (const key of [script, ...theirs]) await upload(key);
    // Who made this one is not noted, and SageMaker notes nothing on a model.
    const [unowned, model] = [
      `${prefix}/jobs/train-1/input/test/part-0.csv`,
      `${prefix}/jobs/train-1/output/model.tar.gz`,
    ];
    const Metadata = { "made-by": "keyspaces-segmentation" };
    await world.aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: unowned, Body: "x", Metadata }));
    await world.aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: model, Body: "x" }));
    theirs.push(unowned, model);
    expect(await removingBy({ GetJobRuns: { JobRuns: [] } })).toBe(
      `1 deleted; ${theirs.length} stay, no run on this prefix writes there: they may be of another one, below it`,
    );
    expect(await filesIn()).toEqual(theirs.toSorted());
    await deleteOwnObjects(session(), { bucket, prefix: `${prefix}/jobs/` }, { madeOf: madeBySageMaker });
  });
});

test("features of which it is not noted who has made them stay, and it is said what removes them", async () => {
  const Metadata = { "made-by": "keyspaces-segmentation" };
  await world.aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: part, Body: "a customer", Metadata }));
  expect((await removing("spark")).features).toBe(
    `0 deleted; 1 stay, who made them is not noted; npm run cleanup -- --param bucket=${bucket} --param prefix=${prefix} --all removes them`,
  );
  await deleteOwnObjects(session(), { bucket, prefix: part });
});

test("features that runs on a prefix have written which leads into the folder of a table stay", async () => {
  const theirs = `${prefix}/features/blog.online_retail/kept-run/results/clusters.csv`;
  for (const key of [part, theirs]) await uploadBytes(session(), { bucket, key }, "a customer");
  expect((await removing("spark")).features).toMatch(/^1 deleted; 1 stay, no run on this prefix writes there/);
  expect(await featuresIn()).toEqual([theirs]);
  await deleteOwnObjects(session(), { bucket, prefix: theirs });
});

test("what somebody else has deleted does not come back when one's own later version of it goes", async () => {
  const at = { bucket: "removal-of-versions", prefix: `${prefix}/features/blog.online_retail/` };
  const { s3 } = world.aws;
  await s3.send(new CreateBucketCommand({ Bucket: at.bucket }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: at.bucket, VersioningConfiguration }));
  const run = "2026-12-01-08-00-00-000";
  for (const arn of [joe, own]) await uploadBytes(session(run, arn), { bucket: at.bucket, key: part }, "a customer");
  await s3.send(new DeleteObjectCommand({ Bucket: at.bucket, Key: part }));
  const [removed] = await removeFeatures(session(), { bucket: at.bucket, parameters: { ...table, engine: "node" } });
  expect(removed?.outcome).toBe("1 deleted; 1 stay, no run of yours made them");
  expect(await listObjects(session(), at)).toEqual([]);
});

test("where the table stays, all stay, and jobs go", async () => {
  await computeFeatures(session(), world.request());
  const before = await featuresIn();
  expect(before.length).toBeGreaterThan(0);
  expect(await removing("node", { tableStays: true })).toEqual({ features: undefined, others: [] });
  const removed = await removing("spark", { tableStays: true });
  expect(removed.features).toBe("stay, as their table does; their storage is billed");
  expect(removed.others[0]?.outcome).toBe("deleted");
  expect(await featuresIn()).toEqual(before);
});

test("without Spark and the permission to look for runs, one's own stay, and it is said why", async () => {
  await computeFeatures(session(), world.request());
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
