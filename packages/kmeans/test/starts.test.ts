import { expect, test } from "@jest/globals";
import { newFilter } from "@keyspaces-segmentation/kmeans/dist/filter.js";
import { buildKdTree } from "@keyspaces-segmentation/kmeans/dist/kd_tree.js";
import { type Matrix, matrixOf } from "@keyspaces-segmentation/kmeans/dist/matrix.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans/dist/seeded_random.js";
import { chooseStarts } from "@keyspaces-segmentation/kmeans/dist/starts.js";

const startsOf = (matrix: Matrix, k: number, random: () => number): Float64Array =>
  chooseStarts(newFilter(buildKdTree(matrix), k), k, random);

test("starts are rows, and distinct ones while there are any", () => {
  const matrix = matrixOf([[0], [0], [0], [0], [1], [5]]);
  for (let seed = 0; seed < 50; seed++) {
    expect(new Set(startsOf(matrix, 3, seededRandom(seed)))).toEqual(new Set([0, 1, 5]));
    expect(new Set(startsOf(matrix, 6, seededRandom(seed)))).toEqual(new Set([0, 1, 5]));
  }
});

test.each([0, 1 - 2 ** -32])("a random source at its end, %d, stays inside the rows", (end) => {
  expect([...startsOf(matrixOf([[0], [0.1], [0.2], [0]]), 2, () => end)].every(Number.isFinite)).toBe(true);
});

test("each next one is drawn in proportion to the squared distance from those chosen already", () => {
  // Of the rows 0, 1, 2 and 3 the second start is, of two draws, the one that lowers the inertia more.
  const matrix = matrixOf(Array.from({ length: 400 }, (_, i) => [i % 4]));
  const inertias = (first: number, second: number) =>
    [0, 1, 2, 3].reduce((sum, x) => sum + Math.min((x - first) ** 2, (x - second) ** 2), 0);
  const expected = new Map<string, number>();
  for (const first of [0, 1, 2, 3]) {
    const weights = [0, 1, 2, 3].map((x) => (x - first) ** 2);
    const total = weights.reduce((sum, weight) => sum + weight);
    for (const a of [0, 1, 2, 3]) {
      for (const b of [0, 1, 2, 3]) {
        const second = inertias(first, b) < inertias(first, a) ? b : a;
        const pair = `${first} ${second}`;
        expected.set(pair, (expected.get(pair) ?? 0) + (weights[a]! * weights[b]!) / total ** 2 / 4);
      }
    }
  }
  const draws = 20_000;
  const drawn = new Map<string, number>();
  const random = seededRandom(7);
  const filter = newFilter(buildKdTree(matrix), 2);
  for (let i = 0; i < draws; i++) {
    const pair = [...chooseStarts(filter, 2, random)].join(" ");
    drawn.set(pair, (drawn.get(pair) ?? 0) + 1);
  }
  for (const [pair, probability] of expected) {
    const error = Math.sqrt((probability * (1 - probability)) / draws);
    expect(Math.abs((drawn.get(pair) ?? 0) / draws - probability)).toBeLessThanOrEqual(5 * error);
  }
});
