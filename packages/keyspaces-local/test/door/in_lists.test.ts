import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createFaults } from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
import { seededRandom, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { Client, concurrent, policies, type QueryOptions, types } from "cassandra-driver";
import { createKeyspace, createTable, gatewayBench, untilTableIs } from "../support.js";
import { DRIVER_GAVE_UP, everyRow, type ReadOrder, type ReadReport } from "./reads_under_load.js";

const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 60 });
let client: Client;
const unlimited = {
  requestsPerConnection: Number.POSITIVE_INFINITY,
  tableReadUnits: Number.POSITIVE_INFINITY,
  partitionReadUnits: Number.POSITIVE_INFINITY,
};
const prepared: QueryOptions = { prepare: true };

beforeAll(async () => {
  await bench.begin();
  client = await bench.connectTo(await bench.gatewayWith());
  await createKeyspace(client, "shop");
  // The tables and rows of the guide: in.select.html.
  const key = "PRIMARY KEY (department_id, sales_region_id, sales_representative_id)";
  const columns = "department_id int, sales_region_id int, sales_representative_id int, customer_name text";
  await createTable(client, "shop", "customers", `(${columns}, ${key})`);
  const names = ["abc", "def", "ghi", "jkl"];
  const insert =
    "INSERT INTO shop.customers (department_id, sales_region_id, sales_representative_id, customer_name) VALUES (?, ?, ?, ?)";
  for (const [department, letters] of names.entries()) {
    for (const [n, letter] of [...letters].entries())
      await client.execute(insert, [department, n, n, letter], prepared);
  }
  await createTable(
    client,
    "shop",
    "lines",
    "(a text, b int, c int, s text static, v blob, PRIMARY KEY ((a, b), c)) WITH CLUSTERING ORDER BY (c DESC)",
  );
});
afterAll(() => bench.end());

const tupleOf = (values: readonly number[]) => new types.Tuple(...values);
const lettersOf = (rows: readonly types.Row[]) => rows.map((row) => row.get("customer_name")).join("");
const letters = async (query: string, params: unknown[] = [], options: QueryOptions = {}) =>
  lettersOf((await client.execute(query, params, { prepare: params.length > 0, ...options })).rows);
const from = "SELECT * FROM shop.customers WHERE";

