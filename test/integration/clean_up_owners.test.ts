import { DeleteObjectCommand, ListObjectVersionsCommand, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { CreateModelCommand, DeleteModelCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { expect, test } from "@jest/globals";
import { cleanUp } from "@keyspaces-segmentation/aws-cleanup";
import { lookAtRegistry } from "@keyspaces-segmentation/aws-cleanup/dist/objects_of_run.js";
import { removeLeftovers } from "@keyspaces-segmentation/aws-cleanup/dist/remove_leftovers.js";
import { type AwsSession, ownerOf, tagsOf, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { registryObject } from "@keyspaces-segmentation/cluster-store";
import { waitUntil } from "@keyspaces-segmentation/common";
import { listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { noteOfUse } from "@keyspaces-segmentation/sagemaker-kmeans";
import { kMeansImage } from "@keyspaces-segmentation/sagemaker-kmeans/dist/algorithm.js";
import { makeKeyspaceByHand } from "../support/keyspaces.js";
import { id, otherId, policies, RESULTS, withPeople } from "../support/people.js";

// Several people have runs in one account, one prefix, and at times one keyspace.

const people = withPeople("clean-up-of-owners", "2025-11");
const { first, second } = people;
const { it, aws, s3, where, as, make, makeOld, put, putModel, register, keepHere, keys, find, whyStays } = people;
/** An entry of the registry, of a keyspace other than the test's. */
const keepElsewhere = (session: AwsSession) =>
  uploadBytes(session, registryObject(session, { ...where, keyspace: it.keyspace }, id), "{}");
const { clean, stepNine, tablesThere, isThere, registeredIds, refusing } = people;

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
  await makeKeyspaceByHand(it.client, where.keyspace);
  const [jane, joe] = [as("jane"), as("joe", second)];
  await make(joe, "joes");
  for (const choice of ["broken off", "all"] as const) {
    expect(await whyStays(jane, choice, "table joes")).toBe(`stays: it is not yours: ${ownerOf(joe)} has made it`);
    expect(await whyStays(joe, choice, "table joes")).toBeUndefined();
  }
  expect(await whyStays(jane, { runs: [second] }, "table joes")).toBeUndefined();
  await makeOld("old", first);
  for (const choice of ["broken off", "all"] as const) {
    expect(await whyStays(jane, choice, "table old")).toBe(
      `stays: who has made it is not noted; --run ${first} removes it`,
    );
  }
  expect(await whyStays(jane, { runs: [first] }, "table old")).toBeUndefined();
  // So it does where clusters of runs on other prefixes are noted in the keyspace, as nothing else would remove it.
  await make(joe, RESULTS);
  await register(joe, id, { table: "joes", prefix: "other" });
  expect(await whyStays(jane, "all", "table old")).toBe(
    `stays: who has made it is not noted; --run ${first} removes it`,
  );
  expect(await whyStays(jane, { runs: [first] }, "table old")).toBeUndefined();
  expect(await whyStays(joe, { runs: [second] }, "table joes")).toMatch(/clusters are registered in it/);
});

test("a keyspace of one run with tables of another goes in two steps, each by the name of its run", async () => {
  const [broken, kept] = [as("jane", first), as("jane", second)];
  await make(broken, "online_retail");
  await make(kept, RESULTS);
  await register(kept, id);
  const keyspace = `keyspace ${where.keyspace}`;
  const remedy = new RegExp(`it is another run's; --run ${first} --run ${second}, or --all, removes it$`);
  expect((await clean(as("jane"), { run: [first] })).get(keyspace)).toMatch(remedy);
  expect((await clean(as("jane"), {})).get(keyspace)).toMatch(
    new RegExp(`: the run was kept; --run ${first} --run ${second}, or --all, removes it$`),
  );
  await clean(as("jane"), { run: [second] });
  expect(await tablesThere()).toEqual(["online_retail"]);
  await clean(as("jane"), { run: [first] });
  expect(await isThere()).toBe(false);
});

test("somebody's tables go by themselves from a keyspace of somebody else's, and both go where both runs are named", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  const makeAll = async () => {
    await make(jane, "online_retail", RESULTS);
    await register(jane, id);
    await make(joe, "joes");
    await register(joe, otherId, { table: "joes" });
  };
  const results = ["cluster_of_customer", "customers_of_cluster", "known_clusters", "ml_clustering_results"];
  await makeAll();
  await clean(as("joe"), { all: true });
  expect(await tablesThere()).toEqual([...results, "online_retail"].sort());
  await makeAll();
  await clean(as("jane"), { all: true });
  expect(await tablesThere()).toContain("joes");
  await clean(as("jane"), { run: [first, second] });
  expect(await isThere()).toBe(false);
});

test("somebody's tables of results stay while somebody else has kept results in them", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await make(jane, "online_retail");
  await make(joe, RESULTS);
  await register(jane, id);
  for (const values of [{}, { all: true }, { run: [second] }]) {
    await clean(joe, values);
    expect(await tablesThere()).toHaveLength(5);
  }
});

