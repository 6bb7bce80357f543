import { adjustedRand } from "./agreement.js";
import { assignNearest } from "./assign.js";
import { newFilter } from "./filter.js";
import { buildKdTree, type KdTree } from "./kd_tree.js";
import { runStart, type Start, type Stop } from "./lloyd.js";
import type { Matrix } from "./matrix.js";
import { measureQuality, type Quality } from "./quality.js";
import { seededRandom } from "./seeded_random.js";

/** What a thread can be told to do with the rows of its tree. Inputs and results are plain data; chance comes from a seed. */
export interface Jobs {
  start(tree: KdTree, input: { readonly k: number; readonly seed: number; readonly stop: Stop }): Start;
  /** Of the partition that these centroids make. */
  quality(tree: KdTree, input: { readonly centroids: Float64Array; readonly seed: number }): Quality;
  /** Adjusted Rand index between the partition that these centroids make and that of a fit to a bootstrap sample. */
  resample(tree: KdTree, input: Resample): number;
}

interface Resample {
  readonly centroids: Float64Array;
  readonly seed: number;
  readonly starts: number;
  readonly stop: Stop;
}

export const jobs: Jobs = {
  start: (tree, { k, seed, stop }) => runStart(newFilter(tree, k), k, seed, stop),
  quality: (tree, { centroids, seed }) => measureQuality(tree, nearestIn(tree, centroids), seededRandom(seed)),
  resample(tree, { centroids, seed, starts, stop }) {
    const random = seededRandom(seed);
    const k = centroids.length / tree.columns;
    const filter = newFilter(buildKdTree(bootstrapSample(tree, random)), k);
    const fits = Array.from({ length: starts }, () => runStart(filter, k, Math.floor(random() * 2 ** 32), stop));
    const best = fits.reduce((a, b) => (b.inertia < a.inertia ? b : a));
    return adjustedRand(nearestIn(tree, centroids), nearestIn(tree, best.centroids));
  },
};

function nearestIn(matrix: Matrix, centroids: Float64Array): Int32Array {
  const clusters = new Int32Array(matrix.rows);
  assignNearest(matrix, centroids, clusters, new Float64Array(matrix.rows));
  return clusters;
}

/** As many rows, drawn with repetition (Efron, "Bootstrap methods", 1979). */
function bootstrapSample({ values, rows, columns }: Matrix, random: () => number): Matrix {
  const sampled = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = Math.floor(random() * rows) * columns;
    sampled.set(values.subarray(row, row + columns), i * columns);
  }
  return { values: sampled, rows, columns };
}
