import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { cleanUp } from "@keyspaces-segmentation/aws-cleanup";
import { findLeftovers } from "@keyspaces-segmentation/aws-cleanup/dist/find_leftovers.js";
import { removeLeftovers } from "@keyspaces-segmentation/aws-cleanup/dist/remove_leftovers.js";
import { type AwsSession, listObjects, ownerOf, signIn, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { registryObject } from "@keyspaces-segmentation/cluster-store";
import { registerRun } from "@keyspaces-segmentation/cluster-store/dist/registry.js";
import { createResultTables } from "@keyspaces-segmentation/cluster-store/dist/result_tables.js";
import { waitUntil } from "@keyspaces-segmentation/common";
import { createKeyspace, createRetailTable, listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import { noteOfUse } from "@keyspaces-segmentation/sagemaker-kmeans";
import { readSettings } from "../../src/settings.js";
import { withKeyspace } from "../support/keyspaces.js";
import { registeredClusters } from "../support/registered_clusters.js";

// Several people have runs in one account, one prefix, and at times one keyspace.

const it = withKeyspace();
const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });
const policies = "infra/iam";
const [id, otherId] = ["2010-12-09-net-min_max-k6-91c0e5a2f7", "2011-12-09-net-min_max-k6-91c0e5a2f7"];
const [first, second] = ["2025-11-28-07-00-00-001", "2025-11-29-07-00-00-002"];
const as = (who: string, run?: string): AwsSession => ({
  ...aws,
  arn: `arn:aws:sts::123456789012:assumed-role/Notebook/${who}`,
  run,
});
/** Long after, so that what is not kept has broken off. */
const later = new Date(Date.now() + 48 * 3_600_000);
const made = { loads: ["1".repeat(64)], preparation: "net", now: new Date() } as const;

let aws: AwsSession;
let s3: S3Client;
let count = 0;
let where: { keyspace: string; table: string; bucket: string; prefix: string };
beforeAll(async () => {
  aws = await signIn(settings);
  s3 = new S3Client({ region: aws.region, forcePathStyle: true });
});
beforeEach(async () => {
  count++;
  where = {
    keyspace: `${it.keyspace}_${count}`,
    table: "online_retail",
    bucket: `clean-up-of-owners-${count}`,
    prefix: "team",
  };
  await s3.send(new CreateBucketCommand({ Bucket: where.bucket }));
});
afterEach(() => it.client.execute(`DROP KEYSPACE IF EXISTS ${where.keyspace}`, [], { prepare: false }));

/** Stands for all tables of results. */
const RESULTS = "results";
/** Makes the keyspace, or a table in it, over a connection of theirs. */
async function make(session: AwsSession, ...tables: string[]): Promise<void> {
  const client = await connectToKeyspaces(session, settings);
  if (!(await listKeyspaces(client)).includes(where.keyspace)) {
    await createKeyspace(client, where.keyspace, { owner: ownerOf(session) });
  }
  for (const table of tables) {
    if (table === RESULTS) await createResultTables(client, where);
    else await createRetailTable(client, { keyspace: where.keyspace, table });
  }
  await client.shutdown();
}

const put = (session: AwsSession, key: string) =>
  uploadBytes(session, { bucket: where.bucket, key: `${where.prefix}/${key}` }, "1,2,3");
const putModel = (job: string) =>
  s3.send(
    new PutObjectCommand({ Bucket: where.bucket, Key: `${where.prefix}/${job}/output/model.tar.gz`, Body: "model" }),
  );
/** An entry of the registry, without its row. */
const keep = (session: AwsSession) =>
  uploadBytes(session, registryObject(session, { ...where, keyspace: it.keyspace }, id), "{}");
const keys = () => listObjects(aws, { bucket: where.bucket, prefix: `${where.prefix}/` });

type Choice = Parameters<typeof findLeftovers>[3]["choice"];
const find = (session: AwsSession, choice: Choice, now = later) =>
  findLeftovers(it.client, session, { bucket: where.bucket, prefix: where.prefix, policies }, { choice, now });
