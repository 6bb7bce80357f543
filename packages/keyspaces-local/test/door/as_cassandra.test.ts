import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ROOT, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { Client, type QueryOptions, types } from "cassandra-driver";
import { createKeyspace, gatewayBench, untilTableIs } from "../support.js";

/** What no rule of the service is about, is answered as Cassandra itself answers it: rows, columns, warnings, and the words of errors. */

const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 30 });
/** One statement a line, on tables of a keyspace KS; those that write have to come before those that read. */
const file = join(ROOT, "packages/keyspaces-local/test/door/as_cassandra.cql");
const statements = readFileSync(file, "utf8").trimEnd().split("\n");
// Of one length, so that errors tell the same places.
const keyspaces = { through: "through", straight: "astride" } as const;
const clients = {} as Record<keyof typeof keyspaces, Client>;

const tables: readonly [name: string, definition: string, properties?: readonly string[]][] = [
  [
    "kinds",
    `(k int, c int, a ascii, b bigint, bl blob, bo boolean, d date, de decimal, dbl double, f float, i inet, si smallint, t text,
    ti time, ts timestamp, tu timeuuid, tn tinyint, u uuid, v varint, PRIMARY KEY (k, c))`,
    ["client_side_timestamps", "ttl"],
  ],
  [
    "coll",
    `(k int PRIMARY KEY, l list<int>, s set<text>, m map<text, int>, fl frozen<list<int>>, fm frozen<map<int, text>>,
    fs frozen<set<int>>, nl list<frozen<list<int>>>, tp tuple<int, text>, ft frozen<tuple<int, text, double>>, ad frozen<address>,
    la list<frozen<address>>, mu map<uuid, timestamp>)`,
    ["client_side_timestamps", "ttl"],
  ],
  [
    "stat",
    "(p text, c int, s text static, sn set<int> static, v int, PRIMARY KEY (p, c)) WITH CLUSTERING ORDER BY (c DESC)",
  ],
  ["cnt", "(k text, c int, n counter, m counter, PRIMARY KEY (k, c))"],
  ['"Quoted"', '("Key" int, "select" int, "With ""quote""" text, "\u00fcml" int, PRIMARY KEY ("Key", "select"))'],
  ["comp", "(a int, b text, c timeuuid, d decimal, e blob, v int, PRIMARY KEY ((a, b), c, d, e))"],
  ["lone", "(k text PRIMARY KEY)"],
  [
    "revs",
    "(p int, x int, y text, z double, v text, PRIMARY KEY (p, x, y, z)) WITH CLUSTERING ORDER BY (x ASC, y DESC, z ASC)",
  ],
];

beforeAll(async () => {
  await bench.begin();
  const unlimited = { requestsPerConnection: Number.POSITIVE_INFINITY };
  clients.through = await bench.connectTo(await bench.gatewayWith({ throughput: unlimited }));
  const { host, port } = bench.cassandra();
  const queryOptions = { consistency: types.consistencies.localQuorum };
  const straight = new Client({ contactPoints: [`${host}:${port}`], localDataCenter: "datacenter1", queryOptions });
  clients.straight = straight;
  bench.closeLater(() => straight.shutdown());
  await straight.connect();
  await createKeyspace(clients.through, keyspaces.through);
  const replication = "{'class': 'SimpleStrategy', 'replication_factor': 1}";
  await straight.execute(`CREATE KEYSPACE ${keyspaces.straight} WITH replication = ${replication}`);
  const address = (keyspace: string) =>
    `CREATE TYPE ${keyspace}.address (street text, zip int, tags frozen<set<text>>)`;
  await clients.through.execute(address(keyspaces.through));
  await straight.execute(address(keyspaces.straight));
  for (const [name, definition, properties = []] of tables) {
    const custom = properties.map((each) => `'${each}': {'status': 'enabled'}`).join();
    const tail = custom === "" ? "" : ` WITH CUSTOM_PROPERTIES = {${custom}}`;
    await clients.through.execute(`CREATE TABLE ${keyspaces.through}.${name} ${definition}${tail}`);
    await untilTableIs(clients.through, keyspaces.through, name.replaceAll('"', ""), "ACTIVE");
    await straight.execute(`CREATE TABLE ${keyspaces.straight}.${name} ${definition}`);
  }
});
afterAll(() => bench.end());

const shown = (value: unknown) =>
  inspect(value, { depth: null, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: null });

/** All pages of it. */
async function outcome(way: keyof typeof keyspaces, text: string, options: QueryOptions): Promise<unknown> {
  const named = (told: string) => told.replaceAll(keyspaces[way], "KS");
  const query = text.replaceAll(/\bKS\b/g, keyspaces[way]);
  const rows: string[] = [];
  const warnings = new Set<string>();
  let columns: string | undefined;
  let pageState: string | undefined;
  try {
    do {
      const page = await clients[way].execute(query, [], { ...options, ...(pageState && { pageState }) });
      columns ??= named(shown(page.columns?.map(({ name, type }) => [name, type])));
      for (const row of page.rows ?? []) rows.push(named(shown(row.values())));
      for (const warning of page.info.warnings ?? []) warnings.add(named(warning));
      ({ pageState } = page);
    } while (pageState);
  } catch (error) {
    const { code, message } = error as { code?: number; message: string };
    return { code, message: named(message) };
  }
  // The order of lists is the service's own.
  return { columns, rows: / IN /.test(text) ? rows.toSorted() : rows, warnings: [...warnings] };
}

test.each([
  ["as texts", { prepare: false }],
  ["prepared, in pages of two rows", { prepare: true, fetchSize: 2 }],
])("%s", async (_, options) => {
  const differing: unknown[] = [];
  for (const text of statements) {
    const through = await outcome("through", text, options);
    const straight = await outcome("straight", text, options);
    if (shown(through) !== shown(straight)) differing.push({ text, through, straight });
  }
  expect(differing).toEqual([]);
});