describe("IN finds rows in the order of what is listed", () => {
  test.each<[string, string, unknown[]?]>([
    ["department_id IN (3, 0, 2)", "jklabcghi"],
    ["department_id IN (3, 0, 3)", "jklabc"],
    ["department_id IN ? AND sales_region_id = 1", "keh", [[3, 1, 2]]],
    ["department_id IN (?, ?, ?)", "jklabc", [3, 0, 3]],
    ["department_id IN ?", "jklabc", [[3, 0, 3]]],
    ["department_id IN (?, 1) AND sales_region_id IN (:second, 0)", "kjed", [3, 1]],
    ["department_id = 1 AND sales_region_id IN (2, 0)", "fd"],
    ["department_id = 1 AND (sales_region_id, sales_representative_id) IN ((2, 2), (0, 0), (1, 0))", "fd"],
    ["department_id IN (1, 2) AND sales_region_id <= 1", "degh"],
    // Each by itself, as the guide shows it, not all of them together.
    ["department_id IN (2, 3, 1) ORDER BY sales_region_id DESC", "ihglkjfed"],
    ["department_id IN (2, 3, 1) ORDER BY sales_region_id DESC LIMIT 4", "ihgl"],
    ["department_id IN (2, 3, 1) LIMIT ?", "gh", [2]],
    ["department_id IN (9, 8)", ""],
    ["department_id IN ()", ""],
    ["department_id IN () ORDER BY sales_region_id DESC", ""],
    ["department_id = 1 AND sales_region_id IN (2 ,/* 1, */ 0 )AND sales_representative_id IN(:k,2 )", "fd", [0]],
    [
      "department_id = 1 AND (sales_region_id, sales_representative_id) IN ?",
      "fd",
      [
        [
          [2, 2],
          [0, 0],
        ].map(tupleOf),
      ],
    ],
    ["department_id = 1 AND (sales_region_id, sales_representative_id) IN ((?, ?), (0, ?))", "fd", [2, 2, 0]],
    // However a tuple is written, it is listed once.
    ["department_id = 1 AND (sales_region_id, sales_representative_id) IN ((?, 2), (0, 0), (2, ?))", "fd", [2, 2]],
    ["department_id = 1 AND (sales_region_id, sales_representative_id) IN ((0, 0), (00, 0), (0, -0))", "d"],
    ["department_id = 1 AND (sales_region_id, sales_representative_id) IN ((1, 0), (0, 1), (0, 0), (1, 1))", "de"],
    ["department_id IN (0, 1) AND customer_name = 'e' ALLOW FILTERING", "e"],
  ])("%s: %s", async (where, expected, params = []) => {
    expect(await letters(`${from} ${where}`, params)).toBe(expected);
  });

  test("with values by name, in JSON, of chosen columns, and after USE", async () => {
    const named = await client.execute(
      `${from} department_id IN :list LIMIT :most`,
      { list: [2, 0], most: 4 },
      prepared,
    );
    expect(lettersOf(named.rows)).toBe("ghia");
    const json = await client.execute(
      "SELECT JSON customer_name AS name FROM shop.customers WHERE department_id IN (1, 0)",
    );
    expect(json.rows.map((row) => JSON.parse(row.get(0)).name).join("")).toBe("defabc");
    const ours = await bench.connectTo(await bench.gatewayWith(), { keyspace: "shop" });
    const { rows } = await ours.execute(
      "SELECT sales_region_id, customer_name FROM customers WHERE department_id IN (1, 0)",
    );
    expect(lettersOf(rows)).toBe("defabc");
  });

  test("of a compound partition key, static columns and the table's own order", async () => {
    for (const [a, b, c] of [
      ["x", 1, 1],
      ["x", 1, 2],
      ["y", 2, 1],
      ["x", 2, 9],
    ] as const) {
      await client.execute("INSERT INTO shop.lines (a, b, c, s) VALUES (?, ?, ?, 'same')", [a, b, c], prepared);
    }
    const { rows } = await client.execute(
      "SELECT a, b, c, s FROM shop.lines WHERE a IN ('y', 'x') AND b IN ?",
      [[2, 1]],
      prepared,
    );
    expect(rows.map((row) => row.values().join(""))).toEqual(["y21same", "x29same", "x12same", "x11same"]);
  });
});

describe("pages of IN", () => {
  const everything =
    "department_id IN (0, 1, 2, 3) AND sales_region_id IN (0, 1, 2) AND sales_representative_id IN (0, 1)";

  test("end after ten subqueries, as the guide shows it", async () => {
    const pages: string[] = [];
    let pageState: string | undefined;
    do {
      const page = await client.execute(`${from} ${everything}`, [], {
        prepare: true,
        ...(pageState && { pageState }),
      });
      pages.push(lettersOf(page.rows));
      pageState = page.pageState;
    } while (pageState);
    expect(pages).toEqual(["abde", "ghj", "k"]);
  });

  test.each([1, 2, 5, 7, 1000])("of %d rows have all rows, each once, in their order", async (fetchSize) => {
    for (const [tail, expected] of [
      ["", "jklghidefabc"],
      [" ORDER BY sales_region_id DESC LIMIT 8", "lkjihgfe"],
    ]) {
      const seen: string[] = [];
      const options = { prepare: true, fetchSize };
      await new Promise<void>((resolve, reject) => {
        const stream = client.stream(`${from} department_id IN (3, 2, 1, 0)${tail}`, [], options);
        stream.on("data", (row: types.Row) => seen.push(row.get("customer_name")));
        stream.on("end", resolve).on("error", reject);
      });
      expect(seen.join("")).toBe(expected);
    }
  });

  test("hold 1 MB", async () => {
    const half = Buffer.alloc(400_000);
    for (const c of [1, 2, 3])
      await client.execute("INSERT INTO shop.lines (a, b, c, v) VALUES ('big', ?, 1, ?)", [c, half], prepared);
    const first = await client.execute("SELECT b, v FROM shop.lines WHERE a = 'big' AND b IN (3, 2, 1)", [], prepared);
    expect(first.rows.map((row) => row.get("b"))).toEqual([3, 2]);
    const { pageState } = first;
    const rest = await client.execute("SELECT b, v FROM shop.lines WHERE a = 'big' AND b IN (3, 2, 1)", [], {
      ...prepared,
      pageState,
    });
    expect([rest.rows.map((row) => row.get("b")), rest.pageState]).toEqual([[1], null]);
  });
});

