import { expect, test } from "@jest/globals";
import {
  differentRows,
  drawRows,
  matrixOf,
  requireFinite,
  sampleRows,
} from "@keyspaces-segmentation/kmeans/dist/matrix.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans/dist/seeded_random.js";

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

test("rows are drawn once each, in their order, every one as likely", () => {
  const random = seededRandom(3);
  const times = new Int32Array(20);
  const wrong: unknown[] = [];
  for (let i = 0; i < 4000; i++) {
    const drawn = drawRows(20, 5, random);
    if ([...new Set(drawn)].sort((a, b) => a - b).join() !== drawn.join()) wrong.push(drawn);
    for (const row of drawn) times[row]!++;
  }
  expect(wrong).toEqual([]);
  // 1,000 of each are expected, with a standard deviation of 27.
  expect(Math.min(...times)).toBeGreaterThan(860);
  expect(Math.max(...times)).toBeLessThan(1140);
  expect([...drawRows(3, 5, random)]).toEqual([0, 1, 2]);
});

test("a sample of a matrix has whole rows of it; a small matrix is its own", () => {
  const matrix = matrixOf(Array.from({ length: 50 }, (_, i) => [i, -i]));
  const { values, rows } = sampleRows(matrix, 7, seededRandom(1));
  expect(rows).toBe(7);
  for (let i = 0; i < 7; i++) expect(values[2 * i + 1]).toBe(-values[2 * i]!);
  expect(sampleRows(matrix, 50, seededRandom(1))).toBe(matrix);
});
