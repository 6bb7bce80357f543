/** Rows of numbers, one behind the other: row i begins at `i * columns`. */
export interface Matrix {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** The row of `centres` nearest to the point that begins at `at`, the first of several, and the square of its distance. */
export function nearestTo(
  points: ArrayLike<number>,
  at: number,
  { values, rows, columns }: Matrix,
): { index: number; square: number } {
  let index = 0;
  let square = Infinity;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const difference = points[at + j]! - values[i * columns + j]!;
      sum += difference * difference;
    }
    if (sum < square) {
      index = i;
      square = sum;
    }
  }
  return { index, square };
}

/** The centroid nearest to a row, the first of several, and its Euclidean distance. */
export function nearest(row: ArrayLike<number>, centroids: Matrix): { cluster: number; distance: number } {
  const { index, square } = nearestTo(row, 0, centroids);
  return { cluster: index, distance: Math.sqrt(square) };
}
