import { expect, test } from "@jest/globals";
import { matrixOf } from "@keyspaces-segmentation/kmeans/dist/matrix.js";
import { measureQuality, silhouetteOf } from "@keyspaces-segmentation/kmeans/dist/quality.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans/dist/seeded_random.js";
import { clusteringOracle } from "../../../test/support/clustering.js";

const never = (): number => {
  throw new Error("no chance is needed up to 10,000 rows");
};

test.each(clusteringOracle.partitions)(
  "$name: what scikit-learn and NumPy measure",
  ({ rows, clusters, ...oracle }) => {
    const measured = measureQuality(matrixOf(rows), clusters, never);
    for (const measure of Object.keys(measured) as (keyof typeof measured)[]) {
      const expected = oracle[measure];
      if (expected === null) expect(measured[measure]).toBeNull();
      else expect(Math.abs(measured[measure]! - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
    }
  },
);

test("a single cluster has nothing to be separated from", () => {
  expect(measureQuality(matrixOf([[0], [1], [5]]), [7, 7, 7], never)).toEqual({
    silhouette: null,
    daviesBouldin: null,
    calinskiHarabasz: null,
    intra: 2,
    inter: null,
    interLeast: null,
  });
});

test("identical rows in two clusters: all measures are finite", () => {
  expect(measureQuality(matrixOf([[3], [3], [3]]), [0, 0, 1], never)).toEqual({
    silhouette: 0,
    daviesBouldin: 0,
    calinskiHarabasz: 1,
    intra: 0,
    inter: 0,
    interLeast: 0,
  });
});

test("above a number of rows the silhouette is that of a sample: near to that of all, the same for the same chance", () => {
  const random = seededRandom(1);
  const rows = Array.from({ length: 1500 }, (_, i) => [(i % 3) * 4 + random(), random() * 3]);
  const matrix = matrixOf(rows);
  const clusters = rows.map((_, i) => i % 3);
  const sampled = measureQuality(matrix, clusters, seededRandom(2), 1000).silhouette!;
  expect(measureQuality(matrix, clusters, seededRandom(2), 1000).silhouette).toBe(sampled);
  expect(measureQuality(matrix, clusters, seededRandom(3), 1000).silhouette).not.toBe(sampled);
  expect(Math.abs(sampled - silhouetteOf({ matrix, clusters })!)).toBeLessThan(0.02);
});

test("one cluster per row is asked for", () => {
  expect(() => measureQuality(matrixOf([[1], [2]]), [0], never)).toThrow(
    "Expected `clusters.length` to be 2, one per row, got 1",
  );
});
