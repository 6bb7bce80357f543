import { expect, test } from "@jest/globals";
import { secondsToLive } from "@keyspaces-segmentation/cluster-store/dist/result_tables.js";

test.each([
  [null, undefined],
  [undefined, undefined],
  [1, 86_400],
  [7300, 630_720_000],
  [2 / 86_400, 2],
])("%p days", (days, seconds) => {
  expect(secondsToLive(days)).toBe(seconds);
});

test.each([0, -1, 7300.1, Number.NaN, Number.POSITIVE_INFINITY])("%p days are none", (days) => {
  expect(() => secondsToLive(days)).toThrow("Expected `resultsTtlDays` to be more than 0 and at most 7300, or null");
});
