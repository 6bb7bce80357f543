import { expect, test } from "@jest/globals";
import { removeLeftovers } from "@keyspaces-segmentation/aws-cleanup/dist/remove_leftovers.js";
import { type AwsSession, ownerOf } from "@keyspaces-segmentation/aws-session";
import { contentsOfKeyspace, ownTables } from "@keyspaces-segmentation/invoice-store";
import { connectToKeyspaces, createTable, type TableDefinition } from "@keyspaces-segmentation/keyspaces-bulk";
import { readSettings } from "../../src/settings.js";
import { makeKeyspaceByHand } from "../support/keyspaces.js";
import { id, otherId, policies, RESULTS, whileS3Refuses, withPeople } from "../support/people.js";

// Of a keyspace that several have something in, nothing goes that is somebody else's or is still needed.

const people = withPeople("clean-up-of-shared", "2025-10");
const { first, second } = people;
const { it, where, as, make, makeOld, put, register, keys, find, whyStays } = people;
const { clean, stepNine, tablesThere, isThere, refusing } = people;
const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });

/** What a run that loads makes beside its table. */
const RECORD = ["invoices_of_load", "loads"];
async function makeRecord(session: AwsSession): Promise<void> {
  const client = await connectToKeyspaces(session, settings);
  for (const table of RECORD) {
    await createTable(client, { keyspace: where.keyspace, table }, ownTables[table] as TableDefinition);
  }
  await client.shutdown();
}
const [jane, joe] = [() => as("jane", first), () => as("joe", second)];
const keyspaceRow = () => `keyspace ${where.keyspace}`;
const outcomeOf = (cleaned: readonly { what: string; outcome: string }[], what: string) =>
  cleaned.find((row) => row.what.startsWith(what))?.outcome;

test("step 9 in somebody's keyspace lets tables stay that bear no owner, as a version before has made them", async () => {
  await make(joe());
  await makeOld("online_retail", second);
  await make(jane(), "janes");
  const cleaned = await stepNine(jane(), { table: "janes" });
  expect(await tablesThere()).toEqual(["online_retail"]);
  expect(outcomeOf(cleaned, keyspaceRow())).toMatch(new RegExp(`^stays.*${ownerOf(joe())}.*dropped of it: janes$`));
});