/** Why something stays; undefined where it goes. */
async function whyStays(session: AwsSession, choice: Choice, what: string, now = later): Promise<string | undefined> {
  const { goes, stays } = await find(session, choice, now);
  const row = stays.find((each) => each.what.includes(what));
  if (row === undefined) expect(goes.map((each) => each.what)).toContainEqual(expect.stringContaining(what));
  return row?.outcome;
}

test("a keyspace stays while somebody else's run has tables in it, whether it is under way or not", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  const keyspace = `keyspace ${where.keyspace}`;
  await make(jane, "online_retail");
  expect(await whyStays(jane, "broken off", keyspace)).toBeUndefined();
  await make(joe, "joes");
  const theirs = `stays: table joes of run ${second} is in it: it is not yours: ${ownerOf(joe)} has made it`;
  for (const choice of ["broken off", "all"] as const) expect(await whyStays(jane, choice, keyspace)).toBe(theirs);
  expect(await whyStays(jane, { runs: [first] }, keyspace)).toMatch(/is in it: it is another run's$/);
  expect(await whyStays(jane, { runs: [first, second] }, keyspace)).toBeUndefined();
});

test("a keyspace stays while another run of one's own, which has begun in it, may be under way", async () => {
  await make(as("jane", first), "online_retail");
  await make(as("jane", second), "other_retail");
  const now = new Date("2025-11-29T07:01:00Z");
  const keyspace = `keyspace ${where.keyspace}`;
  expect(await whyStays(as("jane"), "broken off", keyspace, now)).toMatch(
    /^stays: table other_retail of run \S+ is in it: the run may be under way \(begun 1 minute ago\)/,
  );
  expect(await whyStays(as("jane"), "broken off", keyspace)).toBeUndefined();
  expect(await whyStays(as("jane"), "all", keyspace, now)).toBeUndefined();
});

test("tables in a keyspace made by hand go for whom they were made, and by the name of their run for anybody", async () => {
  const byHand = (statement: string) => it.client.execute(statement, [], { prepare: false });
  await byHand(`CREATE KEYSPACE ${where.keyspace} WITH replication = {'class': 'SingleRegionStrategy'}`);
  await waitUntil(
    "the keyspace to be there",
    async () =>
      (await listKeyspaces(it.client)).includes(where.keyspace) ? { done: true, seen: "there" } : { seen: "not yet" },
    { deadlineMs: 60_000 },
  );
  const [jane, joe] = [as("jane"), as("joe", second)];
  await make(joe, "joes");
  for (const choice of ["broken off", "all"] as const) {
    expect(await whyStays(jane, choice, "table joes")).toBe(`stays: it is not yours: ${ownerOf(joe)} has made it`);
    expect(await whyStays(joe, choice, "table joes")).toBeUndefined();
  }
  expect(await whyStays(jane, { runs: [second] }, "table joes")).toBeUndefined();
  // As a run before owners were noted has left it.
  const tags = `{'made-by': 'keyspaces-segmentation', 'keyspaces-segmentation:run': '${first}'}`;
  await byHand(`CREATE TABLE ${where.keyspace}.old (k text PRIMARY KEY) WITH TAGS = ${tags}`);
  for (const choice of ["broken off", "all"] as const) {
    expect(await whyStays(jane, choice, "table old")).toBe(
      `stays: who has made it is not noted; --run ${first} removes it`,
    );
  }
  expect(await whyStays(jane, { runs: [first] }, "table old")).toBeUndefined();
});

test("a keyspace in which somebody else has kept results stays for --all by who has made it", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await make(jane, "online_retail", RESULTS);
  await registerRun(it.client, joe, where, registeredClusters(id), made);
  const keyspace = `keyspace ${where.keyspace}`;
  const results = `stays: results of ${second} are in it: it is not yours: ${ownerOf(joe)} has made it`;
  expect(await whyStays(jane, "all", keyspace)).toBe(results);
  await registerRun(it.client, { ...jane, run: second }, where, registeredClusters(id), made);
  expect(await whyStays(jane, "all", keyspace)).toBeUndefined();
});

