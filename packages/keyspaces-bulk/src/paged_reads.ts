import { forEachConcurrently, StepError } from "@keyspaces-segmentation/common";
import { type Client, types } from "cassandra-driver";
import { type PackedRows, packedRowsOf } from "./driver/packed_rows.js";
import { codeOf, keyspacesFailure } from "./failure.js";
import type { PartitionReader } from "./partitions.js";
import { withRetries } from "./retry.js";

/** Keyspaces ends a page at 1 MB anyway. */
export const rowsPerPage = 5000;
/** Less patience than with a first page: without its next page, a read can still go on from an earlier place. */
const nextPageDeadlineMs = 30_000;
/** A partition in which paging breaks off more often than this cannot be read. */
const breaksAtMost = 10;

export interface Page {
  rows: PackedRows;
  /** Undefined after the last page. A page may be short or empty and still not be the last: only this tells. */
  next: string | undefined;
}

/** Asks for a page: the first one of a query, or that of a paging state. */
export type AskForPage = (query: string, params: unknown[], pageState?: string) => Promise<Page>;

/** How pages are asked for. */
export interface PageOptions {
  readonly consistency: "LOCAL_QUORUM" | "LOCAL_ONE";
  readonly fetchSize?: number;
  readonly signal: AbortSignal;
  readonly onRequest: () => void;
}

const levels: Readonly<Record<PageOptions["consistency"], types.consistencies>> = {
  LOCAL_QUORUM: types.consistencies.localQuorum,
  LOCAL_ONE: types.consistencies.localOne,
};

/** A request that fails is made again, within its deadline. */
export function pageAsker(
  client: Client,
  { consistency, fetchSize = rowsPerPage, signal, onRequest }: PageOptions,
): AskForPage {
  const options = { consistency: levels[consistency], fetchSize, prepare: true };
  return async (query, params, pageState) => {
    const paging = pageState === undefined ? {} : { pageState };
    const page = await withRetries(() => client.execute(query, params, { ...options, ...paging }), {
      signal,
      ...(pageState !== undefined && { deadlineMs: nextPageDeadlineMs }),
    });
    onRequest();
    return { rows: packedRowsOf(page), next: page.pageState || undefined };
  };
}

/**
 * Whether the service will not go on from a paging state: it finds the request invalid, although without one the same request was
 * good, or gave no page for as long as we wait for one.
 */
function isBrokenPaging(error: unknown): boolean {
  const { invalid, protocolError } = types.responseErrorCodes;
  return error instanceof StepError || codeOf(error) === invalid || codeOf(error) === protocolError;
}

/** How pages are read one after the other. */
export interface PageReading {
  /** No further page is asked for once there are so many rows. */
  readonly limit?: number;
  /** Told of the rows that came or, after a break, went. */
  readonly onPage: (rows: number) => void;
  /**
   * Called when paging broke off, with why: the first page asked for next has to begin with the partition that was being read.
   * Where all pages are of one partition, nothing has to be done for it.
   */
  readonly goBack?: (error: unknown) => Promise<void>;
}

/** Reads pages to the last one; where the service will not go on from a paging state, on from the partition that was being read. */
export async function readPages(
  page: (pageState: string | undefined) => Promise<Page>,
  partitions: PartitionReader,
  { limit = Number.POSITIVE_INFINITY, onPage, goBack }: PageReading,
): Promise<void> {
  let pageState: string | undefined;
  let breaks = { number: 0, complete: 0 };
  do {
    let read: Page;
    try {
      read = await page(pageState);
    } catch (error) {
      if (pageState === undefined || !isBrokenPaging(error)) throw error;
      const again = partitions.complete === breaks.complete;
      breaks = { number: again ? breaks.number + 1 : 1, complete: partitions.complete };
      if (breaks.number > breaksAtMost) throw error;
      await goBack?.(error);
      onPage(-partitions.break());
      read = await page(undefined);
    }
    onPage(partitions.take(read.rows));
    read.rows.release();
    pageState = read.next;
  } while (pageState !== undefined && partitions.rows < limit);
  partitions.end();
}

/** How the parts of a table are read. */
export interface PartsOptions {
  /** What is done, for errors: "read the table a.b". */
  readonly tried: string;
  readonly atOnce: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads the parts of a table, several at a time. When one fails, the others need not be read to their ends.
 *
 * @param parts finds out which they are
 * @throws StepError when a request fails for good; what a fold throws; the signal's reason when aborted
 */
export async function readParts<Part>(
  parts: (signal: AbortSignal) => Promise<readonly Part[]>,
  { tried, atOnce, signal }: PartsOptions,
  read: (part: Part, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failure = new AbortController();
  const anySignal = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  try {
    await forEachConcurrently(await parts(anySignal), atOnce, async (part) => {
      try {
        await read(part, anySignal);
      } catch (error) {
        failure.abort(error);
        throw error;
      }
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(tried, failure.signal.aborted ? failure.signal.reason : error);
  }
}
