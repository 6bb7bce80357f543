/** Used for each number; within a context of `node:vm`, as tests run in, a look at a global costs more than the rest. */
const { imul } = Math;

/**
 * A random source that repeats itself: the same seed gives the same numbers in [0, 1) on every machine.
 * For k-means starts and generated data; not for secrets. (Mulberry32 by Tommy Ettinger, public domain.)
 *
 * @param seed a whole number; only its lowest 32 bits count
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
