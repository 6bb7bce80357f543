import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { type Client, types } from "cassandra-driver";
import { createTable } from "../../support.js";
import { type Cases, passes, refused } from "./case.js";
import { keyspace, prepared, type World } from "./world.js";

const { getDataTypeNameByCode } = types as unknown as { getDataTypeNameByCode(type: object): string };
const typeNames = (columns: readonly { name: string; type: object }[]) =>
  Object.fromEntries(columns.map(({ name, type }) => [name, getDataTypeNameByCode(type)]));

async function withTable(
  world: World,
  name: string,
  columns: string,
  look: (client: Client) => Promise<void>,
): Promise<void> {
  await createTable(world.client, keyspace, name, columns);
  await look(world.client);
}

const definitions = {
  function: "CREATE FUNCTION f (a int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS 'return a;'",
  aggregate: "CREATE AGGREGATE a (int) SFUNC f STYPE int",
  view: "CREATE MATERIALIZED VIEW v AS SELECT * FROM things WHERE id IS NOT NULL AND name IS NOT NULL PRIMARY KEY (name, id)",
  index: "CREATE INDEX ON things (name)",
};

export const metadata: Cases = {
  "keyspaces, with their replication": passes(async ({ client }) => {
    await client.metadata.refreshKeyspaces();
    assert.deepEqual(
      Object.keys(client.metadata.keyspaces).filter((name) => name === keyspace),
      [keyspace],
    );
    await client.metadata.refreshKeyspace(keyspace);
    assert.match(client.metadata.keyspaces[keyspace]!.strategy, /Strategy$/);
  }),
  "a table: keys, order, columns, static ones": passes((world) =>
    withTable(
      world,
      "described",
      "(a int, b text, c timeuuid, s text static, v map<text, frozen<list<int>>>, PRIMARY KEY ((a, b), c)) WITH CLUSTERING ORDER BY (c DESC)",
      async ({ metadata }) => {
        const table = await metadata.getTable(keyspace, "described");
        assert.deepEqual(typeNames(table.columns), {
          a: "int",
          b: "text",
          c: "timeuuid",
          s: "text",
          v: "map<text, list<int>>",
        });
        assert.deepEqual(
          [table.partitionKeys, table.clusteringKeys].map((keys) => keys.map(({ name }) => name)),
          [["a", "b"], ["c"]],
        );
        assert.deepEqual([table.clusteringOrder, table.indexes, table.isCompact], [["DESC"], [], false]);
        assert.deepEqual((table as unknown as { staticColumns?: object }).staticColumns ?? {}, {});
      },
    ),
  ),
  "a table, a type and a keyspace that are not there": passes(async ({ client: { metadata } }) => {
    assert.equal(await metadata.getTable(keyspace, "nothing"), null);
    assert.equal(await metadata.getTable("nowhere", "nothing"), null);
    assert.equal(await metadata.getUdt(keyspace, "nothing"), null);
  }),
  "a user-defined type": passes(async ({ client }) => {
    await client.execute(`CREATE TYPE ${keyspace}.described_type (first text, rest frozen<set<int>>)`);
    const status = `SELECT status FROM system_schema_mcs.types WHERE keyspace_name = '${keyspace}' AND type_name = 'described_type'`;
    while ((await client.execute(status)).first()?.get("status") !== "ACTIVE");
    const { fields } = await client.metadata.getUdt(keyspace, "described_type");
    assert.deepEqual(
      fields.map(({ name }) => name),
      ["first", "rest"],
    );
  }),
  "token ranges, a token's replicas, and routing by them": passes(async ({ client }) => {
    const ranges = client.metadata.getTokenRanges();
    assert.ok(ranges.size > 1);
    const token = client.metadata.newToken(Buffer.from([0, 0, 0, 1]));
    assert.ok([...ranges].some((range) => range.contains(token)));
    const replicas = client.metadata.getReplicas(keyspace, Buffer.from([0, 0, 0, 1]));
    assert.ok(replicas.length > 0);
    const { info } = await client.execute("SELECT * FROM things WHERE id = ?", [1], prepared);
    assert.ok(replicas.some(({ address }) => address === info.queriedHost));
  }),
  "no functions, aggregates, views and indexes": passes(async ({ client: { metadata } }) => {
    assert.deepEqual(await metadata.getFunctions(keyspace, "f"), []);
    assert.deepEqual(await metadata.getAggregates(keyspace, "a"), []);
    assert.equal(await metadata.getMaterializedView(keyspace, "v", undefined as never), null);
    assert.deepEqual((await metadata.getTable(keyspace, "things")).indexes, []);
  }),
  "a function": refused("KL-UDF", ({ client }) => client.execute(definitions.function)),
  "an aggregate": refused("KL-UDA", ({ client }) => client.execute(definitions.aggregate)),
  "a materialized view": refused("KL-VIEW", ({ client }) => client.execute(definitions.view)),
  "an index": refused("KL-INDEX", ({ client }) => client.execute(definitions.index)),
  "agreement on the schema": passes(async ({ client }) => {
    const { metadata } = client as unknown as { metadata: { checkSchemaAgreement(): Promise<boolean> } };
    assert.equal(await metadata.checkSchemaAgreement(), true);
    const { info } = await client.execute(`CREATE TABLE IF NOT EXISTS ${keyspace}.things (id int PRIMARY KEY)`);
    assert.equal((info as unknown as { isSchemaInAgreement: boolean }).isSchemaInAgreement, true);
  }),
  "a table that the client itself has changed": passes((world) =>
    withTable(world, "changed", "(id int PRIMARY KEY)", async (client) => {
      const columns = async () => Object.keys((await client.metadata.getTable(keyspace, "changed")).columnsByName);
      assert.deepEqual(await columns(), ["id"]);
      await client.execute(`ALTER TABLE ${keyspace}.changed ADD more text`);
      while ((await columns()).length < 2) {
        await client.metadata.refreshKeyspace(keyspace);
      }
    }),
  ),
  "a table that another client has made, and changed, by events": passes(async (world) => {
    const other = await world.connect();
    const columns = async () =>
      Object.keys((await other.metadata.getTable(keyspace, "made_by_one"))?.columnsByName ?? {}).join();
    assert.equal(await columns(), "");
    await createTable(world.client, keyspace, "made_by_one", "(id int PRIMARY KEY)");
    // It answers from its memory, without leaving its turn, until an event tells it not to.
    const until = async (wanted: string) => {
      while ((await columns()) !== wanted) await delay(10);
    };
    await until("id");
    await world.client.execute(`ALTER TABLE ${keyspace}.made_by_one ADD more text`);
    await until("id,more");
  }),
};
