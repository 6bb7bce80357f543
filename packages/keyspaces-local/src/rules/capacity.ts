import type { CustomProperties } from "../schema/custom_properties.js";
import type { TableRecord } from "../schema/records.js";
import { climbs, createRamp, NEW_TABLE_READ_UNITS, NEW_TABLE_WRITE_UNITS, type Ramp } from "./ramp.js";
import { changeRate, createBucket, createBucketArray, isOpen, spend, type TokenBucket } from "./token_bucket.js";

/** What the service lets through a second; each may be Infinity. A unit is 1 KB written or 4 KB read. */
export interface Throughput {
  /** QUERY, EXECUTE and BATCH on one connection; an IN counts its subqueries. */
  readonly requestsPerConnection: number;
  /** Of a PAY_PER_REQUEST table. */
  readonly tableReadUnits: number;
  readonly tableWriteUnits: number;
  /**
   * Whether a PAY_PER_REQUEST table begins with 4,000 write and 12,000 read units a second and may then take twice the peak of the
   * half hour before, as a new one does; otherwise it behaves as one that was warmed.
   */
  readonly ramp: boolean;
  readonly partitionReadUnits: number;
  readonly partitionWriteUnits: number;
  /** How many seconds' worth may be saved up, and is there at the start. */
  readonly burstSeconds: number;
  /** The clock, in ms from any point in time. */
  readonly now: () => number;
}

/** The service's default quotas. */
const defaults: Throughput = {
  requestsPerConnection: 3000,
  tableReadUnits: 40_000,
  tableWriteUnits: 40_000,
  ramp: false,
  partitionReadUnits: 3000,
  partitionWriteUnits: 1000,
  burstSeconds: 1,
  now: () => performance.now(),
};

/** The capacities of one gateway's tables, their partitions and its connections. */
export interface Capacity {
  newConnection(): TokenBucket;
  /** Counts requests on a connection; false, and nothing counted, if it had too many. */
  admit(connection: TokenBucket, requests: number): boolean;
  /** Starts the bill of a request that writes. */
  beginWrites(): void;
  /** @param partition a hash of its key; undefined where that is not known */
  addWrite(table: TableRecord, partition: number | undefined, units: number): void;
  /** Tells of rows that go into a table, with what they weigh together: what its mean row is known by. */
  addRows(table: TableRecord, partition: number | undefined, rows: number, bytes: number): void;
  /** Pays the bill; false, and nothing paid, if a table or partition of it has nothing left. */
  payWrites(): boolean;
  mayRead(table: TableRecord, partition: number | undefined): boolean;
  /** To be called once the answer is there. */
  payRead(table: TableRecord, partition: number | undefined, units: number): void;
  /** What the mean row weighs of those that were written here; undefined where none was. */
  meanRow(table: TableRecord): number | undefined;
  /** How many of the four storage partitions that a table begins with have no row; of one that was filled elsewhere, none. */
  emptyPartitions(table: TableRecord): number;
  /** The units that were paid for, by `keyspace.table`. */
  counters(): Record<string, UnitCounters>;
}

/** Units that a table has taken. */
export interface UnitCounters {
  readonly written: number;
  readonly read: number;
}

interface Meter {
  properties: CustomProperties;
  readonly reads: TokenBucket;
  readonly writes: TokenBucket;
  /** Mixed into the hashes of its partitions. */
  readonly salt: number;
  readonly writeRamp: Ramp;
  readonly readRamp: Ramp;
  written: number;
  read: number;
  rows: number;
  bytes: number;
  /** A bit for each storage partition that has a row. */
  filled: number;
}

/** The storage partitions of a new table, by the guide's example of a scan. */
const STORAGE_PARTITIONS = 4;

/**
 * How many buckets all partitions of all tables share, by the hash of their keys: their number is not bounded, memory is.
 * Two that meet in one bucket are throttled together; that shows only if one of them is hot by itself.
 */
const PARTITION_BUCKETS = 2 ** 16;
const NOWHERE = -1;

