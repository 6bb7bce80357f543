import { describe, expect, test } from "@jest/globals";
import { optimalAssignment } from "@keyspaces-segmentation/kmeans/dist/optimal_assignment.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans/dist/seeded_random.js";

const totalOf = (costs: number[][], columns: number[]) =>
  columns.reduce((sum, column, row) => sum + (column < 0 ? 0 : costs[row]![column]!), 0);

/** The least sum over all ways to pair, by trying each. */
function leastTotal(costs: number[][]): number {
  const columns = costs[0]!.length;
  const try_ = (row: number, free: number[], skips: number): number => {
    if (row === costs.length) return 0;
    const taken = free.map(
      (column) =>
        costs[row]![column]! +
        try_(
          row + 1,
          free.filter((c) => c !== column),
          skips,
        ),
    );
    if (skips > 0) taken.push(try_(row + 1, free, skips - 1));
    return Math.min(...taken);
  };
  return try_(
    0,
    Array.from({ length: columns }, (_, c) => c),
    Math.max(0, costs.length - columns),
  );
}

test("takes the pairs that are cheapest together, not one by one", () => {
  expect(
    optimalAssignment([
      [1, 2],
      [1, 9],
    ]),
  ).toEqual([1, 0]);
});

describe.each([
  [1, 1],
  [4, 4],
  [6, 6],
  [3, 6],
  [6, 3],
  [1, 5],
  [5, 1],
])("%d rows and %d columns", (rows, columns) => {
  test("cost as little as the best of all ways", () => {
    const random = seededRandom(rows * 10 + columns);
    for (let round = 0; round < 30; round++) {
      // Few distinct values, so that there are ties.
      const costs = Array.from({ length: rows }, () =>
        Array.from({ length: columns }, () => (round % 2 ? Math.floor(random() * 4) : random() - 0.5)),
      );
      const assigned = optimalAssignment(costs);
      const used = assigned.filter((column) => column >= 0);
      expect(new Set(used).size).toBe(Math.min(rows, columns));
      expect(used).toHaveLength(Math.min(rows, columns));
      expect(totalOf(costs, assigned)).toBeCloseTo(leastTotal(costs), 12);
    }
  });
});

test("nothing is paired where there is nothing", () => {
  expect(optimalAssignment([])).toEqual([]);
  expect(optimalAssignment([[], []])).toEqual([-1, -1]);
});

test("costs that make no sense are refused", () => {
  expect(() => optimalAssignment([[1, 2], [1]])).toThrow("Expected `costs[1].length` to be 2, got 1");
  expect(() => optimalAssignment([[1, Number.NaN]])).toThrow("Expected `costs[0]` to be finite numbers, got NaN");
});
