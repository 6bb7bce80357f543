import { forEachConcurrently } from "@keyspaces-segmentation/common";
import type { Client } from "cassandra-driver";
import { packedAlias, packedRowsOf } from "./driver/packed_rows.js";
import { keyspacesFailure } from "./failure.js";
import { type PartitionFold, PartitionReader } from "./partitions.js";
import { withRetries } from "./retry.js";
import { breaksAtMost, isBrokenPaging, levels, rowsPerPage, type ScanOptions, type ScanReport } from "./scan.js";
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
  const request = { consistency: levels[consistency], fetchSize: rowsPerPage, prepare: true };
  const failure = new AbortController();
  const anySignal = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const done = { rows: 0, requests: 0, partitions: 0 };

  const readOne = async (partition: string): Promise<void> => {
    const reader = new PartitionReader(newFold(), columns.length);
    let pageState: string | undefined;
    let isComplete = false;
    for (let breaks = 0; !isComplete; ) {
      const paging = pageState === undefined ? {} : { pageState };
      const send = () => client.execute(select, [partition], { ...request, ...paging });
      try {
        const page = await withRetries(send, { signal: anySignal });
        done.requests++;
        done.rows += reader.take(packedRowsOf(page));
        pageState = page.pageState || undefined;
        isComplete = pageState === undefined;
      } catch (error) {
        // From its first row again.
        if (pageState === undefined || !isBrokenPaging(error) || ++breaks > breaksAtMost) throw error;
        done.rows -= reader.break();
        pageState = undefined;
      }
    }
    reader.end();
    done.partitions++;
    onProgress?.({ rows: done.rows, requests: done.requests, fraction: done.partitions / keys.length });
  };

  try {
    await forEachConcurrently(keys, readsAtOnce, async (partition) => {
      try {
        await readOne(partition);
      } catch (error) {
        failure.abort(error);
        throw error;
      }
    });
  } catch (error) {
    signal?.throwIfAborted();
    const cause: unknown = failure.signal.aborted ? failure.signal.reason : error;
    throw keyspacesFailure(`read ${keys.length} partitions of ${name.keyspace}.${name.table}`, cause);
  }
  return { requests: done.requests, seconds: (performance.now() - start) / 1000 };
}
