import { expect, test } from "@jest/globals";
import { differentRows, matrixOf, requireFinite } from "@keyspaces-segmentation/kmeans/dist/matrix.js";

test("rows are packed one after the other", () => {
  expect(
    matrixOf([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  ).toEqual({ values: Float64Array.of(1, 2, 3, 4, 5, 6), rows: 3, columns: 2 });
  expect(matrixOf([])).toEqual({ values: new Float64Array(), rows: 0, columns: 0 });
});

test("rows of unequal length are refused", () => {
  expect(() => matrixOf([[1, 2], [3]])).toThrow("Expected `rows[1].length` to be 2, got 1");
});

test("a cell that is not finite is named", () => {
  expect(() =>
    requireFinite(
      matrixOf([
        [1, 2],
        [3, Number.NaN],
      ]),
      "matrix",
    ),
  ).toThrow("Expected `matrix` to be finite in row 1, column 1, got NaN");
  expect(() => requireFinite({ values: new Float64Array(5), rows: 2, columns: 2 }, "matrix")).toThrow(
    "Expected `matrix.values.length` to be 2 rows × 2 columns, got 5",
  );
});

test("rows that are equal in every column are one", () => {
  const rows = [0, 1, 2, 0, 1, 2].map((kind) => [kind, 1, 255.5]);
  expect(differentRows(matrixOf([...rows, [0, -0, 255.5], [-0, 0, 255.5], [12, 3, 4], [1, 23, 4]]))).toBe(6);
  expect(differentRows(matrixOf([]))).toBe(0);
});

test("counting stops where enough are found", () => {
  expect(differentRows(matrixOf([[1], [2], [3], [4]]), 2)).toBe(2);
  expect(differentRows(matrixOf([[1], [1], [1]]), 2)).toBe(1);
});