test("a keyspace stays in which somebody has made a table without a run, and so does one's own, but for --all", async () => {
  await make(jane(), "online_retail");
  await make(as("joe"), "joes");
  for (const choice of ["broken off", "all"] as const) {
    expect(await whyStays(jane(), choice, keyspaceRow())).toMatch(
      /joes of a run of unknown name is in it: it is not y/,
    );
  }
  await clean(jane(), { all: true });
  expect(await tablesThere()).toEqual(["joes", "online_retail"]);
  await clean(as("joe"), { all: true });
  await make(as("jane"), "janes");
  expect(await whyStays(jane(), "broken off", keyspaceRow())).toMatch(/: it bears no run's name; --all removes it$/);
  await clean(jane(), { all: true });
  expect(await isThere()).toBe(false);
});

test("a table without a run stays in a keyspace that was made without one by somebody else", async () => {
  await make(as("jane"), "online_retail");
  await make(as("joe"), "joes");
  await clean(as("jane"), { all: true });
  expect(await tablesThere()).toEqual(["joes", "online_retail"]);
});

test.each([
  ["the bucket may not be listed", /versions/, "GET"],
  ["an entry may not be looked at", /clusters/, "HEAD"],
])(
  "a keyspace with clusters of somebody else stays for --all where %s, and goes where nothing is kept in it",
  async (_, url, method) => {
    await make(jane(), "online_retail", RESULTS);
    await register(joe(), id);
    const refusing = ({ method: asked, url: at }: { method: string; url: string }) => asked === method && url.test(at);
    const all = () => whileS3Refuses(refusing, () => clean(jane(), { all: true }));
    expect((await all()).get(keyspaceRow())).toMatch(/^stays: whether somebody else has kept results in it could not/);
    expect(await isThere()).toBe(true);
    await people.forget(id);
    await all();
    expect(await isThere()).toBe(false);
  },
);

test("results that a run of unknown name has kept are somebody's as well", async () => {
  await make(jane(), "online_retail", RESULTS);
  await register(as("joe"), id);
  expect(await whyStays(jane(), "all", keyspaceRow())).toMatch(
    /^stays: results of a run of unknown name are in it: .*joe/,
  );
  expect(await whyStays(as("joe"), "all", keyspaceRow())).toMatch(/^stays: it is not yours/);
});

test("step 9 lets a keyspace stay in which clusters are registered from elsewhere, and drops its own table of invoices", async () => {
  await make(jane(), "online_retail", RESULTS);
  await register(joe(), otherId, { table: "joes", prefix: "other" });
  const cleaned = await stepNine(jane());
  expect(outcomeOf(cleaned, keyspaceRow())).toMatch(
    new RegExp(`^stays: clusters are registered in it, ${otherId}; .*--param prefix=team --all.*: online_retail$`),
  );
  expect(await tablesThere()).not.toContain("online_retail");
  expect(await tablesThere()).toContain("known_clusters");
  // Of what was registered of that very table nothing goes.
  await make(jane(), "online_retail");
  await register(joe(), id, { prefix: "other" });
  await stepNine(jane(), { run: "2009-12-09-net-min_max-k6-91c0e5a2f7" });
  expect(await tablesThere()).toContain("online_retail");
});

test("next month's step 9 drops one's own keyspace with all that earlier runs have kept in it", async () => {
  await make(jane(), "online_retail", RESULTS);
  await makeRecord(jane());
  await register(jane(), id);
  const nextMonth = as("jane", second);
  await make(nextMonth, "other_retail");
  await register(nextMonth, otherId);
  const cleaned = await stepNine(nextMonth, { run: otherId });
  expect(outcomeOf(cleaned, keyspaceRow())).toBe("dropped, with its tables");
  expect(await isThere()).toBe(false);
});

test("where the keyspace stays, step 9 lets the tables stay in which another run of one's own has kept results", async () => {
  await make(joe());
  await make(jane(), "online_retail", RESULTS);
  await register(jane(), id);
  const [later, run] = [as("jane", second), "2013-12-09-net-min_max-k6-91c0e5a2f7"];
  await make(later, "other_retail");
  const cleaned = await stepNine(later, { table: "other_retail", run });
  expect(await tablesThere()).toHaveLength(5);
  expect(outcomeOf(cleaned, keyspaceRow())).toMatch(/dropped of it: other_retail$/);
  expect(outcomeOf(cleaned, "tables")).toBe(`stay: results of ${first} are in it: the run was kept`);
  await make(later, "other_retail");
  await stepNine(jane());
  expect(await tablesThere()).toEqual(["other_retail"]);
});

test("what was loaded stays on record while a table that it is about does, whoever has made the record", async () => {
  await make(jane(), "online_retail", RESULTS);
  await makeRecord(jane());
  await make(joe(), "joes");
  const cleaned = await stepNine(jane());
  expect(await tablesThere()).toEqual([...RECORD, "joes"].sort());
  expect(outcomeOf(cleaned, "tables invoices_of_load, loads in it")).toMatch(/^stay: it is needed by table joes/);
  await stepNine(joe(), { table: "joes" });
  expect(await tablesThere()).toEqual(RECORD);
  await stepNine(jane());
  expect(await isThere()).toBe(false);
});

test("the record that another run has made goes with the keyspace, and keeps nobody's", async () => {
  const [a, b] = [jane(), as("jane", second)];
  await make(a, "online_retail");
  await makeRecord(b);
  await make(b, RESULTS);
  await register(b, id);
  await clean(as("jane"), { run: [second] });
  expect(await tablesThere()).toEqual([...RECORD, "online_retail"].sort());
  await clean(as("jane"), { run: [first] });
  expect(await isThere()).toBe(false);
  await make(a, "online_retail");
  await makeRecord(joe());
  expect(await whyStays(a, "broken off", keyspaceRow())).toBeUndefined();
});

test("in a keyspace made by hand the record goes with the last table that it is about", async () => {
  await makeKeyspaceByHand(it.client, where.keyspace);
  await make(jane(), "online_retail");
  await makeRecord(jane());
  await make(joe(), "joes");
  const rows = await clean(jane(), { run: [first] });
  expect(await tablesThere()).toEqual([...RECORD, "joes"].sort());
  expect([...rows.values()]).toContainEqual(expect.stringMatching(/^stays: it is needed by table joes in keyspace/));
  await clean(jane(), { run: [first, second] });
  expect(await tablesThere()).toEqual([]);
  await make(jane(), "online_retail");
  await makeRecord(jane());
  await stepNine(jane());
  expect(await tablesThere()).toEqual([]);
});

test("step 9 lets the table stay of which somebody's entry may not be looked at, whatever other entries say", async () => {
  await make(jane(), "online_retail", RESULTS);
  await make(joe(), "joes");
  await register(jane(), id);
  await register(as("carl"), otherId, { table: "joes" });
  const locked = ({ method, url }: { method: string; url: string }) => method === "HEAD" && /joes/.test(url);
  const cleaned = await whileS3Refuses(locked, () =>
    stepNine(joe(), { table: "joes", run: "2013-12-09-net-min_max-k6-91c0e5a2f7" }),
  );
  expect(await tablesThere()).toContain("joes");
  expect(outcomeOf(cleaned, "table joes in it")).toMatch(
    /^stays: whether .* could not be seen, as s3:.*joes.* may not/,
  );
});

test("step 9 removes what is the run's beside another entry that may not be looked at, for which the keyspace stays", async () => {
  await make(jane(), "online_retail", RESULTS);
  for (const each of [id, otherId]) await register(jane(), each);
  await put(jane(), `${id}/results/customers.csv`);
  const locked = ({ method, url }: { method: string; url: string }) => method === "HEAD" && url.includes(otherId);
  const cleaned = await whileS3Refuses(locked, () => stepNine(jane()));
  const [entry] = await keys();
  expect(await keys()).toEqual([expect.stringContaining(`${otherId}.json`)]);
  expect(outcomeOf(cleaned, keyspaceRow())).toBe(
    `stays: whether somebody else has kept results in it could not be seen, as s3://${where.bucket}/${entry} may not be looked at`,
  );
  expect(await isThere()).toBe(true);
});

test.each([
  ["a table", () => make(joe(), "joes"), /joes has been made in it since/],
  ["clusters", () => register(joe(), otherId), /2011-12-09-\S+ has been registered in it since/],
])("a keyspace in which somebody has made %s since it was looked at stays", async (_, since, why) => {
  await make(jane(), "online_retail", RESULTS);
  const found = await find(jane(), "broken off");
  await since();
  const before = await tablesThere();
  const goes = found.goes.filter(({ what }) => what.startsWith(keyspaceRow()));
  const rows = await removeLeftovers({ ...found, goes, stays: [] }, { policies });
  expect(rows).toMatchObject([{ failed: true, outcome: expect.stringMatching(why) }]);
  expect(await tablesThere()).toEqual(before);
});

test("a table by itself stays as well where somebody has kept results since it was looked at", async () => {
  await make(as("carl"));
  await make(jane(), "online_retail", RESULTS);
  const found = await find(jane(), "broken off");
  await register(joe(), otherId);
  const goes = found.goes.filter(({ what }) => what.includes(`in ${keyspaceRow()}`));
  const rows = await removeLeftovers({ ...found, goes, stays: [] }, { policies });
  expect(rows.map(({ failed }) => failed)).toEqual([true, true, true, true, true]);
  expect(await tablesThere()).toHaveLength(5);
});

/** Runs that a row names, or all. */
const namedIn = (outcome: string | undefined) =>
  [...(outcome ?? "").matchAll(/--run (\S+?)(?=[ ,]|$)/g)].map(([, run]) => run!);

test("of a kept keyspace that two runs share, what is named removes it", async () => {
  const [a, b] = [jane(), as("jane", second)];
  await make(a, "online_retail", RESULTS);
  await register(a, id);
  await register(b, otherId);
  const outcome = await whyStays(as("jane"), "broken off", keyspaceRow());
  expect(outcome).toBe(
    `stays: the run was kept; results of ${second} are in it: the run was kept; --run ${first} --run ${second}, or --all, removes it`,
  );
  await clean(as("jane"), { run: namedIn(outcome) });
  expect(await isThere()).toBe(false);
});

test("where somebody else has something of a kept thing as well, nothing is named that would not remove it", async () => {
  await make(jane(), "online_retail", RESULTS);
  await register(jane(), id);
  await register(joe(), otherId);
  const outcome = await whyStays(as("jane"), "broken off", keyspaceRow());
  expect(outcome).toMatch(/^stays: the run was kept; results of .* it is not yours: \S+ has made it$/);
});

test("clean-up by runs of which one has gone goes on with the others, and says which has left nothing", async () => {
  await put(jane(), `${id}/results/customers.csv`);
  await clean(jane(), { run: [first] });
  await put(as("jane", second), `${otherId}/results/customers.csv`);
  expect(await people.cleanText(jane(), { run: [first, second] })).toMatch(
    new RegExp(`Run ${first} has left nothing\\.`),
  );
  expect(await keys()).toEqual([]);
  await expect(clean(jane(), { run: [first, second] })).rejects.toThrow(/has left nothing|have left nothing/);
});

test("step 9 that leaves all in place names what removes the run's results, and another run's keyspace by that run", async () => {
  const [a, b] = [jane(), as("jane", second)];
  await make(a, "online_retail");
  await make(b, RESULTS);
  await put(b, `${id}/results/customers.csv`);
  await register(b, id);
  const cleaned = await stepNine(b, { cleanUp: false });
  expect(namedIn(outcomeOf(cleaned, "objects in"))).toEqual([second]);
  expect(namedIn(outcomeOf(cleaned, keyspaceRow()))).toEqual([]);
});

test("step 9 removes the results beside one that may not be looked at, and tells of each", async () => {
  for (const name of ["customers.csv", "clusters.csv", "locked.bin"]) await put(jane(), `${id}/results/${name}`);
  const locked = ({ method, url }: { method: string; url: string }) => method === "HEAD" && /locked/.test(url);
  const cleaned = await whileS3Refuses(locked, () => stepNine(jane()));
  expect(await keys()).toEqual([`team/${id}/results/locked.bin`]);
  expect(outcomeOf(cleaned, "objects in")).toMatch(/^2 deleted/);
  expect(outcomeOf(cleaned, `s3://${where.bucket}/team/${id}/results/locked.bin`)).toMatch(
    /^stays, .*may not be looked/,
  );
});

test("a model stays where a note that a run goes on with it may not be looked at", async () => {
  await put(jane(), "job-1/input/train/part-0.csv");
  await people.putModel("job-1");
  await put(joe(), `job-1/${people.noteOf(joe())}`);
  const before = await keys();
  const locked = ({ method, url }: { method: string; url: string }) =>
    method === "HEAD" && url.includes(people.noteOf(joe()));
  await whileS3Refuses(locked, async () => {
    await stepNine(jane());
    await clean(jane(), { all: true });
    await clean(jane(), { run: [first] });
  });
  expect(await keys()).toEqual(before);
});

test("results stay whose entry could not be removed", async () => {
  await make(joe(), "online_retail", RESULTS);
  await put(jane(), `${id}/results/customers.csv`);
  await register(jane(), id);
  const before = await keys();
  const rows = await people.cleanOver(refusing(/^DELETE/), jane(), { run: [first] });
  expect(await keys()).toEqual(before);
  expect([...rows.values()]).toContainEqual(
    expect.stringMatching(/^stays: it is needed by .*clusters.*not be removed/),
  );
});

test("a table that was marked by hand is dropped by hand, as its row says", async () => {
  await makeKeyspaceByHand(it.client, where.keyspace);
  await it.client.execute(
    `CREATE TABLE ${where.keyspace}.online_retail (k text PRIMARY KEY) WITH TAGS = {'made-by': 'keyspaces-segmentation'}`,
    [],
    { prepare: false },
  );
  for (const [values, why] of [
    [{}, "it bears no run's name"],
    [{ all: true }, "who has made it is not noted"],
  ] as const) {
    const outcome = [...(await clean(jane(), values))].find(([what]) => what.includes(where.keyspace))?.[1];
    expect(outcome).toBe(`stays: ${why}; DROP TABLE "${where.keyspace}"."online_retail" removes it`);
  }
  expect((await contentsOfKeyspace(it.client, where.keyspace)).tables.size).toBe(1);
});
