import { expect, test } from "@jest/globals";
import { type MaxRejects, readMaxRejects } from "@keyspaces-segmentation/keyspaces-bulk/dist/max_rejects.js";

test.each<[MaxRejects, number, number, boolean]>([
  [0, 0, 10, false],
  [0, 1, 10, true],
  [5, 5, 5, false],
  [5, 6, 1_000_000, true],
  ["20%", 999, 999, false],
  ["20%", 200, 1000, false],
  ["20%", 201, 1000, true],
  ["0%", 1, 1000, true],
  ["0.5%", 5, 1000, false],
  ["0.5%", 6, 1000, true],
  ["100%", 1000, 1000, false],
])("%p: %d of %d lines", (maxRejects, rejected, lines, tooMany) => {
  expect(readMaxRejects(maxRejects)(rejected, lines)).toBe(tooMany);
});

test.each([-1, Number.NaN, "5", "101%", "-1%", "%", "many" as const])("refuses %p", (maxRejects) => {
  expect(() => readMaxRejects(maxRejects as MaxRejects)).toThrow(
    /^Expected `maxRejects` to be a number of lines or a percentage/,
  );
});
