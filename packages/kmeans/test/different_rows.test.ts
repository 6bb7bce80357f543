import { expect, test } from "@jest/globals";
import { differentRows } from "@keyspaces-segmentation/kmeans/dist/different_rows.js";
import { matrixOf } from "@keyspaces-segmentation/kmeans/dist/matrix.js";

test("rows that are equal in every column are one", () => {
  const rows = [0, 1, 2, 0, 1, 2].map((kind) => [kind, 1, 255.5]);
  expect(differentRows(matrixOf([...rows, [0, -0, 255.5], [-0, 0, 255.5], [12, 3, 4], [1, 23, 4]]))).toBe(6);
  expect(differentRows(matrixOf([]))).toBe(0);
});

test("counting stops where enough are found", () => {
  expect(differentRows(matrixOf([[1], [2], [3], [4]]), 2)).toBe(2);
  expect(differentRows(matrixOf([[1], [1], [1]]), 2)).toBe(1);
});