export function createCapacity(options: Partial<Throughput> = {}): Capacity {
  const throughput: Throughput = { ...defaults, ...options };
  const { requestsPerConnection, partitionReadUnits, partitionWriteUnits, burstSeconds, now } = throughput;
  const partitionReads = createBucketArray(PARTITION_BUCKETS, partitionReadUnits, burstSeconds);
  const partitionWrites = createBucketArray(PARTITION_BUCKETS, partitionWriteUnits, burstSeconds);
  const meters = new Map<string, Meter>();
  let lastTable: TableRecord | undefined;
  let lastMeter: Meter | undefined;
  // The bill under way: a request is judged in one go, so there is one at most.
  const bill: { meter: Meter; partition: number; units: number }[] = [];
  let billed = 0;

  const createMeter = ({ customProperties }: TableRecord): Meter => {
    const { read, write, isOnDemand } = ratesOf(customProperties, throughput);
    const warm = (unit: string) => Number(customProperties.get("warm_throughput")?.get(unit) ?? 0);
    const at = now();
    const isRamped = throughput.ramp && isOnDemand;
    const writeRamp = createRamp(
      isRamped ? Math.max(NEW_TABLE_WRITE_UNITS, warm("write_units_per_second")) : write,
      write,
      at,
    );
    const readRamp = createRamp(
      isRamped ? Math.max(NEW_TABLE_READ_UNITS, warm("read_units_per_second")) : read,
      read,
      at,
    );
    return {
      properties: customProperties,
      reads: createBucket(readRamp.rate, burstSeconds, at),
      writes: createBucket(writeRamp.rate, burstSeconds, at),
      salt: Math.imul(meters.size, 0x9e3779b1),
      writeRamp,
      readRamp,
      written: 0,
      read: 0,
      rows: 0,
      bytes: 0,
      filled: 0,
    };
  };
  const meterOf = (table: TableRecord): Meter => {
    if (table === lastTable) return lastMeter!;
    const path = `${table.keyspace}.${table.table}`;
    let meter = meters.get(path);
    if (!meter) {
      meter = createMeter(table);
      meters.set(path, meter);
    } else if (meter.properties !== table.customProperties) {
      const fresh = createMeter(table);
      meter.properties = table.customProperties;
      Object.assign(meter.writeRamp, fresh.writeRamp);
      Object.assign(meter.readRamp, fresh.readRamp);
      changeRate(meter.reads, fresh.reads.rate, burstSeconds, now());
      changeRate(meter.writes, fresh.writes.rate, burstSeconds, now());
    }
    lastTable = table;
    lastMeter = meter;
    return meter;
  };
  /** Lets a table that has been busy have more. */
  const climb = (ramp: Ramp, bucket: TokenBucket, units: number): void => {
    const at = now();
    if (climbs(ramp, units, at)) changeRate(bucket, ramp.rate, burstSeconds, at);
  };
  const bucketOf = ({ salt }: Meter, partition: number | undefined): number =>
    partition === undefined ? NOWHERE : (partition ^ salt) & (PARTITION_BUCKETS - 1);

  return {
    newConnection: () => createBucket(requestsPerConnection, burstSeconds, now()),
    admit: (connection, requests) => {
      if (!isOpen(connection, now())) return false;
      spend(connection, requests);
      return true;
    },
    beginWrites: () => {
      billed = 0;
    },
    addWrite: (table, partition, units) => {
      const meter = meterOf(table);
      // Lines are written over rather than made anew.
      bill[billed] ??= { meter, partition: NOWHERE, units: 0 };
      const line = bill[billed++]!;
      line.meter = meter;
      line.partition = bucketOf(meter, partition);
      line.units = units;
    },
    payWrites: () => {
      const at = now();
      for (let index = 0; index < billed; index++) {
        const { meter, partition } = bill[index]!;
        if (!isOpen(meter.writes, at) || !(partition === NOWHERE || partitionWrites.isOpen(partition, at)))
          return false;
      }
      for (let index = 0; index < billed; index++) {
        const { meter, partition, units } = bill[index]!;
        spend(meter.writes, units);
        meter.written += units;
        climb(meter.writeRamp, meter.writes, units);
        if (partition !== NOWHERE) partitionWrites.spend(partition, units);
      }
      return true;
    },
    mayRead: (table, partition) => {
      const meter = meterOf(table);
      const bucket = bucketOf(meter, partition);
      const at = now();
      return isOpen(meter.reads, at) && (bucket === NOWHERE || partitionReads.isOpen(bucket, at));
    },
    payRead: (table, partition, units) => {
      const meter = meterOf(table);
      const bucket = bucketOf(meter, partition);
      spend(meter.reads, units);
      meter.read += units;
      climb(meter.readRamp, meter.reads, units);
      if (bucket !== NOWHERE) partitionReads.spend(bucket, units);
    },
    addRows: (table, partition, rows, bytes) => {
      const meter = meterOf(table);
      meter.rows += rows;
      meter.bytes += bytes;
      if (partition !== undefined) meter.filled |= 1 << (partition & (STORAGE_PARTITIONS - 1));
    },
    meanRow: (table) => {
      const { rows, bytes } = meterOf(table);
      return rows === 0 ? undefined : bytes / rows;
    },
    emptyPartitions: (table) => {
      const { filled } = meterOf(table);
      if (filled === 0) return 0;
      let empty = 0;
      for (let part = 0; part < STORAGE_PARTITIONS; part++) if ((filled & (1 << part)) === 0) empty++;
      return empty;
    },
    counters: () => Object.fromEntries([...meters].map(([path, { written, read }]) => [path, { written, read }])),
  };
}

function ratesOf(
  properties: CustomProperties,
  throughput: Throughput,
): { read: number; write: number; isOnDemand: boolean } {
  const mode = properties.get("capacity_mode");
  return mode?.get("throughput_mode") === "PROVISIONED"
    ? {
        read: Number(mode.get("read_capacity_units")),
        write: Number(mode.get("write_capacity_units")),
        isOnDemand: false,
      }
    : { read: throughput.tableReadUnits, write: throughput.tableWriteUnits, isOnDemand: true };
}
