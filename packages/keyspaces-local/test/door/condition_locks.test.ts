import { Socket } from "node:net";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Gateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import type { Client } from "cassandra-driver";
import { createKeyspace, createTable, gatewayBench } from "../support.js";
import { logIn, query, type WireClient } from "../wire_client.js";

/** Connections whose writes with conditions wait for each other. */

const user = { userName: "locks", password: "test" };
const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], plainUsers: [user], activeAfterMs: 30 });
let gateway: Gateway;
let client: Client;

beforeAll(async () => {
  await bench.begin();
  gateway = await bench.gatewayWith();
  client = await bench.connectTo(gateway);
  for (const keyspace of ["one", "two"]) {
    await createKeyspace(client, keyspace);
    for (const table of ["x", "y"]) await createTable(client, keyspace, table, "(k int PRIMARY KEY, n int)");
  }
});
afterAll(() => bench.end());

async function open(): Promise<WireClient> {
  const wire = await logIn(gateway.port, bench.certificates().ca, user.userName, user.password);
  bench.closeLater(async () => void wire.socket.destroy());
  return wire;
}
const insert = (table: string, k: number) => `INSERT INTO ${table} (k, n) VALUES (${k}, 1) IF NOT EXISTS`;
/** On two tables, which it has to itself for as long as it takes. */
const both = (k: number) => `BEGIN BATCH ${insert("one.x", k)}; ${insert("one.y", k)}; APPLY BATCH`;
const batches = (count: number, from = 0) => Array.from({ length: count }, (_, k) => query(k, both(from + k)));
const opcodes = (answers: readonly { readonly opcode: number }[]) => [...new Set(answers.map(({ opcode }) => opcode))];

test("a connection that ends while its write waits leaves the tables to the others", async () => {
  const [holding, waiting] = [await open(), await open()];
  const count = 40;
  holding.send(Buffer.concat(batches(count)));
  await holding.receive(1);
  // The answer to what is sent behind it tells that it has come.
  waiting.send(Buffer.concat([query(1, insert("one.x", 1001)), query(2, both(1002)), query(3, "SELECT * FROM one.x")]));
  expect((await waiting.receive(1)).map(({ stream }) => stream)).toEqual([3]);
  waiting.socket.destroy();
  expect(opcodes(await holding.receive(count - 1))).toEqual([0x08]);
  await client.execute(both(2001));
  await client.execute(insert("one.x", 2002));
  await client.execute(insert("one.y", 2002));
  const { rows } = await client.execute("SELECT k FROM one.x WHERE k IN (1001, 1002, 2001, 2002)");
  expect(rows.map((row) => row.get("k")).toSorted()).toEqual([2001, 2002]);
});

test("a write without conditions waits for a batch that looks at some of its tables, and for none of others", async () => {
  const [holding, waiting] = [await open(), await open()];
  const [count, from] = [40, 100];
  // Of the row that the last of the batches looks for.
  const plain = (table: string) => `UPDATE ${table} SET n = 7 WHERE k = ${from + count - 1}`;
  holding.send(Buffer.concat(batches(count, from)));
  await holding.receive(1);
  waiting.send(Buffer.concat([query(1, plain("one.x")), query(2, plain("two.x"))]));
  expect((await waiting.receive(1)).map(({ stream }) => stream)).toEqual([2]);
  expect(opcodes(await holding.receive(count - 1))).toEqual([0x08]);
  expect(await waiting.receive(1)).toMatchObject([{ stream: 1, opcode: 0x08 }]);
  const written = (table: string) => client.execute(`SELECT n FROM ${table} WHERE k = ${from + count - 1}`);
  expect((await written("one.y")).first()?.get("n")).toBe(1);
  expect((await written("one.x")).first()?.get("n")).toBe(7);
});

test("many writes of one connection do not each watch for its end", async () => {
  const wire = await open();
  const watch = jest.spyOn(Socket.prototype, "once");
  try {
    wire.send(Buffer.concat(Array.from({ length: 30 }, (_, k) => query(k, insert("one.x", 3000 + k)))));
    expect(opcodes(await wire.receive(30))).toEqual([0x08]);
    expect(watch.mock.calls.filter(([event]) => String(event) === "close").length).toBe(0);
  } finally {
    watch.mockRestore();
  }
});

test("a USE behind a write with a condition is not taken before it", async () => {
  const wire = await open();
  wire.send(query(1, "USE one"));
  await wire.receive(1);
  for (let k = 4000; k < 4010; k++) {
    wire.send(
      Buffer.concat([query(1, insert("x", k)), query(2, "USE two"), query(3, insert("x", k)), query(4, "USE one")]),
    );
    expect(opcodes(await wire.receive(4))).toEqual([0x08]);
  }
  for (const keyspace of ["one", "two"]) {
    const { rows } = await client.execute(`SELECT k FROM ${keyspace}.x`);
    expect(rows.filter((row) => row.get("k") >= 4000).length).toBe(10);
  }
});
