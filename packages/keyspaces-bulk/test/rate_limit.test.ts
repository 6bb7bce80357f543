import { expect, test } from "@jest/globals";
import { rateLimit } from "@keyspaces-segmentation/keyspaces-bulk/dist/rate_limit.js";

/** Books amounts one after the other, waiting as told; answers with the milliseconds that took. */
function durationOf(amounts: number[], perSecond: () => number): number {
  let time = 1000;
  const book = rateLimit(perSecond, () => time);
  for (const amount of amounts) time += book(amount);
  return time - 1000;
}

test("spaces out to the rate", () => {
  const duration = durationOf(Array(1000).fill(30), () => 10_000);
  expect(duration).toBeGreaterThan(2900);
  expect(duration).toBeLessThanOrEqual(3000);
  expect(durationOf(Array(100).fill(1), () => Number.POSITIVE_INFINITY)).toBe(0);
});

test("lets a short burst through, and no more after a long pause", () => {
  let time = 0;
  const book = rateLimit(
    () => 1000,
    () => time,
  );
  const burst = () => Array.from({ length: 100 }, () => book(1)).filter((wait) => wait === 0).length;
  const first = burst();
  expect(first).toBeGreaterThan(40);
  expect(first).toBeLessThan(60);
  time = 60_000;
  expect(burst()).toBe(first);
});

test("follows a rate that changes", () => {
  let rate = 1000;
  const slow = durationOf(Array(1000).fill(1), () => rate);
  rate = 4000;
  expect(durationOf(Array(1000).fill(1), () => rate)).toBeLessThan(slow / 3);
});
