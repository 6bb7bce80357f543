import type { Client } from "cassandra-driver";
import type { Account } from "./account.js";
import { createLineMatcher, type LineMatcher } from "./overlap.js";
import { readRows } from "./read_rows.js";
import { qualified, type TableName } from "./tables.js";

/** The key of any row; undefined where the table is empty. */
async function anyKey(
  client: Client,
  name: TableName,
  signal: AbortSignal,
): Promise<[string, string, number] | undefined> {
  const query = `SELECT invoice, stock_code, line FROM ${qualified(name)} LIMIT 1`;
  const [row] = await readRows(client, query, [], { limit: 1, freshTableMs: 10_000, signal });
  return row && [row.invoice, row.stock_code, row.line];
}

/**
 * A matcher for a file that goes into a table with rows of others. Undefined where the table has none but those that an interrupted run
 * of this very file has written: then no row need be read.
 *
 * @param account the books of the ingest, whose checkpoints hold from now on what the matcher counts
 * @param options.isShared whether other files are on record as in the table
 * @throws what the service answers
 */
export async function matcherFor(
  client: Client,
  name: TableName,
  account: Account,
  { isShared, signal }: { isShared: () => Promise<boolean>; signal: AbortSignal },
): Promise<LineMatcher | undefined> {
  const { from } = account;
  if (from !== undefined && from.overlap === undefined && !(await isShared())) return undefined;
  const key = await anyKey(client, name, signal);
  if (key === undefined) return undefined;
  const settledLine = account.settledLine();
  const matcher = createLineMatcher(client, name, { settledLine, from: from?.overlap, signal });
  account.keepOverlap(matcher.state, key);
  return matcher;
}
