import type { Matrix } from "../matrix.js";
import { nearestTo } from "../matrix.js";
import { chooseStarts, type StartMethod, type WeightedPoints } from "./starts.js";

export interface ShrinkOptions {
  readonly k: number;
  readonly method: StartMethod;
  readonly trials: number;
  readonly maxIterations: number;
  /** Iterations end once one of them lowers the loss by no larger share. */
  readonly tolerance: number;
}

export interface Shrunk {
  readonly centroids: Matrix;
  /** Per trial, the mean squared distance of the K centres to their nearest centroid; the least is that of `centroids`. */
  readonly losses: readonly number[];
}

/**
 * Shrinks K centres to k by Lloyd's algorithm, the best of several trials. A centre weighs as much as it has got rows. AWS does not say
 * whether its container does that; in published runs the centroids, weighted by their clusters' sizes, come to the mean of the data,
 * as they do only with weights.
 *
 * @param centres at least k of them
 */
export function shrinkCentres(centres: WeightedPoints, options: ShrinkOptions, random: () => number): Shrunk {
  const nonEmpty = withoutEmpty(centres, options.k);
  const trials = Array.from({ length: options.trials }, () => lloyd(nonEmpty, options, random));
  const losses = trials.map(({ loss }) => loss);
  const best = trials[losses.indexOf(Math.min(...losses))];
  if (!best) throw new RangeError("Lloyd's algorithm needs one trial at least");
  return { centroids: best.centroids, losses };
}

/** Without the centres that have no rows, as far as k are left. */
function withoutEmpty({ points, weights }: WeightedPoints, k: number): WeightedPoints {
  const { columns } = points;
  const all = Array.from({ length: points.rows }, (_, i) => i);
  const nonEmpty = all.filter((row) => (weights[row] ?? 0) > 0);
  const empty = all.filter((row) => (weights[row] ?? 0) === 0);
  const kept = [...nonEmpty, ...empty.slice(0, Math.max(0, k - nonEmpty.length))];
  const values = kept.flatMap((row) => [...points.values.subarray(row * columns, (row + 1) * columns)]);
  return {
    points: { values: Float64Array.from(values), rows: kept.length, columns },
    weights: kept.map((row) => weights[row] ?? 0),
  };
}

function lloyd(
  centres: WeightedPoints,
  { k, method, maxIterations, tolerance }: ShrinkOptions,
  random: () => number,
): { centroids: Matrix; loss: number } {
  const centroids = chooseStarts(centres, k, method, random);
  let step = assign(centres, centroids);
  for (let i = 0; i < maxIterations; i++) {
    move(centroids, step);
    const next = assign(centres, centroids);
    const settled = step.loss - next.loss <= tolerance * step.loss;
    step = next;
    if (settled) break;
  }
  return { centroids, loss: step.loss };
}

/** What belongs to each centroid: sum and weight; and the mean squared distance. */
interface Step {
  readonly sums: Float64Array;
  readonly weights: Float64Array;
  readonly loss: number;
}

function assign({ points, weights }: WeightedPoints, centroids: Matrix): Step {
  const { columns } = points;
  const step = { sums: new Float64Array(centroids.values.length), weights: new Float64Array(centroids.rows) };
  let loss = 0;
  let total = 0;
  for (let row = 0; row < points.rows; row++) {
    const weight = weights[row] ?? 0;
    const { index, square } = nearestTo(points.values, row * columns, centroids);
    loss += weight * square;
    total += weight;
    step.weights[index] = (step.weights[index] ?? 0) + weight;
    for (let j = 0; j < columns; j++) {
      step.sums[index * columns + j] =
        (step.sums[index * columns + j] ?? 0) + weight * (points.values[row * columns + j] ?? 0);
    }
  }
  return { ...step, loss: total > 0 ? loss / total : 0 };
}

/** Each centroid to the mean of what belongs to it; one with nothing stays. */
function move({ values, rows, columns }: Matrix, { sums, weights }: Step): void {
  for (let i = 0; i < rows; i++) {
    const weight = weights[i] ?? 0;
    if (weight === 0) continue;
    for (let at = i * columns; at < (i + 1) * columns; at++) values[at] = (sums[at] ?? 0) / weight;
  }
}
