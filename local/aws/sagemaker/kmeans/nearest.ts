import type { Matrix } from "../../../../src/clustering/matrix.js";

/** The centroid nearest to a row, the first of several, and its Euclidean distance. */
export function nearest(row: ArrayLike<number>, centroids: Matrix): { cluster: number; distance: number } {
  const { values, rows, columns } = centroids;
  let cluster = 0;
  let least = Infinity;
  for (let i = 0; i < rows; i++) {
    let squares = 0;
    for (let j = 0; j < columns; j++) squares += ((row[j] ?? 0) - (values[i * columns + j] ?? 0)) ** 2;
    if (squares < least) [cluster, least] = [i, squares];
  }
  return { cluster, distance: Math.sqrt(least) };
}
