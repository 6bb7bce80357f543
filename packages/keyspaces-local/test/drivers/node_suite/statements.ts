import assert from "node:assert/strict";
import { ExecutionProfile, errors, types } from "cassandra-driver";
import { type Cases, otherwise, passes, refused } from "./case.js";
import { failureOf, keyspace, localOne, localQuorum, one, prepared } from "./world.js";

const insert = "INSERT INTO things (id, name) VALUES (?, ?)";
const nameOf = "SELECT name FROM things WHERE id = ?";

export const statements: Cases = {
  "an execution profile, and an option that goes before it": passes(async ({ connect }) => {
    const weak = new ExecutionProfile("weak", { consistency: localOne });
    const client = await connect({ keyspace, profiles: [weak] });
    const read = (options: object) => client.execute(nameOf, [-1], { ...prepared, ...options });
    assert.equal((await read({})).info.achievedConsistency, localQuorum);
    assert.equal((await read({ executionProfile: "weak" })).info.achievedConsistency, localOne);
    assert.equal((await read({ executionProfile: "weak", consistency: one })).info.achievedConsistency, one);
  }),
  "an execution profile that is not there": passes(async ({ client }) => {
    const failure = await failureOf(client.execute(nameOf, [-1], { executionProfile: "none" }));
    assert.ok(failure instanceof errors.ArgumentError);
  }),
  "positional parameters": passes(async ({ client, newKey }) => {
    const id = newKey();
    await client.execute(insert, [id, "positional"], prepared);
    assert.equal((await client.execute(nameOf, [id], prepared)).first().get("name"), "positional");
  }),
  "named parameters, in any case": passes(async ({ client, newKey }) => {
    const id = newKey();
    await client.execute(
      "INSERT INTO things (id, name) VALUES (:id, :theName)",
      { Id: id, THENAME: "named" },
      prepared,
    );
    const { rows } = await client.execute("SELECT name FROM things WHERE id = :id", { id, more: 1 }, prepared);
    assert.equal(rows[0]?.get("name"), "named");
  }),
  "hints without prepare": passes(async ({ client, newKey }) => {
    const id = newKey();
    const query = "INSERT INTO things (id, name, tags) VALUES (?, ?, ?)";
    await client.execute(query, [id, "hinted", ["b", "a"]], { hints: ["int", "text", "set<text>"] });
    const row = (await client.execute("SELECT * FROM things WHERE id = ?", [id], { hints: ["int"] })).first();
    assert.deepEqual([row.get("name"), row.get("tags")], ["hinted", ["a", "b"]]);
  }),
  "hints and names without prepare": passes(async ({ client, newKey }) => {
    const id = newKey();
    const query = "INSERT INTO things (id, name) VALUES (:id, :name)";
    await client.execute(query, { id, name: "both" }, { hints: { id: "int" } as unknown as string[] });
    assert.equal((await client.execute(nameOf, [id], prepared)).first().get("name"), "both");
  }),
  "without hints a number goes as a double, which is no int": passes(async ({ client, newKey }) => {
    const failure = await failureOf(client.execute(insert, [newKey(), "x"]));
    assert.equal(failure.code, types.responseErrorCodes.invalid);
  }),
  "too few parameters": passes(async ({ client }) => {
    const failure = await failureOf(client.execute(insert, [1], prepared));
    assert.match(failure.message, /2 markers.*1 bound/);
  }),
  "a statement that is forgotten is prepared again": passes(async ({ client, newKey, setFaults }) => {
    const id = newKey();
    await client.execute(insert, [id, "before"], prepared);
    await setFaults({ errors: [{ error: "unprepared", rate: 0.5 }] });
    for (let again = 0; again < 10; again++) {
      await client.execute(insert, [id, `again ${again}`], prepared).catch((error) => {
        // Drawn a second time, for the same request.
        if (error.code !== types.responseErrorCodes.unprepared) throw error;
      });
    }
    await setFaults({});
    assert.match((await client.execute(nameOf, [id], prepared)).first().get("name"), /^again \d$/);
  }),
  "a syntax error, prepared and not": passes(async ({ client }) => {
    for (const options of [prepared, {}]) {
      const failure = await failureOf(client.execute("SELECT FROM WHERE", [], options));
      assert.equal(failure.code, types.responseErrorCodes.syntaxError);
    }
  }),
  "USE as a prepared statement": refused("KL-PREPARED", ({ client }) =>
    client.execute(`USE ${keyspace}`, [], prepared),
  ),
  "reads at ONE, LOCAL_ONE and LOCAL_QUORUM": passes(async ({ client }) => {
    for (const consistency of [one, localOne, localQuorum]) {
      const { info } = await client.execute(nameOf, [-1], { ...prepared, consistency });
      assert.equal(info.achievedConsistency, consistency);
    }
  }),
  "a read at ALL": refused("KL-READ-CONSISTENCY", ({ client }) =>
    client.execute(nameOf, [-1], { ...prepared, consistency: types.consistencies.all }),
  ),
  "a write at ONE": refused("KL-WRITE-CONSISTENCY", ({ client, newKey }) =>
    client.execute(insert, [newKey(), "x"], { ...prepared, consistency: one }),
  ),
  "conditional writes, and whether they were applied": passes(async ({ client, newKey }) => {
    const id = newKey();
    const create = (name: string) => client.execute(`${insert} IF NOT EXISTS`, [id, name], prepared);
    const change = (to: string, from: string) =>
      client.execute("UPDATE things SET name = ? WHERE id = ? IF name = ?", [to, id, from], prepared);
    const results = [await create("a"), await create("b"), await change("c", "b"), await change("d", "a")];
    assert.deepEqual(
      results.map((result) => result.wasApplied()),
      [true, false, false, true],
    );
    assert.equal(results[1]?.first().get("name"), "a");
    const gone = await client.execute("DELETE FROM things WHERE id = ? IF EXISTS", [id], prepared);
    assert.equal(gone.wasApplied(), true);
  }),
  "serial consistency, of a request and of a profile": passes(async ({ connect, newKey }) => {
    const { serial, localSerial } = types.consistencies;
    const profiles = [new ExecutionProfile("serial", { serialConsistency: serial })];
    const client = await connect({ keyspace, profiles });
    const create = (options: object) =>
      client.execute(`${insert} IF NOT EXISTS`, [newKey(), "x"], { ...prepared, ...options });
    assert.ok((await create({ serialConsistency: localSerial })).wasApplied());
    assert.ok((await create({ executionProfile: "serial" })).wasApplied());
  }),
  "JSON in and out": passes(async ({ client, newKey }) => {
    const id = newKey();
    await client.execute("INSERT INTO things JSON ?", [JSON.stringify({ id, name: "json", amount: 2.5 })], prepared);
    const row = (await client.execute("SELECT JSON id, name, amount FROM things WHERE id = ?", [id], prepared)).first();
    assert.deepEqual(JSON.parse(row.get(0)), { id, name: "json", amount: 2.5 });
  }),
  "columns of a result, and a row by name, by index and as JSON": passes(async ({ client, newKey }) => {
    const id = newKey();
    await client.execute("INSERT INTO things (id, name, amount) VALUES (?, 'x', 1.50)", [id], prepared);
    const result = await client.execute("SELECT id, name, amount FROM things WHERE id = ?", [id], prepared);
    assert.deepEqual(
      result.columns.map(({ name, type }) => [name, type.code]),
      [
        ["id", types.dataTypes.int],
        ["name", types.dataTypes.varchar],
        ["amount", types.dataTypes.decimal],
      ],
    );
    const row = result.first();
    assert.deepEqual([row.get("id"), row.get(1), row.keys()], [id, "x", ["id", "name", "amount"]]);
    assert.equal(JSON.stringify(row), JSON.stringify({ id, name: "x", amount: "1.50" }));
  }),
  "a time of the client's": passes(async ({ client, newKey }) => {
    const [id, timestamp] = [newKey(), types.Long.fromNumber(Date.now()).multiply(1000).add(7)];
    await client.execute("INSERT INTO stamped (id, name) VALUES (?, 'x')", [id], { ...prepared, timestamp });
    const read = "SELECT writetime(name) AS at FROM stamped WHERE id = ?";
    assert.equal(String((await client.execute(read, [id], prepared)).first().get("at")), String(timestamp));
  }),
  "a time of the client's in a table without client_side_timestamps": refused("KL-TIMESTAMP", ({ client, newKey }) =>
    client.execute("INSERT INTO things (id, name) VALUES (?, 'x') USING TIMESTAMP 1", [newKey()], prepared),
  ),
  "USING TTL": passes(async ({ client, newKey }) => {
    const id = newKey();
    await client.execute("INSERT INTO expiring (id, name) VALUES (?, 'x') USING TTL ?", [id, 1000], prepared);
    const left = (await client.execute("SELECT ttl(name) FROM expiring WHERE id = ?", [id], prepared)).first().get(0);
    assert.ok(left > 900 && left <= 1000);
  }),
  "USING TTL in a table without ttl": refused("KL-TTL", ({ client, newKey }) =>
    client.execute("INSERT INTO things (id, name) VALUES (?, 'x') USING TTL 1000", [newKey()], prepared),
  ),
  "a custom payload": otherwise(
    "it is taken, and none comes back, as from a Cassandra without a handler of its own",
    async ({ client }) => {
      const customPayload = { key: Buffer.from("value") };
      for (const options of [{}, prepared]) {
        const { info } = await client.execute(nameOf, [-1], { ...options, hints: ["int"], customPayload });
        assert.equal(info.customPayload ?? undefined, undefined);
      }
    },
  ),
  "warnings: none where there is nothing to warn of": passes(async ({ client }) => {
    const { info } = await client.execute(nameOf, [-1], prepared);
    assert.equal(info.warnings ?? undefined, undefined);
  }),
  "a trace": refused("KL-SYSTEM", async ({ client }) => {
    const { info } = await client.execute(nameOf, [-1], { ...prepared, traceQuery: true });
    await client.metadata.getTrace(info.traceId);
  }),
};
