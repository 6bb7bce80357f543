import { describe, expect, test } from "@jest/globals";
import {
  murmur3Ring,
  randomRing,
  ringOf,
  splitTokenRing,
} from "@keyspaces-segmentation/keyspaces-bulk/dist/token_ranges.js";
import { types } from "cassandra-driver";
import { int64 } from "../../../test/support/fake_table.js";

test.each([1, 2, 3, 7, 16])("%i ranges cover the ring without gap or overlap", (count) => {
  const ranges = splitTokenRing(count);
  expect(ranges).toHaveLength(count);
  expect(ranges[0]?.first).toBe(-9223372036854775808n);
  expect(ranges.at(-1)?.last).toBe(9223372036854775807n);
  for (let i = 1; i < count; i++) expect(ranges[i]?.first).toBe((ranges[i - 1]?.last as bigint) + 1n);
  const sizes = ranges.map(({ first, last }) => last - first);
  expect(sizes.every((size) => size - (sizes[0] as bigint) <= BigInt(count))).toBe(true);
});

test.each([1, 2, 3, 7, 32])("%i ranges cover RandomPartitioner's ring, from 0 to 2^127", (count) => {
  const ranges = splitTokenRing(count, randomRing);
  expect(ranges[0]?.first).toBe(0n);
  expect(ranges.at(-1)?.last).toBe(170141183460469231731687303715884105728n);
  for (let i = 1; i < count; i++) expect(ranges[i]?.first).toBe((ranges[i - 1]?.last as bigint) + 1n);
  const sizes = ranges.map(({ first, last }) => last - first);
  expect(sizes.every((size) => size - (sizes[0] as bigint) <= BigInt(count))).toBe(true);
});

describe("a partitioner", () => {
  test.each([
    ["org.apache.cassandra.dht.Murmur3Partitioner", murmur3Ring],
    ["org.apache.cassandra.dht.RandomPartitioner", randomRing],
    ["com.amazonaws.cassandra.DefaultPartitioner", randomRing],
    ["org.apache.cassandra.dht.ByteOrderedPartitioner", undefined],
    ["NotMurmur3Partitioner", undefined],
    ["", undefined],
  ])("%s", (name, ring) => {
    expect(ringOf(name)).toBe(ring);
  });

  test("writes tokens as the driver writes the type that token() has", () => {
    const bounds = (ring: typeof randomRing) => splitTokenRing(9, ring).flatMap(({ first, last }) => [first, last]);
    for (const token of [...bounds(randomRing), 1n, 127n, 128n, 255n, 256n, 2n ** 63n, 2n ** 64n]) {
      expect(randomRing.encode(token)).toEqual(types.Integer.toBuffer(types.Integer.fromString(String(token))));
    }
    for (const token of bounds(murmur3Ring)) expect(murmur3Ring.encode(token)).toEqual(int64(token));
  });
});