test("a prepared one stays on its table whatever keyspace is used meanwhile", async () => {
  await createKeyspace(client, "other");
  await createTable(client, "other", "customers", "(department_id int PRIMARY KEY)");
  const ours = await bench.connectTo(await bench.gatewayWith(), { keyspace: "shop" });
  const query = "SELECT customer_name FROM customers WHERE department_id IN (2, ?)";
  expect(lettersOf((await ours.execute(query, [0], prepared)).rows)).toBe("ghiabc");
});

test("sees columns that are added after it was prepared", async () => {
  await createTable(client, "shop", "growing", "(k int PRIMARY KEY, a int)");
  const query = "SELECT * FROM shop.growing WHERE k IN ?";
  await client.execute("INSERT INTO shop.growing (k, a) VALUES (1, 1)");
  expect((await client.execute(query, [[2, 1]], prepared)).rows.map((row) => row.values())).toEqual([[1, 1]]);
  await client.execute("ALTER TABLE shop.growing ADD b int");
  await untilTableIs(client, "shop", "growing", "ACTIVE");
  await client.execute("INSERT INTO shop.growing (k, a, b) VALUES (2, 2, 2)");
  const { rows } = await client.execute(query, [[2, 1]], prepared);
  expect(rows.map((row) => [row.get("k"), row.get("b")])).toEqual([
    [2, 2],
    [1, null],
  ]);
});

test("a paging state stands for its statement, and for a list that is long enough", async () => {
  const query = `${from} department_id IN ?`;
  const { pageState } = await client.execute(query, [[3, 2, 1]], { prepare: true, fetchSize: 6 });
  const next = (list: number[], state: string) =>
    client.execute(query, [list], { prepare: true, fetchSize: 6, pageState: state });
  expect(lettersOf((await next([3, 2, 1], pageState)).rows)).toBe("def");
  await expect(next([3], pageState)).rejects.toThrow("Invalid value for the paging state");
  await expect(next([3, 2, 1], `${pageState.slice(0, -2)}00`)).rejects.toThrow("Invalid value for the paging state");
});

test("costs a unit for each subquery that is carried out, and nothing for those that are not", async () => {
  const gateway = await bench.gatewayWith();
  const ours = await bench.connectTo(gateway);
  const billed = async (query: string, options: QueryOptions = {}) => {
    const before = gateway.units()["shop.customers"]?.read ?? 0;
    await ours.execute(query, [], { prepare: true, ...options });
    return (gateway.units()["shop.customers"]?.read ?? 0) - before;
  };
  expect(await billed(`${from} department_id IN (3, 2, 9, 1)`)).toBe(4);
  expect(await billed(`${from} department_id IN (3, 2, 9, 1) LIMIT 4`)).toBe(2);
  expect(await billed(`${from} department_id IN (3, 2, 9, 1)`, { fetchSize: 2 })).toBe(1);
  const listed = Array.from({ length: 24 }, (_, n) => n).join();
  expect(await billed(`${from} department_id IN (${listed})`)).toBe(10);
  expect(await billed(`${from} department_id IN (1, 2)`, { consistency: types.consistencies.localOne })).toBe(1);
});

