import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createAuthoriser } from "@keyspaces-segmentation/iam-local";
import type { Gateway } from "@keyspaces-segmentation/keyspaces-local";
import { ROLE_NAME, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import type { Client } from "cassandra-driver";
import { createKeyspace, createTable, gatewayBench, region, signedBy } from "../support.js";

const administrator = temporaryIdentity();
const who = temporaryIdentity("policies");
const authoriser = createAuthoriser({ region, now: () => new Date() });
const bench = gatewayBench(administrator, { identities: [administrator, who], authoriser, activeAfterMs: 150 });
const arn = (resource: string) => `arn:aws:cassandra:${region}:123456789012:/keyspace/${resource}`;

type Statement = Readonly<Record<string, unknown>>;
const allow = (actions: string[], resources: string[], more: Statement = {}): Statement => ({
  Effect: "Allow",
  Action: actions.map((action) => `cassandra:${action}`),
  Resource: resources.map(arn),
  ...more,
});
const connecting = allow(["Select"], ["system*"]);

/** The identity's role has exactly these statements. */
function may(...statements: Statement[]): void {
  const document = { Version: "2012-10-17", Statement: statements };
  authoriser.setEntities([
    { arn: `arn:aws:iam::123456789012:role/${ROLE_NAME}`, policies: [{ name: "own", document }] },
  ]);
}

let gateway: Gateway;
let client: Client;
beforeAll(async () => {
  await bench.begin();
  gateway = await bench.gatewayWith();
  const owner = await bench.connectTo(gateway);
  await createKeyspace(owner, "shop");
  for (const table of ["lines", "other"]) await createTable(owner, "shop", table, "(id text PRIMARY KEY, n int)");
  may(connecting);
  client = await bench.connectTo(gateway, signedBy(who));
});
beforeEach(() => may(connecting));
afterAll(() => bench.end());

const refused = (action: string, resource: string) => ({
  code: 0x2100,
  message: `User: ${who.arn} is not authorized to perform: cassandra:${action} on resource: ${arn(resource)} because no identity-based policy allows the cassandra:${action} action [KL-PERMISSION]`,
});

test("whoever may not read the system's tables may not even log in", async () => {
  may(allow(["Select"], ["shop/table/lines"]));
  const failure = await bench.connectTo(gateway, signedBy(who)).catch((error) => error);
  expect(Object.values(failure.innerErrors)[0]).toMatchObject({
    code: 0x2100,
    message: `User ${who.arn} has no permissions. [KL-NO-PERMISSIONS]`,
  });
});

const replication = "WITH replication = {'class': 'SingleRegionStrategy'}";
const tags = "TAGS = {'team': 'red'}";

describe("a statement needs", () => {
  test.each<[string, string, string]>([
    ["SELECT n FROM shop.lines WHERE id = 'a'", "Select", "shop/table/lines"],
    ["INSERT INTO shop.lines (id, n) VALUES ('a', 1)", "Modify", "shop/table/lines"],
    ["UPDATE shop.lines SET n = 1 WHERE id = 'a'", "Modify", "shop/table/lines"],
    ["DELETE FROM shop.lines WHERE id = 'a'", "Modify", "shop/table/lines"],
    [
      "BEGIN UNLOGGED BATCH INSERT INTO shop.lines (id) VALUES ('a'); INSERT INTO shop.other (id) VALUES ('a'); APPLY BATCH",
      "Modify",
      "shop/table/lines",
    ],
    [`CREATE KEYSPACE mine ${replication}`, "Create", "mine/"],
    [`ALTER KEYSPACE shop ADD ${tags.replace(" =", "")}`, "Alter", "shop/"],
    ["DROP KEYSPACE shop", "Drop", "shop/"],
    ["CREATE TABLE shop.more (id text PRIMARY KEY)", "Create", "shop/table/more"],
    ["ALTER TABLE shop.lines ADD m int", "Alter", "shop/table/lines"],
    ["DROP TABLE shop.lines", "Drop", "shop/table/lines"],
    ["CREATE TYPE shop.money (amount int)", "Create", "shop/"],
    ["UPDATE system.local SET partitioner = 'x' WHERE key = 'local'", "UpdatePartitioner", "system/table/local"],
  ])("%s: %s", async (statement, action, resource) => {
    await expect(client.execute(statement)).rejects.toMatchObject(refused(action, resource));
  });

  test("both, where it is on a condition", async () => {
    may(connecting, allow(["Modify"], ["shop/table/lines"]));
    const conditional = client.execute("INSERT INTO shop.lines (id) VALUES ('b') IF NOT EXISTS");
    await expect(conditional).rejects.toMatchObject(refused("Select", "shop/table/lines"));
  });

  test("one for its tags as well, which may be held to some", async () => {
    const statement = `CREATE KEYSPACE tagged ${replication} AND ${tags}`;
    may(connecting, allow(["Create"], ["tagged/"]));
    await expect(client.execute(statement)).rejects.toMatchObject(refused("TagResource", "tagged/"));
    const only = (team: string) => ({ Condition: { StringEquals: { "aws:RequestTag/team": team } } });
    may(connecting, allow(["Create", "TagResource"], ["tagged/"], only("blue")));
    await expect(client.execute(statement)).rejects.toMatchObject(refused("Create", "tagged/"));
    may(connecting, allow(["Create", "TagResource"], ["tagged/"], only("red")));
    await client.execute(statement);
  });
});

test("what a prepared statement may do is asked each time it is executed, not when it is prepared", async () => {
  const insert = "INSERT INTO shop.lines (id, n) VALUES (?, ?)";
  const run = () => client.execute(insert, ["c", 1], { prepare: true });
  await expect(run()).rejects.toMatchObject(refused("Modify", "shop/table/lines"));
  may(connecting, allow(["Modify"], ["shop/table/*"]));
  await run();
  await client.batch([{ query: insert, params: ["d", 1] }], { prepare: true, logged: false });
  may(connecting, allow(["Modify"], ["shop/table/*"]), { ...allow(["Modify"], ["shop/table/lines"]), Effect: "Deny" });
  await expect(run()).rejects.toMatchObject({
    code: 0x2100,
    message: expect.stringContaining("with an explicit deny in an identity-based policy"),
  });
  const batch = client.batch([{ query: insert, params: ["d", 1] }], { prepare: true, logged: false });
  await expect(batch).rejects.toMatchObject({ code: 0x2100 });
});

test("conditions on tags are not enforced on the system's tables", async () => {
  may({ ...connecting, Condition: { StringEquals: { "aws:ResourceTag/team": "red" } } });
  await client.execute("SELECT keyspace_name FROM system_schema_mcs.keyspaces");
});

describe("conditions on the tags of", () => {
  const owner = () => bench.connectTo(gateway);
  const tagged = (operator: string, key: string, team: string) => ({ Condition: { [operator]: { [key]: team } } });
  const select = () => client.execute("SELECT n FROM shop.lines");

  test.each<[string, string, string, boolean]>([
    ["StringEquals", "aws:ResourceTag/team", "red", true],
    ["StringEquals", "aws:ResourceTag/team", "blue", false],
    ["StringNotEquals", "aws:ResourceTag/team", "blue", true],
    ["StringEquals", "aws:ResourceTag/other", "red", false],
    ["Null", "aws:ResourceTag/other", "true", true],
    // A name of old, which the service authorization reference does not have.
    ["StringEquals", "cassandra:ResourceTag/team", "red", false],
    ["StringEquals", "sagemaker:ResourceTag/team", "red", false],
  ])("a table are decided by them: %s %s %s", async (operator, key, team, allowed) => {
    const administrator = await owner();
    await administrator.execute("ALTER TABLE shop.lines ADD TAGS {'team': 'red'}");
    may(connecting, allow(["Select"], ["shop/*"], tagged(operator, key, team)));
    if (allowed) await select();
    else await expect(select()).rejects.toMatchObject({ code: 0x2100 });
    await administrator.execute("ALTER TABLE shop.lines DROP TAGS {'team': 'red'}");
    // Of what bears none.
    const absent = operator !== "StringEquals" && key.startsWith("aws:");
    if (absent) await select();
    else await expect(select()).rejects.toMatchObject({ code: 0x2100 });
  });

  test("a keyspace are not those of its tables, and are there after a restart", async () => {
    const administrator = await owner();
    await createKeyspace(administrator, "reds");
    await administrator.execute("ALTER KEYSPACE reds ADD TAGS {'team': 'red'}");
    await createTable(administrator, "reds", "lines", "(id text PRIMARY KEY)");
    const red = tagged("StringEquals", "aws:ResourceTag/team", "red");
    may(connecting, allow(["Select", "Create", "Alter"], ["reds/*"], red));
    await expect(client.execute("SELECT id FROM reds.lines")).rejects.toMatchObject(
      refused("Select", "reds/table/lines"),
    );
    await client.execute("CREATE TYPE reds.money (amount int)");
    const again = await bench.connectTo(await bench.gatewayWith(), signedBy(who));
    await again.execute("CREATE TYPE reds.coin (amount int)");
    await administrator.execute("ALTER KEYSPACE reds DROP TAGS {'team': 'red'}");
    await expect(client.execute("CREATE TYPE reds.note (amount int)")).rejects.toMatchObject(
      refused("Create", "reds/"),
    );
  });

  test("a table spare from a denial, or do not", async () => {
    const administrator = await owner();
    const deny = {
      ...allow(["Select"], ["shop/*"], tagged("StringNotEquals", "aws:ResourceTag/team", "red")),
      Effect: "Deny",
    };
    may(connecting, allow(["Select"], ["shop/*"]), deny);
    await expect(select()).rejects.toMatchObject({ code: 0x2100, message: expect.stringContaining("explicit deny") });
    await administrator.execute("ALTER TABLE shop.lines ADD TAGS {'team': 'red'}");
    await select();
    await administrator.execute("ALTER TABLE shop.lines DROP TAGS {'team': 'red'}");
  });
});
