import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { Client, type QueryOptions, types } from "cassandra-driver";
import { createKeyspace, createTable, gatewayBench } from "../support.js";

const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 60 });
const prepared: QueryOptions = { prepare: true };
let client: Client;
/** Past the gateway. */
let plain: Client;
const early = types.TimeUuid.fromString("00000000-0000-1000-8000-00000000000a");
const none = Buffer.alloc(0);
const host = types.InetAddress.fromString("1.2.3.4");
const texts = ["\u{1f600}", "a", "\u65e5\u672c", "\u00fc"];

beforeAll(async () => {
  await bench.begin();
  client = await bench.connectTo(await bench.gatewayWith());
  const at = bench.cassandra();
  plain = new Client({ contactPoints: [`${at.host}:${at.port}`], localDataCenter: "datacenter1" });
  await plain.connect();
  bench.closeLater(() => plain.shutdown());
  await createKeyspace(client, "shop");
  await createTable(client, "shop", "pairs", "(k int, x int, y int, PRIMARY KEY (k, x, y))");
  for (const n of [0, 1, 2])
    await client.execute("INSERT INTO shop.pairs (k, x, y) VALUES (1, ?, ?)", [n, n], prepared);
  const columns = "k text, a ascii, i inet, t timeuuid, n tinyint, d decimal";
  await createTable(client, "shop", "kinds", `(${columns}, PRIMARY KEY (k, a, i, t, n, d))`);
  const insert = "INSERT INTO shop.kinds (k, a, i, t, n, d) VALUES (?, ?, ?, ?, ?, ?)";
  for (const k of texts) {
    for (const address of ["1.2.3.4", "::1"]) {
      const key = [k, "a", types.InetAddress.fromString(address), early, 0, types.BigDecimal.fromString("1.5")];
      await client.execute(insert, key, prepared);
    }
  }
});
afterAll(() => bench.end());

describe("a value that is written and bound in two ways is found once, as by Cassandra", () => {
  const bytes = (hex: string) => Buffer.from(hex, "hex");
  beforeAll(async () => {
    const columns = "k int, v varint, d double, f float, b boolean";
    await createTable(client, "shop", "numbers", `(${columns}, PRIMARY KEY (k, v, d, f, b))`);
    const insert = "INSERT INTO shop.numbers (k, v, d, f, b) VALUES";
    const rows = ["(1, 1, NaN, NaN, true)", "(1, 1, 0, 0, false)", "(1, -1, -0.0, -0.0, true)", "(1, 0, 1, 1, true)"];
    for (const row of rows) await client.execute(`${insert} ${row}`);
  });
  test.each<[where: string, values: Buffer[]]>([
    ["v IN (1, ?, ?)", [bytes("0001"), bytes("00000001")]],
    ["v IN (-1, ?, ?)", [bytes("ffff"), bytes("00ff")]],
    ["v IN (?, ?, 0)", [bytes("0000"), bytes("0001".repeat(40))]],
    ["v = 1 AND d IN (NaN, ?, ?)", [bytes("7ff8000000000001"), bytes("fff0000000000001")]],
    ["v = 1 AND d IN (0, ?, -0.0)", [bytes("8000000000000000")]],
    ["v = 1 AND d IN (?, NaN, ?)", [none, bytes("7ff8000000000001")]],
    ["v = 1 AND d = NaN AND f IN (?, ?, nan)", [bytes("7fc00001"), bytes("ffc00000")]],
    ["v = 1 AND d = NaN AND f = NaN AND b IN (true, ?, ?)", [bytes("01"), bytes("02")]],
    ["v = 1 AND (d, f) IN ((NaN, NaN), (?, ?))", [bytes("7ff8000000000001"), bytes("7fc00001")]],
  ])("%s", async (where, values) => {
    const query = `SELECT * FROM shop.numbers WHERE k = 1 AND ${where}`;
    const found = async (asked: Client) =>
      (await asked.execute(query, values, prepared)).rows.map((row) => row.values().map(String).join()).toSorted();
    const expected = await found(plain);
    expect(expected).not.toEqual([]);
    expect(await found(client)).toEqual(expected);
  });
});

