import type { Client } from "cassandra-driver";
import { packedAlias } from "./driver/packed_rows.js";
import { pageAsker, readPages, readParts } from "./paged_reads.js";
import { type PartitionFold, PartitionReader } from "./partitions.js";
import type { ScanOptions, ScanReport } from "./scan.js";
import { qualified, quoted, type TableName } from "./statements.js";

/** Partitions that are read at a time, which hides the way to a distant service. */
const readsAtOnce = 32;

/**
 * Reads columns of the rows of some partitions, several at a time, and hands them to a fold as `scanTable` does: each partition in one
 * piece. One that has no rows is passed over. Each takes a request, and so at least one read unit.
 *
 * @param columns the first is the partition key, a text
 * @param keys of the partitions; one that comes twice is read twice
 * @throws StepError when a request fails for good; what a fold throws; the signal's reason when aborted
 */
export async function readPartitions(
  client: Client,
  name: TableName,
  columns: readonly [key: string, ...others: string[]],
  keys: readonly string[],
  newFold: () => PartitionFold,
  { consistency = "LOCAL_QUORUM", onProgress, signal }: ScanOptions = {},
): Promise<ScanReport> {
  const start = performance.now();
  const [key, ...others] = columns.map(quoted) as [string, ...string[]];
  const select = `SELECT ${[`${key} AS ${packedAlias}`, ...others].join(", ")} FROM ${qualified(name)} WHERE ${key} = ?`;
  const done = { rows: 0, requests: 0, partitions: 0 };
  const onRequest = () => {
    done.requests++;
  };
  const onPage = (rows: number) => {
    done.rows += rows;
  };
  const tried = `read ${keys.length} partitions of ${name.keyspace}.${name.table}`;
  await readParts(
    async () => keys,
    { tried, atOnce: readsAtOnce, signal },
    async (partition, anySignal) => {
      const ask = pageAsker(client, { consistency, signal: anySignal, onRequest });
      const reader = new PartitionReader(newFold(), columns.length);
      await readPages((pageState) => ask(select, [partition], pageState), reader, { onPage });
      done.partitions++;
      onProgress?.({ rows: done.rows, requests: done.requests, fraction: done.partitions / keys.length });
    },
  );
  return { requests: done.requests, seconds: (performance.now() - start) / 1000 };
}
