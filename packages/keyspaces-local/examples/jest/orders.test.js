// Orders in Amazon Keyspaces, tested with Jest on one machine:
//   npm install --save-dev jest cassandra-driver aws-sigv4-auth-cassandra-plugin keyspaces-segmentation-keyspaces-local-*.tgz
//   npx jest
const { readFileSync } = require("node:fs");
const { setTimeout: delay } = require("node:timers/promises");
const { startKeyspacesLocal } = require("@keyspaces-segmentation/keyspaces-local");
const { SigV4AuthProvider } = require("aws-sigv4-auth-cassandra-plugin");
const { Client, types } = require("cassandra-driver");

let keyspaces;
let client;

beforeAll(async () => {
  keyspaces = await startKeyspacesLocal({ definitionMs: 50 });
  const { contactPoint, port, region, caFile, credentials } = keyspaces;
  client = new Client({
    contactPoints: [contactPoint],
    protocolOptions: { port },
    localDataCenter: region,
    authProvider: new SigV4AuthProvider({ region, ...credentials }),
    sslOptions: { ca: [readFileSync(caFile)], servername: "localhost", rejectUnauthorized: true },
    queryOptions: { consistency: types.consistencies.localQuorum, prepare: true },
  });
  await client.execute("CREATE KEYSPACE shop WITH replication = {'class': 'SingleRegionStrategy'}", [], {
    prepare: false,
  });
  await until("SELECT keyspace_name AS seen FROM system_schema_mcs.keyspaces WHERE keyspace_name = 'shop'", "shop");
  await client.execute("CREATE TABLE shop.orders (id int PRIMARY KEY, total decimal)", [], { prepare: false });
  await until(
    "SELECT status AS seen FROM system_schema_mcs.tables WHERE keyspace_name = 'shop' AND table_name = 'orders'",
    "ACTIVE",
  );
}, 180_000);

afterAll(async () => {
  await client?.shutdown();
  await keyspaces?.stop();
});

/** Definitions take effect a while after they were answered, as in the service. */
async function until(query, wanted) {
  while ((await client.execute(query)).first()?.seen !== wanted) await delay(20);
}

const insert = (id) =>
  client.execute("INSERT INTO shop.orders (id, total) VALUES (?, 2.95)", [id], { isIdempotent: true });

test("an order that was written is read", async () => {
  await insert(1);
  const { rows } = await client.execute("SELECT total FROM shop.orders WHERE id = 1");
  expect(String(rows[0].total)).toBe("2.95");
});

test("what the service would refuse is refused", async () => {
  await expect(client.execute("SELECT count(*) FROM shop.orders")).rejects.toThrow("countRows is not yet supported");
});

test("a throttled table is written to in the end", async () => {
  await fetch(`${keyspaces.adminUrl}/faults`, {
    method: "PUT",
    body: JSON.stringify({ throttle: { "shop.orders": 1 } }),
  });
  await expect(insert(2)).rejects.toThrow("Server timeout during write query");
  await fetch(`${keyspaces.adminUrl}/faults`, { method: "DELETE" });
  await insert(2);
});
