import type { Matrix } from "./matrix.js";

/**
 * How many different rows a matrix has: so many clusters can have rows, and no more. O(rows), and less where `most` is soon reached.
 *
 * @param most where counting stops; default all rows
 */
export function differentRows({ values, rows, columns }: Matrix, most: number = rows): number {
  const seen = new Set<string>();
  for (let i = 0; i < rows && seen.size < most; i++) seen.add(values.subarray(i * columns, (i + 1) * columns).join());
  return seen.size;
}
