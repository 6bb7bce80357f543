import { expect, test } from "@jest/globals";
import { splitTokenRing } from "../../../src/keyspaces/token_ranges.js";

test.each([1, 2, 3, 7, 16])("%i ranges cover the ring without gap or overlap", (count) => {
  const ranges = splitTokenRing(count);
  expect(ranges).toHaveLength(count);
  expect(ranges[0]?.first).toBe(-9223372036854775808n);
  expect(ranges.at(-1)?.last).toBe(9223372036854775807n);
  for (let i = 1; i < count; i++) expect(ranges[i]?.first).toBe((ranges[i - 1]?.last as bigint) + 1n);
  const sizes = ranges.map(({ first, last }) => last - first);
  expect(sizes.every((size) => size - (sizes[0] as bigint) <= BigInt(count))).toBe(true);
});
