import { ArgumentError } from "../errors.js";
import { assignNearest } from "./assign.js";
import { type Matrix, requireFinite } from "./matrix.js";
import { chooseStarts } from "./starts.js";

export { seededRandom } from "./seeded_random.js";

export interface KMeansOptions {
  /** Number of clusters, from 1 to the number of rows. */
  readonly k: number;
  /** Source of chance, numbers in [0, 1): the same source gives the same clusters. See `seededRandom`. */
  readonly random: () => number;
  /** Independent starts, of which the one with the lowest inertia is returned. Default 10. */
  readonly starts?: number;
  /** Iterations of one start at most. Default 300. */
  readonly maxIterations?: number;
  /**
   * A start has converged when its centroids moved, in squared Euclidean distance summed over all of them, by no more
   * than this times the mean variance of the columns. Default 0.0001; 0 runs until nothing moves. As in scikit-learn.
   */
  readonly tolerance?: number;
}

export interface KMeansResult {
  /** k rows, in the columns of the data. */
  readonly centroids: Matrix;
  /** Per row, the index of its nearest centroid. */
  readonly clusters: Int32Array;
  /** Sum of squared distances of the rows to their centroids. */
  readonly inertia: number;
  /** Iterations of the start that won, and whether they ended by convergence rather than by `maxIterations`. */
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Groups rows into k clusters so that the sum of squared distances to the cluster means is low: Lloyd's algorithm
 * from several k-means++ starts (Lloyd, "Least squares quantization in PCM", 1982).
 * A cluster that runs empty takes over the row farthest from its centroid, so clusters stay empty only where the matrix
 * has fewer than k distinct rows. O(starts × iterations × rows × k × columns).
 *
 * @throws ArgumentError for a k outside 1 … rows, a NaN or infinity in the matrix, or an option out of range
 */
export function kMeans(matrix: Matrix, options: KMeansOptions): KMeansResult {
  const { k, random, starts = 10, maxIterations = 300, tolerance = 1e-4 } = options;
  if (matrix.rows < 1) throw new ArgumentError("matrix.rows", "1 or more", matrix.rows);
  if (matrix.columns < 1) throw new ArgumentError("matrix.columns", "1 or more", matrix.columns);
  requireInteger("k", k, 1, matrix.rows);
  requireInteger("starts", starts, 1);
  requireInteger("maxIterations", maxIterations, 1);
  if (!(tolerance >= 0)) throw new ArgumentError("tolerance", "0 or more", tolerance);
  requireFinite(matrix, "matrix");

  const variance = meanVariance(matrix);
  // Bounds every sum of squared distances between any two rows.
  if (!Number.isFinite(4 * matrix.rows ** 2 * matrix.columns * variance)) {
    throw new ArgumentError("matrix", "small enough to square its distances (scale it first)", variance);
  }

  const enough = tolerance * variance;
  let best: KMeansResult | undefined;
  for (let start = 0; start < starts; start++) {
    const result = lloyd(matrix, chooseStarts(matrix, k, random), maxIterations, enough);
    if (best === undefined || result.inertia < best.inertia) best = result;
  }
  return best!;
}

function requireInteger(name: string, value: number, least: number, most?: number): void {
  if (Number.isInteger(value) && value >= least && value <= (most ?? value)) return;
  throw new ArgumentError(
    name,
    `an integer ${most === undefined ? `of ${least} or more` : `from ${least} to ${most}`}`,
    value,
  );
}

/** One start: assign and average until the centroids rest. Moves `centroids` in place. */
function lloyd(matrix: Matrix, centroids: Float64Array, maxIterations: number, enough: number): KMeansResult {
  const { rows, columns } = matrix;
  const k = centroids.length / columns;
  const clusters = new Int32Array(rows);
  const squaredDistances = new Float64Array(rows);
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < maxIterations) {
    assignNearest(matrix, centroids, clusters, squaredDistances);
    converged = moveCentroids(matrix, centroids, clusters, squaredDistances) <= enough;
    iterations++;
  }
  const inertia = assignNearest(matrix, centroids, clusters, squaredDistances);
  return { centroids: { values: centroids, rows: k, columns }, clusters, inertia, iterations, converged };
}

/** Moves each centroid to the mean of its rows and returns the squared distance moved, summed over all. */
function moveCentroids(
  { values, rows, columns }: Matrix,
  centroids: Float64Array,
  clusters: Int32Array,
  squaredDistances: Float64Array,
): number {
  const k = centroids.length / columns;
  const sums = new Float64Array(centroids.length);
  const counts = new Int32Array(k);
  const add = (row: number, cluster: number, sign: 1 | -1): void => {
    counts[cluster]! += sign;
    for (let j = 0; j < columns; j++) sums[cluster * columns + j]! += sign * values[row * columns + j]!;
  };
  for (let i = 0; i < rows; i++) add(i, clusters[i]!, 1);

  for (let empty = counts.indexOf(0); empty >= 0; empty = counts.indexOf(0, empty + 1)) {
    const row = farthestRow(clusters, squaredDistances, counts);
    if (row < 0) break;
    add(row, clusters[row]!, -1);
    add(row, empty, 1);
    clusters[row] = empty;
    squaredDistances[row] = 0;
  }

  let moved = 0;
  for (let c = 0; c < k; c++) {
    const count = counts[c]!;
    if (count === 0) continue;
    for (let at = c * columns; at < (c + 1) * columns; at++) {
      const mean = sums[at]! / count;
      moved += (mean - centroids[at]!) ** 2;
      centroids[at] = mean;
    }
  }
  return moved;
}

/** The row farthest from its centroid among those that do not have a cluster to themselves; −1 where all are at 0. */
function farthestRow(clusters: Int32Array, squaredDistances: Float64Array, counts: Int32Array): number {
  let farthest = -1;
  let most = 0;
  for (let i = 0; i < clusters.length; i++) {
    if (squaredDistances[i]! > most && counts[clusters[i]!]! > 1) {
      most = squaredDistances[i]!;
      farthest = i;
    }
  }
  return farthest;
}

/** Mean over the columns of their population variance. */
function meanVariance({ values, rows, columns }: Matrix): number {
  let total = 0;
  for (let j = 0; j < columns; j++) {
    let mean = 0;
    for (let i = 0; i < rows; i++) mean += values[i * columns + j]! / rows;
    for (let i = 0; i < rows; i++) total += (values[i * columns + j]! - mean) ** 2 / rows;
  }
  return total / columns;
}
