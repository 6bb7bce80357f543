import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type Client, types } from "cassandra-driver";
import { createKeyspace, createTable, gatewayBench } from "../support.js";

/** LOGGED batches with conditions on several partitions and tables, as the guide's page batchStatements shows them. */

const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 30 });
let client: Client;

beforeAll(async () => {
  await bench.begin();
  client = await bench.connectTo(await bench.gatewayWith());
  await createKeyspace(client, "ks");
  await client.execute("USE ks");
  await client.execute("CREATE TYPE ks.address (street text, zip text)");
  await createTable(
    client,
    "ks",
    "users",
    "(id int PRIMARY KEY, firstname text, lastname text, n int, m map<text, int>, ad frozen<address>)",
  );
  await createTable(client, "ks", "emails", "(id int, email text, s text STATIC, PRIMARY KEY (id, email))");
  await createTable(client, "ks", "counts", "(k int PRIMARY KEY, n int)");
});
afterAll(() => bench.end());
beforeEach(async () => {
  for (const id of [1, 2, 3]) {
    await client.execute(`DELETE FROM users WHERE id = ${id}`);
    await client.execute(`DELETE FROM emails WHERE id = ${id}`);
  }
});

type Statement = string | { readonly query: string; readonly params: readonly unknown[] };

async function batch(...statements: Statement[]): Promise<boolean | undefined> {
  const result = await client.batch(statements as { query: string; params: unknown[] }[], { prepare: true });
  expect(result.rows.length).toBe(1);
  expect(result.columns.map(({ name }) => name)).toEqual(["[applied]"]);
  expect(result.wasApplied()).toBe(result.first().get("[applied]"));
  return result.wasApplied();
}
async function rows(columns = "id, firstname, lastname", table = "users"): Promise<unknown[][]> {
  const found = await client.execute(`SELECT ${columns} FROM ${table} WHERE id IN (1, 2, 3)`);
  return found.rows.map((row) => row.values().map((value: unknown) => value)).toSorted();
}
const bound = (query: string, ...params: unknown[]): Statement => ({ query, params });

const insert = (id: number) =>
  `INSERT INTO users (id, firstname, lastname) VALUES (${id}, 'J${id}', 'Doe') IF NOT EXISTS`;
const rename = (id: number) => `UPDATE users SET lastname = 'Stiles' WHERE id = ${id} IF lastname = 'Doe'`;

test("all rows are inserted, or none where one of them is there", async () => {
  expect(await batch(insert(1), insert(2))).toBe(true);
  expect(await rows()).toEqual([
    [1, "J1", "Doe"],
    [2, "J2", "Doe"],
  ]);
  expect(await batch(insert(3), insert(1))).toBe(false);
  expect((await rows()).length).toBe(2);
});

test("all rows are updated, or none where a condition of one does not hold", async () => {
  await batch(insert(1), insert(2));
  expect(await batch(rename(1), rename(3))).toBe(false);
  expect(await batch(rename(1), rename(2))).toBe(true);
  expect(await batch(rename(1), rename(2))).toBe(false);
  expect(await rows()).toEqual([
    [1, "J1", "Stiles"],
    [2, "J2", "Stiles"],
  ]);
});

test("statements without conditions, of other tables, and deletions go with them", async () => {
  await batch(insert(1), insert(2));
  const withEmail = (condition: string) => [
    `DELETE FROM users WHERE id = 1 ${condition}`,
    "INSERT INTO emails (id, email, s) VALUES (1, 'a@example.com', 'x')",
    "UPDATE users SET firstname = 'K' WHERE id = 3",
  ];
  expect(await batch(...withEmail("IF firstname = 'other'"))).toBe(false);
  expect([(await rows()).length, await rows("id, email, s", "emails")]).toEqual([2, []]);
  expect(await batch(...withEmail("IF EXISTS"))).toBe(true);
  expect(await rows()).toEqual([
    [2, "J2", "Doe"],
    [3, "K", null],
  ]);
  expect(await rows("id, email, s", "emails")).toEqual([[1, "a@example.com", "x"]]);
});

test("a look at a condition changes nothing: neither a row comes into being nor a value", async () => {
  expect(await batch("UPDATE users SET lastname = 'x' WHERE id = 1 IF lastname = null", insert(2), rename(3))).toBe(
    false,
  );
  expect(await rows()).toEqual([]);
});

test.each<[condition: string, params: unknown[], holds: boolean]>([
  ["IF n > ?", [4], true],
  ["IF n > ?", [5], false],
  ["IF n != ? AND lastname = ?", [4, "Doe"], true],
  ["IF firstname = ?", [null], true],
  ["IF m[?] = ?", ["a", 1], true],
  ["IF m[?] = ?", ["a", 2], false],
  ["IF ad = {street: 's', zip: 'z'}", [], true],
])("the condition %s with %j, prepared", async (condition, params, holds) => {
  await client.execute(
    "INSERT INTO users (id, lastname, n, m, ad) VALUES (1, 'Doe', 5, {'a': 1}, {street: 's', zip: 'z'})",
  );
  const statements = [
    bound(`UPDATE users SET firstname = ?, n = ? WHERE id = ? ${condition}`, "new", types.unset, 1, ...params),
    bound("INSERT INTO users (id, lastname) VALUES (?, ?) IF NOT EXISTS", 2, "two"),
  ];
  expect(await batch(...statements)).toBe(holds);
  expect(await rows("id, firstname, lastname, n")).toEqual(
    holds
      ? [
          [1, "new", "Doe", 5],
          [2, null, "two", null],
        ]
      : [[1, null, "Doe", 5]],
  );
});

