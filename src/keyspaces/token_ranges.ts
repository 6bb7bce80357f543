/** Tokens from `first` to `last`, both included. */
export interface TokenRange {
  first: bigint;
  last: bigint;
}

const lowest = -(2n ** 63n);
const highest = 2n ** 63n - 1n;

/**
 * Cuts the ring of the Murmur3 partitioner, −2^63 to 2^63 − 1, into `count` ranges of nearly equal length that cover it without
 * overlap. Keyspaces shows no ring of its own to read ranges from.
 */
export function splitTokenRing(count: number): TokenRange[] {
  const size = (highest - lowest + 1n) / BigInt(count);
  return Array.from({ length: count }, (_, i) => ({
    first: lowest + size * BigInt(i),
    last: i === count - 1 ? highest : lowest + size * BigInt(i + 1) - 1n,
  }));
}
