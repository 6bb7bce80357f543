import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { definitionRules } from "@keyspaces-segmentation/keyspaces-local/dist/rules/definition_rules.js";
import { sizeRules } from "@keyspaces-segmentation/keyspaces-local/dist/rules/row_size.js";
import {
  batchRules,
  consistencyRules,
  dataRules,
  statementRules,
} from "@keyspaces-segmentation/keyspaces-local/dist/rules/rules.js";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type Client, type QueryOptions, types } from "cassandra-driver";
import { createKeyspace, createTable, gatewayBench } from "../../packages/keyspaces-local/test/support.js";
import { rowsBetween, testRows } from "../support/readme_table.js";

const { one, quorum } = types.consistencies;
const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 150 });
let client: Client;

beforeAll(async () => {
  await bench.begin();
  client = await bench.connectTo(await bench.gatewayWith());
  await createKeyspace(client, "shop");
  await createTable(client, "shop", "lines", "(k text, c text, v text, PRIMARY KEY (k, c))");
});
afterAll(() => bench.end());

type Statement = string | readonly [query: string, params: unknown[], options?: QueryOptions];
const run = (statement: Statement) => {
  const [query, params = [], options = {}] = typeof statement === "string" ? [statement] : statement;
  return client.execute(query, params, { prepare: params.length > 0, ...options });
};

/** Each is refused by the gateway: as invalid, in these words. */
const refused =
  (words: string, ...statements: Statement[]) =>
  async () => {
    for (const statement of statements) {
      await expect(run(statement)).rejects.toMatchObject({ code: 0x2200, message: expect.stringContaining(words) });
    }
  };
/** The first is accepted, the others are refused. */
const limited =
  (accepted: Statement, words: string, ...statements: Statement[]) =>
  async () => {
    await run(accepted);
    await refused(words, ...statements)();
  };
const batchRefused = (words: string, queries: string[], options: QueryOptions) => async () => {
  const batch = client.batch(queries, { prepare: false, ...options });
  await expect(batch).rejects.toMatchObject({ message: expect.stringContaining(words) });
};

const insert = "INSERT INTO shop.lines (k, c, v) VALUES (?, ?, ?)";
const write = "INSERT INTO shop.lines (k, c) VALUES ('k', 'c')";
const table = (name: string, columns: string, options = "") =>
  `CREATE TABLE shop.${name} (k int PRIMARY KEY, ${columns})${options}`;
const keyspace = (replication: string) => `CREATE KEYSPACE other WITH replication = {${replication}}`;
const wide = Array.from({ length: 226 }, (_, i) => `v${i}`);
const list = Array.from({ length: 101 }, (_, i) => `'${i}'`).join();

