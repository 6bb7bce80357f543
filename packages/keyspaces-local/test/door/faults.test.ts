import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { type Certificates, makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import {
  createFaults,
  type FaultSettings,
  type Faults,
} from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
import { type Gateway, startGateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { type Client, type ClientOptions, policies, types } from "cassandra-driver";
import { borrowedCassandra, clientOf, createKeyspace, createTable, region, withPassword } from "../support.js";
import { errorOf, frame, logIn, query } from "../wire_client.js";

const user = { userName: "unlucky", password: "test" };
let cassandra: Awaited<ReturnType<typeof borrowedCassandra>>;
let certificates: Certificates;
let gateway: Gateway;
let faults: Faults;
let client: Client;
const connected: Client[] = [];

/** Without retries of its own: what is injected is what is seen. */
async function connect(options: ClientOptions = {}): Promise<Client> {
  const one = clientOf(gateway.port, certificates, {
    ...withPassword(user.userName, user.password),
    policies: {
      retry: new policies.retry.FallthroughRetryPolicy(),
      reconnection: new policies.reconnection.ConstantReconnectionPolicy(10),
    },
    ...options,
  });
  connected.push(one);
  await one.connect();
  return one;
}
const enter = () => logIn(gateway.port, certificates.ca, user.userName, user.password);

const nothing: Required<FaultSettings> = {
  dropAfterFrames: undefined,
  dropLogins: undefined,
  delayMs: undefined,
  errors: undefined,
  forgetPagingStates: undefined,
  throttle: undefined,
  tables: undefined,
};
/** A table of its own for each test, then the faults. */
let tables = 0;
async function tableUnder(settings: FaultSettings): Promise<string> {
  const table = `t${tables++}`;
  await createTable(client, "unlucky", table, "(k int PRIMARY KEY, v text)");
  Object.assign(faults, settings);
  return `unlucky.${table}`;
}
const insertInto = (table: string, k: number, by: Client = client) =>
  by.execute(`INSERT INTO ${table} (k, v) VALUES (?, ?)`, [k, "v"], { prepare: true });
async function keysIn(table: string): Promise<number[]> {
  Object.assign(faults, nothing);
  const { rows } = await client.execute(`SELECT k FROM ${table}`);
  return rows.map((row) => row.get("k") as number).sort((a, b) => a - b);
}
/** Which of so many inserts came back with an error. */
async function failuresOf(count: number, table: string): Promise<number[]> {
  const failed: number[] = [];
  for (let k = 0; k < count; k++) await insertInto(table, k).catch(() => failed.push(k));
  return failed;
}
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

beforeAll(async () => {
  [cassandra, certificates] = await Promise.all([borrowedCassandra(), makeCertificates()]);
  faults = createFaults();
  gateway = await startGateway({
    region,
    cassandra,
    identities: [],
    certificate: certificates,
    plainUsers: [user],
    activeAfterMs: 50,
    faults,
    // Only what is injected.
    pages: { emptyScanPages: 0 },
  });
  client = await connect();
  await createKeyspace(client, "unlucky");
});

beforeEach(() => {
  const { injected } = createFaults();
  Object.assign(faults, nothing, { injected });
});

afterAll(async () => {
  Object.assign(faults, nothing);
  for (const one of connected) await one.shutdown();
  await gateway.close();
});

describe("errors", () => {
  const { localQuorum } = types.consistencies;
  const nobody = { consistencies: localQuorum, received: 0, blockFor: 2 };

  test.each<[string, number, object]>([
    ["server error", 0x0000, {}],
    ["unavailable", 0x1000, { consistencies: localQuorum, required: 2, alive: 0 }],
    ["overloaded", 0x1001, {}],
    ["is bootstrapping", 0x1002, {}],
    ["write timeout", 0x1100, { ...nobody, writeType: "SIMPLE" }],
    ["write failure", 0x1500, { ...nobody, failures: 1, writeType: "SIMPLE" }],
    ["syntax error", 0x2000, {}],
    ["unauthorized", 0x2100, {}],
    ["invalid", 0x2200, {}],
    ["configuration error", 0x2300, {}],
    ["already exists", 0x2400, { keyspace: "" }],
    ["function failure", 0x1400, { keyspace: "", functionName: "", argTypes: [] }],
  ])("%s of a write, read by the driver with all it carries", async (_, code, carried) => {
    const table = await tableUnder({ errors: [{ code, rate: 1 }] });
    for (const prepare of [true, false]) {
      const failure = client.execute(`INSERT INTO ${table} (k) VALUES (1)`, [], { prepare });
      await expect(failure).rejects.toMatchObject({ code, ...carried });
    }
    expect(faults.injected.errors).toEqual(new Map([[code, 2]]));
    expect(await keysIn(table)).toEqual([]);
  });

  test.each<[string, number, object]>([
    ["read timeout", 0x1200, { ...nobody, isDataPresent: 0 }],
    ["read failure", 0x1300, { ...nobody, failures: 1, isDataPresent: 0 }],
  ])("%s of a read", async (_, code, carried) => {
    const table = await tableUnder({ errors: [{ code, rate: 1 }] });
    await insertInto(table, 1);
    await expect(client.execute(`SELECT * FROM ${table}`)).rejects.toMatchObject({ code, ...carried });
    expect(faults.injected.errors).toEqual(new Map([[code, 1]]));
  });

  test("a write timeout of a batch says so, and strikes no read", async () => {
    const table = await tableUnder({ errors: [{ code: 0x1100, rate: 1 }] });
    const batch = numbers(3).map((k) => ({ query: `INSERT INTO ${table} (k) VALUES (?)`, params: [k] }));
    await expect(client.batch(batch, { prepare: true, logged: false })).rejects.toMatchObject({
      code: 0x1100,
      writeType: "UNLOGGED_BATCH",
    });
    expect((await client.execute(`SELECT * FROM ${table}`)).rowLength).toBe(0);
  });

  test("an unprepared statement is prepared again by the driver, unnoticed", async () => {
    const table = await tableUnder({ errors: [{ code: 0x2500, rate: 0.2 }] });
    expect(await failuresOf(100, table)).toEqual([]);
    expect(faults.injected.errors.get(0x2500)).toBeGreaterThan(5);
    expect(await keysIn(table)).toEqual(numbers(100));
  });

  test("at a rate: what the driver saw fail is what was counted, and is not in the table", async () => {
    const table = await tableUnder({ errors: [{ code: 0x1100, rate: 0.1 }] });
    const failed = await failuresOf(400, table);
    expect(failed.length).toBeGreaterThan(10);
    expect(failed.length).toBeLessThan(100);
    expect(faults.injected.errors).toEqual(new Map([[0x1100, failed.length]]));
    expect(await keysIn(table)).toEqual(numbers(400).filter((k) => !failed.includes(k)));
  });

  test("applied: reported as failed, and done all the same", async () => {
    const table = await tableUnder({ errors: [{ code: 0x1100, rate: 0.2, applied: true }] });
    const failed = await failuresOf(200, table);
    expect(failed.length).toBeGreaterThan(10);
    expect(faults.injected.appliedErrors).toEqual(new Map([[0x1100, failed.length]]));
    expect(faults.injected.errors).toEqual(new Map());
    expect(await keysIn(table)).toEqual(numbers(200));
  });

  test("applied: what Cassandra refuses is refused in its words, and not counted", async () => {
    const table = await tableUnder({ errors: [{ code: 0x0000, rate: 1, applied: true }] });
    await expect(client.execute(`SELECT nothing FROM ${table}`)).rejects.toMatchObject({ code: 0x2200 });
    expect(faults.injected.appliedErrors).toEqual(new Map());
  });

  test("several kinds at once, each counted", async () => {
    const rates = { 0: 0.1, 4097: 0.2, 4352: 0.3 };
    const errorRates = Object.entries(rates).map(([code, rate]) => ({ code: Number(code), rate }));
    const table = await tableUnder({ errors: errorRates });
    const failed = await failuresOf(200, table);
    const counts = [...faults.injected.errors.values()];
    expect(counts).toHaveLength(3);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(failed.length);
  });

  test("leave system tables, definitions and the log-in alone", async () => {
    Object.assign(faults, { errors: [{ code: 0x1001, rate: 1 }], forgetPagingStates: true });
    const other = await connect();
    await other.execute("SELECT * FROM system.local");
    await createTable(other, "unlucky", "defined", "(k int PRIMARY KEY)");
    expect(faults.injected.errors).toEqual(new Map());
  });
});

describe("dropped connections", () => {
  test("end at the n-th request, which is not answered, each of them anew", async () => {
    const table = await tableUnder({ dropAfterFrames: 5 });
    for (let round = 1; round <= 3; round++) {
      const wire = await enter();
      for (let stream = 1; stream < 5; stream++) {
        wire.send(query(stream, `SELECT k FROM ${table} WHERE k = 1`));
        expect(await wire.receive(1)).toHaveLength(1);
      }
      wire.send(query(5, `INSERT INTO ${table} (k) VALUES (1)`));
      expect(await wire.untilClosed()).toEqual([]);
    }
    expect(faults.injected.dropped).toBe(3);
    expect(await keysIn(table)).toEqual([]);
  });

  test("are drawn from a range", async () => {
    faults.dropAfterFrames = [3, 30];
    const lengths = new Set<number>();
    for (let round = 0; round < 10; round++) {
      const wire = await enter();
      let answered = 0;
      for (;;) {
        wire.send(frame(1, 0x0b, "0000"));
        const [answer] = await wire.receive(1);
        if (!answer) break;
        answered++;
      }
      lengths.add(answered);
    }
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(29);
    expect(lengths.size).toBeGreaterThan(3);
  });

  test("reach the driver as an error, and it comes back", async () => {
    const table = await tableUnder({});
    const own = await connect();
    const [lost] = own.hosts.values() as unknown as [{ shutdown(drain: boolean): Promise<void> }];
    const controlled = new Promise<void>((resolve) => {
      own.on("log", (_level, _class, message: string) => message.endsWith("up to date") && resolve());
    });
    await insertInto(table, 0, own);
    faults.dropAfterFrames = 20;
    let failed = 0;
    for (let k = 1; failed === 0; k++) await insertInto(table, k, own).catch(() => (failed = k));
    // Unset before the driver's next connection, whose own questions are requests too.
    faults.dropAfterFrames = undefined;
    expect(failed).toBeLessThanOrEqual(20);
    expect(faults.injected.dropped).toBe(1);
    const insertAgain = async () => {
      const failure = await insertInto(table, failed, own).catch((error: Error) => error);
      return failure instanceof Error ? { seen: failure.message } : { done: true, seen: "stored" };
    };
    await waitUntil("the driver to reconnect", insertAgain, { deadlineMs: 60_000, firstDelayMs: 10 });
    expect(await keysIn(table)).toEqual(numbers(failed + 1));
    // The driver has put another host in the place of the one that was lost, whose pool would reconnect for ever.
    await controlled;
    await lost.shutdown(false);
  });

  test("can be log-ins", async () => {
    faults.dropLogins = 1;
    // Not the driver here: of a log-in without an answer it keeps a timer that outlives its shutdown.
    for (let round = 1; round <= 3; round++) {
      await expect(enter()).rejects.toThrow("Log-in was refused");
      expect(faults.injected.droppedLogins).toBe(round);
    }
    faults.dropLogins = 0;
    await connect();
  });
});

describe("delays", () => {
  test("hold up one request and not the others", async () => {
    const table = await tableUnder({ delayMs: ({ writes }) => (writes ? 60_000 : 0) });
    const wire = await enter();
    wire.send(Buffer.concat([query(1, `INSERT INTO ${table} (k) VALUES (1)`), query(2, `SELECT * FROM ${table}`)]));
    expect((await wire.receive(1)).map(({ stream }) => stream)).toEqual([2]);
    expect(faults.injected.delayed).toBe(1);
    faults.delayMs = 1;
    await insertInto(table, 2);
    expect(await keysIn(table)).toEqual([2]);
    wire.socket.destroy();
  });

  test("keep the stream taken, and an error may come after one", async () => {
    const table = await tableUnder({ delayMs: 100, errors: [{ code: 0x1001, rate: 1 }] });
    const wire = await enter();
    wire.send(Buffer.concat([query(1, `SELECT * FROM ${table}`), query(1, `SELECT * FROM ${table}`)]));
    expect((await wire.receive(2)).map((answer) => errorOf(answer).code)).toEqual([0x0a, 0x1001]);
    wire.socket.destroy();
  });
});

test("a paging state can be forgotten", async () => {
  const table = await tableUnder({});
  for (const k of numbers(10)) await insertInto(table, k);
  const select = (options: object) => client.execute(`SELECT k FROM ${table}`, [], { fetchSize: 3, ...options });
  for (const prepare of [true, false]) {
    faults.forgetPagingStates = true;
    const { pageState, rowLength } = await select({ prepare });
    expect(rowLength).toBe(3);
    await expect(select({ prepare, pageState })).rejects.toMatchObject({
      code: 0x2200,
      message: "Invalid value for the paging state",
    });
    faults.forgetPagingStates = false;
    expect((await select({ prepare, pageState })).rowLength).toBe(3);
  }
  expect(faults.injected.forgottenPagingStates).toBe(2);
});
