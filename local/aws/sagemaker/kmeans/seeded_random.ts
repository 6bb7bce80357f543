import { createHash } from "node:crypto";

/**
 * Numbers in [0, 1) that depend on the seed alone: the service has no seed hyperparameter, so the stand-in draws one
 * from data and hyperparameters, and the same training gives the same model.
 * Generator: sfc32 of PractRand (Chris Doty-Humphrey).
 */
export function seededRandom(...seed: (string | Uint8Array)[]): () => number {
  const hash = createHash("sha256");
  for (const part of seed) hash.update(part);
  const digest = hash.digest();
  let [a, b, c] = [0, 4, 8].map((at) => digest.readInt32LE(at)) as [number, number, number];
  let counter = 1;
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
}
