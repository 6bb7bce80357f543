import { Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { createAuthoriser } from "@keyspaces-segmentation/iam-local";
import type { Gateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { ROLE_NAME, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import type { Client } from "cassandra-driver";
import { createKeyspace, createTable, gatewayBench, region, untilTableIs } from "../support.js";
import { frame, logIn, query, type WireClient } from "../wire_client.js";

const identity = temporaryIdentity();
const guest = temporaryIdentity("policies");
const users = [
  { userName: "ann", password: "secret" },
  { userName: "guest", password: "secret", identity: guest },
];
const authoriser = createAuthoriser({ region, now: () => new Date() });
const bench = gatewayBench(identity, {
  identities: [identity, guest],
  authoriser,
  plainUsers: users,
  activeAfterMs: 60,
});
let gateway: Gateway;
let client: Client;

beforeAll(async () => {
  await bench.begin();
  gateway = await bench.gatewayWith();
  client = await bench.connectTo(gateway);
  await createKeyspace(client, "shop");
});
afterAll(() => bench.end());

const enter = async (events: string[], user = "ann"): Promise<WireClient> => {
  const wire = await logIn(gateway.port, bench.certificates().ca, user, "secret");
  bench.closeLater(async () => void wire.socket.destroy());
  await register(wire, events);
  return wire;
};
const register = async (wire: WireClient, events: string[]) => {
  const names = events.map((name) => Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name)]));
  wire.send(frame(1, 0x0b, Buffer.concat([Buffer.from([0, names.length]), ...names])));
  expect((await wire.receive(1))[0]).toMatchObject({ opcode: 0x02 });
};
/** An EVENT's texts, one behind the other. */
function textsOf(body: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < body.length; at += 2 + body.readUInt16BE(at)) {
    texts.push(body.toString("utf8", at + 2, at + 2 + body.readUInt16BE(at)));
  }
  return texts;
}
const told = async (wire: WireClient, count: number): Promise<string[]> =>
  (await wire.receive(count)).map(({ stream, opcode, body }) => {
    expect({ stream, opcode }).toEqual({ stream: -1, opcode: 0x0c });
    return textsOf(body).join(" ");
  });

test("of each definition, once it has taken effect, to whoever has registered for changes of the schema", async () => {
  const [wire, status] = await Promise.all([
    enter(["STATUS_CHANGE", "SCHEMA_CHANGE", "SCHEMA_CHANGE"]),
    enter(["STATUS_CHANGE", "TOPOLOGY_CHANGE"]),
  ]);
  const definitions = [
    "CREATE KEYSPACE told WITH replication = {'class': 'SingleRegionStrategy'}",
    "CREATE TYPE told.address (street text)",
    "CREATE TABLE told.orders (id int PRIMARY KEY)",
    "ALTER TABLE told.orders ADD total decimal",
    "ALTER TABLE told.orders WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}",
    "ALTER KEYSPACE told ADD TAGS {'team': 'red'}",
    "DROP TABLE told.orders",
    "DROP TYPE told.address",
    "DROP KEYSPACE told",
  ];
  const heard: string[] = [];
  for (const definition of definitions) {
    await client.execute(definition);
    heard.push(...(await told(wire, 1)));
    // It is usable, or gone, by now.
    if (definition.startsWith("CREATE TABLE")) await client.execute("INSERT INTO told.orders (id) VALUES (1)");
  }
  expect(heard).toEqual([
    "SCHEMA_CHANGE CREATED KEYSPACE told",
    "SCHEMA_CHANGE CREATED TYPE told address",
    "SCHEMA_CHANGE CREATED TABLE told orders",
    "SCHEMA_CHANGE UPDATED TABLE told orders",
    "SCHEMA_CHANGE UPDATED TABLE told orders",
    "SCHEMA_CHANGE UPDATED KEYSPACE told",
    "SCHEMA_CHANGE DROPPED TABLE told orders",
    "SCHEMA_CHANGE DROPPED TYPE told address",
    "SCHEMA_CHANGE DROPPED KEYSPACE told",
  ]);
  // Nothing came in between, and nothing at all to who did not ask.
  for (const each of [wire, status]) each.send(query(7, "SELECT key FROM system.local"));
  for (const each of [wire, status]) expect((await each.receive(1))[0]!.stream).toBe(7);
});

