import { writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { listObjects, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { computeFeatures, removeFeatures } from "@keyspaces-segmentation/glue-features";
import { glueFeatures } from "../../../test/support/glue_features.js";
import { startScriptedAws } from "../../../test/support/scripted_aws.js";
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

const part = `${prefix}/features/blog.online_retail/2026-12-01/customers/part-00000.csv`;
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
      expect(outcomeOf(await removing("spark"))).toBe("stay, as a job does that may run them");
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