test("the same as text, with values and without", async () => {
  const text = `BEGIN BATCH ${insert(1)}; ${insert(2)}; APPLY BATCH;`;
  const one = (await client.execute(text)).first();
  const other = (await client.execute(text)).first();
  expect([one.get("[applied]"), other.get("[applied]")]).toEqual([true, false]);
  const update = "UPDATE users SET lastname = ? WHERE id = ? IF lastname = ?";
  const both = `BEGIN BATCH ${update} ${update} APPLY BATCH`;
  const hints = ["text", "int", "text", "text", "int", "text"];
  const applied = await client.execute(both, ["A", 1, "Doe", "B", 2, "Doe"], { hints });
  expect(applied.first().get("[applied]")).toBe(true);
  expect(await rows("id, lastname")).toEqual([
    [1, "A"],
    [2, "B"],
  ]);
});

test("what is on one partition stays with Cassandra, which tells the values that a condition was not met by", async () => {
  const emails = ["a", "b"].map((email) => `INSERT INTO emails (id, email) VALUES (1, '${email}') IF NOT EXISTS`);
  expect((await client.batch(emails)).wasApplied()).toBe(true);
  const again = await client.batch(emails);
  expect(again.wasApplied()).toBe(false);
  expect(again.rows.map((row) => row.get("email"))).toEqual(["a", "b"]);
});

test("a table without other columns than its key and static ones, and errors of Cassandra's, are told", async () => {
  const email = "UPDATE emails SET s = 'x' WHERE id = 1 IF s = null";
  expect(await batch(email, insert(1))).toBe(true);
  expect(await rows("id, s", "emails")).toEqual([[1, "x"]]);
  expect(await batch(email, insert(2))).toBe(false);
  const unknown = client.batch([insert(2), "UPDATE users SET lastname = 'x' WHERE id = 1 IF nothing = 1"]);
  await expect(unknown).rejects.toMatchObject({ code: 0x2200, message: expect.stringContaining("nothing") });
  const computed = "INSERT INTO emails (id, email) VALUES (3, toJson(3)) IF NOT EXISTS";
  await expect(client.batch([computed, insert(2)])).rejects.toMatchObject({
    message: expect.stringMatching(/given by itself.*\[KL-LOGGED\]$/),
  });
});

test("a time of the client's is refused, as with a single condition", async () => {
  await createTable(
    client,
    "ks",
    "timed",
    "(k int PRIMARY KEY) WITH CUSTOM_PROPERTIES = {'client_side_timestamps': {'status': 'enabled'}}",
  );
  const stamp = `USING TIMESTAMP ${Date.now() * 1000}`;
  const put = (k: number, using = "") => `INSERT INTO timed (k) VALUES (${k}) IF NOT EXISTS ${using}`;
  const words = expect.objectContaining({ code: 0x2200, message: expect.stringContaining("custom timestamp") });
  await expect(client.batch([put(1, stamp), put(2)])).rejects.toEqual(words);
  await expect(client.execute(`BEGIN BATCH ${stamp} ${put(1)}; ${put(2)}; APPLY BATCH`)).rejects.toEqual(words);
  await expect(client.execute(put(1, stamp))).rejects.toEqual(words);
  expect(await batch(put(1), put(2))).toBe(true);
});

test("many at once, and conditional updates of single rows between them, each see what the others have left", async () => {
  for (const k of [1, 2]) await client.execute(`INSERT INTO counts (k, n) VALUES (${k}, 0)`);
  const add = "UPDATE counts SET n = ? WHERE k = ? IF n = ?";
  const read = async (k: number) =>
    (await client.execute(`SELECT n FROM counts WHERE k = ${k}`)).first().get("n") as number;
  let [both, single] = [0, 0];
  const addToBoth = async () => {
    const [one, two] = [await read(1), await read(2)];
    if (await batch(bound(add, one + 1, 1, one), bound(add, two + 1, 2, two))) both++;
  };
  const addToOne = async () => {
    const one = await read(1);
    if ((await client.execute(add, [one + 1, 1, one], { prepare: true })).wasApplied()) single++;
  };
  const repeat = async (times: number, action: () => Promise<void>) => {
    for (let left = times; left > 0; left--) await action();
  };
  await Promise.all([
    ...Array.from({ length: 6 }, () => repeat(12, addToBoth)),
    ...Array.from({ length: 3 }, () => repeat(12, addToOne)),
  ]);
  expect([await read(1), await read(2)]).toEqual([both + single, both]);
  expect(both).toBeGreaterThan(0);
  expect(single).toBeGreaterThan(0);
});
