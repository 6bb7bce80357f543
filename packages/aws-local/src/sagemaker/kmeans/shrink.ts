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
  const members: Members = {
    sums: new Float64Array(centroids.values.length),
    weights: new Float64Array(centroids.rows),
  };
  let loss = assign(centres, centroids, members);
  for (let i = 0; i < maxIterations; i++) {
    move(centroids, members);
    const next = assign(centres, centroids, members);
    const settled = loss - next <= tolerance * loss;
    loss = next;
    if (settled) break;
  }
  return { centroids, loss };
}

/** What belongs to each centroid, in sum. */
interface Members {
  readonly sums: Float64Array;
  readonly weights: Float64Array;
}

/** Gives each centre to the centroid that is nearest to it. @returns their mean squared distance */
function assign({ points, weights }: WeightedPoints, centroids: Matrix, members: Members): number {
  const { values, rows, columns } = points;
  members.sums.fill(0);
  members.weights.fill(0);
  let loss = 0;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights[row] ?? 0;
    const { index, square } = nearestTo(values, row * columns, centroids);
    loss += weight * square;
    total += weight;
    members.weights[index]! += weight;
    for (let j = 0; j < columns; j++) members.sums[index * columns + j]! += weight * values[row * columns + j]!;
  }
  return total > 0 ? loss / total : 0;
}

/** Each centroid to the mean of what belongs to it; one with nothing stays. */
function move({ values, rows, columns }: Matrix, { sums, weights }: Members): void {
  for (let i = 0; i < rows; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    for (let at = i * columns; at < (i + 1) * columns; at++) values[at] = sums[at]! / weight;
  }
}
