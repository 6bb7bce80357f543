import { ArgumentError, requireInteger } from "@keyspaces-segmentation/common";
import { labelRows, newFilter, newFootprint, squaredDistance } from "./filter.js";
import { buildKdTree, type KdTree } from "./kd_tree.js";
import { runStart, type Start, type Stop } from "./lloyd.js";
import { type Matrix, requireFinite } from "./matrix.js";
import { inThreads, type ThreadOptions, type Threads } from "./threads.js";

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
  /** The inertia that each start ended with: how many come close to the best says how far to trust it. */
  readonly startInertias: Float64Array;
}

/**
 * Groups rows into k clusters so that the sum of squared distances to the cluster means is low: Lloyd's algorithm
 * from several k-means++ starts, exact up to rounding. With three columns, all rows of a box are moved at once where they go the same
 * way (see `filter.ts`). A cluster that runs empty takes over the row farthest from its centroid, so clusters stay empty only where
 * the matrix has fewer than k distinct rows.
 *
 * With three columns and many rows, one iteration looks at a few percent of the rows; with any other number, at all of them:
 * O(starts × iterations × rows × k × columns).
 *
 * @throws ArgumentError for a k outside 1 … rows, a NaN or infinity in the matrix, or an option out of range
 */
export function kMeans(matrix: Matrix, options: KMeansOptions): KMeansResult {
  const { k, seeds, stop } = planStarts(matrix, options);
  const tree = buildKdTree(matrix);
  const filter = newFilter(tree, k);
  return bestOf(
    matrix,
    tree,
    seeds.map((seed) => runStart(filter, k, seed, stop)),
  );
}

/**
 * {@link kMeans} with its starts spread over threads: the same result, whatever their number, and the caller's thread stays free.
 *
 * @throws ArgumentError as `kMeans`; the signal's reason when aborted
 */
export async function kMeansInThreads(matrix: Matrix, options: KMeansOptions & ThreadOptions): Promise<KMeansResult> {
  const plan = planStarts(matrix, options);
  return inThreads(options, { rows: matrix.rows, jobs: plan.seeds.length }, (threads) => {
    const tree = buildKdTree(matrix);
    threads.share(tree);
    return fitInThreads(threads, matrix, tree, plan);
  });
}

/**
 * One fit, on threads that have its tree.
 *
 * @param onStart called after each start
 */
export async function fitInThreads(
  threads: Threads,
  matrix: Matrix,
  tree: KdTree,
  { k, seeds, stop }: StartPlan,
  onStart: () => void = () => {},
): Promise<KMeansResult> {
  const runs = seeds.map(async (seed) => {
    const start = await threads.run("start", { k, seed, stop });
    onStart();
    return start;
  });
  return bestOf(matrix, tree, await Promise.all(runs));
}

/** What the starts of a fit need; all chance is drawn here, so that nothing depends on which thread comes first. */
export interface StartPlan {
  readonly k: number;
  /** One per start. */
  readonly seeds: readonly number[];
  readonly stop: Stop;
}

/** @throws ArgumentError for a k outside 1 … rows, a NaN or infinity in the matrix, or an option out of range */
export function planStarts(matrix: Matrix, options: KMeansOptions): StartPlan {
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
  const seeds = Array.from({ length: starts }, () => Math.floor(random() * 2 ** 32));
  return { k, seeds, stop: { maxIterations, enough: tolerance * variance } };
}

/** The start with the lowest inertia, the first of equals, with every row assigned. */
function bestOf(matrix: Matrix, tree: KdTree, starts: readonly Start[]): KMeansResult {
  const { rows, columns } = matrix;
  const { centroids, iterations, converged } = starts.reduce((best, start) =>
    start.inertia < best.inertia ? start : best,
  );
  const k = centroids.length / columns;
  const footprint = newFootprint(tree);
  newFilter(tree, k).assign(centroids, k, footprint);
  const clusters = new Int32Array(rows);
  labelRows(tree, centroids, footprint, clusters);
  let inertia = 0;
  for (let i = 0; i < rows; i++) {
    inertia += squaredDistance(matrix.values, i * columns, centroids, clusters[i]! * columns, columns);
  }
  return {
    centroids: { values: centroids, rows: k, columns },
    clusters,
    inertia,
    iterations,
    converged,
    startInertias: Float64Array.from(starts, (start) => start.inertia),
  };
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
