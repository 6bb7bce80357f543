/** Used for each number; within a context of `node:vm`, as tests run in, a look at a global costs more than the rest. */
const { imul } = Math;

/**
 * Numbers in [0, 1), the same for the same seed: for what the stand-in leaves to chance, never for secrets.
 * Generator: Mulberry32 (Tommy Ettinger, public domain).
 *
 * @param seed a whole number, of which the lowest 32 bits count
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    const first = imul(state ^ (state >>> 15), state | 1);
    const second = first ^ (first + imul(first ^ (first >>> 7), first | 61));
    return ((second ^ (second >>> 14)) >>> 0) / 2 ** 32;
  };
}
