// What a program with DataStax's Node.js driver and AWS's plugin does with Keyspaces: see README.md.
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const { setTimeout: delay } = require("node:timers/promises");
const { SigV4AuthProvider } = require("aws-sigv4-auth-cassandra-plugin");
const { Client, errors, types } = require("cassandra-driver");

const ATTEMPTS = 20;
const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, KEYSPACES_ENDPOINT, KEYSPACES_CA_FILE, DRIVER_KEYSPACE } =
  process.env;
const keyspace = DRIVER_KEYSPACE;
const decimal = types.BigDecimal.fromString;
const prepare = { prepare: true };
const insert = `INSERT INTO ${keyspace}.lines (invoice, line, price) VALUES (?, ?, ?)`;
const ofInvoice = `SELECT invoice, line, price FROM ${keyspace}.lines WHERE invoice = ?`;
let client;

async function connect() {
  const [host, port] = KEYSPACES_ENDPOINT.split(":");
  client = new Client({
    contactPoints: [host],
    protocolOptions: { port: Number(port) },
    localDataCenter: AWS_REGION,
    authProvider: new SigV4AuthProvider({
      region: AWS_REGION,
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
    }),
    sslOptions: { ca: [readFileSync(KEYSPACES_CA_FILE)], servername: "localhost", rejectUnauthorized: true },
    queryOptions: { consistency: types.consistencies.localQuorum },
  });
  await client.connect();
  return (await client.execute("SELECT cluster_name FROM system.local")).first().cluster_name;
}

async function until(query, values, wanted) {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const row = (await client.execute(query, values, prepare)).first();
    if (row && Object.values(row)[0] === wanted) return;
    await delay(50);
  }
  throw new Error(`not ${wanted} in time: ${query}`);
}

async function define() {
  await client.execute(`CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SingleRegionStrategy'}`);
  const listed = "SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?";
  await until(listed, [keyspace], keyspace);
  await client.execute(`CREATE TYPE ${keyspace}.address (street text, zip int)`);
  const typeStatus = "SELECT status FROM system_schema_mcs.types WHERE keyspace_name = ? AND type_name = 'address'";
  await until(typeStatus, [keyspace], "ACTIVE");
  const tables = {
    lines: "(invoice text, line int, price decimal, PRIMARY KEY (invoice, line))",
    things: `(id int PRIMARY KEY, name text, tags set<text>, scores list<int>, amounts map<text, decimal>,
      home frozen<address>) WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}`,
  };
  for (const [name, definition] of Object.entries(tables)) {
    await client.execute(`CREATE TABLE ${keyspace}.${name} ${definition}`);
  }
  const status = "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?";
  for (const name of Object.keys(tables)) await until(status, [keyspace, name], "ACTIVE");
  return "ACTIVE";
}

async function schema() {
  await client.metadata.refreshKeyspace(keyspace);
  const { columns } = await client.metadata.getTable(keyspace, "lines");
  return columns
    .map(({ name }) => name)
    .sort()
    .join(" ");
}

function told(rows) {
  const sum = rows.reduce((total, { price }) => total.add(price), decimal("0.00"));
  return `${rows.length} rows, ${sum}`;
}

async function prepared() {
  for (let line = 0; line < 10; line++) await client.execute(insert, ["prepared", line, decimal("2.95")], prepare);
  return told((await client.execute(ofInvoice, ["prepared"], prepare)).rows);
}

const linesOf = (invoice, lines) =>
  Array.from({ length: lines }, (_, line) => ({ query: insert, params: [invoice, line, decimal("0.25")] }));

async function batch() {
  for (let invoice = 0; invoice < 4; invoice++) {
    await client.batch(linesOf(`batch${invoice}`, 30), { prepare: true, logged: false });
  }
  await client.batch(linesOf("logged", 2), { prepare: true, logged: true });
  return refusal(client.batch(linesOf("many", 31), { prepare: true, logged: false }));
}

