/** Used for each character: within a context of `node:vm`, as tests run in, a look at a global costs fifty times as much. */
const { imul } = Math;

/** Twelve bytes a slot; at most three quarters of the slots are taken. */
const FIRST_SLOTS = 1 << 12;
const FULLEST = 0.75;

/**
 * Numbers above 0 by a fingerprint of 64 bits, 16 to 32 bytes each. Texts are not kept, so that what is to be remembered of each line
 * of a file of millions fits. Two keys of a million share a fingerprint in one case of 37 million.
 */
export class FingerprintTable {
  private readonly firstSlots: number;
  private slots = 0;
  private low = new Uint32Array(0);
  private high = new Uint32Array(0);
  private values = new Uint32Array(0);
  private taken = 0;

  /** @param firstSlots a power of two, 4 or more: a table that is cleared often is quicker with few */
  constructor(firstSlots: number = FIRST_SLOTS) {
    this.firstSlots = firstSlots;
    this.clear();
  }

  /** Forgets all numbers. */
  clear(): void {
    this.taken = 0;
    if (this.slots === this.firstSlots) this.values.fill(0);
    else this.resize(this.firstSlots);
  }

  /** The number there; 0 for none. */
  get(lowBits: number, highBits: number): number {
    return this.values[this.slotOf(lowBits >>> 0, highBits >>> 0)]!;
  }

  /** Adds to the number there, or to 0 where there is none, and gives the sum. */
  add(lowBits: number, highBits: number, by: number): number {
    let slot = this.slotOf(lowBits >>> 0, highBits >>> 0);
    if (this.values[slot] === 0) {
      if (this.taken >= this.slots * FULLEST) {
        this.grow();
        slot = this.slotOf(lowBits >>> 0, highBits >>> 0);
      }
      this.taken++;
      this.low[slot] = lowBits;
      this.high[slot] = highBits;
    }
    this.values[slot]! += by;
    return this.values[slot]!;
  }

  /** The slot that holds the fingerprint, or the free one where it belongs. */
  private slotOf(lowBits: number, highBits: number): number {
    const { slots, low, high, values } = this;
    let slot = lowBits & (slots - 1);
    while (values[slot] !== 0 && (low[slot] !== lowBits || high[slot] !== highBits)) slot = (slot + 1) & (slots - 1);
    return slot;
  }

  /** All fingerprints and their numbers, in no order. */
  *entries(): Generator<readonly [lowBits: number, highBits: number, number: number]> {
    for (let slot = 0; slot < this.slots; slot++) {
      if (this.values[slot] !== 0) yield [this.low[slot]!, this.high[slot]!, this.values[slot]!];
    }
  }

  private resize(slots: number): void {
    this.slots = slots;
    this.low = new Uint32Array(slots);
    this.high = new Uint32Array(slots);
    this.values = new Uint32Array(slots);
  }

  private grow(): void {
    const { low, high, values } = this;
    this.resize(2 * this.slots);
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) continue;
      const slot = this.slotOf(low[i]!, high[i]!);
      this.low[slot] = low[i]!;
      this.high[slot] = high[i]!;
      this.values[slot] = values[i]!;
    }
  }
}

/** Where to begin the two halves of a fingerprint, and the multipliers of each. */
export const LOW_SEED = 0x811c9dc5;
export const HIGH_SEED = 0x9747b28c;
export const LOW_PRIME = 0x01000193;
export const HIGH_PRIME = 0x5bd1e995;

/** Goes on with half a fingerprint over a text. */
export function hashed(text: string, seed: number, prime: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = imul(hash ^ text.charCodeAt(i), prime);
  return hash;
}

/** The finalizer of MurmurHash3: every bit of the input reaches every bit of the output. */
export function mixed(hash: number): number {
  let bits = hash;
  bits = imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** The two halves of a text's fingerprint. Its length keeps ("ab", "c") and ("a", "bc") apart where another text goes on from there. */
export const fingerprintOf = (text: string): readonly [low: number, high: number] => [
  mixed(hashed(text, LOW_SEED, LOW_PRIME) ^ text.length),
  mixed(hashed(text, HIGH_SEED, HIGH_PRIME) ^ text.length),
];

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
      [lowSeed, highSeed] = fingerprintOf(first);
      lastFirst = first;
    }
    return counts.add(mixed(hashed(second, lowSeed, LOW_PRIME)), mixed(hashed(second, highSeed, HIGH_PRIME)), 1);
  };
}
