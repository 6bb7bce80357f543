import { valueSize } from "./value_size.js";

/** What a table is made of: columns in order with their CQL types, and the primary key as CQL writes it. */
export interface TableColumns {
  readonly columns: Readonly<Record<string, string>>;
  readonly primaryKey: string;
}

/** The values of a row as the native protocol writes them, each with its length before it. */
export interface RowBytes {
  readonly slab: Buffer;
  readonly start: number;
  readonly end: number;
}

/** What a stored row takes beside what its size for reading and writing is. */
export const STORED_ROW_BYTES = 100;

/** A row of the tables of results, well below a KB. */
export const RESULT_ROW_BYTES = 200;

/** The name that the protocol gives to the seconds of `USING TTL ?`. */
const TTL = "[ttl]";
const TTL_BYTES = 8;
const COLUMNS_PER_ID_BYTE = 62;
const PARTITION_COLUMN_BYTES = 3;
/** A length that stands for a value which is not written at all. */
const UNSET = -2;

/**
 * Weighs rows as Amazon Keyspaces does for reading and writing, in bytes; for storage add {@link STORED_ROW_BYTES}. A column that is
 * left unset is not in the row. Static columns, which are items of their own, and client-side timestamps are not provided for.
 *
 * @param bound the columns that a statement binds, in its order; `[ttl]` for the seconds that the row lives; default all of the table
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/calculating-row-size.html
 */
export function rowSize(
  table: TableColumns,
  bound: readonly string[] = Object.keys(table.columns),
): (row: RowBytes) => number {
  const idBytes = Math.ceil(Object.keys(table.columns).length / COLUMNS_PER_ID_BYTE);
  const { partition, clustering } = keyOf(table);
  const expires = bound.includes(TTL);
  const columns = bound.map((name) => ({
    isValue: name !== TTL,
    size: valueSize(table.columns[name] ?? "blob"),
    inPartition: partition.includes(name),
    inClustering: clustering.includes(name),
  }));
  return ({ slab, start, end }) => {
    let total = expires ? TTL_BYTES : 0;
    let at = start;
    for (const { isValue, size, inPartition, inClustering } of columns) {
      if (at >= end) break;
      const length = slab.readInt32BE(at);
      at += 4;
      if (length !== UNSET && isValue) {
        const value = length < 0 ? 1 : size(slab, at, length);
        total += idBytes + value;
        if (inPartition) total += value + PARTITION_COLUMN_BYTES;
        else if (inClustering) total += value + Math.ceil(value / 5);
        if (expires) total += TTL_BYTES;
      }
      at += Math.max(0, length);
    }
    return total;
  };
}

function keyOf({ primaryKey }: TableColumns): { partition: readonly string[]; clustering: readonly string[] } {
  const names = primaryKey.match(/\w+/g) ?? [];
  const inBrackets = /^\s*\(([^)]*)\)/.exec(primaryKey)?.[1];
  const count = inBrackets === undefined ? 1 : (inBrackets.match(/\w+/g) ?? []).length;
  return { partition: names.slice(0, count), clustering: names.slice(count) };
}