/** What the code calls a rule: each is broken here, at the gateway. */
const rules = {
  "writes at LOCAL_QUORUM only": refused("ONE is not supported", [insert, ["k", "c", "v"], { consistency: one }]),
  "reads, USE and DDL at ONE, LOCAL_ONE or LOCAL_QUORUM": limited(
    ["SELECT * FROM shop.lines", [], { consistency: one }],
    "QUORUM is not supported",
    ["SELECT * FROM shop.lines", [], { consistency: quorum }],
    ["USE shop", [], { consistency: quorum }],
    [table("q", "v int"), [], { consistency: quorum }],
  ),
  "more than 30 statements in an UNLOGGED batch, or 100 in a LOGGED one": async () => {
    await batchRefused("at most 30", Array(31).fill(write), { logged: false })();
    const accepting = await bench.connectTo(await bench.gatewayWith({ loggedBatches: "accept" }));
    await expect(accepting.batch(Array(101).fill(write))).rejects.toThrow("at most 100");
  },
  "LOGGED batch, unless accepted by setting": batchRefused("Only UNLOGGED", [write], { logged: true }),
  "COUNTER batch": refused(
    "COUNTER",
    "BEGIN COUNTER BATCH UPDATE shop.lines SET v = 'w' WHERE k = 'k' AND c = 'c' APPLY BATCH",
  ),
  "conditions in an UNLOGGED batch": batchRefused("Conditional statements", [`${write} IF NOT EXISTS`], {
    logged: false,
  }),
  "brackets nested more than 10 deep": refused(
    "at most 10 are taken",
    `SELECT ${"cast(".repeat(11)}v${" as text)".repeat(11)} FROM shop.lines`,
  ),
  COUNT: refused(
    "countRows is not yet supported",
    "SELECT COUNT(*) FROM shop.lines",
    "SELECT count(1) FROM shop.lines",
  ),
  "MIN, MAX, SUM, AVG": async () => {
    for (const name of ["min", "max", "sum", "avg"])
      await refused(`${name} is not yet`, `SELECT ${name}(v) FROM shop.lines`)();
  },
  "functions that Keyspaces does not have": refused("Function map_keys", "SELECT map_keys(v) FROM shop.lines"),
  "GROUP BY": refused("GROUP BY is not yet supported", "SELECT k FROM shop.lines GROUP BY k"),
  "IN in UPDATE and DELETE": refused(
    "IN is not supported in",
    "DELETE FROM shop.lines WHERE k IN ('a', 'b')",
    "UPDATE shop.lines SET v = 'w' WHERE k = 'k' AND c IN ('a', 'b')",
  ),
  "IN with more than 100 subqueries": refused("101 subqueries", `SELECT * FROM shop.lines WHERE k IN (${list})`),
  "USING TTL without the table property ttl": refused("TTL is not yet supported", `${write} USING TTL 5`),
  "USING TIMESTAMP and WRITETIME without the table property client_side_timestamps": refused(
    "Client-side timestamps",
    `${write} USING TIMESTAMP 5`,
    "SELECT writetime(v) FROM shop.lines",
  ),
  "more than 225 regular columns in an INSERT or UPDATE, 166 with the table property ttl": async () => {
    await createTable(client, "shop", "wide", `(k int PRIMARY KEY, ${wide.map((name) => `${name} int`).join()})`);
    const put = (names: string[]) =>
      `INSERT INTO shop.wide (k, ${names.join()}) VALUES (1, ${names.map(() => 1).join()})`;
    await limited(put(wide.slice(1)), "at most 225", put(wide))();
  },
  "secondary index": refused("INDEX is not yet", "CREATE INDEX ON shop.lines (v)", "DROP INDEX shop.i"),
  "materialized view": refused("VIEW is not yet", "CREATE MATERIALIZED VIEW shop.m AS SELECT * FROM shop.lines"),
  trigger: refused("TRIGGER is not yet", "CREATE TRIGGER t ON shop.lines USING 'x'"),
  "user-defined function": refused(
    "FUNCTION is not yet",
    "CREATE FUNCTION shop.f (a int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS 'x'",
  ),
  "user-defined aggregate": refused("AGGREGATE is not yet", "CREATE AGGREGATE shop.a (int) SFUNC f STYPE int"),
  TRUNCATE: refused("TRUNCATE is not yet supported", "TRUNCATE shop.lines"),
  "ALTER TYPE": refused("ALTER TYPE is not yet supported", "ALTER TYPE shop.x ADD a int"),
  "roles, users and permissions": refused(
    "is not yet supported",
    ...[
      "CREATE ROLE r",
      "CREATE USER u",
      "GRANT ALL ON KEYSPACE shop TO a",
      "REVOKE ALL ON KEYSPACE shop FROM a",
      "LIST ROLES",
    ],
  ),
  "any other statement": async () => {
    await refused("is not supported", "DESCRIBE KEYSPACES")();
    await expect(run(`${write}; ${write}`)).rejects.toMatchObject({ code: 0x2000 });
    await refused("", [table("p", "v int"), [], { prepare: true }])();
  },
  "replication other than SingleRegionStrategy": refused(
    "",
    keyspace("'class': 'SimpleStrategy', 'replication_factor': 1"),
    keyspace("'class': 'NetworkTopologyStrategy', 'eu-west-1': 3"),
  ),
  "DURABLE_WRITES = false": refused(
    "DURABLE_WRITES",
    `${keyspace("'class': 'SingleRegionStrategy'")} AND durable_writes = false`,
  ),
  "unknown options of keyspaces and tables": refused("", table("o", "v int", " WITH speed = 'high'")),
  "default_time_to_live from 0 to 630720000": refused(
    "",
    table("t", "v int", " WITH default_time_to_live = 630720001"),
  ),
  "names of 1 to 48 letters, digits and underscores": refused("is not a valid name", table("n".repeat(49), "v int")),
  "columns and fields of type duration or vector or of a custom type, masked columns": refused(
    "is not supported",
    table("d", "v duration"),
    table("d", "v vector<float, 3>"),
    table("d", "v 'DurationType'"),
    "CREATE TYPE shop.x (since duration)",
    table("d", "v int masked with default"),
  ),
  "ALTER TABLE other than ADD and WITH": refused(
    "is not yet supported",
    "ALTER TABLE shop.lines DROP v",
    "ALTER TABLE shop.lines RENAME k TO l",
  ),
  "more than one custom property in an ALTER TABLE": refused(
    "",
    "ALTER TABLE shop.lines WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}, 'client_side_timestamps': {'status': 'enabled'}}",
  ),
  "auto scaling of a table that is not PROVISIONED": refused(
    "",
    table(
      "a",
      "v int",
      " WITH AUTOSCALING_SETTINGS = {'read_capacity_autoscaling_update': {'autoscaling_disabled': true}}",
    ),
  ),
  "partition key over 2,048 bytes": refused("The partition key has 2049 bytes", [insert, ["k".repeat(2049), "c", "v"]]),
  "clustering columns over 850 bytes": refused("851 bytes", [insert, ["k", "c".repeat(851), "v"]]),
  "empty text or blob in a clustering column": refused("cannot be empty", [insert, ["k", "", "v"]]),
};

