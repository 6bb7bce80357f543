import { ArgumentError, requireInteger } from "@keyspaces-segmentation/common";

/**
 * What the built-in K-Means can be told besides k. There is no seed: two jobs on the same data may end with other clusters.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/k-means-api-config.html
 */
export interface KMeansHyperparameters {
  /** Passes over the data. Default 1. */
  readonly epochs?: number;
  /** What is measured on the test channel: mean and sum of squared distances. Default `["msd"]`. */
  readonly evalMetrics?: readonly ("msd" | "ssd")[];
  /** So many times k centers are kept while the data pass, and shrunk to k at the end. Default "auto". */
  readonly extraCenterFactor?: number | "auto";
  /** A row weighs half after so many further rows; 0, the default: rows do not lose weight. */
  readonly halfLifeTimeSize?: number;
  /** How the first centers are chosen. Default "random". */
  readonly initMethod?: "random" | "kmeans++";
  /** The same for the k final centers. Default "kmeans++". */
  readonly localLloydInitMethod?: "random" | "kmeans++";
  /** Iterations of Lloyd's algorithm over the kept centers at most. Default 300. */
  readonly localLloydMaxIter?: number;
  /** Trials of it, of which the best counts. Default "auto". */
  readonly localLloydNumTrials?: number | "auto";
  /** It stops when the loss changes by less, 0 to 1. Default 0.0001. */
  readonly localLloydTol?: number;
  /** Rows of a batch; the first centers come from the first one. Default 5000. */
  readonly miniBatchSize?: number;
}

/** The container's own batch, from the first of which it takes its first centers. */
const DEFAULT_BATCH = 5000;

/**
 * Settings with which trainings on the same data end with the same clusters, but for a few customers between two: there is no seed, and
 * with the container's defaults every second to tenth training finds another local optimum. They keep more centers, spread them better,
 * move them in ten passes, and shrink them in the best of a hundred ways. There are no more centers than rows to take them from.
 *
 * @param rows of the data that are trained on
 * @param instances that share them
 */
export function steadyHyperparameters(rows: number, k: number, instances = 1): KMeansHyperparameters {
  requireInteger("rows", rows, 1);
  requireInteger("k", k, 1);
  requireInteger("instances", instances, 1);
  const firstBatch = Math.min(DEFAULT_BATCH, Math.floor(rows / instances));
  const extraCenterFactor = Math.max(1, Math.min(40, Math.floor(firstBatch / k)));
  return { extraCenterFactor, initMethod: "kmeans++", epochs: 10, localLloydNumTrials: 100 };
}

type Check = (name: string, value: never) => void;

const positive: Check = (name, value) => requireInteger(name, value, 1);
const positiveOrAuto: Check = (name, value) => {
  if (value !== "auto") requireInteger(name, value, 1);
};
const method: Check = (name, value) => {
  if (value !== "random" && value !== "kmeans++") throw new ArgumentError(name, '"random" or "kmeans++"', value);
};

/** Name on the wire and check of each. */
const parameters: { readonly [Name in keyof Required<KMeansHyperparameters>]: readonly [wire: string, check: Check] } =
  {
    epochs: ["epochs", positive],
    evalMetrics: [
      "eval_metrics",
      (name, value: readonly string[]) => {
        const known = Array.isArray(value) && value.every((metric) => metric === "msd" || metric === "ssd");
        if (!known || value.length === 0) throw new ArgumentError(name, 'a list of "msd" and "ssd"', value);
      },
    ],
    extraCenterFactor: ["extra_center_factor", positiveOrAuto],
    halfLifeTimeSize: ["half_life_time_size", (name, value) => requireInteger(name, value, 0)],
    initMethod: ["init_method", method],
    localLloydInitMethod: ["local_lloyd_init_method", method],
    localLloydMaxIter: ["local_lloyd_max_iter", positive],
    localLloydNumTrials: ["local_lloyd_num_trials", positiveOrAuto],
    localLloydTol: [
      "local_lloyd_tol",
      (name, value: number) => {
        if (!(value >= 0 && value <= 1)) throw new ArgumentError(name, "a number from 0 to 1", value);
      },
    ],
    miniBatchSize: ["mini_batch_size", positive],
  };

/**
 * The hyperparameters as SageMaker takes them: names with underscores, every value as text. Those not given keep their default.
 *
 * @throws ArgumentError for an unknown name, which would fail the job, or a value out of range
 */
export function hyperparametersOnWire(
  k: number,
  featureDim: number,
  given: KMeansHyperparameters = {},
): Record<string, string> {
  const wire: Record<string, string> = { k: String(k), feature_dim: String(featureDim) };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(parameters, name)) {
      throw new ArgumentError("hyperparameters", `of ${Object.keys(parameters).join(", ")}`, name);
    }
    if (value === undefined) continue;
    const [onWire, check] = parameters[name as keyof KMeansHyperparameters];
    check(`hyperparameters.${name}`, value as never);
    wire[onWire] = Array.isArray(value) ? JSON.stringify(value) : String(value);
  }
  return wire;
}
