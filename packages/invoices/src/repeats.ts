import { FingerprintTable, HIGH_PRIME, HIGH_SEED, hashed, LOW_PRIME, LOW_SEED, mixed } from "./fingerprints.js";

/**
 * Counts how often a pair of texts has come before: 1 for the first time, 2 for the second, and so on.
 *
 * Keeps a fingerprint of each pair instead of its texts; see {@link FingerprintTable}. Should two pairs share one, they share a count:
 * a number is then left out for either, but none is given twice to one pair.
 */
export function repeatCounter(): (first: string, second: string) => number {
  const counts = new FingerprintTable();
  let lastFirst: string | undefined;
  let lowSeed = 0;
  let highSeed = 0;
  return (first, second) => {
    if (first !== lastFirst) {
      // The separator keeps ("ab", "c") and ("a", "bc") apart.
      lowSeed = mixed(hashed(first, LOW_SEED, LOW_PRIME) ^ first.length);
      highSeed = mixed(hashed(first, HIGH_SEED, HIGH_PRIME) ^ first.length);
      lastFirst = first;
    }
    return counts.add(mixed(hashed(second, lowSeed, LOW_PRIME)), mixed(hashed(second, highSeed, HIGH_PRIME)), 1);
  };
}
