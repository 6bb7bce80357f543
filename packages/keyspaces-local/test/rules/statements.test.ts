import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type Client, types } from "cassandra-driver";
import { createKeyspace, createTable, gatewayBench } from "../support.js";

/** Statements that the guide has something to say of, page by page: taken, or refused. Those behind a rule's own code are in catalogue.test.ts. */

const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 50 });
let client: Client;

beforeAll(async () => {
  await bench.begin();
  client = await bench.connectTo(await bench.gatewayWith());
  await createKeyspace(client, "ks");
  await client.execute("CREATE TYPE ks.address (street text, number int)");
  await createTable(
    client,
    "ks",
    "t",
    `(k int, c int, s text STATIC, v text, n int, f float, b blob, vi varint, l list<int>, fl frozen<list<int>>, m map<text, int>,
    st set<text>, tp tuple<int, text>, ad frozen<address>, PRIMARY KEY (k, c))`,
  );
  await createTable(
    client,
    "ks",
    "timed",
    "(k int, c int, v text, PRIMARY KEY (k, c)) WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}, 'client_side_timestamps': {'status': 'enabled'}}",
  );
  await createTable(client, "ks", "dated", "(k int PRIMARY KEY, at timestamp)");
  await createTable(client, "ks", "hits", "(k int PRIMARY KEY, n counter)");
  for (const c of [1, 2]) await client.execute(`INSERT INTO ks.t (k, c, l, m) VALUES (1, ${c}, [1, 2], {'a': 1})`);
});
afterAll(() => bench.end());

const taken = "taken";
/** The protocol's code, and some of the words. */
type Refused = readonly [code: number, words?: string];
type Case = readonly [statement: string, outcome: typeof taken | Refused, params?: readonly unknown[]];

/** `{-60}` in a statement stands for the microseconds of a minute ago. */
const withTimes = (statement: string): string =>
  statement.replace(
    /TIMESTAMP \{(-?\d+)\}/,
    (_, seconds) => `TIMESTAMP ${(Date.now() + Number(seconds) * 1000) * 1000}`,
  );