test("a definition that IF (NOT) EXISTS makes empty tells nobody, and is answered as void", async () => {
  await createTable(client, "shop", "there", "(id int PRIMARY KEY)");
  const wire = await enter(["SCHEMA_CHANGE"]);
  const empty = [
    "CREATE KEYSPACE IF NOT EXISTS shop WITH replication = {'class': 'SingleRegionStrategy'}",
    "CREATE TABLE IF NOT EXISTS shop.there (id int PRIMARY KEY)",
    "DROP TABLE IF EXISTS shop.nothing",
    "DROP TYPE IF EXISTS shop.nothing",
  ];
  for (const [stream, text] of empty.entries()) {
    wire.send(query(stream, text));
    const [answer] = await wire.receive(1);
    expect([answer!.stream, answer!.opcode, answer!.body.readInt32BE(0)]).toEqual([stream, 0x08, 1]);
  }
  wire.send(query(9, "CREATE TABLE shop.made (id int PRIMARY KEY)"));
  const [answer] = await wire.receive(1);
  expect([answer!.body.readInt32BE(0), ...textsOf(answer!.body.subarray(4))]).toEqual([
    ...[5, "CREATED", "TABLE", "shop", "made"],
  ]);
  expect(await told(wire, 1)).toEqual(["SCHEMA_CHANGE CREATED TABLE shop made"]);
});

test("not to who may not read what there is, of what they may not read, as policies are by then", async () => {
  const system = "arn:aws:cassandra:*:*:/keyspace/system";
  const may = (...resources: string[]) => {
    const Statement = [{ Effect: "Allow", Action: "cassandra:Select", Resource: resources }];
    const policies = [{ name: "own", document: { Version: "2012-10-17", Statement } }];
    authoriser.setEntities([{ arn: `arn:aws:iam::${identity.account}:role/${ROLE_NAME}`, policies }]);
  };
  may(`${system}/*`);
  const [wire, other] = [await enter(["SCHEMA_CHANGE"], "guest"), await enter(["SCHEMA_CHANGE"])];
  const define = async (definition: string) => {
    await client.execute(definition);
    await told(other, 1);
  };
  wire.send(query(2, "SELECT table_name FROM system_schema_mcs.tables"));
  expect((await wire.receive(1))[0]).toMatchObject({ stream: 2, opcode: 0x00 });
  await define("CREATE TABLE shop.secret (id int PRIMARY KEY)");
  await define("CREATE TYPE shop.secret (id int)");
  may(`${system}/*`, `${system}_schema_mcs/table/tables`);
  await define("ALTER TABLE shop.secret ADD total int");
  await define("DROP TYPE shop.secret");
  may(`${system}*`);
  await define("ALTER KEYSPACE shop ADD TAGS {'team': 'red'}");
  expect(await told(wire, 2)).toEqual([
    "SCHEMA_CHANGE UPDATED TABLE shop secret",
    "SCHEMA_CHANGE UPDATED KEYSPACE shop",
  ]);
});

test("once, however often a connection registers, and nothing piles up by it", async () => {
  const handles = () => (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles();
  const listening = () =>
    handles().reduce((sum, handle) => sum + (handle instanceof Socket ? handle.listenerCount("close") : 0), 0);
  const wire = await enter(["SCHEMA_CHANGE"]);
  const before = listening();
  for (let round = 0; round < 20; round++) await register(wire, ["SCHEMA_CHANGE"]);
  expect(listening()).toBe(before);
  await client.execute("CREATE TYPE shop.once (id int)");
  expect(await told(wire, 1)).toEqual(["SCHEMA_CHANGE CREATED TYPE shop once"]);
  wire.send(query(3, "SELECT key FROM system.local"));
  expect((await wire.receive(1))[0]!.stream).toBe(3);
});

test("the Node.js driver learns what another connection, or an SDK, has defined", async () => {
  const other = await bench.connectTo(gateway);
  await createTable(client, "shop", "grows", "(id int PRIMARY KEY)");
  const columns = async () => Object.keys((await other.metadata.getTable("shop", "grows"))?.columnsByName ?? {});
  const until = (wanted: string[]) =>
    waitUntil(
      `columns ${wanted}`,
      async () => {
        const seen = await columns();
        return seen.join() === wanted.join() ? { done: true, seen: "these" } : { seen: seen.join() };
      },
      { deadlineMs: 30_000, firstDelayMs: 20 },
    );
  await until(["id"]);
  await client.execute("ALTER TABLE shop.grows ADD total decimal");
  await until(["id", "total"]);
  await untilTableIs(client, "shop", "grows", "ACTIVE");
  await gateway.controlPlane.answer(
    "UpdateTable",
    { keyspaceName: "shop", tableName: "grows", addColumns: [{ name: "note", type: "text" }] },
    identity,
  );
  await until(["id", "note", "total"]);
});
