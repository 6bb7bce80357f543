import { assignNearest } from "./assign.js";
import { type Filter, newFootprint } from "./filter.js";
import type { KdTree } from "./kd_tree.js";
import { seededRandom } from "./seeded_random.js";
import { chooseStarts } from "./starts.js";

/** When a start ends. */
export interface Stop {
  readonly maxIterations: number;
  /** Converged when the squared distances that the centroids moved add up to no more than this. */
  readonly enough: number;
}

/** What one start comes to. */
export interface Start {
  /** k × columns, row-major. */
  readonly centroids: Float64Array;
  readonly inertia: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** One start of k-means: first centroids by k-means++, drawn from the seed, then Lloyd's algorithm. */
export function runStart(filter: Filter, k: number, seed: number, stop: Stop): Start {
  return lloyd(filter, chooseStarts(filter, k, seededRandom(seed)), stop);
}

/**
 * Assigns and averages until the centroids rest (Lloyd, "Least squares quantization in PCM", 1982). A cluster that runs
 * empty takes over the row farthest from its centroid, as in scikit-learn.
 *
 * @param centroids to start from; moved in place
 */
export function lloyd(filter: Filter, centroids: Float64Array, { maxIterations, enough }: Stop): Start {
  const { tree } = filter;
  const k = centroids.length / tree.columns;
  const footprint = newFootprint(tree);
  const rest = Math.max(enough, roundingOf(tree, k));
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < maxIterations) {
    filter.assign(centroids, k, footprint);
    if (filter.counts.subarray(0, k).includes(0)) fillEmptyClusters(filter, centroids);
    converged = moveToMeans(filter, centroids) <= rest;
    iterations++;
  }
  return { centroids, inertia: filter.assign(centroids, k, footprint), iterations, converged };
}

/**
 * Centroids that rest may still move by this, squared and summed: their sums are added up in another order once a box is
 * given away in parts. Far below what moving a single row does.
 */
function roundingOf({ moments, columns }: KdTree, k: number): number {
  let most = 0;
  for (let at = 0; at < 2 * columns; at++) most = Math.max(most, Math.abs(moments[at]!));
  return k * columns * (64 * Number.EPSILON * most) ** 2;
}

/** Moves each centroid to the mean of its rows and returns the squared distance moved, summed over all. */
function moveToMeans({ tree: { columns }, sums, counts }: Filter, centroids: Float64Array): number {
  let moved = 0;
  for (let at = 0; at < centroids.length; at++) {
    const count = counts[Math.floor(at / columns)]!;
    if (count === 0) continue;
    const mean = sums[at]! / count;
    moved += (mean - centroids[at]!) ** 2;
    centroids[at] = mean;
  }
  return moved;
}

/** Gives each empty cluster the row farthest from its centroid, as long as there are rows away from theirs. */
function fillEmptyClusters({ tree, sums, counts }: Filter, centroids: Float64Array): void {
  const { values, rows, columns } = tree;
  const clusters = new Int32Array(rows);
  const squaredDistances = new Float64Array(rows);
  assignNearest(tree, centroids, clusters, squaredDistances);
  const count = (row: number, sign: 1 | -1): void => {
    const cluster = clusters[row]!;
    counts[cluster]! += sign;
    for (let j = 0; j < columns; j++) sums[cluster * columns + j]! += sign * values[row * columns + j]!;
  };
  const k = centroids.length / columns;
  for (let empty = 0; empty < k; empty++) {
    if (counts[empty]! > 0) continue;
    const row = farthestRow(clusters, squaredDistances, counts);
    if (row < 0) break;
    count(row, -1);
    clusters[row] = empty;
    squaredDistances[row] = 0;
    count(row, 1);
  }
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
