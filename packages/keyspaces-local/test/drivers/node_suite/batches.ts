import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { concurrent, types } from "cassandra-driver";
import { type Cases, passes, refused } from "./case.js";
import { decimal, failureOf, linesOf, prepared, type World } from "./world.js";

const { executeConcurrent } = concurrent;
const insert = "INSERT INTO lines (invoice, line, price) VALUES (?, ?, ?)";
const unlogged = { prepare: true, logged: false };

const inserts = (invoice: string, count: number) =>
  Array.from({ length: count }, (_, line) => ({ query: insert, params: [invoice, line, decimal("0.25")] }));
const stored = async ({ client }: World, invoice: string) =>
  linesOf((await client.execute("SELECT line FROM lines WHERE invoice = ?", [invoice], prepared)).rows);
const first = (count: number) => Array.from({ length: count }, (_, line) => line);

export const batches: Cases = {
  "queries without parameters": passes(async (world) => {
    const invoice = `plain ${world.newKey()}`;
    const queries = first(3).map((line) => `INSERT INTO lines (invoice, line) VALUES ('${invoice}', ${line})`);
    await world.client.batch(queries, { logged: false });
    assert.deepEqual(await stored(world, invoice), first(3));
  }),
  "parameters with hints": passes(async (world) => {
    const invoice = `hinted ${world.newKey()}`;
    await world.client.batch(inserts(invoice, 3), {
      logged: false,
      hints: first(3).map(() => ["text", "int", "decimal"]),
    });
    assert.deepEqual(await stored(world, invoice), first(3));
  }),
  "prepared, 30 of them": passes(async (world) => {
    const invoice = `prepared ${world.newKey()}`;
    await world.client.batch(inserts(invoice, 30), unlogged);
    assert.deepEqual(await stored(world, invoice), first(30));
  }),
  "prepared, with names": passes(async (world) => {
    const invoice = `named ${world.newKey()}`;
    const query = "INSERT INTO lines (invoice, line) VALUES (:invoice, :line)";
    await world.client.batch(
      first(2).map((line) => ({ query, params: { invoice, line } })),
      unlogged,
    );
    assert.deepEqual(await stored(world, invoice), first(2));
  }),
  "INSERT, UPDATE and DELETE of several tables": passes(async (world) => {
    const { client, newKey } = world;
    const [id, invoice] = [newKey(), `mixed ${newKey()}`];
    await client.batch(inserts(invoice, 3), unlogged);
    await client.batch(
      [
        { query: "INSERT INTO things (id, name) VALUES (?, 'batched')", params: [id] },
        { query: "UPDATE lines SET price = ? WHERE invoice = ? AND line = 0", params: [decimal("9"), invoice] },
        { query: "DELETE FROM lines WHERE invoice = ? AND line = 2", params: [invoice] },
      ],
      unlogged,
    );
    assert.deepEqual(await stored(world, invoice), [0, 1]);
    const row = (await client.execute("SELECT name FROM things WHERE id = ?", [id], prepared)).first();
    assert.equal(row.get("name"), "batched");
  }),
  "logged, as the driver does unless told otherwise": passes(async (world) => {
    const invoice = `logged ${world.newKey()}`;
    await world.client.batch(inserts(invoice, 40), { prepare: true });
    assert.deepEqual(await stored(world, invoice), first(40));
  }),
  "more than 30 unlogged": refused("KL-UNLOGGED-SIZE", ({ client }) => client.batch(inserts("many", 31), unlogged)),
  "more than 100 logged": refused("KL-LOGGED-SIZE", ({ client }) => client.batch(inserts("more", 101), prepared)),
  "logged, twice on one row": refused("KL-LOGGED-ROW", ({ client }) =>
    client.batch([...inserts("twice", 1), ...inserts("twice", 1)], prepared),
  ),
  "conditions, unlogged": refused("KL-UNLOGGED-CONDITION", ({ client }) =>
    client.batch([{ query: `${insert} IF NOT EXISTS`, params: ["conditional", 1, decimal("1")] }], unlogged),
  ),
  "conditions, logged, and whether they were applied": passes(async (world) => {
    const invoice = `conditional ${world.newKey()}`;
    const twice = first(2).map((line) => ({ query: `${insert} IF NOT EXISTS`, params: [invoice, line, decimal("1")] }));
    const results = [await world.client.batch(twice, prepared), await world.client.batch(twice, prepared)];
    assert.deepEqual(
      results.map((result) => result.wasApplied()),
      [true, false],
    );
  }),
  "counters, as a counter batch": refused("KL-COUNTER-BATCH", ({ client }) =>
    client.batch([{ query: "UPDATE hits SET seen = seen + 1 WHERE id = 1", params: [] }], {
      ...prepared,
      counter: true,
    }),
  ),
  "SELECT in a batch": refused("KL-BATCH-STATEMENT", ({ client }) =>
    client.batch(["SELECT * FROM things WHERE id = 1"], { logged: false }),
  ),
  "a query with an error of syntax": passes(async ({ client }) => {
    const failure = await failureOf(client.batch([...inserts("broken", 1), { query: "INSERT WRONG" }], unlogged));
    assert.equal(failure.code, types.responseErrorCodes.syntaxError);
  }),
  "a time of the client's": passes(async ({ client, newKey }) => {
    const [id, timestamp] = [newKey(), types.Long.fromNumber(Date.now()).multiply(1000).add(3)];
    const query = "INSERT INTO stamped (id, name) VALUES (?, 'x')";
    await client.batch([{ query, params: [id] }], { ...unlogged, timestamp });
    const read = "SELECT writetime(name) AS at FROM stamped WHERE id = ?";
    assert.equal(String((await client.execute(read, [id], prepared)).first().get("at")), String(timestamp));
  }),
};

