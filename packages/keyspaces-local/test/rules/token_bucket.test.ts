import { expect, test } from "@jest/globals";
import {
  changeRate,
  createBucket,
  createBucketArray,
  isOpen,
  spend,
} from "@keyspaces-segmentation/keyspaces-local/dist/rules/token_bucket.js";

test("lets through its rate, after what it has saved up", () => {
  const bucket = createBucket(10, 2, 0);
  let taken = 0;
  for (let now = 0; now <= 10_000; now += 10) {
    while (isOpen(bucket, now)) {
      spend(bucket, 1);
      taken++;
    }
  }
  expect(taken).toBe(10 * 10 + 2 * 10);
});

test("lets one in that is larger than itself, and no other until that is paid back", () => {
  const bucket = createBucket(100, 1, 0);
  expect(isOpen(bucket, 0)).toBe(true);
  spend(bucket, 350);
  expect(isOpen(bucket, 2500)).toBe(false);
  expect(isOpen(bucket, 2510)).toBe(true);
});

test("saves up no more than its size", () => {
  const bucket = createBucket(100, 1, 0);
  expect(isOpen(bucket, 60_000)).toBe(true);
  expect(bucket.level).toBe(100);
});

test("many in an array do the same, each for itself", () => {
  const buckets = createBucketArray(3, 100, 1);
  const one = createBucket(100, 1, 0);
  for (let now = 0; now < 5000; now += 7) {
    expect(buckets.isOpen(1, now)).toBe(isOpen(one, now));
    buckets.spend(1, 3);
    spend(one, 3);
  }
  expect(buckets.isOpen(0, 0)).toBe(true);
  const unlimited = createBucketArray(1, Number.POSITIVE_INFINITY, 1);
  unlimited.spend(0, 1e12);
  expect(unlimited.isOpen(0, 1)).toBe(true);
});

test("a clock that goes back takes nothing away", () => {
  const bucket = createBucket(100, 1, 1000);
  expect(isOpen(bucket, 0)).toBe(true);
  expect(bucket.level).toBe(100);
});

test("without a limit it is always open", () => {
  const bucket = createBucket(Number.POSITIVE_INFINITY, 1, 0);
  spend(bucket, 1e12);
  expect(isOpen(bucket, 0)).toBe(true);
  expect(isOpen(bucket, 1)).toBe(true);
});

test("another rate keeps what is in it, as far as it fits", () => {
  const bucket = createBucket(100, 1, 0);
  spend(bucket, 50);
  changeRate(bucket, 1000, 1, 0);
  expect(bucket.level).toBe(50);
  changeRate(bucket, 10, 1, 0);
  expect(bucket.level).toBe(10);
});
