import { describe, expect, test } from "@jest/globals";
import { createCapacity, type Throughput } from "@keyspaces-segmentation/keyspaces-local/dist/rules/capacity.js";
import { readUnits, writeUnits } from "@keyspaces-segmentation/keyspaces-local/dist/rules/units.js";
import type { CustomProperties } from "@keyspaces-segmentation/keyspaces-local/dist/schema/custom_properties.js";
import type { TableRecord } from "@keyspaces-segmentation/keyspaces-local/dist/schema/records.js";

const onDemand: CustomProperties = new Map([["capacity_mode", new Map([["throughput_mode", "PAY_PER_REQUEST"]])]]);
const provisioned = (read: number, write: number): CustomProperties =>
  new Map([
    [
      "capacity_mode",
      new Map([
        ["throughput_mode", "PROVISIONED"],
        ["read_capacity_units", String(read)],
        ["write_capacity_units", String(write)],
      ]),
    ],
  ]);
const tableOf = (customProperties = onDemand, table = "t"): TableRecord => ({
  keyspace: "ks",
  table,
  status: "ACTIVE",
  customProperties,
  cdc: false,
  partitionKey: [],
  clusteringKey: [],
  statics: new Set(),
  columns: new Map(),
});

/** Hashes of partition keys. */
const hot = 0x1234_5678;
const other = -5;

/** A capacity whose clock stands still until it is moved. */
function still(options: Partial<Throughput> = {}) {
  const clock = { ms: 0 };
  const capacity = createCapacity({ ...options, now: () => clock.ms });
  const write = (table: TableRecord, partition: number | undefined, units = 1) => {
    capacity.beginWrites();
    capacity.addWrite(table, partition, units);
    return capacity.payWrites();
  };
  const countWrites = (table: TableRecord, partition: (n: number) => number | undefined) => {
    let count = 0;
    while (count < 100_000 && write(table, partition(count))) count++;
    return count;
  };
  return { capacity, clock, write, countWrites };
}

test("units", () => {
  expect([0, 1, 1024, 1025, 10_240].map(writeUnits)).toEqual([1, 1, 1, 2, 10]);
  expect([0, 4096, 4097].map((bytes) => readUnits(bytes, 1, true))).toEqual([1, 1, 2]);
  expect([0, 4096, 4097].map((bytes) => readUnits(bytes, 1, false))).toEqual([0.5, 0.5, 1]);
  expect(readUnits(4097, 10, true)).toBe(10);
});

describe("by default", () => {
  test("a partition takes 1,000 write units a second, a table 40,000", () => {
    const { countWrites, clock } = still();
    expect(countWrites(tableOf(), () => hot)).toBe(1000);
    expect(still().countWrites(tableOf(), (n) => n)).toBe(40_000);
    clock.ms += 500;
    expect(countWrites(tableOf(), () => hot)).toBe(500);
  });

  test("a partition gives 3,000 read units a second", () => {
    const { capacity } = still();
    let count = 0;
    for (; capacity.mayRead(tableOf(), hot); count++) capacity.payRead(tableOf(), hot, 1);
    expect(count).toBe(3000);
    expect(capacity.mayRead(tableOf(), other)).toBe(true);
  });

  test("a connection makes 3,000 requests a second, each for itself", () => {
    const { capacity } = still();
    const connection = capacity.newConnection();
    let count = 0;
    while (capacity.admit(connection, 1)) count++;
    expect(count).toBe(3000);
    expect(capacity.admit(capacity.newConnection(), 1)).toBe(true);
  });
});

test("a PROVISIONED table has what it asked for, and what it asks for next", () => {
  const { countWrites, clock } = still();
  expect(countWrites(tableOf(provisioned(5, 20)), (n) => n)).toBe(20);
  expect(countWrites(tableOf(provisioned(5, 7)), (n) => n)).toBe(0);
  clock.ms += 10_000;
  expect(countWrites(tableOf(provisioned(5, 7)), (n) => n)).toBe(7);
});

test("a bill is paid as a whole or not at all", () => {
  const { capacity, write } = still({ partitionWriteUnits: 10 });
  expect(write(tableOf(), hot, 10)).toBe(true);
  capacity.beginWrites();
  capacity.addWrite(tableOf(), other, 5);
  capacity.addWrite(tableOf(), hot, 5);
  expect(capacity.payWrites()).toBe(false);
  expect(write(tableOf(), other, 10)).toBe(true);
  expect(write(tableOf(), other, 1)).toBe(false);
});

test("what a read cost is taken afterwards, and waited for by the next", () => {
  const { capacity, clock } = still({ tableReadUnits: 100 });
  expect(capacity.mayRead(tableOf(), undefined)).toBe(true);
  capacity.payRead(tableOf(), undefined, 300);
  expect(capacity.mayRead(tableOf(), undefined)).toBe(false);
  clock.ms += 2010;
  expect(capacity.mayRead(tableOf(), undefined)).toBe(true);
});

test("partitions of the same key in two tables are not throttled together", () => {
  const { countWrites } = still();
  expect(countWrites(tableOf(), () => hot)).toBe(1000);
  expect(countWrites(tableOf(onDemand, "u"), () => hot)).toBe(1000);
});

test("what tables take is counted, and what is refused is not", () => {
  const { capacity, write } = still({ partitionWriteUnits: 10 });
  expect(write(tableOf(), hot, 12)).toBe(true);
  expect(write(tableOf(), hot, 1)).toBe(false);
  capacity.payRead(tableOf(), hot, 2.5);
  expect(capacity.counters()).toEqual({ "ks.t": { written: 12, read: 2.5 } });
});

test("of its storage partitions, those are empty that no key has come to; of a table filled elsewhere, none is", () => {
  const { capacity } = still();
  expect([capacity.emptyPartitions(tableOf()), capacity.meanRow(tableOf())]).toEqual([0, undefined]);
  capacity.addRows(tableOf(), 8, 3, 600);
  expect([capacity.emptyPartitions(tableOf()), capacity.meanRow(tableOf())]).toEqual([3, 200]);
  for (const partition of [8, 9, 10, 11]) capacity.addRows(tableOf(), partition, 1, 0);
  expect([capacity.emptyPartitions(tableOf()), capacity.meanRow(tableOf())]).toEqual([0, 600 / 7]);
});

test("a new table begins with 4,000 writes and 12,000 reads a second, and each half hour may have twice its peak", () => {
  const { capacity, clock, countWrites } = still({ ramp: true });
  const halfHour = 30 * 60_000;
  const burst = () => {
    clock.ms += 10_000;
    return countWrites(tableOf(), (n) => n);
  };
  expect([burst(), burst()]).toEqual([4000, 4000]);
  clock.ms += halfHour;
  burst();
  expect(burst()).toBe(8000);
  clock.ms += halfHour;
  burst();
  expect(burst()).toBe(16_000);
  let reads = 0;
  for (; capacity.mayRead(tableOf(), reads); reads++) capacity.payRead(tableOf(), reads, 1);
  expect(reads).toBe(12_000);
});
