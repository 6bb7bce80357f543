import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import {
  catalogue,
  catalogueTable,
  type RuleCode,
} from "@keyspaces-segmentation/keyspaces-local/dist/catalogue/catalogue.js";
import { ROOT, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type Client, type QueryOptions, types } from "cassandra-driver";
import { testCalled } from "../../../../test/support/readme_table.js";
import { createKeyspace, createTable, gatewayBench, untilTableIs } from "../support.js";

const { one, quorum } = types.consistencies;
const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 150 });
let client: Client;

beforeAll(async () => {
  await bench.begin();
  client = await bench.connectTo(await bench.gatewayWith());
  await createKeyspace(client, "shop");
  await createTable(client, "shop", "lines", "(k text, c text, v text, PRIMARY KEY (k, c))");
  await createTable(client, "shop", "carts", "(k int, c int, m map<text, text>, s set<text>, PRIMARY KEY (k, c))");
  await createTable(client, "shop", "hits", "(k text PRIMARY KEY, n counter)");
});
afterAll(() => bench.end());

type Statement = string | readonly [query: string, params: unknown[], options?: QueryOptions];
const run = (statement: Statement) => {
  const [query, params = [], options = {}] = typeof statement === "string" ? [statement] : statement;
  return client.execute(query, params, { prepare: params.length > 0, ...options });
};

/** Shows a rule: breaks it, or names the tests that do. */
type Shown = ((code: RuleCode) => Promise<unknown>) | readonly [file: string, ...names: string[]];

/** The service's words, and the rule's code behind them. */
const inWords = (words: string, code: RuleCode) => ({
  code: 0x2200,
  message: expect.stringMatching(new RegExp(`${words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}[\\s\\S]* \\[${code}\\]$`)),
});
/** Each is refused by the gateway: as invalid, in these words. */
const refused =
  (words: string, ...statements: Statement[]): Shown =>
  async (code) => {
    for (const statement of statements) await expect(run(statement)).rejects.toMatchObject(inWords(words, code));
  };
/** The first is accepted, the others are refused. */
const limited =
  (accepted: Statement, words: string, ...statements: Statement[]): Shown =>
  async (code) => {
    await run(accepted);
    for (const statement of statements) await expect(run(statement)).rejects.toMatchObject(inWords(words, code));
  };
const batchRefused =
  (words: string, queries: string[], options: QueryOptions): Shown =>
  async (code) => {
    await expect(client.batch(queries, { prepare: false, ...options })).rejects.toMatchObject(inWords(words, code));
  };

const insert = "INSERT INTO shop.lines (k, c, v) VALUES (?, ?, ?)";
const write = "INSERT INTO shop.lines (k, c) VALUES ('k', 'c')";
const table = (name: string, columns: string, options = "") =>
  `CREATE TABLE shop.${name} (k int PRIMARY KEY, ${columns})${options}`;
const withProperties = (properties: string) => ` WITH CUSTOM_PROPERTIES = {${properties}}`;
const keyspace = (replication: string) => `CREATE KEYSPACE other WITH replication = {${replication}}`;
const wide = Array.from({ length: 226 }, (_, i) => `v${i}`);
const list = Array.from({ length: 101 }, (_, i) => `'${i}'`).join();
/** Of 128 bytes and a few. */
const fields = (count: number) => Array.from({ length: count }, (_, i) => `${`f${i}`.padEnd(120, "x")} bigint`).join();
const rows = (count: number) =>
  Array.from({ length: count }, (_, i) => `INSERT INTO shop.lines (k, c) VALUES ('k', '${i}')`);

