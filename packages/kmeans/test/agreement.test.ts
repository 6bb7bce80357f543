import { expect, test } from "@jest/globals";
import { adjustedRand } from "@keyspaces-segmentation/kmeans/dist/agreement.js";
import { clusteringOracle } from "../../../test/support/clustering.js";

test.each(clusteringOracle.agreements)(
  "scikit-learn's adjusted Rand index, $adjustedRand",
  ({ a, b, adjustedRand: expected }) => {
    expect(adjustedRand(a, b)).toBeCloseTo(expected, 12);
    expect(adjustedRand(b, a)).toBeCloseTo(expected, 12);
  },
);

test.each([
  [[], [], "Expected `a.length` to be 1 or more, got 0"],
  [[1, 2], [1], "Expected `b.length` to be 2 as in `a`, got 1"],
])("%j and %j are refused", (a, b, message) => {
  expect(() => adjustedRand(a, b)).toThrow(message);
});
