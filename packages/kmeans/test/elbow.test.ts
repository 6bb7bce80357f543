import { expect, test } from "@jest/globals";
import { elbowOf } from "@keyspaces-segmentation/kmeans/dist/elbow.js";

const curve = (first: number, inertias: number[]) => inertias.map((inertia, i) => ({ k: first + i, inertia }));

test.each([
  // 1 ÷ k: below the chord by 0.444, 0.519, 0.5, 0.444 … at k = 2, 3, 4, 5 …
  [
    "a hyperbola",
    curve(
      1,
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((k) => 1 / k),
    ),
    3,
  ],
  ["a sharp bend", curve(2, [100, 60, 20, 18, 16, 14]), 4],
  ["gaps between the k", [2, 4, 8, 16].map((k) => ({ k, inertia: 64 / k ** 2 })), 4],
  ["a straight line", curve(2, [9, 7, 5, 3, 1]), null],
  ["a curve that bends the other way", curve(2, [10, 9.9, 9, 5]), null],
  ["a curve that rises", curve(2, [1, 2, 3]), null],
  ["a flat one", curve(2, [0, 0, 0]), null],
  ["two points", curve(2, [5, 1]), null],
  ["no point", [], null],
])("%s: %#", (_, points, elbow) => {
  expect(elbowOf(points)).toBe(elbow);
});
