import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import {
  createFaults,
  type FaultSettings,
  type Faults,
} from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
import type { Gateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { Client, types } from "cassandra-driver";
import { keyspace, type SparkWorld, startSparkWorld } from "../support/spark_world.js";
import { tableContents } from "../support/table_contents.js";

// Reads at random of a table that has all that is seldom in one, each held row by row against what Cassandra itself has.
// As many more, of another seed: READS=500 SEED=2 npx jest --selectProjects spark --testPathPatterns paging

const reads = Number(process.env.READS ?? 12);
const random = seededRandom(Number(process.env.SEED ?? 1));
const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
const pick = <T>(values: readonly T[]): T => values[between(0, values.length - 1)]!;

const table = "paged";
/** As Murmur3 hashes them: keys in hexadecimal whose tokens are the first and the last of the ring and of its halves and quarters. */
const edges = {
  "-9223372036854775807": "413d071369077c7e59042b0760114e5b",
  "-4611686018427387905": "0444176418441426222d762564460833",
  "-4611686018427387904": "4b3242574a7817591c713938132e2f36",
  "-1": "28062b0b7c5b5e63625f271a302d1848",
  "0": "5658432557036a5d2746627b6833626c",
  "4611686018427387903": "1d2f27780b27504730517c2376014076",
  "4611686018427387904": "076c6356597c6074527d2036635e3669",
  "9223372036854775806": "384e27516f117747006874094d3a0244",
  "9223372036854775807": "23422f0b0b532c2b27073b355859552f",
};
/** Of the token that no key may have, and that the greatest stands for. */
const ofNoToken = "4369783c2d5a34091540416d6d05557e";
const textOf = (hex: string) => Buffer.from(hex, "hex").toString();

let world: SparkWorld;
let straight: Client;
let stored: string[];

beforeAll(async () => {
  world = await startSparkWorld();
  straight = new Client({ contactPoints: [`127.0.0.1:${world.cassandraPort}`], localDataCenter: "datacenter1" });
  await world.client.execute(
    `CREATE TABLE ${keyspace}.${table} (k text, c int, s text STATIC, v text, d double, PRIMARY KEY (k, c))`,
    [],
    { prepare: false },
  );
  const status = "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?";
  const look = async () => {
    const seen = String((await world.client.execute(status, [keyspace, table], { prepare: true })).first()?.status);
    return { done: seen === "ACTIVE" ? true : undefined, seen };
  };
  await waitUntil("the table", look, { deadlineMs: 30_000, firstDelayMs: 50 });
  await fill();
  stored = await tableContents(straight, { keyspace, table });
});
afterAll(async () => {
  await straight?.shutdown();
  await world?.end();
});

/** Partitions of no row, one, a few, and of more than all others together; short values, long ones, none. */
async function fill(): Promise<void> {
  const row = `INSERT INTO ${keyspace}.${table} (k, c, v, d) VALUES (?, ?, ?, ?)`;
  const ofPartition = `INSERT INTO ${keyspace}.${table} (k, s) VALUES (?, ?)`;
  const written: [string, unknown[]][] = [];
  const partition = (k: string, rows: number, s?: string) => {
    if (s !== undefined) written.push([ofPartition, [k, s]]);
    for (let c = 0; c < rows; c++) {
      const v = pick([undefined, "", "é𝒳", "x".repeat(between(1, 40)), "y".repeat(random() < 0.02 ? 9000 : 3)]);
      const d = pick([undefined, 0.1, -1e-300, Number.MAX_VALUE]);
      written.push([row, [k, c - 1, v ?? types.unset, d ?? types.unset]]);
    }
  };
  for (const hex of [...Object.values(edges), ofNoToken]) partition(textOf(hex), between(1, 3), pick([undefined, "s"]));
  for (let i = 0; i < 150; i++) partition(`one ${i}`, 1);
  for (let i = 0; i < 40; i++) partition(`few ${i}`, between(2, 20), pick([undefined, `s${i}`]));
  // Rows of nothing but what their partition shares.
  for (let i = 0; i < 20; i++) partition(`none ${i}`, 0, "of the partition alone");
  partition("most", 800, "shared");
  for (let i = 0; i < written.length; i += 50) {
    const some = written.slice(i, i + 50);
    await Promise.all(some.map(([query, values]) => straight.execute(query, values, { prepare: true })));
  }
}

test("keys lie where they are meant to", async () => {
  const tokenOf = async (hex: string) => {
    const query = `SELECT token(k) AS t FROM ${keyspace}.${table} WHERE k = ? LIMIT 1`;
    return String((await straight.execute(query, [textOf(hex)], { prepare: true })).first().t);
  };
  const found = await Promise.all(Object.values(edges).map(tokenOf));
  expect(found.sort()).toEqual(Object.keys(edges).sort());
  expect(await tokenOf(ofNoToken)).toBe("9223372036854775807");
  expect(stored.length).toBeGreaterThan(1000);
});

/** What goes wrong during a read; nothing lasts, so that a patient reader comes to its end. */
const randomFaults = (): FaultSettings => ({
  delayMs: pick([undefined, undefined, 2]),
  dropAfterFrames: pick([undefined, [5, 40], [20, 80]] as const),
  dropLogins: pick([undefined, 0.2]),
  throttle: { [`${keyspace}.${table}`]: pick([0, 0, 0.1, 0.2]) },
  errors: [0x0000, 0x1000, 0x1001, 0x1200, 0x1300, 0x2500].flatMap((code) =>
    random() < 0.4 ? [{ code, rate: pick([0.02, 0.1]) }] : [],
  ),
});

const randomRead = () => ({
  ranges: pick([1, 2, 3, 4, 8, 16, 64, 127]),
  pageSize: pick([10, 100, 1000, 5000]),
  consistency: pick(["LOCAL_QUORUM", "LOCAL_ONE"]),
});
type Read = ReturnType<typeof randomRead>;
type Answer = { rows: Record<string, unknown>[] } | { failed: string };

/** Tells a job, that asks by HTTP, what to read, and what came of it to the caller; null ends the job. */
function readsFor(next: (answer: Answer | undefined) => Promise<Read | null>): Promise<Server> {
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const read = await next(text === "" ? undefined : JSON.parse(text)).catch(() => null);
    response.end(JSON.stringify(read));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const canonical = (row: Record<string, unknown>) =>
  JSON.stringify(Object.fromEntries(["k", "c", "s", "v", "d"].map((name) => [name, row[name] ?? null])));

test("whatever pages come, and whatever goes wrong, every row is read, and once", async () => {
  const expected = stored.map((text) => canonical(JSON.parse(text))).sort();
  const seen: string[] = [];
  const injected = new Set<Faults["injected"]>();
  let gateway: Gateway | undefined;
  let faults = createFaults();
  let read: Read = randomRead();
  const newGateway = async (): Promise<Gateway> => {
    const port = gateway?.port;
    await gateway?.close();
    const pages = {
      maxBytes: pick([1000, 4096, 65_536, 1024 * 1024]),
      emptyScanPages: pick([0, 0.1, 0.6, 1]),
      seed: between(1, 1e6),
    };
    seen.push(JSON.stringify(pages));
    faults = createFaults({}, between(1, 1e6));
    return world.gatewayWith({ pages, faults, ...(port !== undefined && { port }) });
  };
  gateway = await newGateway();
  const wrong: unknown[] = [];
  let done = 0;
  const next = async (answer: Answer | undefined): Promise<Read | null> => {
    if (answer !== undefined) {
      done++;
      const found = "rows" in answer ? answer.rows.map(canonical).sort() : [answer.failed];
      const isSame = found.length === expected.length && found.every((row, i) => row === expected[i]);
      if (!isSame)
        wrong.push({ read, pages: seen.at(-1), faults: { ...faults }, found: found.length, first: found[0] });
      injected.add(faults.injected);
    }
    if (done === reads) return null;
    if (done > 0 && done % 4 === 0) gateway = await newGateway();
    Object.assign(faults, randomFaults());
    read = randomRead();
    return read;
  };
  const server = await readsFor(next);
  try {
    const columns = "k string, c int, s string, v string, d double";
    const { port } = server.address() as AddressInfo;
    const job = { table, columns, url: `http://127.0.0.1:${port}/` };
    const run = await world.run("../test/support/read_tables.py", job, { gateway });
    expect(run).toMatchObject({ status: 0, reason: "" });
  } finally {
    server.close();
  }
  expect(wrong).toEqual([]);
  expect(done).toBe(reads);
  const struck = [...injected].map(
    (of) => of.dropped + of.throttled + [...of.errors.values()].reduce((a, b) => a + b, 0),
  );
  expect(Math.max(...struck)).toBeGreaterThan(20);
});
