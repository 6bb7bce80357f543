import type { CustomProperties } from "../schema/custom_properties.js";
import type { TableRecord } from "../schema/schema_store.js";
import { changeRate, createBucket, createBucketArray, isOpen, spend, type TokenBucket } from "./token_bucket.js";

/** What the service lets through a second; each may be Infinity. A unit is 1 KB written or 4 KB read. */
export interface Throughput {
  /** QUERY, EXECUTE and BATCH on one connection; an IN counts its subqueries. */
  readonly requestsPerConnection: number;
  /** Of a PAY_PER_REQUEST table, which behaves as a pre-warmed one: there is no ramp. */
  readonly tableReadUnits: number;
  readonly tableWriteUnits: number;
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
  partitionReadUnits: 3000,
  partitionWriteUnits: 1000,
  burstSeconds: 1,
  now: () => performance.now(),
};

const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

/** Every started KB; a delete too costs one. */
export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));

/** Every started 4 KB, and each subquery at least one; half of it at ONE and LOCAL_ONE. */
export function readUnits(bytes: number, subqueries: number, strong: boolean): number {
  return Math.max(1, subqueries, Math.ceil(bytes / READ_UNIT_BYTES)) * (strong ? 1 : 0.5);
}

/** The capacities of one gateway's tables, their partitions and its connections. */
export interface Capacity {
  newConnection(): TokenBucket;
  /** Counts requests on a connection; false, and nothing counted, if it had too many. */
  admit(connection: TokenBucket, requests: number): boolean;
  /** Starts the bill of a request that writes. */
  beginWrites(): void;
  /** @param partition a hash of its key; undefined where that is not known */
  addWrite(table: TableRecord, partition: number | undefined, units: number): void;
  /** Pays the bill; false, and nothing paid, if a table or partition of it has nothing left. */
  payWrites(): boolean;
  mayRead(table: TableRecord, partition: number | undefined): boolean;
  /** To be called once the answer is there. */
  payRead(table: TableRecord, partition: number | undefined, units: number): void;
}

interface Meter {
  properties: CustomProperties;
  readonly reads: TokenBucket;
  readonly writes: TokenBucket;
  /** Mixed into the hashes of its partitions. */
  readonly salt: number;
}

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
  const bill: { table: TokenBucket; partition: number; units: number }[] = [];
  let billed = 0;

  const createMeter = ({ customProperties }: TableRecord): Meter => {
    const { read, write } = ratesOf(customProperties, throughput);
    return {
      properties: customProperties,
      reads: createBucket(read, burstSeconds, now()),
      writes: createBucket(write, burstSeconds, now()),
      salt: Math.imul(meters.size, 0x9e3779b1),
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
      const { read, write } = ratesOf(table.customProperties, throughput);
      meter.properties = table.customProperties;
      changeRate(meter.reads, read, burstSeconds, now());
      changeRate(meter.writes, write, burstSeconds, now());
    }
    lastTable = table;
    lastMeter = meter;
    return meter;
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
      bill[billed] ??= { table: meter.writes, partition: NOWHERE, units: 0 };
      const line = bill[billed++]!;
      line.table = meter.writes;
      line.partition = bucketOf(meter, partition);
      line.units = units;
    },
    payWrites: () => {
      const at = now();
      for (let index = 0; index < billed; index++) {
        const { table, partition } = bill[index]!;
        if (!isOpen(table, at) || !(partition === NOWHERE || partitionWrites.isOpen(partition, at))) return false;
      }
      for (let index = 0; index < billed; index++) {
        const { table, partition, units } = bill[index]!;
        spend(table, units);
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
      if (bucket !== NOWHERE) partitionReads.spend(bucket, units);
    },
  };
}

function ratesOf(properties: CustomProperties, throughput: Throughput): { read: number; write: number } {
  const mode = properties.get("capacity_mode");
  return mode?.get("throughput_mode") === "PROVISIONED"
    ? { read: Number(mode.get("read_capacity_units")), write: Number(mode.get("write_capacity_units")) }
    : { read: throughput.tableReadUnits, write: throughput.tableWriteUnits };
}
