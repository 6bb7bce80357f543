/**
 * What the chance of trainings comes from: their data and hyperparameters, so that the same training gives the same model; or a source
 * of numbers in [0, 1), of which each training takes one for its seed: no two are alike, as in the service.
 */
export type TrainingChance = "data" | (() => number);

/** The seed of the next training, a whole number; `undefined` to take it from the data. */
export function nextSeed(chance: TrainingChance): number | undefined {
  return chance === "data" ? undefined : Math.floor(chance() * 2 ** 32);
}

/**
 * As the environment has it: `data`, which it is if nothing is said, or `random`.
 *
 * @throws Error for any other word
 */
export function readTrainingChance(word = "data"): TrainingChance {
  if (word === "data") return word;
  if (word === "random") return Math.random;
  throw new Error(`LOCAL_TRAINING_CHANCE: expected data or random, got ${JSON.stringify(word)}`);
}
