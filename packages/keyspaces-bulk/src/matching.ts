import type { Client } from "cassandra-driver";
import type { Reconciliation } from "./reconciliation.js";
import type { KeyValue } from "./row_encoding.js";
import type { Chunk } from "./source.js";
import { keyOf, qualified, readRows, type TableDefinition, type TableName } from "./statements.js";

/** Finds the lines of a file among the rows that its table had before. */
export interface RowMatcher<Line> {
  /**
   * The same chunk with its lines as they are to go into the table, beside what is there.
   * No write of an earlier chunk may be under way.
   */
  match(chunk: Chunk<Line>): Promise<Chunk<Line>>;
  /** Whether a line of the last chunk, by its line of the file, is a row already, so that it need not be written. */
  isThere(lineNumber: number): boolean;
  /** What is counted so far, as JSON: checkpoints hold it. */
  state(): unknown;
}

/** How to match; asked for only where the table has rows that this file has not brought. */
export interface Matching<Line> {
  /** Whether it is what a matcher's `state` has left, for what comes out of a file. */
  isState(value: unknown): boolean;
  /**
   * @param start.settledLine lines of the file up to this one are in the table
   * @param start.state what the interrupted run had counted that is gone on from; undefined for none
   */
  begin(start: { settledLine: number; state: unknown; signal: AbortSignal }): RowMatcher<Line>;
}

/** The key of any row; undefined where the table is empty. */
async function anyKey(
  client: Client,
  name: TableName,
  definition: TableDefinition,
  signal: AbortSignal,
): Promise<KeyValue[] | undefined> {
  const { columns } = keyOf(definition);
  const query = `SELECT ${columns.join(", ")} FROM ${qualified(name)} LIMIT 1`;
  const [row] = await readRows(client, query, [], { limit: 1, freshTableMs: 10_000, signal });
  return row && columns.map((column) => (row[column] instanceof Date ? row[column].getTime() : row[column]));
}

/**
 * A matcher for a file that goes into a table with rows of others. Undefined where the table has none but those that an interrupted
 * run of this very file has written: then no row need be read.
 *
 * @param reconciliation whose checkpoints hold from now on what the matcher counts
 * @param options.isShared whether other files are on record as in the table
 * @throws what the service answers
 */
export async function matcherFor<Line>(
  client: Client,
  name: TableName,
  reconciliation: Reconciliation,
  options: {
    definition: TableDefinition;
    matching: Matching<Line>;
    isShared: () => Promise<boolean>;
    signal: AbortSignal;
  },
): Promise<RowMatcher<Line> | undefined> {
  const { definition, matching, isShared, signal } = options;
  const { from } = reconciliation;
  if (from !== undefined && from.overlap === undefined && !(await isShared())) return undefined;
  const key = await anyKey(client, name, definition, signal);
  if (key === undefined) return undefined;
  const matcher = matching.begin({ settledLine: reconciliation.settledLine(), state: from?.overlap, signal });
  reconciliation.keepOverlap(matcher.state, key);
  return matcher;
}
