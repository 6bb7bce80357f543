import { expect, test } from "@jest/globals";
import { matrixOf } from "../../../src/clustering/matrix.js";
import { seededRandom } from "../../../src/clustering/seeded_random.js";
import { chooseStarts } from "../../../src/clustering/starts.js";

test("starts are rows, and distinct ones while there are any", () => {
  const matrix = matrixOf([[0], [0], [0], [0], [1], [5]]);
  for (let seed = 0; seed < 50; seed++) {
    expect(new Set(chooseStarts(matrix, 3, seededRandom(seed)))).toEqual(new Set([0, 1, 5]));
    expect(new Set(chooseStarts(matrix, 6, seededRandom(seed)))).toEqual(new Set([0, 1, 5]));
  }
});

test.each([0, 1 - 2 ** -32])("a random source at its end, %d, stays inside the rows", (end) => {
  expect([...chooseStarts(matrixOf([[0], [0.1], [0.2], [0]]), 2, () => end)].every(Number.isFinite)).toBe(true);
});