describe("as Cassandra has them", () => {
  const all = Array.from({ length: 12 }, (_, n) => n);
  let plain: Client;
  beforeAll(async () => {
    const key = "PRIMARY KEY ((a, b), c, d)";
    await createTable(client, "shop", "facts", `(a int, b text, c int, d text, s int static, v int, ${key})`);
    const rows = all.flatMap((a) =>
      ["x", "y"].flatMap((b) => [1, 2, 3].flatMap((c) => ["p", "q"].map((d) => [a, b, c, d]))),
    );
    const insert = "INSERT INTO shop.facts (a, b, c, d, s, v) VALUES (?, ?, ?, ?, ?, ?)";
    await concurrent.executeConcurrent(
      client,
      insert,
      rows.map(([a, b, c, d], n) => [a, b, c, d, a, n]),
    );
    const { host, port } = bench.cassandra();
    plain = new Client({ contactPoints: [`${host}:${port}`], localDataCenter: "datacenter1" });
    await plain.connect();
    bench.closeLater(() => plain.shutdown());
  });

  const random = seededRandom(18);
  const draw = <T>(items: readonly T[]): T[] =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, () => items[Math.floor(random() * items.length)]!);
  const statements = Array.from({ length: 60 }, () => {
    const parts: [string, unknown[]][] = [];
    const add = (column: string, items: readonly unknown[], kind: number) => {
      const list = draw(items);
      if (kind < 0.3) parts.push([`${column} IN ?`, [list]]);
      else if (kind < 0.6) parts.push([`${column} IN (${list.map(() => "?").join()})`, list]);
      else if (kind < 0.8)
        parts.push([
          `${column} IN (${list.map((item) => (typeof item === "string" ? `'${item}'` : item)).join(", ")})`,
          [],
        ]);
      else parts.push([`${column} = ?`, [list[0]]]);
    };
    add("a", [...all, 99], random() * 0.8);
    add("b", ["x", "y", "z"], random());
    if (random() < 0.6) add("c", [1, 2, 3, 4], random());
    if (parts.length === 3 && random() < 0.6) add("d", ["p", "q", "r"], random());
    const filter = random() < 0.2 ? " AND v > 100 ALLOW FILTERING" : "";
    const columns = ["*", "v, a", "JSON a, b, c, d"][Math.floor(random() * 3)]!;
    const query = `SELECT ${columns} FROM shop.facts WHERE ${parts.map(([text]) => text).join(" AND ")}${filter}`;
    return {
      query,
      params: parts.flatMap(([, params]) => params),
      fetchSize: [1, 3, 7, 5000][Math.floor(random() * 4)]!,
    };
  });

  test.each(statements)("$query", async ({ query, params, fetchSize }) => {
    const expected = await everyRow(plain, query, params, 5000);
    expect((await everyRow(client, query, params, fetchSize)).sort()).toEqual(expected.sort());
  });

  test("with 500 of them under way, while connections end", async () => {
    const faults = createFaults();
    const gateway = await bench.gatewayWith({ faults, throughput: unlimited });
    const reads: ReadOrder["reads"][number][] = [];
    for (const { query, params } of statements) {
      reads.push({ query, params, rows: (await everyRow(plain, query, params, 5000)).sort() });
    }
    faults.tables = { "shop.facts": { drop: 0.001 } };
    const { ca } = bench.certificates();
    const order: ReadOrder = { port: gateway.port, ca, credentials: identity, reads, count: 3000, atOnce: 500 };
    let [told, code] = ["", DRIVER_GAVE_UP];
    while (code === DRIVER_GAVE_UP) {
      const child = spawn(process.execPath, [require.resolve("./reads_under_load.js")], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      child.stdin.end(JSON.stringify(order));
      [told, [code]] = await Promise.all([text(child.stdout), once(child, "exit") as Promise<[number]>]);
    }
    expect(code).toBe(0);
    const report = JSON.parse(told) as ReadReport;
    expect(report).toEqual({ failed: expect.any(Number), wrong: 0 });
    expect(report.failed).toBeGreaterThan(0);
    expect(faults.injected.dropped).toBeGreaterThan(1);
  });

  test("an error is the answer to all of it, also once some of it is done", async () => {
    const faults = createFaults();
    const ours = await bench.connectTo(await bench.gatewayWith({ faults }), {
      policies: { retry: new policies.retry.FallthroughRetryPolicy() },
    });
    const query = "SELECT v FROM shop.facts WHERE a IN (1, 2) AND b IN ('x', 'y')";
    expect((await ours.execute(query)).rowLength).toBe(24);
    Object.assign(faults, { errors: [{ code: 0, rate: 1, applied: true }] });
    await expect(ours.execute(query)).rejects.toMatchObject({ code: 0 });
    Object.assign(faults, { errors: undefined, delayMs: 5 });
    expect((await ours.execute(query)).rowLength).toBe(24);
    await expect(ours.execute("SELECT v FROM shop.facts WHERE a IN (1, 2) AND b IN ('x', null)")).rejects.toThrow(
      /null/i,
    );
  });
});

