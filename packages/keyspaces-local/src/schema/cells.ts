import { createReader } from "../protocol/notation.js";
import type { Row } from "../protocol/rows.js";

/** Cells as they go over the wire, read. */

const empty = Buffer.alloc(0);

export const textOf = (row: Row, column: string): string => row.get(column)?.toString("utf8") ?? "";

/** A map<text, …>: a count, then keys and values in turn. No map is an empty one. */
export function mapOf<T>(cell: Buffer | null | undefined, readValue: (bytes: Buffer) => T): Map<string, T> {
  const map = new Map<string, T>();
  if (!cell) return map;
  const reader = createReader(cell);
  for (let left = reader.int(); left > 0; left--) {
    const key = (reader.bytes() ?? empty).toString("utf8");
    map.set(key, readValue(reader.bytes() ?? empty));
  }
  return map;
}

/** A list<text> or set<text>. */
export function textsOf(cell: Buffer | null | undefined): string[] {
  if (!cell) return [];
  const reader = createReader(cell);
  return Array.from({ length: reader.int() }, () => (reader.bytes() ?? empty).toString("utf8"));
}