async function pages() {
  const query = `SELECT invoice, line, price FROM ${keyspace}.lines WHERE line < 1000 ALLOW FILTERING`;
  const rows = [];
  for await (const row of client.stream(query, [], { prepare: true, fetchSize: 7, autoPage: true })) rows.push(row);
  return told(rows);
}

async function allTypes() {
  const query = `INSERT INTO ${keyspace}.things (id, name, tags, scores, amounts, home) VALUES (?, ?, ?, ?, ?, ?)`;
  const home = { street: "Main St", zip: 8000 };
  await client.execute(query, [1, "one", ["b", "a"], [3, 1, 2], { x: decimal("1.5") }, home], prepare);
  const row = (await client.execute(`SELECT * FROM ${keyspace}.things WHERE id = 1`)).first();
  return `[${row.tags.join(" ")}] [${row.scores.join(" ")}] x=${row.amounts.x} ${row.home.street} ${row.home.zip}`;
}

async function lwt() {
  const query = `INSERT INTO ${keyspace}.things (id, name) VALUES (?, ?) IF NOT EXISTS`;
  const first = await client.execute(query, [2, "two"], prepare);
  const second = await client.execute(query, [2, "other"], prepare);
  const change = `UPDATE ${keyspace}.things SET name = ? WHERE id = ? IF name = ?`;
  const third = await client.execute(change, ["zwei", 2, "two"], prepare);
  return `${first.wasApplied()} ${second.wasApplied()} ${second.first().name} ${third.wasApplied()}`;
}

async function ttl() {
  await client.execute(`INSERT INTO ${keyspace}.things (id, name) VALUES (3, 'three') USING TTL 1000`);
  const row = (await client.execute(`SELECT ttl(name) AS seconds FROM ${keyspace}.things WHERE id = 3`)).first();
  const text = await refusal(
    client.execute(`INSERT INTO ${keyspace}.lines (invoice, line) VALUES ('x', 1) USING TTL 1000`),
  );
  return `${row.seconds > 900 && row.seconds <= 1000}: ${text}`;
}

async function refused() {
  const write = `INSERT INTO ${keyspace}.lines (invoice, line) VALUES ('x', 1)`;
  const one = await refusal(client.execute(write, [], { consistency: types.consistencies.one }));
  return `${one}; ${await refusal(client.execute(`SELECT count(*) FROM ${keyspace}.lines`))}`;
}

/** The text of the server's refusal, of the kind that says that the request is invalid. */
async function refusal(request) {
  const error = await request.then(
    () => new Error("not refused"),
    (reason) => reason,
  );
  if (error instanceof errors.ResponseError && error.code === types.responseErrorCodes.invalid) return error.message;
  throw error;
}

/** The driver's retry policy cannot wait, so a program has to. */
async function patiently(query, params) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.execute(query, params, { prepare: true, isIdempotent: true });
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await delay(Math.min(20 * 2 ** attempt, 500));
    }
  }
}

const written = (invoice) => async () => {
  for (let line = 0; line < 100; line++) await patiently(insert, [invoice, line, decimal("1")]);
  return told((await patiently(ofInvoice, [invoice])).rows);
};

const steps = {
  connect,
  define,
  schema,
  prepared,
  batch,
  pages,
  types: allTypes,
  lwt,
  ttl,
  refused,
  lost: written("lost"),
  throttled: written("throttled"),
};

// Where its control connection ends while it is being set up, the driver throws out of a promise of its own, and goes on.
process.on("unhandledRejection", ({ message }) => console.error(message));

async function main() {
  for await (const step of createInterface({ input: process.stdin })) {
    const report = await steps[step]().then(
      (detail) => ({ step, ok: true, detail }),
      (error) => ({ step, ok: false, detail: `${error.name}: ${error.message}` }),
    );
    console.log(JSON.stringify(report));
  }
  await client?.shutdown();
}

void main();
