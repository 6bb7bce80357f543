import { describe, expect, test } from "@jest/globals";
import {
  collectCentres,
  type WebScaleOptions,
} from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/web_scale.js";
import { expectClose, matrixOf, webScaleOracle } from "../../../../../test/support/web_scale.js";

const plain: WebScaleOptions = { centres: 1, method: "random", batchSize: 10, epochs: 1, halfLife: 0 };
/** With it, the first rows are the starts. */
const noChance = () => 0;

describe("centres are where scikit-learn's MiniBatchKMeans has them", () => {
  test.each(webScaleOracle.passes)("$name", ({ rows, batch, epochs, centres, counts }) => {
    const options = { ...plain, centres: centres.length, batchSize: batch, epochs };
    const { points, weights } = collectCentres(matrixOf(rows), options, noChance);
    expectClose(points, centres);
    expect(Array.from(weights)).toEqual(counts);
  });
});

describe("a row weighs half after so many further ones", () => {
  test.each(webScaleOracle.decayed)("as pandas has it, $halfLife", ({ rows, halfLife, centre }) => {
    const { points } = collectCentres(matrixOf(rows), { ...plain, batchSize: 1, halfLife }, noChance);
    expectClose(points, [centre]);
  });

  test("a batch at a time", () => {
    // The first batch of four rows weighs 4 × ½ when the second comes.
    const rows = matrixOf([...Array(4).fill([0]), ...Array(4).fill([3])]);
    const { points, weights } = collectCentres(rows, { ...plain, batchSize: 4, halfLife: 4 }, noChance);
    expect([points.values[0], weights[0]]).toEqual([2, 6]);
  });
});

test("centres begin in the first batch, whatever lies behind it", () => {
  const rows = matrixOf([[1], [2], [3], ...Array(100).fill([9])]);
  for (const method of ["random", "kmeans++"] as const) {
    const { points } = collectCentres(rows, { ...plain, method, centres: 3, batchSize: 3 }, Math.random);
    expect([...points.values].sort().slice(0, 2)).toEqual([1, 2]);
  }
});