test("a model that a run has gone on with which was kept stays, though the run that has trained it broke off", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await put(jane, "job-1/input/train/part-0.csv");
  await putModel("job-1");
  const model = `2 objects in s3://${where.bucket}/${where.prefix}/job-1/`;
  expect(await whyStays(jane, "broken off", model)).toBeUndefined();
  await put(joe, `job-1/${noteOfUse(joe)}`);
  await keep(joe);
  const uses = `stays: run ${second} goes on with its model`;
  expect(await whyStays(jane, "broken off", model)).toBe(`${uses}: it is not yours: ${ownerOf(joe)} has made it`);
  expect(await whyStays(joe, { runs: [first] }, model)).toBe(`${uses}: it is another run's`);
  const both = await find(joe, { runs: [first, second] });
  await removeLeftovers(both, { policies });
  expect(await keys()).toEqual([]);
});

test("results that another run has kept under the same id stay, where one that broke off has written them again", async () => {
  await keep(as("jane", first));
  await put(as("jane", second), `${id}/results/customers.csv`);
  await put(as("jane", second), `${otherId}/results/customers.csv`);
  expect(await whyStays(as("jane"), "broken off", `/${id}/`)).toMatch(
    /^stays: it is what 2025-11-28-\S+ has kept as well: the run was kept/,
  );
  expect(await whyStays(as("jane"), "broken off", `/${otherId}/`)).toBeUndefined();
});

test("an entry that was deleted does not come back when a later version of it is removed", async () => {
  const { bucket: Bucket } = where;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const { key: Key } = registryObject(aws, where, id);
  for (const run of [first, second]) await uploadBytes(as("jane", run), { bucket: Bucket, key: Key }, "{}");
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const left = async () => {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    return { versions: Versions.length, markers: DeleteMarkers.length };
  };
  await removeLeftovers(await find(as("jane"), { runs: [second] }), { policies });
  expect(await left()).toEqual({ versions: 1, markers: 1 });
  expect(await keys()).toEqual([]);
  await removeLeftovers(await find(as("jane"), { runs: [first] }), { policies });
  expect(await left()).toEqual({ versions: 0, markers: 0 });
});

const stepNine = (session: AwsSession, more: { table?: string; isEarlierTraining?: boolean } = {}) =>
  cleanUp(it.client, session, {
    keyspace: where.keyspace,
    table: more.table ?? where.table,
    bucket: where.bucket,
    prefix: where.prefix,
    run: id,
    job: "job-1",
    isEarlierTraining: more.isEarlierTraining ?? false,
    dataFile: "/no/such/file.csv",
    cleanUp: true,
  });
const registeredIds = async () => {
  const { rows } = await it.client.execute(`SELECT run_id FROM ${where.keyspace}.known_clusters`);
  return rows.map((row) => row.run_id);
};

test("step 9 lets what somebody else has kept under the same id stay, with the keyspace and the model", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await make(jane, "online_retail", RESULTS);
  await put(joe, "job-1/input/train/part-0.csv");
  await put(jane, `job-1/${noteOfUse(jane)}`);
  await putModel("job-1");
  await put(jane, `${id}/results/customers.csv`);
  await registerRun(it.client, jane, where, registeredClusters(id), made);
  const before = await keys();
  const cleaned = new Map((await stepNine(joe)).map(({ what, outcome }) => [what, outcome]));
  expect(await keys()).toEqual(before);
  expect(await registeredIds()).toEqual([id]);
  expect([...cleaned.values()]).toEqual(
    expect.arrayContaining([
      `stays, with results and model: run ${first} has kept the same`,
      `stays, with its tables: results of ${first} are in it, which ${ownerOf(jane)} has kept`,
    ]),
  );
  await stepNine(jane, { isEarlierTraining: true });
  expect(await keys()).toEqual(before.filter((key) => /part-0|model/.test(key)));
  expect(await listKeyspaces(it.client)).not.toContain(where.keyspace);
});

