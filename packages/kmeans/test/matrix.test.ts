import { expect, test } from "@jest/globals";
import { matrixOf, requireFinite } from "@keyspaces-segmentation/kmeans/dist/matrix.js";

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
