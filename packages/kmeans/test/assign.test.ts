import { expect, test } from "@jest/globals";
import { assignClusters } from "@keyspaces-segmentation/kmeans/dist/assign.js";
import { matrixOf } from "@keyspaces-segmentation/kmeans/dist/matrix.js";

const centroids = matrixOf([
  [0, 0],
  [10, 0],
  [10, 0],
]);

test("nearest centroid, Euclidean distance, inertia; the lower index where two are equally near", () => {
  const { clusters, distances, inertia } = assignClusters(
    matrixOf([
      [3, 4],
      [10, 1],
      [5, 0],
    ]),
    centroids,
  );
  expect([...clusters]).toEqual([0, 1, 0]);
  expect([...distances]).toEqual([5, 1, 5]);
  expect(inertia).toBe(51);
});

test("no rows are no mistake, no centroids are", () => {
  expect(assignClusters(matrixOf([]), { values: new Float64Array(), rows: 1, columns: 0 }).inertia).toBe(0);
  expect(() => assignClusters(matrixOf([[1, 2]]), { values: new Float64Array(), rows: 0, columns: 2 })).toThrow(
    "Expected `centroids.rows` to be 1 or more, got 0",
  );
});

test("other columns and values that are not finite are refused", () => {
  expect(() => assignClusters(matrixOf([[1, 2, 3]]), centroids)).toThrow(
    "Expected `centroids.columns` to be 3 as in `matrix`, got 2",
  );
  expect(() => assignClusters(matrixOf([[1, Number.POSITIVE_INFINITY]]), centroids)).toThrow(
    "Expected `matrix` to be finite",
  );
  expect(() => assignClusters(matrixOf([[1, 2]]), matrixOf([[Number.NaN, 0]]))).toThrow(
    "Expected `centroids` to be finite",
  );
});