describe("what Cassandra refuses of the values is refused before there is a row", () => {
  const kinds = "SELECT n FROM shop.kinds WHERE";
  const pairs = "SELECT * FROM shop.pairs WHERE";
  const pair = `${pairs} k = 1 AND (x, y) IN`;
  /** A list of ints, with what stands behind it. */
  const listOf = (rest: readonly number[]) => Buffer.from([0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 1, ...rest]);
  const outcome = (asked: Client, query: string, params: unknown[], options: QueryOptions) =>
    asked.execute(query, params, options).then(
      ({ rows }) => `${rows.length} rows`,
      ({ code, message }) => `${code} ${message}`,
    );

  const refused: readonly [query: string, params: unknown[]][] = [
    [`${kinds} k IN (?, ?) LIMIT 1`, ["a", ""]],
    [`${kinds} k IN ('a', '') LIMIT 1`, []],
    [`${kinds} k IN ? LIMIT 1`, [["a", ""]]],
    [`${pairs} k IN (?, ?) LIMIT 1`, [1, none]],
    [`${kinds} k IN ('a', ?) LIMIT 1`, [Buffer.from([0xff])]],
    [`${kinds} k IN ('a', ?) LIMIT 1`, ["x".repeat(70_000)]],
    [`${kinds} k IN ('a', '${"x".repeat(70_000)}') LIMIT 1`, []],
    [`${kinds} k = 'a' AND a IN ('a', ?) LIMIT 1`, [Buffer.from([200])]],
    [`${kinds} k = 'a' AND a = 'a' AND i IN (?, ?) LIMIT 1`, [host, Buffer.alloc(3)]],
    [`${kinds} k = 'a' AND a = 'a' AND i = ? AND t IN (?, ?) LIMIT 1`, [host, early, types.Uuid.random()]],
    [`${kinds} k = 'a' AND a = 'a' AND i = ? AND t = ? AND n IN (?, ?) LIMIT 1`, [host, early, 0, none]],
    [
      `${kinds} k = 'a' AND a = 'a' AND i = ? AND t = ? AND n = 0 AND d IN (1.5, ?) LIMIT 1`,
      [host, early, Buffer.alloc(3)],
    ],
    [`${pair} ? LIMIT 1`, [[new types.Tuple(0, 0), new types.Tuple(1, null)]]],
    [`${pair} (?, ?) LIMIT 1`, [new types.Tuple(0, 0), new types.Tuple(1, null)]],
    [`${pair} ((?, ?), (?, ?)) LIMIT 1`, [0, 0, Buffer.alloc(3), 0]],
    [`${pairs} k IN ? LIMIT 1`, [listOf([0, 0, 0, 0])]],
  ];

  test.each(refused.map(([query, params]) => [query.slice(0, 120), query, params] as const))(
    "%s",
    async (_shown, query, params) => {
      const options = { prepare: params.length > 0 };
      const expected = await outcome(plain, query, params, options);
      expect(expected).not.toMatch(/rows$/);
      expect(await outcome(client, query, params, options)).toBe(expected);
    },
  );

  test.each(["", " AND nothing = 1"])("of a QUERY that has too few%s, the words first", async (tail) => {
    const options = { hints: ["int"] };
    const query = `${pairs} k IN (?, ?)${tail}`;
    const expected = await outcome(plain, query, [1], options);
    expect(expected).not.toMatch(/rows$/);
    expect(await outcome(client, query, [1], options)).toBe(expected);
  });

  test("but not what is only short, long or of another alphabet", async () => {
    const found = async (query: string, params: unknown[], key: string) =>
      (await client.execute(query, params, prepared)).rows.map((row) => String(row.get(key)));
    expect(await found("SELECT k FROM shop.kinds WHERE k IN ? AND a = 'a' AND i = ?", [texts, host], "k")).toEqual(
      texts,
    );
    const hosts = [types.InetAddress.fromString("::1"), host];
    const query = "SELECT i FROM shop.kinds WHERE k = 'a' AND a IN ('', 'a') AND i IN ?";
    expect(await found(query, [hosts], "i")).toEqual(hosts.map(String));
    const tuples = [2, 0, 1].map((n) => new types.Tuple(n, n));
    expect(await found(`${pair} ?`, [tuples], "x")).toEqual(["2", "0", "1"]);
    expect(await found(`${pair} ((?, ?), (1, ?), (0, 0))`, [2, 2, 1], "x")).toEqual(["2", "1", "0"]);
  });

  test("a clustering column's empty value is a value, and pages are as the client wants them", async () => {
    const query = `${pairs} k = 1 AND x IN (?, ?, ?, ?)`;
    const params = [2, 1, 0, none];
    const first = await client.execute(query, params, { prepare: true, fetchSize: 2 });
    const { pageState } = first;
    const second = await client.execute(query, params, { prepare: true, fetchSize: 2, pageState });
    expect([first, second].map(({ rows }) => rows.map((row) => row.get("x")))).toEqual([[2, 1], [0]]);
  });
});
