import type { Matrix } from "./matrix.js";

/**
 * Chooses k rows as first centroids by greedy k-means++: each next one is drawn with a probability proportional to
 * the squared distance from those chosen already, and of 2 + ⌊ln k⌋ draws the one that lowers the inertia most stays
 * (Arthur & Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007; draws as in scikit-learn).
 *
 * @param random gives numbers in [0, 1)
 * @returns k × columns, row-major; rows repeat where the matrix has fewer than k distinct ones
 */
export function chooseStarts(matrix: Matrix, k: number, random: () => number): Float64Array {
  const { values, rows, columns } = matrix;
  const draws = 2 + Math.floor(Math.log(k));
  const starts = new Float64Array(k * columns);
  const take = (cluster: number, row: number): void =>
    starts.set(values.subarray(row * columns, (row + 1) * columns), cluster * columns);

  const first = Math.floor(random() * rows);
  take(0, first);
  let nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  let inertia = lowerDistances(matrix, first, nearest, nearest);
  let trial = new Float64Array(rows);
  let best = new Float64Array(rows);
  for (let cluster = 1; cluster < k; cluster++) {
    let bestRow = -1;
    let bestInertia = Number.POSITIVE_INFINITY;
    for (let draw = 0; draw < draws; draw++) {
      const row = inertia > 0 ? drawByWeight(nearest, inertia, random) : Math.floor(random() * rows);
      const lowered = lowerDistances(matrix, row, nearest, trial);
      if (lowered < bestInertia) {
        bestInertia = lowered;
        bestRow = row;
        [best, trial] = [trial, best];
      }
    }
    take(cluster, bestRow);
    [nearest, best] = [best, nearest];
    inertia = bestInertia;
  }
  return starts;
}

/** Squared distances to the nearest centroid once `row` is one too, written to `into`; returns their sum. */
function lowerDistances(
  { values, rows, columns }: Matrix,
  row: number,
  nearest: Float64Array,
  into: Float64Array,
): number {
  let total = 0;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const difference = values[i * columns + j]! - values[row * columns + j]!;
      sum += difference * difference;
    }
    const least = Math.min(sum, nearest[i]!);
    into[i] = least;
    total += least;
  }
  return total;
}

/** An index drawn with probability weight ÷ total; never one of weight 0. */
function drawByWeight(weights: Float64Array, total: number, random: () => number): number {
  let left = random() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    left -= weight;
    last = i;
    if (left < 0) break;
  }
  return last;
}
