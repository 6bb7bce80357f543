/** Twelve bytes a slot; at most three quarters of the slots are taken. */
const FIRST_SLOTS = 1 << 12;
const FULLEST = 0.75;

/**
 * Counts how often a pair of texts has come before: 1 for the first time, 2 for the second, and so on.
 *
 * Keeps a 64-bit fingerprint of each pair instead of its texts, 16 to 32 bytes a pair, so that a file of millions of lines fits.
 * Should two pairs share a fingerprint (one chance in 37 million for a file of a million pairs), they share a count: a number is
 * then left out for either, but none is given twice to one pair.
 */
export function repeatCounter(): (first: string, second: string) => number {
  let slots = FIRST_SLOTS;
  let low = new Uint32Array(slots);
  let high = new Uint32Array(slots);
  let counts = new Uint32Array(slots);
  let taken = 0;
  let lastFirst: string | undefined;
  let lowSeed = 0;
  let highSeed = 0;

  /** The slot that holds the fingerprint, or the free one where it belongs. */
  const slotOf = (lowBits: number, highBits: number): number => {
    let slot = lowBits & (slots - 1);
    while (counts[slot] !== 0 && (low[slot] !== lowBits || high[slot] !== highBits)) slot = (slot + 1) & (slots - 1);
    return slot;
  };
  const grow = (): void => {
    const [oldLow, oldHigh, oldCounts] = [low, high, counts];
    slots *= 2;
    low = new Uint32Array(slots);
    high = new Uint32Array(slots);
    counts = new Uint32Array(slots);
    for (let i = 0; i < oldCounts.length; i++) {
      if (oldCounts[i] === 0) continue;
      const slot = slotOf(oldLow[i]!, oldHigh[i]!);
      low[slot] = oldLow[i]!;
      high[slot] = oldHigh[i]!;
      counts[slot] = oldCounts[i]!;
    }
  };

  return (first, second) => {
    if (first !== lastFirst) {
      // The separator keeps ("ab", "c") and ("a", "bc") apart.
      lowSeed = mixed(hashed(first, 0x811c9dc5, 0x01000193) ^ first.length);
      highSeed = mixed(hashed(first, 0x9747b28c, 0x5bd1e995) ^ first.length);
      lastFirst = first;
    }
    const lowBits = mixed(hashed(second, lowSeed, 0x01000193)) >>> 0;
    const highBits = mixed(hashed(second, highSeed, 0x5bd1e995)) >>> 0;
    let slot = slotOf(lowBits, highBits);
    if (counts[slot] === 0) {
      if (taken >= slots * FULLEST) {
        grow();
        slot = slotOf(lowBits, highBits);
      }
      taken++;
      low[slot] = lowBits;
      high[slot] = highBits;
    }
    counts[slot]! += 1;
    return counts[slot]!;
  };
}

function hashed(text: string, seed: number, prime: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), prime);
  return hash;
}

/** The finalizer of MurmurHash3: every bit of the input reaches every bit of the output. */
function mixed(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
