import { describe, expect, test } from "@jest/globals";
import { assignNearest } from "@keyspaces-segmentation/kmeans/dist/assign.js";
import { labelRows, newFilter, newFootprint } from "@keyspaces-segmentation/kmeans/dist/filter.js";
import { buildKdTree } from "@keyspaces-segmentation/kmeans/dist/kd_tree.js";
import { lloyd } from "@keyspaces-segmentation/kmeans/dist/lloyd.js";
import { type Matrix, matrixOf } from "@keyspaces-segmentation/kmeans/dist/matrix.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans/dist/seeded_random.js";
import { clusteringOracle } from "../../../test/support/clustering.js";

const untilRest = { maxIterations: 1000, enough: 0 };

function labels(matrix: Matrix, centroids: Float64Array): Int32Array {
  const tree = buildKdTree(matrix);
  const footprint = newFootprint(tree);
  const k = centroids.length / matrix.columns;
  newFilter(tree, k).assign(centroids, k, footprint);
  const clusters = new Int32Array(matrix.rows);
  labelRows(tree, centroids, footprint, clusters);
  return clusters;
}

test.each(clusteringOracle.fits)("$name: scikit-learn's centroids, clusters, inertia and iterations", (oracle) => {
  const matrix = matrixOf(oracle.rows);
  const starts = matrixOf(oracle.starts);
  const fit = lloyd(newFilter(buildKdTree(matrix), starts.rows), starts.values, untilRest);
  expect(fit.converged).toBe(true);
  // Where a cluster ran empty, scikit-learn goes round once more: it compares labels with those from before it was filled.
  const more = oracle.name === "one cluster runs empty" ? 1 : 0;
  expect(fit.iterations + more).toBe(oracle.iterations);
  expect(Math.abs(fit.inertia - oracle.inertia)).toBeLessThanOrEqual(1e-9 * Math.max(1, oracle.inertia));
  matrixOf(oracle.centroids).values.forEach((value, at) => {
    expect(fit.centroids[at]).toBeCloseTo(value, 9);
  });
  expect([...labels(matrix, fit.centroids)]).toEqual(oracle.clusters);
});

/** The algorithm as in the textbook: every row against every centroid. Clusters that run empty stay where they are. */
function plainLloyd({ values, rows, columns }: Matrix, centroids: Float64Array, maxIterations: number): number {
  const k = centroids.length / columns;
  for (let iteration = 1; ; iteration++) {
    const sums = new Float64Array(k * columns);
    const counts = new Int32Array(k);
    for (let i = 0; i < rows; i++) {
      let nearest = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let c = 0; c < k; c++) {
        let distance = 0;
        for (let j = 0; j < columns; j++) distance += (values[i * columns + j]! - centroids[c * columns + j]!) ** 2;
        if (distance < least) [least, nearest] = [distance, c];
      }
      counts[nearest]! += 1;
      for (let j = 0; j < columns; j++) sums[nearest * columns + j]! += values[i * columns + j]!;
    }
    let moved = 0;
    sums.forEach((sum, at) => {
      const mean = sum / counts[Math.floor(at / columns)]!;
      moved = Math.max(moved, Math.abs(mean - centroids[at]!));
      centroids[at] = mean;
    });
    if (moved < 1e-13 || iteration === maxIterations) return iteration;
  }
}

const random = seededRandom(11);
const clouds: [string, Matrix][] = [
  [
    "3 columns, skewed",
    matrixOf(Array.from({ length: 4000 }, () => [random() ** 4, Math.floor(20 * random() ** 3) / 20, random()])),
  ],
  ["1 column", matrixOf(Array.from({ length: 1000 }, () => [random() + random()]))],
  ["12 columns", matrixOf(Array.from({ length: 600 }, () => Array.from({ length: 12 }, () => random())))],
  [
    "heavy duplicates",
    matrixOf(Array.from({ length: 5000 }, () => [Math.floor(6 * random()), Math.floor(5 * random() ** 2)])),
  ],
];

describe.each(clouds)("%s", (_, matrix) => {
  test.each([2, 6, 17])("k = %d: plain Lloyd's centroids after each number of iterations", (k) => {
    const distinct = [
      ...new Map(
        Array.from({ length: matrix.rows }, (_, i) => {
          const row = matrix.values.subarray(i * matrix.columns, (i + 1) * matrix.columns);
          return [row.join(), [...row]] as const;
        }),
      ).values(),
    ];
    const starts = matrixOf(distinct.slice(0, k)).values;
    const filter = newFilter(buildKdTree(matrix), k);
    for (const maxIterations of [1, 3, 1000]) {
      const expected = starts.slice();
      const iterations = plainLloyd(matrix, expected, maxIterations);
      const fit = lloyd(filter, starts.slice(), { maxIterations, enough: 0 });
      expect(fit.iterations).toBe(iterations);
      fit.centroids.forEach((value, at) => {
        expect(value).toBeCloseTo(expected[at]!, 11);
      });
      if (maxIterations === 1000) expect(fit.converged).toBe(true);
    }
  });

  test("labels are those of every row against every centroid, the lower index of equals", () => {
    for (let trial = 0; trial < 20; trial++) {
      const rows = Array.from({ length: 8 }, () => Math.floor(random() * matrix.rows));
      // The last two are the same, so one of them never is the nearest.
      const centroids = matrixOf(
        [...rows, rows[7]!].map((row) => [...matrix.values.subarray(row * matrix.columns, (row + 1) * matrix.columns)]),
      ).values;
      const expected = new Int32Array(matrix.rows);
      const inertia = assignNearest(matrix, centroids, expected, new Float64Array(matrix.rows));
      expect(labels(matrix, centroids).join()).toBe(expected.join());
      const tree = buildKdTree(matrix);
      const filter = newFilter(tree, 9);
      expect(filter.assign(centroids, 9, newFootprint(tree)) / inertia).toBeCloseTo(1, 12);
      expect([...filter.counts]).toEqual(
        Array.from({ length: 9 }, (_, c) => expected.filter((label) => label === c).length),
      );
    }
  });
});

test("a tolerance ends it earlier, and is told as convergence", () => {
  const matrix = clouds[0]![1];
  const filter = newFilter(buildKdTree(matrix), 6);
  const starts = matrix.values.slice(0, 18);
  const loose = lloyd(filter, starts.slice(), { maxIterations: 1000, enough: 1e-3 });
  const tight = lloyd(filter, starts.slice(), untilRest);
  expect(loose.converged && tight.converged).toBe(true);
  expect(loose.iterations).toBeLessThan(tight.iterations);
  expect(loose.inertia).toBeGreaterThan(tight.inertia);
});