const rows = rowsBetween("## Amazon Keyspaces", "## STS");

describe("of Amazon Keyspaces", () => {
  testRows(rows, {
    "✓": {
      ...rules,
      TLS: ["keyspaces-local/test/door/wire_fuzz.test.ts", "plain text is refused without a word of the protocol"],
      "SigV4: key, secret, region, nonce, session token, date within 15 minutes": [
        "keyspaces-local/test/door/gateway.test.ts",
        ...["a wrong secret", "another region", "an unknown key", "another session token"],
        ...["not who signed a quarter of an hour ago", "not who signs for a quarter of an hour later"],
      ],
      "principal without permissions": ["keyspaces-local/test/door/gateway.test.ts", "not who has no permissions"],
      "service-specific credentials (user and password)": [
        "keyspaces-local/test/door/gateway.test.ts",
        "not who has a wrong password, but who has the right one",
      ],
      "protocol v3 and v4, no compression": [
        "keyspaces-local/test/door/session.test.ts",
        "version %p: answers come from Cassandra byte for byte",
        "compression, queries and a second STARTUP are protocol errors on their own streams",
      ],
      "log-in within 10 seconds": [
        "keyspaces-local/test/door/wire_fuzz.test.ts",
        "ends, at whatever step, and one that is done goes on",
      ],
      "asynchronous DDL": [
        "keyspaces-local/test/door/gateway.test.ts",
        "take effect a while later, also over a restart in between",
      ],
      "requests on a connection: 3,000 a second": [
        "keyspaces-local/test/rules/limits.test.ts",
        "a connection's requests, writes and reads with their own error each",
        "an IN counts its subqueries",
      ],
      "range delete of more than 1,000 rows": [
        "keyspaces-local/test/rules/limits.test.ts",
        "a DELETE of more than 1,000 rows is refused, however it names them",
      ],
      "short and empty pages": ["keyspaces-local/test/rules/limits.test.ts", "filtering gives short and empty ones"],
      "load balancers in system.peers, 127.0.0.1 in system.local": [
        "keyspaces-local/test/rules/limits.test.ts",
        "system.local has the address of the loopback interface and the host_id of a peer",
      ],
    },
    "◐": {
      "permissions by action, keyspace and table": [
        "keyspaces-local/test/door/access.test.ts",
        "what a prepared statement may do is asked each time it is executed, not when it is prepared",
      ],
      "row over 1 MB": refused("The row has", [insert, ["k", "c", "v".repeat(2 ** 20)]]),
      "custom properties, tags, auto scaling, cdc": [
        "keyspaces-local/test/door/gateway.test.ts",
        "add columns and properties to a table in use",
      ],
      "system tables": [
        "keyspaces-local/test/door/gateway.test.ts",
        "list the user's tables and columns and nothing of the gateway's or Cassandra's",
      ],
      "capacity of a table: 40,000 units a second, or as PROVISIONED": [
        "keyspaces-local/test/rules/limits.test.ts",
        "a table's writes: a unit for each started KB, in batches too",
        "a PROVISIONED table as it asked, and after an ALTER as it asks then",
      ],
      "capacity of a partition: 1,000 write and 3,000 read units a second": [
        "keyspaces-local/test/rules/limits.test.ts",
        "a partition, whether its key is bound or written out",
      ],
      "units of reads and writes": [
        "keyspaces-local/test/rules/capacity.test.ts",
        "what tables take is counted, and what is refused is not",
        "of its storage partitions, those are empty that no key has come to; of a table filled elsewhere, none is",
      ],
      "pages of at most 1 MB": [
        "keyspaces-local/test/rules/limits.test.ts",
        "the driver's own stream goes through all of them",
      ],
    },
    "✗": {
      // Silently accepted: refused, it would be another mark.
      "CQL that Cassandra 4 and 5 added (`SELECT k + 1`)": () => run("SELECT k + 'x' FROM shop.lines"),
    },
  });

  test("every rule of the code is a row, and is broken above", () => {
    const lists = [consistencyRules, dataRules, batchRules, statementRules, definitionRules, sizeRules];
    const names = lists.flatMap((each: readonly { name: string }[]) => each.map(({ name }) => name));
    expect(names.toSorted()).toEqual([...Object.keys(rules), "row over 1 MB"].sort());
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });
});
