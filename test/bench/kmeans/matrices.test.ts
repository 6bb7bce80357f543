import { expect, test } from "@jest/globals";
import { customerMatrix } from "../../../bench/kmeans/matrices.js";

const distinct = ({ values, rows }: { values: Float64Array; rows: number }) =>
  new Set(Array.from({ length: rows }, (_, i) => values.subarray(3 * i, 3 * i + 3).join())).size;

test("the same customers every time, scaled; in fifties many of them are alike", () => {
  const matrix = customerMatrix({ rows: 5000, money: "pence", seed: 1 });
  expect(matrix).toEqual(customerMatrix({ rows: 5000, money: "pence", seed: 1 }));
  for (const column of [0, 1, 2]) {
    const values = matrix.values.filter((_, at) => at % 3 === column);
    const mean = values.reduce((sum, value) => sum + value / 5000, 0);
    expect(mean).toBeCloseTo(0, 9);
    expect(values.reduce((sum, value) => sum + (value - mean) ** 2 / 5000, 0)).toBeCloseTo(1, 9);
  }
  expect(distinct(matrix)).toBeGreaterThan(4900);
  expect(distinct(customerMatrix({ rows: 100_000, money: "fifties", seed: 1 }))).toBeLessThan(50_000);
});
