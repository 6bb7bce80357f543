import { expect, test } from "@jest/globals";
import { featuresToCsv } from "../../../src/clustering/training_data.js";

const numbered = (rows: number) => ({
  values: Float64Array.from({ length: rows * 2 }, (_, i) => (i % 2 ? -0.5 : i / 2)),
  rows,
  columns: 2,
});

/** A small linear congruential generator: uniform enough, and the same every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

test("every row is there once, shuffled, without header or id", () => {
  const csv = featuresToCsv(numbered(100), seeded(1));
  const rows = csv.trimEnd().split("\n");
  expect(csv.endsWith("\n")).toBe(true);
  expect([...rows].sort()).toEqual(Array.from({ length: 100 }, (_, i) => `${i},-0.5`).sort());
  expect(rows).not.toEqual(Array.from({ length: 100 }, (_, i) => `${i},-0.5`));
  expect(featuresToCsv(numbered(100), seeded(1))).toBe(csv);
});

test("shuffling is fair: each row comes first about equally often", () => {
  const random = seeded(7);
  const first = new Map<string, number>();
  for (let i = 0; i < 4000; i++) {
    const [row = ""] = featuresToCsv(numbered(4), random).split("\n");
    first.set(row, (first.get(row) ?? 0) + 1);
  }
  for (const count of first.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  expect(first.size).toBe(4);
});

test("numbers keep every digit, and what is no number is refused", () => {
  const exact = { values: Float64Array.from([0.1 + 0.2, 1e-7]), rows: 1, columns: 2 };
  expect(featuresToCsv(exact, () => 0)).toBe("0.30000000000000004,1e-7\n");
  const bad = { values: Float64Array.from([1, Number.NaN]), rows: 1, columns: 2 };
  expect(() => featuresToCsv(bad, () => 0)).toThrow("Expected `features` to be finite in row 0, got NaN");
  expect(featuresToCsv({ values: new Float64Array(0), rows: 0, columns: 3 }, () => 0)).toBe("");
});