test("step 9 lets the model stay with which another run has gone on, until that run's step 9 has taken its note away", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await put(joe, "job-1/input/train/part-0.csv");
  await putModel("job-1");
  await put(jane, `job-1/${noteOfUse(jane)}`);
  const before = await keys();
  expect((await stepNine(joe)).map(({ outcome }) => outcome)).toContain(`stays, run ${first} goes on with its model`);
  expect(await keys()).toEqual(before);
  await stepNine(jane, { isEarlierTraining: true });
  expect(await keys()).toEqual(before.filter((key) => !key.endsWith(noteOfUse(jane))));
  await stepNine(joe);
  expect(await keys()).toEqual([]);
});

test("step 9 of one's own run lets what it has kept before, under the same id, stay where the bucket still has it", async () => {
  const { bucket: Bucket } = where;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  for (const run of [first, second]) {
    await put(as("jane", run), `${id}/results/customers.csv`);
    await uploadBytes(as("jane", run), registryObject(aws, where, id), "{}");
  }
  await stepNine(as("jane", second));
  expect(await keys()).toHaveLength(2);
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions).toHaveLength(2);
  expect((await find(as("jane"), { runs: [first] })).goes).toHaveLength(2);
});

test("step 9 in somebody else's keyspace drops one's own tables, and in one's own lets theirs stay", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await make(jane, "online_retail");
  await make(joe, "joes");
  const [, ofJoe] = await stepNine(joe, { table: "joes" });
  expect(ofJoe?.outcome).toBe(`stays, ${ownerOf(jane)} has made it; dropped of it: joes`);
  await make(joe, "joes");
  const [, ofJane, joes] = await stepNine(jane);
  expect(ofJane?.outcome).toBe("stays, as somebody else has made tables in it; dropped of it: online_retail");
  expect(joes).toEqual({ what: "table joes in it", outcome: `stays, ${ownerOf(joe)} has made it` });
  expect(await listKeyspaces(it.client)).toContain(where.keyspace);
});

/** A connection over which no entry can be deleted, and nothing dropped unless that is wished. */
function refusing(wanted: RegExp): typeof it.client {
  const client = Object.create(it.client) as typeof it.client;
  client.execute = ((query: string, ...rest: []) =>
    wanted.test(query) ? Promise.reject(new Error("not allowed")) : it.client.execute(query, ...rest)) as never;
  return client;
}

test.each([
  ["has gone with its keyspace, the entry and the results go", /^DELETE/, true],
  ["stays, the entry and the results stay", /^(DELETE|DROP)/, false],
])("where the row of a run cannot be deleted and %s", async (_, refused, goes) => {
  const jane = as("jane", first);
  await make(jane, "online_retail", RESULTS);
  await put(jane, `${id}/results/customers.csv`);
  await registerRun(it.client, jane, where, registeredClusters(id), made);
  const before = await keys();
  const shown: string[] = [];
  const cleaning = cleanUp(
    refusing(refused),
    jane,
    { ...where, run: id, job: "job-1", dataFile: "/no/such/file.csv", cleanUp: true },
    {
      also: () => (goes ? Promise.resolve([]) : Promise.reject(new Error("Glue says no"))),
      show: (cleaned) => shown.push(...cleaned.map(({ outcome }) => outcome)),
    },
  );
  if (goes) {
    await cleaning;
    expect(await keys()).toEqual([]);
    return;
  }
  // All that failed is told, and what became of the rest is shown first.
  await expect(cleaning).rejects.toThrow(
    /clean up after run .* drop the keyspace .*not allowed.* take run .*not allowed.* Glue says no/,
  );
  expect(shown).toContain("stays, with results and model: its row in the keyspace could not be deleted");
  expect(await keys()).toEqual(before);
  expect(await registeredIds()).toEqual([id]);
});
