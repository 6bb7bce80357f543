import { once } from "node:events";
import { type AddressInfo, connect, createServer, Socket } from "node:net";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { createConditionLocks } from "@keyspaces-segmentation/keyspaces-local/dist/door/condition_locks.js";
import { createFaults, type FaultSettings } from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
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
    await createTable(client, keyspace, "streamed", "(k int PRIMARY KEY, n int) WITH cdc = TRUE");
  }
});
afterAll(() => bench.end());

async function open({ port } = gateway): Promise<WireClient> {
  const wire = await logIn(port, bench.certificates().ca, user.userName, user.password);
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

test("a batch waits for a write whose answer nobody reads only as long as Cassandra may take for it", async () => {
  const locks = createConditionLocks(50);
  locks.pass();
  expect(await locks.alone(["one.x"], async () => "done")).toBe("done");
  locks.passed();
  expect(await locks.alone(["one.x"], async () => "done")).toBe("done");
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

test.each<[what: string, from: number, faults: Partial<FaultSettings>, plain: (k: number) => string]>([
  [
    "whose row is read first, of a table with a stream",
    200,
    {},
    (k) => {
      const update = (table: string) => `UPDATE ${table} SET n = 7 WHERE k = ${k}`;
      return `BEGIN UNLOGGED BATCH ${update("one.x")}; ${update("one.streamed")}; APPLY BATCH`;
    },
  ],
  [
    "that a fault delays",
    300,
    { delayMs: ({ tables }) => (tables.length === 1 ? 1 : 0) },
    (k) => `UPDATE one.x SET n = 7 WHERE k = ${k}`,
  ],
])("a write %s, waits for batches that came behind it and are looking", async (_, from, faults, plain) => {
  const wire = await open(await bench.gatewayWith({ faults: createFaults(faults) }));
  const count = 40;
  const last = from + count - 1;
  wire.send(Buffer.concat([query(count, plain(last)), ...batches(count, from)]));
  expect(opcodes(await wire.receive(count + 1))).toEqual([0x08]);
  const written = async (table: string) =>
    (await client.execute(`SELECT n FROM ${table} WHERE k = ${last}`)).first()?.get("n");
  expect([await written("one.x"), await written("one.y")]).toEqual([7, 1]);
});

/** Before Cassandra; what has the words in it goes on when it is let go. */
async function holdingBack(words: string) {
  const held: (() => void)[] = [];
  let tell: () => void;
  const isHolding = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const server = createServer((near) => {
    const far = connect(bench.cassandra().port, bench.cassandra().host);
    far.pipe(near);
    near.on("data", (chunk) => {
      if (!chunk.includes(words)) return far.write(chunk);
      held.push(() => far.write(chunk));
      return tell();
    });
    near.on("close", () => far.destroy()).on("error", () => far.destroy());
    far.on("close", () => near.destroy()).on("error", () => near.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  bench.closeLater(async () => void server.close());
  const { port } = server.address() as AddressInfo;
  return { address: { host: "127.0.0.1", port }, isHolding, letGo: () => held.splice(0).forEach((go) => void go()) };
}

test.each(["is answered", "is lost with its connection"])(
  "a batch waits for a write that Cassandra has before it, until it %s",
  async (end) => {
    const k = end === "is answered" ? 400 : 401;
    const back = await holdingBack("SET n = 77");
    const before = await bench.gatewayWith({ cassandra: back.address });
    const [writing, looking] = [await open(before), await open(before)];
    writing.send(query(1, `UPDATE one.x SET n = 77 WHERE k = ${k}`));
    await back.isHolding;
    looking.send(query(1, both(k)));
    // More ways to Cassandra and back than the batch takes.
    for (let stream = 10; stream < 40; stream++) {
      looking.send(query(stream, "SELECT n FROM one.y WHERE k = 1"));
      expect((await looking.receive(1)).map((answer) => answer.stream)).toEqual([stream]);
    }
    if (end === "is answered") back.letGo();
    else writing.socket.destroy();
    expect(opcodes(await looking.receive(1))).toEqual([0x08]);
    const written = async (table: string) =>
      (await client.execute(`SELECT n FROM ${table} WHERE k = ${k}`)).first()?.get("n");
    expect([await written("one.x"), await written("one.y")]).toEqual(end === "is answered" ? [77, undefined] : [1, 1]);
  },
);

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
