import { forEachConcurrently, StepError } from "@keyspaces-segmentation/common";
import { type Client, types } from "cassandra-driver";
import { type PackedRows, packedAlias, packedRowsOf, RowCursor } from "./driver/packed_rows.js";
import { codeOf, keyspacesFailure } from "./failure.js";
import { type PartitionFold, PartitionReader } from "./partitions.js";
import { withRetries } from "./retry.js";
import { qualified, quoted, type TableName } from "./statements.js";
import { ringOf, splitTokenRing, type TokenRange } from "./token_ranges.js";

interface ScanProgress {
  rows: number;
  requests: number;
  /** Share of the token ranges that are read, 0 to 1. */
  fraction: number;
}

export interface ScanOptions {
  /**
   * LOCAL_QUORUM, the default, costs one read request unit for each 4 KB read. LOCAL_ONE costs half of that, and may miss what was
   * written a moment ago.
   *
   * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/consistency.html
   */
  consistency?: "LOCAL_QUORUM" | "LOCAL_ONE";
  onProgress?: (progress: ScanProgress) => void;
  signal?: AbortSignal;
}

export interface ScanReport {
  requests: number;
  seconds: number;
  /** Set where the whole table was read one page after the other, which takes its time: a phrase that says why. */
  serial?: string;
}

export const levels: Readonly<Record<"LOCAL_QUORUM" | "LOCAL_ONE", types.consistencies>> = {
  LOCAL_QUORUM: types.consistencies.localQuorum,
  LOCAL_ONE: types.consistencies.localOne,
};

/** Ranges are read this many at a time, which hides the way to a distant service; cutting finer makes progress smoother. */
const rangesAtOnce = 8;
const rangeCount = 32;
/** Keyspaces ends a page at 1 MB anyway. */
export const rowsPerPage = 5000;

/** Less patience than with a first page: without its next page, a range can still be read on from a token. */
const nextPageDeadlineMs = 30_000;
/** A partition in which paging breaks off more often than this cannot be read. */
export const breaksAtMost = 10;

/** Tokens as the protocol writes them, both included; null for an open end. */
interface Bounds {
  first: Buffer | null;
  last: Buffer | null;
}

const wholeRing: Bounds = { first: null, last: null };

/** The ranges to read a whole table in; one, and why, where the account's partitioner is none that Keyspaces documents. */
async function rangesOf(client: Client, signal: AbortSignal): Promise<{ ranges: Bounds[]; serial?: string }> {
  const query = "SELECT partitioner FROM system.local WHERE key = 'local'";
  const { rows } = await withRetries(() => client.execute(query), { signal });
  const partitioner = String(rows[0]?.partitioner);
  const ring = ringOf(partitioner);
  if (ring === undefined) {
    return {
      ranges: [wholeRing],
      serial: `one page after the other, as the tokens of the partitioner ${partitioner} are not known`,
    };
  }
  const bounds = ({ first, last }: TokenRange) => ({ first: ring.encode(first), last: ring.encode(last) });
  return { ranges: splitTokenRing(rangeCount, ring).map(bounds) };
}

interface Page {
  rows: PackedRows;
  /** Undefined after the last page. A page may be short or empty and still not be the last: only this tells. */
  next: string | undefined;
}

/** The requests that a scan of one table makes. */
interface Requests {
  page(bounds: Bounds, pageState: string | undefined): Promise<Page>;
  /** Undefined when the partition is gone. */
  tokenOf(partition: Buffer): Promise<Buffer | undefined>;
}

interface RequestOptions {
  consistency: types.consistencies;
  fetchSize: number;
  signal: AbortSignal;
  onRequest: () => void;
}

function requestsFor(
  client: Client,
  name: TableName,
  columns: readonly [key: string, ...others: string[]],
  { signal, onRequest, ...options }: RequestOptions,
): Requests {
  const [key, ...others] = columns.map(quoted) as [string, ...string[]];
  const table = qualified(name);
  const select = `SELECT ${[`${key} AS ${packedAlias}`, ...others].join(", ")} FROM ${table}`;
  const selectToken = `SELECT token(${key}) AS ${packedAlias} FROM ${table} WHERE ${key} = ? LIMIT 1`;

  const send = async (query: string, params: Buffer[], pageState?: string): Promise<Page> => {
    const paging = pageState === undefined ? {} : { pageState };
    const page = await withRetries(() => client.execute(query, params, { ...options, ...paging, prepare: true }), {
      signal,
      ...(pageState !== undefined && { deadlineMs: nextPageDeadlineMs }),
    });
    onRequest();
    return { rows: packedRowsOf(page), next: page.pageState || undefined };
  };

  return {
    page: ({ first, last }, pageState) => {
      const bounds = [
        { condition: `token(${key}) >= ?`, token: first },
        { condition: `token(${key}) <= ?`, token: last },
      ].flatMap(({ condition, token }) => (token === null ? [] : [{ condition, token }]));
      const where = bounds.map(({ condition }, i) => `${i === 0 ? "WHERE" : "AND"} ${condition}`);
      return send(
        [select, ...where].join(" "),
        bounds.map(({ token }) => token),
        pageState,
      );
    },
    tokenOf: async (partition) => {
      const row = new RowCursor((await send(selectToken, [partition])).rows, 1);
      return row.next() ? row.copyOf(0) : undefined;
    },
  };
}

