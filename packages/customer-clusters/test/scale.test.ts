import { expect, test } from "@jest/globals";
import {
  applyScaler,
  featureMatrix,
  fitScaler,
  invertScaler,
  type Scaler,
} from "@keyspaces-segmentation/customer-clusters/dist/scale.js";
import { type Matrix, matrixOf } from "@keyspaces-segmentation/kmeans";
import { preparations, retailOracle, scalings } from "../../../test/support/oracle.js";

const close = (got: Matrix, wanted: Matrix, relative = 1e-12) => {
  expect([got.rows, got.columns]).toEqual([wanted.rows, wanted.columns]);
  got.values.forEach((value, i) => {
    const error = Math.abs(value - wanted.values[i]!);
    expect(error).toBeLessThanOrEqual(relative * Math.max(1, Math.abs(wanted.values[i]!)));
  });
};

test.each(preparations.flatMap((preparation) => scalings.map((scaling) => ({ preparation, scaling }))))(
  "the generated customers as scikit-learn scales them: $preparation, $scaling",
  ({ preparation, scaling }) => {
    const oracle = retailOracle.preparations[preparation];
    const matrix = featureMatrix(
      oracle.customers.map(([customerId, country, recencyDays, frequency, monetary]) => ({
        customerId,
        country,
        recencyDays,
        frequency,
        monetary,
      })),
    );
    const scaler = fitScaler(matrix, scaling);
    const scaled = applyScaler(matrix, scaler);
    close(scaled, matrixOf(oracle.scaled[scaling]));
    close(invertScaler(scaled, JSON.parse(JSON.stringify(scaler)) as Scaler), matrix);
  },
);

test.each(scalings)("%s: a constant column scales to 0 and comes back", (scaling) => {
  const matrix = matrixOf([
    [0.1, 1],
    [0.1, -5],
    [0.1, 9],
  ]);
  const scaler = fitScaler(matrix, scaling);
  const scaled = applyScaler(matrix, scaler);
  expect([0, 2, 4].map((at) => scaled.values[at])).toEqual([0, 0, 0]);
  close(invertScaler(scaled, scaler), matrix);
  expect([...applyScaler(matrixOf([[3, 4]]), fitScaler(matrixOf([[3, 4]]), scaling)).values]).toEqual([0, 0]);
});

test("logarithms keep the order, negative values below zero", () => {
  const { values } = applyScaler(
    matrixOf([[-4287], [-1], [0], [1], [4287]]),
    fitScaler(matrixOf([[-4287], [-1], [0], [1], [4287]]), "log_standard"),
  );
  expect([...values].every(Number.isFinite)).toBe(true);
  expect([...values]).toEqual([...values].sort((a, b) => a - b));
  expect(values[2]).toBe(0);
});

test("a range too narrow to divide by counts as constant", () => {
  const matrix = matrixOf([[0], [5e-324]]);
  expect([...applyScaler(matrix, fitScaler(matrix, "min_max")).values]).toEqual([0, 0]);
});

test("bad arguments are refused", () => {
  const scaler = fitScaler(matrixOf([[1, 2]]), "min_max");
  expect(() => fitScaler(matrixOf([[1]]), "z" as "min_max")).toThrow(
    'Expected `scaling` to be one of min_max, log_standard, got "z"',
  );
  expect(() => fitScaler(matrixOf([]), "min_max")).toThrow("Expected `matrix.rows` to be 1 or more, got 0");
  expect(() => fitScaler(matrixOf([[Number.NaN]]), "min_max")).toThrow("Expected `matrix` to be finite");
  expect(() => applyScaler(matrixOf([[1]]), scaler)).toThrow("Expected `matrix.columns` to be 2 as in `scaler`, got 1");
  expect(() => invertScaler(matrixOf([[1]]), scaler)).toThrow(
    "Expected `matrix.columns` to be 2 as in `scaler`, got 1",
  );
});
