import { expect, test } from "@jest/globals";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { trainingObjects } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_data.js";

const numbered = (rows: number): Matrix => ({
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

const textsOf = (matrix: Matrix, random: () => number, instances = 1) =>
  [...trainingObjects(matrix, { instances, random })].map(({ bytes }) => Buffer.from(bytes).toString());

test("every row is there once, shuffled, without header or id", () => {
  const [csv = "", ...others] = textsOf(numbered(100), seeded(1));
  const rows = csv.trimEnd().split("\n");
  expect(others).toEqual([]);
  expect(csv.endsWith("\n")).toBe(true);
  expect([...rows].sort()).toEqual(Array.from({ length: 100 }, (_, i) => `${i},-0.5`).sort());
  expect(rows).not.toEqual(Array.from({ length: 100 }, (_, i) => `${i},-0.5`));
  expect(textsOf(numbered(100), seeded(1))).toEqual([csv]);
});

test("shuffling is fair: each row comes first about equally often", () => {
  const random = seeded(7);
  const first = new Map<string, number>();
  for (let i = 0; i < 4000; i++) {
    const [row = ""] = textsOf(numbered(4), random)[0]!.split("\n");
    first.set(row, (first.get(row) ?? 0) + 1);
  }
  for (const count of first.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  expect(first.size).toBe(4);
});

test("each of several instances gets an object, with about as many rows", () => {
  const objects = [...trainingObjects(numbered(10), { instances: 3, random: seeded(1) })];
  expect(objects.map(({ name }) => name)).toEqual(["part-00000.csv", "part-00001.csv", "part-00002.csv"]);
  const rows = objects.map(({ bytes }) => Buffer.from(bytes).toString().trimEnd().split("\n"));
  expect(rows.map(({ length }) => length)).toEqual([3, 3, 4]);
  expect(rows.flat().sort()).toEqual(Array.from({ length: 10 }, (_, i) => `${i},-0.5`).sort());
});

test("large data are cut into objects, evenly among the instances, of a size that memory holds", () => {
  const rows = 1_100_000;
  const matrix = { values: new Float64Array(2 * rows), rows, columns: 2 };
  const sizes = (instances: number) =>
    [...trainingObjects(matrix, { format: "recordio", instances, random: () => 0 })].map(({ bytes }) => bytes.length);
  expect(sizes(1)).toEqual([550_000 * 32, 550_000 * 32]);
  expect(sizes(2)).toEqual([550_000 * 32, 550_000 * 32]);
});

test("numbers keep every digit", () => {
  const exact = { values: Float64Array.from([0.1 + 0.2, 1e-7]), rows: 1, columns: 2 };
  expect(textsOf(exact, () => 0)).toEqual(["0.30000000000000004,1e-7\n"]);
});

test("RecordIO is named as such", () => {
  const [object] = trainingObjects(numbered(1), { format: "recordio", random: () => 0 });
  expect(object?.name).toBe("part-00000.pbr");
});