const shown: Readonly<Record<RuleCode, Shown>> = {
  "KL-TLS": ["door/wire_fuzz.test.ts", "plain text is refused without a word of the protocol"],
  "KL-SIGNATURE": [
    "door/gateway.test.ts",
    ...["a wrong secret", "another region", "an unknown key", "another session token"],
    ...["not who signed a quarter of an hour ago", "not who signs for a quarter of an hour later"],
  ],
  "KL-PASSWORD": ["door/gateway.test.ts", "not who has a wrong password, but who has the right one"],
  "KL-NO-PERMISSIONS": ["door/gateway.test.ts", "not who has no permissions"],
  "KL-PERMISSION": [
    "door/access.test.ts",
    "what a prepared statement may do is asked each time it is executed, not when it is prepared",
  ],
  "KL-PROTOCOL": [
    "door/session.test.ts",
    "version %p: answers come from Cassandra byte for byte",
    "compression, queries and a second STARTUP are protocol errors on their own streams",
  ],
  "KL-LOGIN-TIME": ["door/wire_fuzz.test.ts", "ends, at whatever step, and one that is done goes on"],
  "KL-WRITE-CONSISTENCY": refused("ONE is not supported", [insert, ["k", "c", "v"], { consistency: one }]),
  "KL-READ-CONSISTENCY": limited(
    ["SELECT * FROM shop.lines", [], { consistency: one }],
    "QUORUM is not supported",
    ["SELECT * FROM shop.lines", [], { consistency: quorum }],
    ["USE shop", [], { consistency: quorum }],
    [table("q", "v int"), [], { consistency: quorum }],
  ),
  "KL-PEERS": [
    "rules/limits.test.ts",
    "system.local has the address of the loopback interface and the host_id of a peer",
  ],
  "KL-UNLOGGED-SIZE": batchRefused("at most 30 are supported", rows(31), { logged: false }),
  "KL-UNLOGGED-CONDITION": batchRefused("Conditional statements", [`${write} IF NOT EXISTS`], { logged: false }),
  "KL-LOGGED": async (code) => {
    const strict = await bench.connectTo(await bench.gatewayWith({ loggedBatches: "refuse" }));
    const words = "Only UNLOGGED Batches are supported at this time.";
    await expect(strict.batch([write])).rejects.toMatchObject(inWords(words, code));
    const gateway = await bench.gatewayWith();
    const logged = await bench.connectTo(gateway);
    const written = () => gateway.units()["shop.lines"]?.written;
    await logged.batch(rows(100));
    expect(written()).toBe(200);
    await logged.batch(rows(30), { logged: false });
    expect(written()).toBe(230);
  },
  "KL-LOGGED-SIZE": batchRefused("at most 100 are supported", rows(101), {}),
  "KL-LOGGED-STATIC": async (code) => {
    await createTable(client, "shop", "shared", "(k int, c int, s int static, v int, PRIMARY KEY (k, c))");
    const withStatics = (count: number, first: string) => [
      first,
      ...Array.from({ length: count - 1 }, (_, c) => `INSERT INTO shop.shared (k, c, v) VALUES (1, ${c}, 0)`),
    ];
    const statics = [
      "UPDATE shop.shared SET s = 1 WHERE k = 2",
      "DELETE s FROM shop.shared WHERE k = 2",
      "DELETE v, s FROM shop.shared WHERE k = 2 AND c = 99",
    ];
    for (const first of statics) {
      await client.batch(withStatics(50, first));
      const failure = inWords("Batch has 51 statements; at most 50", code);
      await expect(client.batch(withStatics(51, first))).rejects.toMatchObject(failure);
    }
    await client.batch(withStatics(51, "DELETE v FROM shop.shared WHERE k = 1 AND c = 99"));
  },
  "KL-LOGGED-BYTES": async (code) => {
    const large = (bytes: number) =>
      [1, 2, 3, 4, 5].map((c) => ({ query: insert, params: [`${c}`, "c", "v".repeat(bytes)] }));
    const failure = inWords("at most 4194304 are supported", code);
    await expect(client.batch(large(850_000), { prepare: true })).rejects.toMatchObject(failure);
    await client.batch(large(830_000), { prepare: true });
  },
  "KL-LOGGED-OPERATOR": async (code) => {
    for (const where of ["c > 'a'", "c <= 'a'"]) {
      const words = `Operator ${where.split(" ")[1]} is not supported in LOGGED batches`;
      const del = `DELETE FROM shop.lines WHERE k = 'k' AND ${where}`;
      await expect(client.batch([del])).rejects.toMatchObject(inWords(words, code));
      await expect(run(`BEGIN BATCH ${del}; APPLY BATCH`)).rejects.toMatchObject(inWords(words, code));
      await client.batch([del], { logged: false });
    }
  },
  "KL-LOGGED-RANGE": batchRefused("Range deletes", ["DELETE FROM shop.lines WHERE k = 'k'"], {}),
  "KL-LOGGED-COUNTER": batchRefused("Counter operations", ["UPDATE shop.hits SET n = n + 1 WHERE k = 'k'"], {}),
  "KL-LOGGED-ROW": async (code) => {
    const words = "Multiple statements affecting the same row";
    const bound = (c: string) => ({ query: insert, params: ["k", c, "v"] });
    const twice = client.batch([bound("c"), bound("d"), bound("c")], { prepare: true });
    await expect(twice).rejects.toMatchObject(inWords(words, code));
    await expect(client.batch([write, bound("c")], { prepare: true })).rejects.toMatchObject(inWords(words, code));
    await expect(run(`BEGIN BATCH ${write}; ${write}; APPLY BATCH`)).rejects.toMatchObject(inWords(words, code));
    await client.batch([bound("c"), bound("d")], { prepare: true });
    await client.batch([bound("c"), bound("c")], { prepare: true, logged: false });
  },
  "KL-COUNTER-BATCH": refused(
    "COUNTER",
    "BEGIN COUNTER BATCH UPDATE shop.hits SET n = n + 1 WHERE k = 'k' APPLY BATCH",
  ),
  "KL-BATCH-STATEMENT": batchRefused("only UPDATE, INSERT and DELETE", ["SELECT * FROM shop.lines"], { logged: false }),
  "KL-COUNT": refused(
    "countRows is not yet supported",
    "SELECT COUNT(*) FROM shop.lines",
    "SELECT count(1) FROM shop.lines",
  ),
  "KL-AGGREGATE": async (code) => {
    for (const name of ["min", "max", "sum", "avg"]) {
      const failure = inWords(`${name} is not yet supported`, code);
      await expect(run(`SELECT ${name}(v) FROM shop.lines`)).rejects.toMatchObject(failure);
    }
  },
  "KL-FUNCTION": limited(
    "SELECT toJson(v), currentDate(), currentTime(), currentTimestamp(), currentTimeUUID() FROM shop.lines",
    "Function ",
    ...["SELECT map_keys(v) FROM shop.lines", "SELECT ttl(m) FROM shop.carts"],
  ),
  "KL-GROUP-BY": refused("GROUP BY is not yet supported", "SELECT k FROM shop.lines GROUP BY k"),
  "KL-DISTINCT": refused(
    "SELECT DISTINCT is not supported",
    ...["SELECT DISTINCT k FROM shop.lines", "SELECT JSON DISTINCT k FROM shop.lines"],
  ),
  "KL-PER-PARTITION": refused("PER PARTITION LIMIT", "SELECT * FROM shop.lines PER PARTITION LIMIT 1 LIMIT 5"),
  "KL-OPERATOR": limited(
    "SELECT * FROM shop.lines WHERE k = 'a' AND c IN ('like', 'is')",
    "is not supported in WHERE",
    ...["k != 'a'", "v LIKE 'a%'", "k BETWEEN 'a' AND 'b'", "v IS NOT NULL", "k NOT IN ('a')"].map(
      (where) => `SELECT * FROM shop.lines WHERE ${where} ALLOW FILTERING`,
    ),
  ),
  "KL-ARITHMETIC": limited(
    "SELECT * FROM shop.lines WHERE token(k) > -5",
    "Arithmetic",
    "SELECT k + 'x' FROM shop.lines",
    "SELECT * FROM shop.lines WHERE token(k) > 1 - 2",
  ),
  "KL-ELEMENT": limited(
    "SELECT [k, c] FROM shop.carts WHERE m CONTAINS KEY 'a' ALLOW FILTERING",
    "Elements of collections",
    ...["SELECT m['a'] FROM shop.carts", "SELECT m['a'..'b'] FROM shop.carts", "SELECT s['a'] FROM shop.carts"],
    "SELECT k FROM shop.carts WHERE m['a'] = 'b' ALLOW FILTERING",
  ),
  "KL-BRACKETS": refused(
    "at most 10 are taken",
    `SELECT ${"cast(".repeat(11)}v${" as text)".repeat(11)} FROM shop.lines`,
  ),
  "KL-IN-WRITE": refused(
    "IN is not supported in",
    "DELETE FROM shop.lines WHERE k IN ('a', 'b')",
    "UPDATE shop.lines SET v = 'w' WHERE k = 'k' AND c IN ('a', 'b')",
  ),
  "KL-IN-COLUMN": limited(
    "SELECT * FROM shop.lines WHERE k IN ('a') AND c IN ('b')",
    "IN predicates on non-primary-key columns (v)",
    ...[
      "SELECT * FROM shop.lines WHERE v IN ('a') ALLOW FILTERING",
      "SELECT * FROM shop.lines WHERE k = 'a' AND v IN ('a')",
    ],
  ),
  "KL-IN-SUBQUERIES": refused("101 subqueries", `SELECT * FROM shop.lines WHERE k IN (${list})`),
  "KL-TTL": refused("TTL is not yet supported.", `${write} USING TTL 5`),
  "KL-TIMESTAMP": refused(
    "Client-side timestamps",
    `${write} USING TIMESTAMP 5`,
    "SELECT writetime(v) FROM shop.lines",
  ),
  "KL-TIMESTAMP-RANGE": ["rules/statements.test.ts", "$statement"],
  "KL-VARINT": ["rules/statements.test.ts", "$statement"],
  "KL-INEQUALITY": ["rules/statements.test.ts", "$statement"],
  "KL-IN-TOKEN": ["rules/statements.test.ts", "$statement"],
  "KL-IN-ORDER": ["door/in_lists.test.ts", "%s: %s", "end after ten subqueries, as the guide shows it"],
  "KL-COLUMNS": async (code) => {
    await createTable(client, "shop", "wide", `(k int PRIMARY KEY, ${wide.map((name) => `${name} int`).join()})`);
    const put = (names: string[]) =>
      `INSERT INTO shop.wide (k, ${names.join()}) VALUES (1, ${names.map(() => 1).join()})`;
    await run(put(wide.slice(1)));
    await expect(run(put(wide))).rejects.toMatchObject(inWords("at most 225", code));
  },
  "KL-MARKERS": [
    "door/hostile_requests.test.ts",
    "of more than a million tokens is refused, and of more markers than values can be given",
  ],
  "KL-PREPARED": refused("can", [table("p", "v int"), [], { prepare: true }], ["USE shop", [], { prepare: true }]),
  "KL-INDEX": refused("INDEX is not yet supported", "CREATE INDEX ON shop.lines (v)", "DROP INDEX shop.i"),
  "KL-VIEW": refused("VIEW is not yet supported", "CREATE MATERIALIZED VIEW shop.m AS SELECT * FROM shop.lines"),
  "KL-TRIGGER": refused("TRIGGER is not yet supported", "CREATE TRIGGER t ON shop.lines USING 'x'"),
  "KL-UDF": refused(
    "FUNCTION is not yet supported",
    "CREATE FUNCTION shop.f (a int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS 'x'",
  ),
  "KL-UDA": refused("AGGREGATE is not yet supported", "CREATE AGGREGATE shop.a (int) SFUNC f STYPE int"),
  "KL-TRUNCATE": refused("TRUNCATE is not yet supported", "TRUNCATE shop.lines"),
  "KL-ALTER-TYPE": refused("ALTER TYPE is not yet supported", "ALTER TYPE shop.x ADD a int"),
  "KL-ROLES": refused(
    "is not yet supported",
    ...["CREATE ROLE r", "CREATE USER u", "GRANT ALL ON KEYSPACE shop TO a", "REVOKE ALL ON KEYSPACE shop FROM a"],
    "LIST ROLES",
  ),
  "KL-RESTORE": refused("RESTORE is not emulated", "RESTORE TABLE shop.again FROM TABLE shop.lines"),
  "KL-STATEMENT": async (code) => {
    await expect(run("DESCRIBE KEYSPACES")).rejects.toMatchObject(inWords("is not supported", code));
    // What no version of CQL begins with.
    for (const none of [`${write}; ${write}`, "SELEC k FROM shop.lines", "CREATE TABEL shop.x (k int PRIMARY KEY)"])
      await expect(run(none)).rejects.toMatchObject({ code: 0x2000 });
  },
  "KL-NAME": refused("is not a valid name", table("n".repeat(49), "v int")),
  "KL-TYPE-NAME": limited(
    'CREATE TYPE shop."int" (a int)',
    "is not allowed because it is a reserved keyword",
    ...["int", "TimeUUID", "byte"].map((name) => `CREATE TYPE shop.${name} (a int)`),
  ),
  "KL-REPLICATION": refused(
    "Unsupported replication strategy 'SimpleStrategy'",
    keyspace("'class': 'SimpleStrategy', 'replication_factor': 1"),
  ),
  "KL-REGIONS": refused(
    "",
    keyspace("'class': 'NetworkTopologyStrategy', 'eu-west-1': 3"),
    keyspace("'class': 'NetworkTopologyStrategy', 'eu-west-1': 3, 'us-east-1': 2"),
    keyspace("'class': 'NetworkTopologyStrategy', 'eu-west-1': 3, 'dc1': 3"),
    keyspace("'class': 'NetworkTopologyStrategy', 'us-west-2': 3, 'us-east-1': 3"),
  ),
  "KL-REGION-TIMESTAMPS": async (code) => {
    await createKeyspace(client, "wider");
    await createTable(client, "wider", "t", "(k int PRIMARY KEY)");
    await run("CREATE TYPE wider.address (street text)");
    const alter = "ALTER KEYSPACE wider WITH replication =";
    const two = "{'class': 'NetworkTopologyStrategy', 'eu-west-1': 3, 'us-east-1': '3'}";
    await expect(run(`${alter} ${two}`)).rejects.toMatchObject(inWords("Table t has no client-side timestamps", code));
    await run(`${alter} ${two} AND CLIENT_SIDE_TIMESTAMPS = {'status': 'ENABLED'}`);
    await untilTableIs(client, "wider", "t", "ACTIVE");
    await run(`INSERT INTO wider.t (k) VALUES (1) USING TIMESTAMP ${Date.now() * 1000}`);
    const info = "SELECT * FROM system_multiregion_info";
    const replicas = async () =>
      (await run(`${info}.keyspaces WHERE keyspace_name = 'wider'`)).rows.map((row) => `${row.region} ${row.status}`);
    await waitUntil(
      "the keyspace in two Regions",
      async () => {
        const seen = String(await replicas());
        return seen === "eu-west-1 Active,us-east-1 Active" ? { done: true, seen } : { seen };
      },
      { deadlineMs: 20_000, firstDelayMs: 20 },
    );
    const tables = (await run(`${info}.tables WHERE keyspace_name = 'wider' AND table_name = 't'`)).rows;
    expect(tables.map((row) => [row.region, row.status])).toEqual([
      ["eu-west-1", "ACTIVE"],
      ["us-east-1", "ACTIVE"],
    ]);
    const shown = "SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = 'wider'";
    expect((await run(shown)).first().get("replication")).toEqual({
      class: "org.apache.cassandra.locator.NetworkTopologyStrategy",
      "eu-west-1": "3",
      "us-east-1": "3",
    });
    const types = (await run(`${info}.types WHERE keyspace_name = 'wider'`)).rows;
    expect(types.map((row) => [row.type_name, row.region])).toEqual([
      ["address", "eu-west-1"],
      ["address", "us-east-1"],
    ]);
    const away = run(`${alter} {'class': 'NetworkTopologyStrategy', 'eu-west-1': 3, 'us-west-2': 3}`);
    await expect(away).rejects.toMatchObject(inWords("A Region cannot be removed", "KL-REGIONS"));
  },
  "KL-DURABLE-WRITES": refused(
    "DURABLE_WRITES",
    `${keyspace("'class': 'SingleRegionStrategy'")} AND durable_writes = false`,
  ),
  "KL-OPTION": refused("Unknown property 'speed'", table("o", "v int", " WITH speed = 'high'")),
  "KL-DEFAULT-TTL": refused("from 0 to 630720000", table("t", "v int", " WITH default_time_to_live = 630720001")),
  "KL-TYPE": refused(
    "is not supported",
    table("d", "v duration"),
    table("d", "v vector<float, 3>"),
    table("d", "v 'DurationType'"),
    "CREATE TYPE shop.x (since duration)",
    table("d", "v int masked with default"),
  ),
  "KL-NESTING": limited(
    table("nested", `v ${"frozen<list<".repeat(8)}int${">>".repeat(8)}`),
    "Collections are nested 9 deep",
    table("deeper", `v ${"frozen<list<".repeat(9)}int${">>".repeat(9)}`),
  ),
  "KL-ALTER-TABLE": refused(
    "is not yet supported",
    "ALTER TABLE shop.lines DROP v",
    "ALTER TABLE shop.lines RENAME k TO l",
  ),
  "KL-ONE-PROPERTY": refused(
    "Only one custom property",
    `ALTER TABLE shop.lines${withProperties("'ttl': {'status': 'enabled'}, 'client_side_timestamps': {'status': 'enabled'}")}`,
  ),
  "KL-PROPERTY": refused(
    "Custom property",
    table("c", "v int", withProperties("'speed': {'status': 'enabled'}")),
    table("c", "v int", withProperties("'ttl': {'status': 'on'}")),
    table("c", "v int", withProperties("'replica_updates': {'eu-west-1': {'read_capacity_units': 5}}")),
  ),
  "KL-IRREVERSIBLE": async (code) => {
    await createTable(client, "shop", "dated", `(k int PRIMARY KEY)${withProperties("'ttl': {'status': 'enabled'}")}`);
    const back = `ALTER TABLE shop.dated${withProperties("'ttl': {'status': 'disabled'}")}`;
    await expect(run(back)).rejects.toMatchObject(inWords("cannot be disabled", code));
  },
  "KL-WARM-THROUGHPUT": async (code) => {
    const warm = (read: number) => withProperties(`'warm_throughput': {'read_units_per_second': ${read}}`);
    await createTable(client, "shop", "warm", `(k int PRIMARY KEY)${warm(40_000)}`);
    await run(`ALTER TABLE shop.warm${warm(60_000)}`);
    const query = "SELECT custom_properties FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?";
    const properties = (await run([query, ["shop", "warm"]])).first().get("custom_properties");
    expect(properties.warm_throughput).toEqual({ read_units_per_second: "60000", status: "AVAILABLE" });
    const less = run(`ALTER TABLE shop.warm${warm(50_000)}`);
    await expect(less).rejects.toMatchObject(inWords("cannot be decreased from 60000", code));
    await expect(run(table("w", "v int", warm(0)))).rejects.toMatchObject(inWords("to be 1 at least", code));
  },
  "KL-CDC": async (code) => {
    const spec = withProperties("'cdc_specification': {'propagate_tags': 'TABLE', 'tags': {'team': 'shop'}}");
    await createTable(client, "shop", "changes", `(k int PRIMARY KEY)${spec} AND cdc = TRUE`);
    const query =
      "SELECT cdc, custom_properties FROM system_schema_mcs.tables WHERE keyspace_name = 'shop' AND table_name = 'changes'";
    const seen = async () => {
      const row = (await run(query)).first();
      return [row.get("cdc"), row.get("custom_properties").cdc_specification];
    };
    expect(await seen()).toEqual([
      true,
      {
        propagate_tags: "TABLE",
        view_type: "NEW_AND_OLD_IMAGES",
        status: "ENABLED",
        latest_stream_arn: expect.stringMatching(
          /:\/keyspace\/shop\/table\/changes\/stream\/\d{4}-\d\d-\d\dT[\d:.]{12}$/,
        ),
      },
    ]);
    await run("ALTER TABLE shop.changes WITH cdc = FALSE");
    expect(await seen()).toEqual([false, undefined]);
    await expect(run(table("d", "v int", spec))).rejects.toMatchObject(inWords("needs cdc = TRUE", code));
  },
  "KL-AUTOSCALING": refused(
    "AUTOSCALING_SETTINGS",
    table(
      "a",
      "v int",
      " WITH AUTOSCALING_SETTINGS = {'provisioned_read_capacity_autoscaling_update': {'autoscaling_disabled': true}}",
    ),
  ),
  "KL-TAGS": refused("reserved", table("g", "v int", " WITH TAGS = {'aws:k': 'v'}")),
  "KL-KEY": ["schema/table_key.test.ts", "a key of another region, before anything is sent, and by the service"],
  "KL-QUOTA": async (code) => {
    await run("CREATE TYPE shop.only (a int)");
    const small = await bench.connectTo(await bench.gatewayWith({ quotas: { keyspaces: 1, tables: 1, types: 1 } }));
    const words = "as many as its quota allows";
    const one = [keyspace("'class': 'SingleRegionStrategy'"), table("q", "v int"), "CREATE TYPE shop.second (a int)"];
    for (const statement of one) await expect(small.execute(statement)).rejects.toMatchObject(inWords(words, code));
    await small.execute("CREATE TYPE IF NOT EXISTS shop.only (a int)");
  },
  "KL-DEFINITIONS": async (code) => {
    await waitUntil(
      "every table to be ACTIVE",
      async () => {
        const { rows } = await run("SELECT status FROM system_schema_mcs.tables");
        const busy = rows.filter((row) => row.status !== "ACTIVE").length;
        return busy === 0 ? { done: true, seen: "0" } : { seen: `${busy} others` };
      },
      { deadlineMs: 20_000, firstDelayMs: 20 },
    );
    const options = { quotas: { definitions: 2 }, activeAfterMs: 600_000 };
    const busy = await bench.connectTo(await bench.gatewayWith(options));
    await busy.execute(table("first_of_two", "v int"));
    await busy.execute(table("second_of_two", "v int"));
    const third = busy.execute(table("third_of_two", "v int"));
    await expect(third).rejects.toMatchObject(inWords("under way at once: 3; at most 2", code));
    await busy.execute("SELECT * FROM shop.lines");
  },
  "KL-SCHEMA-SIZE": limited(
    `CREATE TYPE shop.wide_type (${fields(190)})`,
    "The schema has ",
    `CREATE TYPE shop.wider_type (${fields(200)})`,
    table("far", `${fields(2800)}, v int`),
  ),
  "KL-FIELD-NAME": limited(
    `CREATE TYPE shop.long_field (${"f".repeat(128)} int)`,
    "The name of a field has 129 characters",
    `CREATE TYPE shop.longer_field (${"f".repeat(129)} int)`,
    `CREATE TYPE shop.longer_field (a map<text, int>, ${"f".repeat(129)} int)`,
  ),
  "KL-TYPE-NESTING": async (code) => {
    await run("CREATE TYPE shop.level1 (a int)");
    const level = (depth: number) => `CREATE TYPE shop.level${depth} (a list<frozen<level${depth - 1}>>)`;
    for (let depth = 2; depth <= 8; depth++) await run(level(depth));
    await expect(run(level(9))).rejects.toMatchObject(inWords("Levels of nesting of level9: 9; at most 8", code));
  },
  "KL-TYPE-TABLES": async (code) => {
    for (const name of ["one", "two", "three"]) await run(`CREATE TYPE shop.${name} (one int, b int)`);
    const options = { quotas: { typesPerTable: 2, tablesPerType: 2 }, activeAfterMs: 150 };
    const small = await bench.connectTo(await bench.gatewayWith(options));
    // Columns and fields may have the names of types, and a column a type more than once.
    await createTable(
      small,
      "shop",
      "uses_two",
      "(k int, one int, a one, b frozen<list<frozen<two>>>, c one, PRIMARY KEY (k, one))",
    );
    const more = "ALTER TABLE shop.uses_two ADD d frozen<map<int, frozen<three>>>";
    await expect(small.execute(more)).rejects.toMatchObject(inWords("that uses_two refers to: 3; at most 2", code));
    await small.execute("ALTER TABLE shop.uses_two ADD d one");
    await createTable(small, "shop", "uses_one", "(k int PRIMARY KEY, a shop.one)");
    const third = small.execute(table("uses_it_too", "a frozen<one>"));
    await expect(third).rejects.toMatchObject(inWords("that refer to type one: 3; at most 2", code));
  },
  "KL-TYPE-FAMILY": async (code) => {
    const numbers = Array.from({ length: 11 }, (_, number) => number);
    for (const number of numbers) await run(`CREATE TYPE shop.child${number} (a int)`);
    const children = (count: number) => numbers.slice(0, count).map((n) => `f${n} frozen<child${n}>`);
    const eleven = run(`CREATE TYPE shop.parent (${children(11)})`);
    await expect(eleven).rejects.toMatchObject(inWords("directly inside of parent: 11; at most 10", code));
    await run(`CREATE TYPE shop.parent (${children(10)})`);
    for (const number of numbers.slice(2)) await run(`CREATE TYPE shop.parent${number} (a frozen<child0>)`);
    const second = run("CREATE TYPE shop.parent_too (a frozen<child0>)");
    await expect(second).rejects.toMatchObject(inWords("that hold child0 directly: 11; at most 10", code));
  },
  "KL-UNCONFIGURED": limited("SELECT * FROM shop.lines", "unconfigured", "SELECT * FROM shop.nothing", "USE nothing"),
  "KL-EVENTS": [
    "door/schema_events.test.ts",
    "of each definition, once it has taken effect, to whoever has registered for changes of the schema",
  ],
  "KL-BUSY": async (code) => {
    await createKeyspace(client, "growing");
    const slow = await bench.connectTo(await bench.gatewayWith({ activeAfterMs: 600_000 }));
    const two = "{'class': 'NetworkTopologyStrategy', 'eu-west-1': 3, 'us-east-1': 3}";
    await slow.execute(`ALTER KEYSPACE growing WITH replication = ${two}`);
    const table = slow.execute("CREATE TABLE growing.t (k int PRIMARY KEY)");
    await expect(table).rejects.toMatchObject(inWords("as a Region is being added", code));
    const query = "SELECT region, status, tables_replication_progress FROM system_multiregion_info.keyspaces";
    const { rows } = await slow.execute(`${query} WHERE keyspace_name = 'growing'`);
    expect(rows.map((row) => [row.region, row.status, row.tables_replication_progress])).toEqual([
      ["eu-west-1", "Updating", null],
      ["us-east-1", "Creating", "0%"],
    ]);
    await slow.execute("USE growing");
  },
  "KL-SYSTEM": async (code) => {
    const failure = { ...inWords("not user-modifiable", code), code: 0x2100 };
    await expect(run("INSERT INTO system_schema_mcs.tags (resource_id) VALUES ('x')")).rejects.toMatchObject(failure);
    await expect(run("SELECT * FROM system_traces.sessions")).rejects.toMatchObject(
      inWords("unconfigured table", code),
    );
  },
  "KL-PARTITIONER": [
    "schema/partitioner.test.ts",
    "an account's partitioner is changed to one with the same tokens, and to no other",
  ],
  "KL-CONNECTION-RATE": [
    "rules/limits.test.ts",
    "a connection's requests, writes and reads with their own error each",
    "an IN counts its subqueries",
  ],
  "KL-CAPACITY": [
    "rules/limits.test.ts",
    "a table's writes: a unit for each started KB, in batches too",
    "a PROVISIONED table as it asked, and after an ALTER as it asks then",
    "a partition, whether its key is bound or written out",
  ],
  "KL-UNITS": [
    "rules/capacity.test.ts",
    "what tables take is counted, and what is refused is not",
    "of its storage partitions, those are empty that no key has come to; of a table filled elsewhere, none is",
  ],
  "KL-ROW-SIZE": refused("The row has", [insert, ["k", "c", "v".repeat(2 ** 20)]]),
  "KL-PARTITION-KEY": refused("The partition key has 2049 bytes", [insert, ["k".repeat(2049), "c", "v"]]),
  "KL-CLUSTERING-KEY": refused("851 bytes", [insert, ["k", "c".repeat(851), "v"]]),
  "KL-EMPTY-CLUSTERING": refused("cannot be empty", [insert, ["k", "", "v"]]),
  "KL-RANGE-DELETE": ["rules/limits.test.ts", "a DELETE of more than 1,000 rows is refused, however it names them"],
  "KL-PAGE-SIZE": ["rules/limits.test.ts", "the driver's own stream goes through all of them"],
  "KL-EMPTY-PAGES": ["rules/limits.test.ts", "filtering gives short and empty ones"],
  "KL-API": ["control_plane/control_plane.test.ts", "one schema behind both doors"],
};

describe("each rule, by its code", () => {
  test.each(Object.keys(catalogue) as RuleCode[])("%s", async (code) => {
    const show = shown[code];
    if (typeof show === "function") {
      await show(code);
      return;
    }
    const [file, ...names] = show;
    const text = readFileSync(join(ROOT, "packages/keyspaces-local/test", file), "utf8");
    expect(text).not.toMatch(/\b(test|describe)\.(skip|only|failing|todo)\b/);
    for (const name of names) expect(text).toMatch(testCalled(name));
  });
});

describe("the catalogue", () => {
  test("says of what is done in part, or not, which part, or what becomes of it", () => {
    const silent = Object.entries(catalogue).filter(([, { status, remark }]) => status !== "enforced" && remark === "");
    expect(silent).toEqual([]);
  });

  test("is the README's table", () => {
    const readme = readFileSync(join(ROOT, "packages/keyspaces-local/README.md"), "utf8");
    const [, table] = /<!-- rules -->\n\n([\s\S]*?)\n\n<!-- \/rules -->/.exec(readme) ?? [];
    expect(table).toBe(catalogueTable());
  });
});
