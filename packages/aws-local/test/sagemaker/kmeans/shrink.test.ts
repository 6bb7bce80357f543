import { describe, expect, test } from "@jest/globals";
import { type ShrinkOptions, shrinkCentres } from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/shrink.js";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import { expectClose, matrixOf, webScaleOracle } from "../../../../../test/support/web_scale.js";

const options: ShrinkOptions = { k: 2, method: "random", trials: 1, maxIterations: 1000, tolerance: 0 };

describe("from the same starts, centroids are where scikit-learn's KMeans has them", () => {
  test.each(webScaleOracle.shrunk)("$name", ({ points, weights, centroids, loss }) => {
    const k = centroids.length;
    const shrunk = shrinkCentres({ points: matrixOf(points), weights }, { ...options, k }, () => 0);
    expectClose(shrunk.centroids, centroids);
    expect(shrunk.losses[0]).toBeCloseTo(loss, 9);
  });
});

describe("trials", () => {
  const [, { points, weights } = webScaleOracle.shrunk[0]!] = webScaleOracle.shrunk;
  const centres = { points: matrixOf(points), weights };
  const losses = (more: Partial<ShrinkOptions>, seed = 1) =>
    shrinkCentres(centres, { ...options, k: 6, trials: 40, ...more }, seededRandom(seed)).losses;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test("the best of them counts", () => {
    const { centroids, losses: all } = shrinkCentres(centres, { ...options, k: 6, trials: 40 }, seededRandom(2));
    expect(new Set(all.map((loss) => loss.toFixed(9))).size).toBeGreaterThan(1);
    // From the best centroids on nothing is gained.
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let loss = 0;
    points.forEach((point, i) => {
      const squares = Array.from({ length: 6 }, (_, c) =>
        point.reduce((sum, value, j) => sum + (value - centroids.values[3 * c + j]!) ** 2, 0),
      );
      loss += (weights[i]! / total) * Math.min(...squares);
    });
    expect(Math.min(...all)).toBeCloseTo(loss, 12);
  });

  test("are better for more iterations, and for a smaller tolerance", () => {
    expect(mean(losses({ maxIterations: 1 }))).toBeGreaterThan(1.05 * mean(losses({})));
    // Every change is small enough for a tolerance of 1.
    expect(losses({ tolerance: 1 })).toEqual(losses({ maxIterations: 1 }));
  });

  test("begin better with k-means++ than at random", () => {
    const blobs = { points: matrixOf(webScaleOracle.qualities[0]!.rows), weights: Array(400).fill(1) };
    const of = (method: ShrinkOptions["method"]) =>
      mean(shrinkCentres(blobs, { ...options, k: 5, trials: 40, method }, seededRandom(3)).losses);
    expect(of("random")).toBeGreaterThan(1.5 * of("kmeans++"));
  });
});

test("centres without rows have no part, as long as there are others", () => {
  const centres = { points: matrixOf([[0], [500], [1], [10]]), weights: [3, 0, 1, 2] };
  const { centroids, losses } = shrinkCentres(centres, { ...options, trials: 20 }, seededRandom(1));
  expect([...centroids.values].sort((a, b) => a - b)).toEqual([0.25, 10]);
  expect(Math.min(...losses)).toBeCloseTo((3 * 0.25 ** 2 + 0.75 ** 2) / 6, 12);
  const few = { points: matrixOf([[4], [5], [6]]), weights: [0, 7, 0] };
  expect(shrinkCentres(few, { ...options, k: 3 }, seededRandom(1)).centroids.rows).toBe(3);
});
