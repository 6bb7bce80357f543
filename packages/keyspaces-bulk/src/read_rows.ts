import type { Client, types } from "cassandra-driver";
import { withRetries } from "./retry.js";

export interface ReadRowsOptions {
  /** As many rows at most; default all. */
  limit?: number;
  /** As in `withRetries`. */
  freshTableMs?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Reads what a query gives, page after page: one that is short or empty is not the end, as Keyspaces counts the rows that it has
 * looked at and ends a page at 1 MB.
 *
 * @throws what the service answers
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/paginating-results.html
 */
export async function readRows(
  client: Client,
  query: string,
  params: readonly unknown[],
  { limit = Number.POSITIVE_INFINITY, freshTableMs = 0, signal }: ReadRowsOptions = {},
): Promise<types.Row[]> {
  const rows: types.Row[] = [];
  let pageState: string | undefined;
  do {
    const fetchSize = Math.min(5000, limit - rows.length);
    const page = await withRetries(
      () => client.execute(query, params, { prepare: true, fetchSize, ...(pageState !== undefined && { pageState }) }),
      { freshTableMs, signal },
    );
    for (const row of page.rows) rows.push(row);
    pageState = page.pageState ?? undefined;
  } while (pageState !== undefined && rows.length < limit);
  return rows;
}