export const concurrency: Cases = {
  "executeConcurrent, with an array of parameters": passes(async (world) => {
    const invoice = `array ${world.newKey()}`;
    const parameters = first(150).map((line) => [invoice, line, decimal("1")]);
    const { totalExecuted, errors } = await executeConcurrent(world.client, insert, parameters, {
      concurrencyLevel: 20,
    });
    assert.deepEqual([totalExecuted, errors], [150, []]);
    assert.deepEqual(await stored(world, invoice), first(150));
  }),
  "executeConcurrent, with a stream": passes(async (world) => {
    const invoice = `stream ${world.newKey()}`;
    const parameters = Readable.from(first(50).map((line) => [invoice, line, decimal("1")]));
    await executeConcurrent(world.client, insert, parameters, { concurrencyLevel: 5 });
    assert.deepEqual(await stored(world, invoice), first(50));
  }),
  "executeConcurrent, with queries, and their results": passes(async (world) => {
    const invoice = `queries ${world.newKey()}`;
    await executeConcurrent(world.client, inserts(invoice, 10));
    const reads = first(3).map((line) => ({
      query: "SELECT line FROM lines WHERE invoice = ? AND line = ?",
      params: [invoice, line],
    }));
    const { resultItems } = await executeConcurrent(world.client, reads, { collectResults: true });
    assert.deepEqual(
      resultItems.map((result: types.ResultSet) => result.first().get("line")),
      first(3),
    );
  }),
  "executeConcurrent, to the end in spite of errors": passes(async ({ client }) => {
    const parameters = [
      ["errors", 1, decimal("1")],
      ["errors", "no number", decimal("1")],
      ["errors", 2, decimal("1")],
    ];
    await failureOf(executeConcurrent(client, insert, parameters));
    const { errors, totalExecuted } = await executeConcurrent(client, insert, parameters, { raiseOnFirstError: false });
    assert.deepEqual([errors.length, totalExecuted], [1, 3]);
  }),
};