test("tables from before owners were noted go with the keyspace that they are in, of whichever run they are", async () => {
  await make(as("jane", first), "online_retail");
  await makeOld("old", second);
  await clean(as("joe"), { all: true });
  await clean(as("joe"), {});
  expect(await tablesThere()).toEqual(["old", "online_retail"]);
  expect((await clean(as("jane"), { run: [first] })).get(`keyspace ${where.keyspace}`)).toMatch(
    new RegExp(`; --run ${first} --run ${second}, or --all, removes it$`),
  );
  await clean(as("jane"), { run: [first, second] });
  expect(await isThere()).toBe(false);
});

test("a note that a run goes on with a model is needed by nothing, though the model beside it is", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await put(jane, "job-1/input/train/part-0.csv");
  await putModel("job-1");
  await put(joe, `job-1/${noteOfUse(joe)}`);
  const sagemaker = new SageMakerClient({ region: aws.region });
  const ModelName = `customer-segmentation-${where.bucket}`;
  const Tags = Object.entries(tagsOf(jane)).map(([Key, Value]) => ({ Key, Value }));
  await sagemaker.send(
    new CreateModelCommand({
      ModelName,
      Tags,
      ExecutionRoleArn: "arn:aws:iam::123456789012:role/LocalDataScientist",
      PrimaryContainer: {
        Image: kMeansImage(aws.region),
        ModelDataUrl: `s3://${where.bucket}/${where.prefix}/job-1/output/model.tar.gz`,
      },
    }),
  );
  const note = `1 object in s3://${where.bucket}/${where.prefix}/job-1/`;
  try {
    expect(await whyStays(joe, "all", note)).toBeUndefined();
    expect(await whyStays(joe, "all", "2 objects in")).toMatch(/is not yours/);
  } finally {
    await sagemaker.send(new DeleteModelCommand({ ModelName }));
  }
});

test("what broke off goes though another run has kept the same id on a prefix further down", async () => {
  await put(as("jane", first), `${id}/results/customers.csv`);
  await put(as("jane", second), `eu/${id}/results/customers.csv`);
  const { key } = registryObject(aws, { ...where, prefix: `${where.prefix}/eu` }, id);
  await uploadBytes(as("jane", second), { bucket: where.bucket, key }, "{}");
  expect(await whyStays(as("jane"), "broken off", `${where.prefix}/${id}/`)).toBeUndefined();
});

test("a keyspace in which somebody else has kept results stays for --all by who has made it", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await make(jane, "online_retail", RESULTS);
  await register(joe, id);
  const keyspace = `keyspace ${where.keyspace}`;
  const results = `stays: results of ${second} are in it: it is not yours: ${ownerOf(joe)} has made it`;
  expect(await whyStays(jane, "all", keyspace)).toBe(results);
  await register({ ...jane, run: second }, id);
  expect(await whyStays(jane, "all", keyspace)).toBeUndefined();
});

test("a model that a run has gone on with which was kept stays, though the run that has trained it broke off", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await put(jane, "job-1/input/train/part-0.csv");
  await putModel("job-1");
  const model = `2 objects in s3://${where.bucket}/${where.prefix}/job-1/`;
  expect(await whyStays(jane, "broken off", model)).toBeUndefined();
  await put(joe, `job-1/${noteOfUse(joe)}`);
  await keepElsewhere(joe);
  const uses = `stays: run ${second} goes on with its model`;
  expect(await whyStays(jane, "broken off", model)).toBe(`${uses}: it is not yours: ${ownerOf(joe)} has made it`);
  expect(await whyStays(joe, { runs: [first] }, model)).toBe(
    `${uses}: it is another run's; --run ${first} --run ${second} removes it`,
  );
  const both = await find(joe, { runs: [first, second] });
  await removeLeftovers(both, { policies });
  expect(await keys()).toEqual([]);
});

