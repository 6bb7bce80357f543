import type { Client, types } from "cassandra-driver";
import { withRetries } from "./retry.js";

/** A table and the keyspace it is in, as the reader spells them. */
export interface TableName {
  keyspace: string;
  table: string;
}

/** What a table is made of: columns in order with their CQL types, and the primary key as CQL writes it. */
export interface TableDefinition {
  columns: Readonly<Record<string, string>>;
  primaryKey: string;
}

/** In quotes, capitals count and no name is a reserved word. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const qualified = ({ keyspace, table }: TableName): string => `${quoted(keyspace)}.${quoted(table)}`;

/**
 * `INSERT` of all columns of a table, in the order of its definition.
 *
 * @param options.withTtl whether the seconds that the row lives are bound behind its values
 */
export function insertInto(
  name: TableName,
  { columns }: TableDefinition,
  { withTtl = false }: { withTtl?: boolean } = {},
): string {
  const names = Object.keys(columns);
  const insert = `INSERT INTO ${qualified(name)} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
  return withTtl ? `${insert} USING TTL ?` : insert;
}

/** The columns of a primary key, in its order; those of the partition first, `partition` of them. */
export function keyOf({ primaryKey }: Pick<TableDefinition, "primaryKey">): { columns: string[]; partition: number } {
  const inBrackets = /^\s*\(([^)]*)\)/.exec(primaryKey)?.[1];
  return {
    columns: primaryKey.match(/\w+/g) ?? [],
    partition: inBrackets === undefined ? 1 : (inBrackets.match(/\w+/g) ?? []).length,
  };
}

/** DDL cannot be prepared in Keyspaces. @throws what the service answers */
export async function runDdl(client: Client, statement: string, signal?: AbortSignal): Promise<void> {
  await withRetries(() => client.execute(statement, [], { prepare: false }), { signal });
}

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
