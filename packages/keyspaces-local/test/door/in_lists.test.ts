import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import type { Client, QueryOptions, types } from "cassandra-driver";
import { createKeyspace, createTable, gatewayBench } from "../support.js";

const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 60 });
let client: Client;
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

test("what Cassandra refuses of a SELECT with IN is refused in its words", async () => {
  for (const [query, words] of [
    [`${from} department_id IN ('x')`, "Invalid STRING constant"],
    ["SELECT nothing FROM shop.customers WHERE department_id IN (1, 2)", "Undefined column name nothing"],
    [`${from} department_id IN (1, 2) ORDER BY customer_name`, "Order by is currently only supported"],
    [`${from} department_id IN (1, 2) LIMIT 0`, "LIMIT must be strictly positive"],
  ] as const) {
    await expect(client.execute(query)).rejects.toThrow(words);
  }
  await expect(client.execute(`${from} department_id IN ?`, [null], prepared)).rejects.toThrow(/null/);
});
