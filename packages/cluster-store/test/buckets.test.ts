import { describe, expect, test } from "@jest/globals";
import { bucketOf, bucketsFor } from "@keyspaces-segmentation/cluster-store/dist/buckets.js";

describe("buckets", () => {
  test.each([
    [0, 1],
    [1, 1],
    [10_000, 1],
    [10_001, 2],
    [1_000_000, 100],
  ])("for %i customers are %i", (customers, buckets) => {
    expect(bucketsFor(customers)).toBe(buckets);
  });

  // Test vectors of the Internet-Draft "The FNV Non-Cryptographic Hash Algorithm", FNV-1a, 32 bits.
  test.each([
    ["", 0x811c9dc5],
    ["a", 0xe40c292c],
    ["foobar", 0xbf9cf968],
  ])("come from the FNV-1a hash: %j", (id, hash) => {
    expect(bucketOf(id, 2 ** 32)).toBe(hash);
  });

  test.each([2, 3, 10, 16])("take about as many customers each, %i of them", (buckets) => {
    const sizes = new Array<number>(buckets).fill(0);
    const customers = 10_000 * buckets;
    for (let i = 0; i < customers; i++) sizes[bucketOf(String(12_346 + i), buckets)]!++;
    expect(Math.min(...sizes)).toBeGreaterThan(9000);
    expect(Math.max(...sizes)).toBeLessThan(11_000);
  });
});