/**
 * Whether the service will not go on from a paging state: it finds the request invalid, although without one the same request was
 * good, or gave no page for as long as we wait for one.
 */
export function isBrokenPaging(error: unknown): boolean {
  const { invalid, protocolError } = types.responseErrorCodes;
  return error instanceof StepError || codeOf(error) === invalid || codeOf(error) === protocolError;
}

/** Reads a range to its end, or until there are `limit` rows; calls `onPage` with the rows that came or, after a break, went. */
async function readRange(
  requests: Requests,
  bounds: Bounds,
  partitions: PartitionReader,
  { limit, onPage }: { limit: number; onPage: (rows: number) => void },
): Promise<void> {
  let { first } = bounds;
  let pageState: string | undefined;
  let breaks = { number: 0, complete: 0 };

  const goOnFromToken = async (error: unknown): Promise<void> => {
    const again = partitions.complete === breaks.complete;
    breaks = { number: again ? breaks.number + 1 : 1, complete: partitions.complete };
    if (breaks.number > breaksAtMost) throw error;
    if (partitions.key !== null) {
      const token = await requests.tokenOf(partitions.key);
      if (token === undefined) throw error;
      first = token;
    }
    pageState = undefined;
    onPage(-partitions.break());
  };

  do {
    let page: Page;
    try {
      page = await requests.page({ ...bounds, first }, pageState);
    } catch (error) {
      if (pageState === undefined || !isBrokenPaging(error)) throw error;
      await goOnFromToken(error);
      page = await requests.page({ ...bounds, first }, undefined);
    }
    onPage(partitions.take(page.rows));
    pageState = page.next;
  } while (pageState !== undefined && partitions.rows < limit);
  partitions.end();
}

/**
 * Reads columns of all rows of a table, several token ranges at a time, and hands the rows to the folds page by page.
 *
 * A request that fails is made again, not the scan. Where the service will not go on from a paging state, the range is read on from
 * the token of the partition that was being read. So each fold gets every partition of its range once and in one piece.
 *
 * @param columns the first is the partition key
 * @param newFold makes a fold for each token range; where the partitioner is not a known one, one for the whole table
 * @param options with `limit`, only the first rows are read, one page after the other, at least so many where there are so many
 * @throws StepError when a request fails for good; what a fold throws; the signal's reason when aborted
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/paginating-results.html
 */
export async function scanTable(
  client: Client,
  name: TableName,
  columns: readonly [key: string, ...others: string[]],
  newFold: () => PartitionFold,
  options: ScanOptions & { limit?: number } = {},
): Promise<ScanReport> {
  const { consistency = "LOCAL_QUORUM", onProgress, signal, limit } = options;
  const start = performance.now();
  const done = { rows: 0, requests: 0, ranges: 0 };
  // When one range fails, the others need not be read to their ends.
  const failure = new AbortController();
  const anySignal = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const requests = requestsFor(client, name, columns, {
    consistency: levels[consistency],
    fetchSize: Math.min(rowsPerPage, limit ?? rowsPerPage),
    signal: anySignal,
    onRequest: () => {
      done.requests++;
    },
  });
  let serial: string | undefined;
  const report = (rows: number): void => {
    done.rows += rows;
    onProgress?.({ rows: done.rows, requests: done.requests, fraction: Math.min(1, done.ranges) });
  };

  try {
    const plan = limit === undefined ? await rangesOf(client, anySignal) : { ranges: [wholeRing] };
    const { ranges } = plan;
    serial = plan.serial;
    await forEachConcurrently(ranges, rangesAtOnce, async (range) => {
      try {
        const partitions = new PartitionReader(newFold(), columns.length);
        await readRange(requests, range, partitions, { limit: limit ?? Number.POSITIVE_INFINITY, onPage: report });
        done.ranges += 1 / ranges.length;
        report(0);
      } catch (error) {
        failure.abort(error);
        throw error;
      }
    });
  } catch (error) {
    signal?.throwIfAborted();
    const cause: unknown = failure.signal.aborted ? failure.signal.reason : error;
    throw keyspacesFailure(`read the table ${name.keyspace}.${name.table}`, cause);
  }
  const seconds = (performance.now() - start) / 1000;
  return { requests: done.requests, seconds, ...(serial !== undefined && { serial }) };
}
