import { expect, test } from "@jest/globals";
import { segmentOf } from "@keyspaces-segmentation/invoices/dist/segments.js";

/** The original's table of patterns over recency and frequency, as published. */
const PATTERNS: [RegExp, string][] = [
  [/^[1-2][1-2]$/, "Hibernating"],
  [/^[1-2][3-4]$/, "At Risk"],
  [/^[1-2]5$/, "Can't Lose"],
  [/^3[1-2]$/, "About to Sleep"],
  [/^33$/, "Need Attention"],
  [/^[3-4][4-5]$/, "Loyal Customers"],
  [/^41$/, "Promising"],
  [/^51$/, "New Customers"],
  [/^[4-5][2-3]$/, "Potential Loyalists"],
  [/^5[4-5]$/, "Champions"],
];

test("all 25 pairs of scores as in the original, and every segment can be reached", () => {
  const reached = new Set<string>();
  for (const r of [1, 2, 3, 4, 5]) {
    for (const f of [1, 2, 3, 4, 5]) {
      const matches = PATTERNS.filter(([pattern]) => pattern.test(`${r}${f}`));
      expect(matches.map(([, name]) => name)).toEqual([segmentOf(r, f)]);
      reached.add(segmentOf(r, f));
    }
  }
  expect(reached.size).toBe(10);
});

test.each([
  [0, 1, "`r`"],
  [6, 1, "`r`"],
  [1, 0, "`f`"],
  [1, 2.5, "`f`"],
])("scores %d, %d are refused", (r, f, named) => {
  expect(() => segmentOf(r, f)).toThrow(`Expected ${named} to be an integer from 1 to 5`);
});