describe("what Cassandra refuses of a SELECT with IN is refused in its words", () => {
  let plain: Client;
  beforeAll(async () => {
    const { host, port } = bench.cassandra();
    plain = new Client({ contactPoints: [`${host}:${port}`], localDataCenter: "datacenter1" });
    await plain.connect();
    bench.closeLater(() => plain.shutdown());
  });
  const eleven = Array.from({ length: 11 }, (_, n) => n);
  const tuples = "(sales_region_id, sales_representative_id) IN ((1, 1), (2, 2))";

  test.each<[string, unknown[]?]>([
    ["department_id IN ('x')"],
    ["department_id IN (1, 2) AND nothing = 1"],
    ["department_id IN (1, 2) ORDER BY customer_name"],
    ["department_id IN (1, 2) LIMIT 0"],
    // Although the rows are there before the fault is.
    ["department_id IN (1, 'x') LIMIT 1"],
    [`department_id IN (${eleven.join()}, 'x')`],
    [`department_id IN (1, 2) AND ${tuples} ORDER BY sales_representative_id`],
    ["department_id IN (1 2)"],
    ["department_id IN (1, 2,)"],
    ["department_id IN (3, 1) AND department_id IN (1, 2)"],
    ["department_id IN ?", [null]],
    ["department_id IN (?, ?) LIMIT 1", [1, null]],
    ["department_id IN (?, ?) LIMIT 1", [1, types.unset]],
    ["department_id IN ? LIMIT 1", [[1, null]]],
    ["department_id IN ?", [[...eleven, null]]],
    ["department_id IN (?, ?) LIMIT 1", [1, Buffer.alloc(3)]],
    ["department_id IN ? LIMIT 1", [[1, Buffer.alloc(3)]]],
    ["department_id = 1 AND sales_region_id IN (?, ?) LIMIT 1", [1, null]],
    ["department_id = 1 AND (sales_region_id, sales_representative_id) IN ((?, ?), (1, ?)) LIMIT 1", [0, 0, null]],
  ])("%s: %j", async (where, params = []) => {
    const outcome = (asked: Client) =>
      asked.execute(`${from} ${where}`, params, { prepare: params.length > 0 }).then(
        ({ rows }) => `${rows.length} rows`,
        ({ code, message }) => `${code} ${message}`,
      );
    const expected = await outcome(plain);
    expect(expected).not.toMatch(/rows$/);
    expect(await outcome(client)).toBe(expected);
  });
});

describe("what is listed twice is found once", () => {
  const ids = ["00000000-0000-1000-8000-00000000000a", "00000000-0000-1000-8000-00000000000b"];
  const keys: readonly [type: string, one: string, again: string, value: unknown, other: string][] = [
    ["int", "1", "01", 1, "-1"],
    ["bigint", "-5", "-05", types.Long.fromInt(-5), "53"],
    ["tinyint", "53", "053", 53, "5"],
    ["text", "'it''s'", "$$it's$$", "it's", "'Its'"],
    ["blob", "0xAB", "0xab", Buffer.from([0xab]), "0xabab"],
    ["uuid", ids[0]!, ids[0]!.toUpperCase(), ids[0], ids[1]!],
    ["timestamp", "1500000000000", "01500000000000", new Date(1_500_000_000_000), "1500000000001"],
  ];

  test.each(keys)("as a constant and as a bound value: %s", async (type, one, again, value, other) => {
    await createTable(client, "shop", `by_${type}`, `(k ${type} PRIMARY KEY, v int)`);
    for (const [v, key] of [one, other].entries())
      await client.execute(`INSERT INTO shop.by_${type} (k, v) VALUES (${key}, ${v})`);
    const query = `SELECT v FROM shop.by_${type} WHERE k IN (${other}, ?, ${one}, ${again}, /* and */ ?)`;
    const { rows } = await client.execute(query, [value, value], prepared);
    expect(rows.map((row) => row.get("v"))).toEqual([1, 0]);
  });

  test("but nothing is no empty text", async () => {
    const query = "SELECT a FROM shop.lines WHERE a IN (?, ?) AND b = 1";
    for (const list of [
      ["", null],
      [null, ""],
    ])
      await expect(client.execute(query, list, prepared)).rejects.toThrow("Invalid null value");
    await client.execute("INSERT INTO shop.lines (a, b, c) VALUES ('', 1, 1)");
    expect((await client.execute(query, ["", "x"], prepared)).rows.map((row) => row.get("a"))).toContain("");
  });
});

test("what stands in brackets is read as Cassandra reads it, and costs each of its subqueries", async () => {
  const gateway = await bench.gatewayWith();
  const ours = await bench.connectTo(gateway);
  const { rows } = await ours.execute(`${from} department_id = 1 AND (sales_region_id IN (2, 0, 1))`);
  expect([...lettersOf(rows)].sort().join("")).toBe("def");
  expect(gateway.units()["shop.customers"]?.read).toBe(3);
});
