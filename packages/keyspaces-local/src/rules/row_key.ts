import type { BoundValues } from "../protocol/bound_values.js";
import { invalid } from "../protocol/refusal.js";
import type { RowShape } from "./row_shape.js";

/** The row that a statement writes, the same text for the same row; undefined where its key is not known before Cassandra reads it. */
function rowKeyOf({ keyspace, table, partition, clustering }: RowShape, values: BoundValues): string | undefined {
  if (partition === undefined) return undefined;
  let key = `${keyspace}.${table}`;
  for (const value of [...partition, ...clustering]) {
    let bytes = value;
    if (typeof bytes === "number") {
      const length = bytes < values.count ? values.lengths[bytes]! : -1;
      if (length < 0) return undefined;
      bytes = values.source.subarray(values.starts[bytes]!, values.starts[bytes]! + length);
    }
    key += ` ${bytes.length}:${bytes.toString("latin1")}`;
  }
  return key;
}

/**
 * Sees to it that no two statements of a LOGGED batch are on one row.
 *
 * @param seen the rows so far
 * @throws Refusal
 */
export function refuseSecond(seen: Set<string>, shape: RowShape, values: BoundValues): void {
  const key = rowKeyOf(shape, values);
  if (key === undefined) return;
  if (seen.has(key))
    throw invalid("Multiple statements affecting the same row are not supported in LOGGED batches", "KL-LOGGED-ROW");
  seen.add(key);
}