const pages: Readonly<Record<string, readonly Case[]>> = {
  "cql.dml.select": [
    ["SELECT JSON k, v FROM ks.t", taken],
    ["SELECT k AS key, v FROM ks.t WHERE k = 1", taken],
    ["SELECT CAST(n AS text) FROM ks.t WHERE k = 1", taken],
    ["SELECT token(k), k FROM ks.t", taken],
    ["SELECT * FROM ks.t WHERE token(k) > 5 AND token(k) <= 9", taken],
    ["SELECT * FROM ks.t WHERE k IN (1, 2) AND c = 2", taken],
    ["SELECT * FROM ks.t WHERE k IN (1, 2) AND c <= 2", taken],
    ["SELECT * FROM ks.t WHERE k = 1 AND c IN (1, 2)", taken],
    ["SELECT * FROM ks.t WHERE k <= 2 AND c IN (1, 2) ALLOW FILTERING", taken],
    ["SELECT * FROM ks.t WHERE k = 1 LIMIT ?", taken, [2]],
    ["SELECT * FROM ks.t WHERE k = 1 LIMIT 0", [0x2200]],
    ["SELECT * FROM ks.t WHERE k > 1", [0x2200]],
    ["SELECT * FROM ks.t WHERE v = 'x'", [0x2200]],
    ["SELECT * FROM ks.t WHERE v = 'x' ALLOW FILTERING", taken],
    ["SELECT * FROM ks.t WHERE l CONTAINS 1 ALLOW FILTERING", taken],
    ["SELECT * FROM ks.t WHERE m CONTAINS KEY 'a' ALLOW FILTERING", taken],
    ["SELECT * FROM ks.t WHERE k = 1 ORDER BY c DESC", taken],
    ["SELECT * FROM ks.t WHERE k = 1 ORDER BY v", [0x2200]],
    ["SELECT * FROM ks.t ORDER BY c", [0x2200]],
    ["SELECT ttl(v) FROM ks.t", taken],
  ],
  "functional-differences": [
    ["SELECT * FROM ks.t WHERE k IN (1, 2) ORDER BY c DESC", taken],
    ["SELECT * FROM ks.t WHERE k IN ? ORDER BY c DESC", taken, [[1, 2]]],
    ["SELECT * FROM ks.t WHERE token(k) > 1 AND c IN (1, 2) ALLOW FILTERING", [0x2200, "token is not supported"]],
    ["SELECT * FROM ks.t WHERE fl > [1] ALLOW FILTERING", [0x2200, "Inequality"]],
    ["SELECT * FROM ks.t WHERE ad >= {street: 'a'} ALLOW FILTERING", [0x2200, "Inequality"]],
    ["SELECT * FROM ks.t WHERE fl = [1] ALLOW FILTERING", taken],
    ["UPDATE ks.t SET v = 'x' WHERE k = 1 AND c = 1 IF fl > [1]", [0x2200, "Inequality"]],
    ["UPDATE ks.t SET v = 'x' WHERE k = 1 AND c = 1 IF ad != {street: 'a'}", [0x2200, "Inequality"]],
    ["UPDATE ks.t SET v = 'x' WHERE k = 1 AND c = 1 IF fl = [1]", taken],
    ["UPDATE ks.t SET v = 'x' WHERE k = 1 AND c = 1 IF n > 1", taken],
    ["UPDATE ks.t SET v = 'x' WHERE k = 1 AND c = 1 IF EXISTS", taken],
    ["DELETE FROM ks.t WHERE k = 9 AND c > 1 AND c < 5", taken],
    ["DELETE FROM ks.t WHERE k = 9", taken],
    ["DELETE FROM ks.t WHERE k = 9 AND c > 1 IF EXISTS", [0x2200]],
  ],
  "cql.functions": [
    ["SELECT uuid(), now(), intAsBlob(n), blobAsInt(intAsBlob(n)) FROM ks.t", taken],
    ["SELECT toDate(now()), toTimestamp(now()), toUnixTimestamp(now()) FROM ks.t", taken],
    ["SELECT minTimeuuid('2024-01-01'), maxTimeuuid('2024-01-01') FROM ks.t", taken],
    ["SELECT dateOf(now()), unixTimestampOf(now()) FROM ks.t", taken],
    ["SELECT key, dateOf(now()), unixTimestampOf(now()) FROM system.local WHERE key = 'local'", taken],
    ["SELECT dateOf(now()) FROM ks.t WHERE k = ? AND c > ?", taken, [1, 0]],
    ["INSERT INTO ks.t (k, c, v) VALUES (?, toUnixTimestamp(now()), ?)", [0x2200], [1, "x"]],
    ["BEGIN UNLOGGED BATCH INSERT INTO ks.dated (k, at) VALUES (1, dateOf(now())); APPLY BATCH", taken],
    ["INSERT INTO ks.dated (k, at) VALUES (2, dateOf(now()))", taken],
    ["INSERT INTO ks.dated (k, at) VALUES (?, dateOf(now()))", taken, [3]],
  ],
  "cql.dml.insert": [
    [`INSERT INTO ks.t JSON '{"k": 3, "c": 1, "v": "x"}'`, taken],
    [`INSERT INTO ks.t JSON '{"k": 3, "c": 1}' DEFAULT UNSET`, taken],
    [`INSERT INTO ks.t JSON '{"k": 3, "c": 1, "k": 4}'`, taken],
    ["INSERT INTO ks.timed (k, c) VALUES (1, 1) IF NOT EXISTS USING TTL 60", taken],
    ["INSERT INTO ks.timed (k, c) VALUES (1, 1) USING TTL 630720000", [0x2200]],
    ["INSERT INTO ks.timed (k, c) VALUES (1, 1) USING TTL 630720001", [0x2200]],
    ["INSERT INTO ks.timed (k, c) VALUES (1, 1) USING TTL -1", [0x2200]],
    ["INSERT INTO ks.timed (k, c) VALUES (1, 1) USING TIMESTAMP {0} AND TTL 60", taken],
    ["INSERT INTO ks.timed (k, c) VALUES (1, 1) USING TIMESTAMP {-172200}", taken],
    ["INSERT INTO ks.timed (k, c) VALUES (1, 1) USING TIMESTAMP {-172860}", [0x2200, "2 days in the past"]],
    ["INSERT INTO ks.timed (k, c) VALUES (1, 1) USING TIMESTAMP {600}", [0x2200, "5 minutes in the future"]],
    ["INSERT INTO ks.timed (k, c) VALUES (1, 1) USING TIMESTAMP ?", [0x2200, "2 days in the past"], [5]],
    ["INSERT INTO ks.t (k, v) VALUES (1, 'x')", [0x2200]],
    ["INSERT INTO ks.t (k, s) VALUES (1, 'static')", taken],
    ["INSERT INTO ks.t (k, c) VALUES (1, null)", [0x2200]],
  ],
  "cql.elements": [
    ["INSERT INTO ks.t (k, c, v) VALUES (1, 1, $$it's$$)", taken],
    ["INSERT INTO ks.t (k, c, f) VALUES (1, -1, NaN)", taken],
    ["INSERT INTO ks.t (k, c, b) VALUES (1, 1, 0xCAFE)", taken],
    ["INSERT INTO ks.t (k, c, tp) VALUES (1, 1, (1, 'a'))", taken],
    [`INSERT INTO ks.t (k, c, vi) VALUES (1, 1, ${10n ** 37n})`, taken],
    [`INSERT INTO ks.t (k, c, vi) VALUES (1, 1, ${10n ** 38n + 1n})`, [0x2200, "varint"]],
    ["INSERT INTO ks.t (k, c, vi) VALUES (1, 1, ?)", [0x2200, "varint"], [types.Integer.fromString(`-${10n ** 40n}`)]],
    ["UPDATE ks.hits SET n = n + 1 WHERE k = 1", taken],
    ["UPDATE ks.hits SET n = n - 1 WHERE k = 1", taken],
    ["UPDATE ks.hits SET n = 5 WHERE k = 1", [0x2200]],
    ["INSERT INTO ks.hits (k, n) VALUES (1, 5)", [0x2200]],
    ["CREATE TABLE ks.x (k counter PRIMARY KEY)", [0x2200]],
    ["CREATE TABLE ks.x (k int PRIMARY KEY, n counter, v int)", [0x2200]],
    ["CREATE TABLE ks.x (k int PRIMARY KEY, s int STATIC)", [0x2200]],
    ["CREATE TABLE ks.frozenkey (k frozen<list<int>> PRIMARY KEY, t tuple<int, text>)", taken],
    ["CREATE TABLE ks.x (k int PRIMARY KEY, v set<map<text, int>>)", [0x2200]],
  ],
  "cql.dml.update": [
    ["UPDATE ks.t SET l = l + [3], m = m + {'b': 2}, st = st - {'a'} WHERE k = 1 AND c = 1", taken],
    ["UPDATE ks.t SET l = [0] + l, m['a'] = 5 WHERE k = 1 AND c = 1", taken],
    ["UPDATE ks.t SET l[0] = 5 WHERE k = 1 AND c = 1", taken],
    ["UPDATE ks.t SET fl[0] = 5 WHERE k = 1 AND c = 1", [0x2200]],
    ["UPDATE ks.t SET ad.street = 'x' WHERE k = 1 AND c = 1", [0x2200]],
    ["UPDATE ks.t SET s = 'x' WHERE k = 1", taken],
    ["UPDATE ks.t SET v = 'x' WHERE k = 1", [0x2200]],
    ["UPDATE ks.t SET c = 5 WHERE k = 1 AND c = 1", [0x2200]],
    ["UPDATE ks.timed USING TIMESTAMP {600} SET v = 'x' WHERE k = 1 AND c = 1", [0x2200, "5 minutes in the future"]],
    ["UPDATE ks.timed USING TTL 60 SET v = 'x' WHERE k = 1 AND c = 1", taken],
  ],
  "cql.dml.delete": [
    ["DELETE v, m['a'] FROM ks.t WHERE k = 1 AND c = 1", taken],
    ["DELETE l[0] FROM ks.t WHERE k = 1 AND c = 2", taken],
    ["DELETE FROM ks.t", [0x2000]],
    ["DELETE FROM ks.t WHERE c = 1", [0x2200]],
    ["DELETE FROM ks.t WHERE k = 1 AND c = 7 IF EXISTS", taken],
    ["DELETE FROM ks.timed USING TIMESTAMP {0} WHERE k = 1 AND c = 1", taken],
    ["DELETE FROM ks.timed USING TIMESTAMP 5 WHERE k = 1 AND c = 1", [0x2200, "2 days in the past"]],
  ],
  batchStatements: [
    ["BEGIN UNLOGGED BATCH UPDATE ks.hits SET n = n + 1 WHERE k = 1; APPLY BATCH", taken],
    ["BEGIN UNLOGGED BATCH USING TIMESTAMP {0} INSERT INTO ks.timed (k, c) VALUES (2, 1); APPLY BATCH", taken],
    [
      "BEGIN UNLOGGED BATCH USING TIMESTAMP 5 INSERT INTO ks.timed (k, c) VALUES (2, 1); APPLY BATCH",
      [0x2200, "2 days in the past"],
    ],
    [
      "BEGIN BATCH INSERT INTO ks.t (k, c) VALUES (5, 1); INSERT INTO ks.timed (k, c) VALUES (5, 1); APPLY BATCH",
      taken,
    ],
  ],
  "cql.ddl.type": [
    ['CREATE TYPE ks."Special_Ch@r@cters<>!!" (a int)', taken],
    ['CREATE TYPE ks."1234" (a int)', taken],
    ["CREATE TYPE IF NOT EXISTS ks.address (a int)", taken],
    ["CREATE TYPE ks.nested (a address)", [0x2200]],
    ["CREATE TYPE ks.nested (a frozen<address>)", taken],
    ["DROP TYPE ks.address", [0x2200]],
    ["DROP TYPE IF EXISTS ks.nothing", taken],
  ],
  "cql.ddl.table": [
    [
      "CREATE TABLE ks.ordered (k int, c int, PRIMARY KEY (k, c)) WITH CLUSTERING ORDER BY (c DESC) AND comment = 'x'",
      taken,
    ],
    ["CREATE TABLE IF NOT EXISTS ks.ordered (k int PRIMARY KEY)", taken],
    ["CREATE TABLE ks.x (k int PRIMARY KEY) WITH gc_grace_seconds = 5 AND bloom_filter_fp_chance = 0.5", taken],
    ["CREATE TABLE ks.y (k int PRIMARY KEY) WITH COMPACT STORAGE", [0x2000]],
    ["CREATE TABLE ks.y (k int, v int)", [0x2200]],
    ["DROP TABLE IF EXISTS ks.nothing", taken],
    ["DROP TABLE ks.nothing", [0x2200, "unconfigured table"]],
  ],
  "working-with-keyspaces": [
    ["SELECT * FROM system.size_estimates", taken],
    ["SELECT * FROM system_schema_mcs.tables", taken],
    ["SELECT * FROM system.peers_v2", [0x2200, "unconfigured table"]],
    ["SELECT * FROM system_auth.roles", [0x2200, "unconfigured table"]],
    ["SELECT * FROM system_traces.sessions", [0x2200, "unconfigured table"]],
    ["SELECT * FROM system_views.settings", [0x2200, "unconfigured table"]],
    ["DELETE FROM system_schema.tables WHERE keyspace_name = 'ks'", [0x2100]],
  ],
};

describe.each(Object.keys(pages))("%s", (page) => {
  test.each(pages[page]!.map(([statement, outcome, params = []]) => ({ statement, outcome, params })))(
    "$statement",
    async ({ statement, outcome, params }) => {
      const failure = await client
        .execute(withTimes(statement), [...params], { prepare: params.length > 0 })
        .then(() => undefined)
        .catch((error: { code: number; message: string }) => error);
      if (outcome === taken) {
        expect(failure).toBeUndefined();
        return;
      }
      const [code, words = ""] = outcome;
      expect(failure).toMatchObject({ code, message: expect.stringContaining(words) });
    },
  );
});
