import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "@jest/globals";
import { cleanUp } from "@keyspaces-segmentation/aws-cleanup";
import { findLeftovers } from "@keyspaces-segmentation/aws-cleanup/dist/find_leftovers.js";
import { listObjects, signIn, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { registerRun } from "@keyspaces-segmentation/cluster-store/dist/registry.js";
import { createResultTables } from "@keyspaces-segmentation/cluster-store/dist/result_tables.js";
import { createKeyspace } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import { readSettings } from "../../src/settings.js";
import { withKeyspace } from "../support/keyspaces.js";
import { registeredClusters } from "../support/registered_clusters.js";

const it = withKeyspace();
const id = "2010-12-09-net-min_max-k6-91c0e5a2f7";

test("a keyspace in which a run on another prefix has kept its results stays, unless all of one's own go", async () => {
  const bucket = "clean-up-of-prefixes";
  const keyspace = `${it.keyspace}_kept`;
  const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });
  const aws = await signIn(settings);
  await new S3Client({ region: aws.region, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: bucket }));
  const db = await connectToKeyspaces(aws, settings);
  const now = new Date(Date.now() + 48 * 3_600_000);
  const run = aws.run ?? "";
  const rowFor = async (choice: "broken off" | "all" | { readonly runs: readonly string[] }, prefix = "shop/eu") => {
    const place = { bucket, prefix, policies: "infra/iam" };
    const { goes, stays } = await findLeftovers(db, aws, place, { choice, now });
    return [...goes, ...stays].find(({ what }) => what.startsWith(`keyspace ${keyspace}`));
  };
  try {
    await createKeyspace(db, keyspace);
    await createResultTables(db, { keyspace });
    expect(await rowFor("broken off")).not.toHaveProperty("outcome");
    const where = { keyspace, table: "online_retail", bucket, prefix: "shop" };
    const made = { loads: ["1".repeat(64)], preparation: "net", now: new Date() } as const;
    await registerRun(db, aws, where, registeredClusters(id), made);
    const outcome = `stays: clusters are registered in it, ${id}; --all removes it`;
    expect(await rowFor("broken off")).toMatchObject({ goes: false, outcome });
    expect(await rowFor("all")).not.toHaveProperty("outcome");
    expect((await rowFor("all"))?.what).toBe(
      `keyspace ${keyspace}, with clusters of runs on other prefixes or buckets: ${id}`,
    );
    expect(await rowFor({ runs: [run] })).toMatchObject({ goes: false, outcome });
    expect(await rowFor({ runs: [run] }, "shop")).not.toHaveProperty("outcome");
    // Of two runs on prefixes of their own that have kept the same, both have to go.
    const other = { ...aws, run: "2026-11-20-09-00-00-000" };
    await registerRun(db, other, { ...where, prefix: "shop/us" }, registeredClusters(id), made);
    const both = `--run ${run} --run ${other.run}, or --all, removes it`;
    const others = `stays: results of ${other.run} are in it: it is another run's; ${both}`;
    expect(await rowFor({ runs: [run] }, "shop")).toMatchObject({ goes: false, outcome: others });
    expect(await rowFor({ runs: [run, other.run] }, "shop")).not.toHaveProperty("outcome");
    // Who may not read the registry of a keyspace does not know whose results are in it; when it was used last can be read.
    const execute = db.execute.bind(db) as (...of: unknown[]) => Promise<unknown>;
    const mayNot = new Error("no SELECT on known_clusters");
    const refusing = (query: string, ...rest: unknown[]) =>
      query.startsWith("SELECT run_id") ? Promise.reject(mayNot) : execute(query, ...rest);
    db.execute = refusing as typeof db.execute;
    const unread = expect.stringMatching(
      /^stays: whether .* were kept could not be read: .*no SELECT.*; --all removes it$/,
    );
    for (const choice of ["broken off", { runs: [run, other.run] }] as const)
      expect(await rowFor(choice)).toMatchObject({ goes: false, outcome: unread });
  } finally {
    await db.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`, [], { prepare: false });
    await db.shutdown();
  }
});

test("of the run's folders goes what is of its prefix, and the clean-up of one that leads into them is named", async () => {
  const bucket = "clean-up-of-nested-prefixes";
  const aws = await signIn(readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" }));
  await new S3Client({ region: aws.region, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: bucket }));
  const inner = "shop/job-1";
  const theirs = ["job-2/input/train/part-0.csv", "run-2/results/customers.csv"].map((key) => `${inner}/${key}`);
  const own = [`${inner}/input/train/part-0.csv`, `shop/${id}/results/customers.csv`, `shop/${id}/t/input/part-0.csv`];
  for (const key of [...own, ...theirs]) await uploadBytes(aws, { bucket, key }, "1,2,3");
  const where = { keyspace: `${it.keyspace}_none`, table: "online_retail", bucket, prefix: "shop" };
  const made = { ...where, run: id, job: "job-1", dataFile: "/no/such/file.csv", cleanUp: true };
  const cleaned = await cleanUp(it.client, aws, made);
  expect(await listObjects(aws, { bucket, prefix: "shop/" })).toEqual(theirs);
  expect(cleaned).toContainEqual({
    what: `s3://${bucket}/${inner}/`,
    outcome: `stays, it is of the prefix ${inner}: npm run cleanup -- --param bucket=${bucket} --param prefix=${inner}`,
  });
});
