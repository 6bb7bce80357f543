import type { Matrix } from "../matrix.js";
import { nearestTo } from "../matrix.js";
import { chooseStarts, type StartMethod, type WeightedPoints } from "./starts.js";

export interface WebScaleOptions {
  /** K, at most the rows of the first batch. */
  readonly centres: number;
  readonly method: StartMethod;
  readonly batchSize: number;
  readonly epochs: number;
  /** After so many further rows a row counts half; 0: it always counts one. */
  readonly halfLife: number;
}

/**
 * Passes over the rows in batches, as they lie, and keeps K centres. They begin at rows of the first batch. A centre that has got m rows
 * of a batch, and n before it, moves by m / (n + m) of the way to the mean of the m.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/dg/algo-kmeans-tech-notes.html; Sculley, Web-scale k-means clustering, 2010.
 *
 * @returns the centres, each with the number of rows it has got, less what they have lost by their age
 */
export function collectCentres(
  data: Matrix,
  { centres, method, batchSize, epochs, halfLife }: WebScaleOptions,
  random: () => number,
): WeightedPoints {
  const { columns } = data;
  const first = batchOf(data, 0, batchSize);
  const evenly = new Float64Array(first.rows).fill(1);
  const points = chooseStarts({ points: first, weights: evenly }, centres, method, random);
  const weights = new Float64Array(centres);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let from = 0; from < data.rows; from += batchSize) {
      const batch = batchOf(data, from, batchSize);
      if (halfLife > 0)
        for (let i = 0; i < centres; i++) weights[i] = (weights[i] ?? 0) * 2 ** (-batch.rows / halfLife);
      const { sums, counts } = assign(batch, points);
      for (let i = 0; i < centres; i++) {
        const count = counts[i] ?? 0;
        if (count === 0) continue;
        weights[i] = (weights[i] ?? 0) + count;
        const share = count / (weights[i] ?? 1);
        for (let at = i * columns; at < (i + 1) * columns; at++) {
          points.values[at] = (1 - share) * (points.values[at] ?? 0) + share * ((sums[at] ?? 0) / count);
        }
      }
    }
  }
  return { points, weights };
}

function batchOf({ values, rows, columns }: Matrix, from: number, size: number): Matrix {
  const to = Math.min(from + size, rows);
  return { values: values.subarray(from * columns, to * columns), rows: to - from, columns };
}

/** Per centre, the sum and the number of the rows that are nearest to it. */
function assign({ values, rows, columns }: Matrix, centres: Matrix): { sums: Float64Array; counts: Float64Array } {
  const sums = new Float64Array(centres.values.length);
  const counts = new Float64Array(centres.rows);
  for (let row = 0; row < rows; row++) {
    const { index } = nearestTo(values, row * columns, centres);
    counts[index] = (counts[index] ?? 0) + 1;
    for (let j = 0; j < columns; j++) {
      sums[index * columns + j] = (sums[index * columns + j] ?? 0) + (values[row * columns + j] ?? 0);
    }
  }
  return { sums, counts };
}
