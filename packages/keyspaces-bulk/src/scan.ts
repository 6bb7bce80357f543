import type { Client } from "cassandra-driver";
import { packedAlias, RowCursor } from "./driver/packed_rows.js";
import { type AskForPage, pageAsker, readPages, readParts, rowsPerPage } from "./paged_reads.js";
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

/** Ranges are read this many at a time, which hides the way to a distant service; cutting finer makes progress smoother. */
const rangesAtOnce = 8;
const rangeCount = 32;

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

/** The queries of a scan of one table. */
interface Queries {
  readonly columns: number;
  /** Rows between tokens. */
  between(bounds: Bounds): { query: string; params: Buffer[] };
  /** The token of a partition. */
  readonly token: string;
}

function queriesOf(name: TableName, columns: readonly [key: string, ...others: string[]]): Queries {
  const [key, ...others] = columns.map(quoted) as [string, ...string[]];
  const table = qualified(name);
  const select = `SELECT ${[`${key} AS ${packedAlias}`, ...others].join(", ")} FROM ${table}`;
  return {
    columns: columns.length,
    between({ first, last }) {
      const bounds = [
        { condition: `token(${key}) >= ?`, token: first },
        { condition: `token(${key}) <= ?`, token: last },
      ].flatMap(({ condition, token }) => (token === null ? [] : [{ condition, token }]));
      const where = bounds.map(({ condition }, i) => `${i === 0 ? "WHERE" : "AND"} ${condition}`);
      return { query: [select, ...where].join(" "), params: bounds.map(({ token }) => token) };
    },
    token: `SELECT token(${key}) AS ${packedAlias} FROM ${table} WHERE ${key} = ? LIMIT 1`,
  };
}

/** Reads a range to its end, or until there are `limit` rows; calls `onPage` with the rows that came or, after a break, went. */
function readRange(
  ask: AskForPage,
  { between, token }: Queries,
  bounds: Bounds,
  partitions: PartitionReader,
  { limit, onPage }: { limit: number; onPage: (rows: number) => void },
): Promise<void> {
  let { first } = bounds;
  const page = (pageState: string | undefined) => {
    const { query, params } = between({ ...bounds, first });
    return ask(query, params, pageState);
  };
  /** On from the token of the partition that was being read. */
  const goBack = async (error: unknown): Promise<void> => {
    if (partitions.key === null) return;
    const row = new RowCursor((await ask(token, [partitions.key])).rows, 1);
    // The partition is gone.
    if (!row.next()) throw error;
    first = row.copyOf(0);
  };
  return readPages(page, partitions, { limit, onPage, goBack });
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
  const queries = queriesOf(name, columns);
  const onRequest = () => {
    done.requests++;
  };
  const report = (rows: number): void => {
    done.rows += rows;
    onProgress?.({ rows: done.rows, requests: done.requests, fraction: Math.min(1, done.ranges) });
  };
  let plan: { ranges: Bounds[]; serial?: string } = { ranges: [wholeRing] };
  const rangesToRead = async (anySignal: AbortSignal) => {
    if (limit === undefined) plan = await rangesOf(client, anySignal);
    return plan.ranges;
  };
  const tried = `read the table ${name.keyspace}.${name.table}`;
  await readParts(rangesToRead, { tried, atOnce: rangesAtOnce, signal }, async (range, anySignal) => {
    const fetchSize = Math.min(rowsPerPage, limit ?? rowsPerPage);
    const ask = pageAsker(client, { consistency, fetchSize, signal: anySignal, onRequest });
    const partitions = new PartitionReader(newFold(), queries.columns);
    await readRange(ask, queries, range, partitions, { limit: limit ?? Number.POSITIVE_INFINITY, onPage: report });
    done.ranges += 1 / plan.ranges.length;
    report(0);
  });
  const seconds = (performance.now() - start) / 1000;
  return { requests: done.requests, seconds, ...(plan.serial !== undefined && { serial: plan.serial }) };
}
