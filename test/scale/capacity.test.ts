/** A load against the token buckets of the gateway, in simulated time: nothing waits, and hours take seconds. */
import { expect, test } from "@jest/globals";
import { throttledText } from "@keyspaces-segmentation/invoice-store/dist/ingest_text.js";
import { type BoundStatement, writeBatches } from "@keyspaces-segmentation/keyspaces-bulk/dist/write_batches.js";
import { createCapacity, type Throughput } from "@keyspaces-segmentation/keyspaces-local/dist/rules/capacity.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { type Client, errors, types } from "cassandra-driver";

/** A clock that stands still until nothing else is to be done, and then goes on to the next time that is waited for. */
function simulatedClock() {
  let now = 0;
  const waiting: { at: number; wake: () => void }[] = [];
  const sleep = (ms: number) =>
    new Promise<void>((wake) => {
      const at = now + ms;
      const before = waiting.findIndex((each) => each.at > at);
      waiting.splice(before < 0 ? waiting.length : before, 0, { at, wake });
    });
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let ended = false;
    const end = () => {
      ended = true;
    };
    work.then(end, end);
    for (;;) {
      await new Promise(setImmediate);
      if (ended) return work;
      const next = waiting.shift();
      if (next === undefined) throw new Error("Nothing is waited for, and the work has not ended");
      now = next.at;
      next.wake();
      while (waiting[0]?.at === now) waiting.shift()!.wake();
    }
  };
  return { now: () => now, sleep, run };
}

const ROWS_OF_BATCH = 16;
/** From the request to its answer, in milliseconds. */
const ROUND_TRIP_MS = 6;
const partitions = seededRandom(1);

/** Stores so many rows in a table of such a capacity. @returns what was stored, and in how many simulated seconds */
async function load(rows: number, throughput: Partial<Throughput>) {
  const clock = simulatedClock();
  const capacity = createCapacity({ burstSeconds: 1, now: clock.now, ...throughput });
  const connection = capacity.newConnection();
  const table = { keyspace: "ks", table: "t", status: "ACTIVE", customProperties: new Map(), cdc: false } as const;
  const record = {
    ...table,
    partitionKey: [],
    clusteringKey: [],
    statics: new Set<string>(),
    columns: new Map(),
  } as const;
  const stored = new Set<number>();
  const client = {
    async batch(statements: BoundStatement[]) {
      await clock.sleep(ROUND_TRIP_MS);
      const partition = Math.floor(partitions() * 2 ** 32) | 0;
      capacity.beginWrites();
      for (const _ of statements) capacity.addWrite(record, partition, 1);
      if (!capacity.admit(connection, 1) || !capacity.payWrites()) {
        throw new errors.ResponseError(types.responseErrorCodes.writeTimeout, "Operation timed out");
      }
      for (const { params } of statements) stored.add(params[0] as number);
    },
    getState: () => ({ getConnectedHosts: () => ["host"], getOpenConnections: () => 9 }),
  };
  function* batches(): Generator<BoundStatement[]> {
    for (let row = 0; row < rows; row += ROWS_OF_BATCH) {
      const length = Math.min(ROWS_OF_BATCH, rows - row);
      yield Array.from({ length }, (_, i) => ({ query: "INSERT", params: [row + i] }));
    }
  }
  const random = seededRandom(2);
  const options = {
    maxRowsPerSecond: Number.POSITIVE_INFINITY,
    giveUpAfterMs: 120_000,
    clock: { now: clock.now, sleep: clock.sleep, random },
  };
  const { retries, throttled } = await clock.run(writeBatches(client as unknown as Client, batches(), options));
  return { stored: stored.size, seconds: clock.now() / 1000, retries, throttled };
}

test.each([500, 1000, 4000, 16_000])(
  "a table that takes %d rows a second is written at that rate, within 10 %%, and no row is lost",
  async (tableWriteUnits) => {
    const seconds = 12;
    // What is saved up at the start comes on top.
    const rows = tableWriteUnits * (seconds + 1);
    const loaded = await load(rows, { tableWriteUnits });
    expect(loaded.stored).toBe(rows);
    expect(loaded.retries).toBeGreaterThan(0);
    expect(loaded.seconds).toBeGreaterThan(0.9 * seconds);
    expect(loaded.seconds).toBeLessThan(1.1 * seconds);
  },
);

test("twice the capacity takes half the time", async () => {
  const rows = 40_000;
  const [slow, fast] = [await load(rows, { tableWriteUnits: 2000 }), await load(rows, { tableWriteUnits: 4000 })];
  expect([slow.stored, fast.stored]).toEqual([rows, rows]);
  expect(slow.seconds / fast.seconds).toBeGreaterThan(1.9);
  expect(slow.seconds / fast.seconds).toBeLessThan(2.3);
});

test("a new on-demand table takes 4,000 rows a second of a load in its first half hour, loses none, and says why", async () => {
  const rows = 100_000;
  const loaded = await load(rows, { ramp: true });
  expect(loaded.stored).toBe(rows);
  // A second's worth is there at the start.
  expect(loaded.seconds).toBeGreaterThan(0.9 * (rows / 4000 - 1));
  expect(loaded.seconds).toBeLessThan(1.1 * (rows / 4000 - 1));
  expect(loaded.throttled).toBe(loaded.retries);
  const said = throttledText({ throttled: loaded.throttled, rowsPerSecond: Math.round(rows / loaded.seconds) });
  expect(said).toMatch(/^Keyspaces throttled [\d,]+ requests, .* at (3,[89]|4,)\d\d\d? rows\/s: a new on-demand table/);
  const warmed = await load(rows, {});
  expect(loaded.seconds / warmed.seconds).toBeGreaterThan(8);
});

test("after half an hour a new table takes twice what it took, and so on", async () => {
  const clock = simulatedClock();
  const capacity = createCapacity({ burstSeconds: 1, now: clock.now, ramp: true });
  const table = { keyspace: "ks", table: "t", status: "ACTIVE", customProperties: new Map(), cdc: false } as const;
  const record = {
    ...table,
    partitionKey: [],
    clusteringKey: [],
    statics: new Set<string>(),
    columns: new Map(),
  } as const;
  /** What it takes of 50,000 units in the next second. */
  const second = async () => {
    await clock.run(clock.sleep(1000));
    let taken = 0;
    for (; taken < 50_000; taken += 1000) {
      capacity.beginWrites();
      capacity.addWrite(record, undefined, 1000);
      if (!capacity.payWrites()) break;
    }
    return taken;
  };
  const wait = (minutes: number) => clock.run(clock.sleep(minutes * 60_000));
  expect(await second()).toBeLessThanOrEqual(5000);
  const rates: number[] = [];
  for (let halfHours = 0; halfHours < 5; halfHours++) {
    await second();
    await wait(31);
    await second();
    await second();
    rates.push(await second());
  }
  expect(rates.map((rate) => Math.round(rate / 1000))).toEqual([8, 16, 32, 40, 40]);
});