test("results that another run has kept under the same id stay, where one that broke off has written them again", async () => {
  await keepElsewhere(as("jane", first));
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

test("step 9 lets what somebody else has kept under the same id stay, with the keyspace and the model", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await make(jane, "online_retail", RESULTS);
  await put(joe, "job-1/input/train/part-0.csv");
  await put(jane, `job-1/${noteOfUse(jane)}`);
  await putModel("job-1");
  await put(jane, `${id}/results/customers.csv`);
  await register(jane, id);
  const before = await keys();
  const cleaned = new Map((await stepNine(joe)).map(({ what, outcome }) => [what, outcome]));
  expect(await keys()).toEqual(before);
  expect(await registeredIds()).toEqual([id]);
  expect([...cleaned.values()]).toEqual(
    expect.arrayContaining([
      `stays, with results and model: run ${first} has kept the same`,
      `stays: it is not yours: ${ownerOf(jane)} has made it`,
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

test.each([
  ["deleted before that", ["put", "delete", "put"], 1],
  ["deleted after that", ["put", "put", "delete"], 0],
])("an entry that was %s counts as kept by another run as far as it was not deleted", async (_, steps, kept) => {
  const { bucket: Bucket } = where;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const { key: Key } = registryObject(aws, where, id);
  const written = async () => {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    return Math.max(0, ...[...Versions, ...DeleteMarkers].map(({ LastModified }) => LastModified?.getTime() ?? 0));
  };
  for (const step of steps) {
    const before = await written();
    // The bucket's times have to tell them apart.
    await waitUntil(
      "the next instant",
      async () => (Date.now() > before + 1_000 ? { done: true, seen: "" } : { seen: "" }),
      {
        deadlineMs: 10_000,
      },
    );
    if (step === "put") await uploadBytes(as("jane", first), { bucket: Bucket, key: Key }, "{}");
    else await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  }
  const registered = await lookAtRegistry(as("jane", second), where, id, undefined);
  expect(registered.keptBy).toHaveLength(kept);
});

test("step 9 tells of a run of unknown name, as those before names were noted are", async () => {
  const old = as("jane");
  await put(as("jane", first), "job-1/input/train/part-0.csv");
  await put(old, `job-1/${noteOfUse(old)}`);
  expect((await stepNine(as("jane", first))).map(({ outcome }) => outcome)).toContain(
    "stays, a run of unknown name goes on with its model",
  );
  await keepHere(old);
  const outcomes = (await stepNine(as("jane", first))).map(({ outcome }) => outcome);
  expect(outcomes).toContain("stays, with results and model: a run of unknown name has kept the same");
});

test("step 9 drops the table of its own invoices though somebody else has kept results in the keyspace", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await make(jane, "online_retail", RESULTS);
  await register(jane, id);
  await make(as("joe", "2025-11-27-07-00-00-000"), "joes");
  const ofKeyspace = async (table: string) => {
    const rows = await stepNine(joe, { table });
    return rows.find(({ what }) => what.startsWith("keyspace"))?.outcome;
  };
  const stays = `stays: it is not yours: ${ownerOf(jane)} has made it`;
  expect(await ofKeyspace("online_retail")).toBe(stays);
  expect(await tablesThere()).toHaveLength(6);
  expect(await ofKeyspace("joes")).toBe(`${stays}; dropped of it: joes`);
  expect(await tablesThere()).toHaveLength(5);
  // Not if somebody else has kept results of it.
  await make(joe, "joes");
  await register(jane, otherId, { table: "joes" });
  expect(await ofKeyspace("joes")).toBe(stays);
});

test("step 9 in a keyspace made by hand drops, of tables from before owners were noted, its own run's", async () => {
  await makeKeyspaceByHand(it.client, where.keyspace);
  await makeOld("old", first);
  await makeOld("older", second);
  await make(as("jane", second), "online_retail");
  const [, ...cleaned] = await stepNine(as("jane", first));
  expect(await tablesThere()).toEqual(["older"]);
  expect(cleaned.slice(0, 2)).toEqual([
    {
      what: `keyspace ${where.keyspace}`,
      outcome: "stays, this walkthrough did not make it; dropped of it: old, online_retail",
    },
    { what: "table older in it", outcome: "stays: who has made it is not noted" },
  ]);
});

test("step 9 in somebody else's keyspace drops one's own tables, and in one's own lets theirs stay", async () => {
  const [jane, joe] = [as("jane", first), as("joe", second)];
  await make(jane, "online_retail");
  await make(joe, "joes");
  const [, ofJoe] = await stepNine(joe, { table: "joes" });
  expect(ofJoe?.outcome).toBe(`stays: it is not yours: ${ownerOf(jane)} has made it; dropped of it: joes`);
  await make(joe, "joes");
  const [, ofJane, joes] = await stepNine(jane);
  const theirs = `it is not yours: ${ownerOf(joe)} has made it`;
  expect(ofJane?.outcome).toBe(`stays: table joes of run ${second} is in it: ${theirs}; dropped of it: online_retail`);
  expect(joes).toEqual({ what: "table joes in it", outcome: `stays: ${theirs}` });
  expect(await listKeyspaces(it.client)).toContain(where.keyspace);
});

test.each([
  ["has gone with its keyspace, the entry and the results go", /^DELETE/, true],
  ["stays, the entry and the results stay", /^(DELETE|DROP)/, false],
])("where the row of a run cannot be deleted and %s", async (_, refused, goes) => {
  const jane = as("jane", first);
  await make(jane, "online_retail", RESULTS);
  await put(jane, `${id}/results/customers.csv`);
  await register(jane, id);
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
