import { ArgumentError, requireInteger } from "@keyspaces-segmentation/common";
import { integer, optional, type Rule } from "./rules.js";

/**
 * The algorithm's image by region. It is data beside all code, because the stand-in for AWS reads it too and shares no code with its
 * clients. Source: data/README.md.
 */
const images: Readonly<Record<string, string>> = require("../../../data/kmeans_images.json");

/** Whether the region has the algorithm, as far as is known. */
export const hasKMeans = (region: string): boolean => Object.hasOwn(images, region);

/**
 * The container image of SageMaker's built-in K-Means in a region, for training and for inference.
 *
 * @throws ArgumentError for a region where the algorithm has no known image
 * @example kMeansImage("us-east-1") // "382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1"
 */
export function kMeansImage(region: string): string {
  const image = hasKMeans(region) ? images[region] : undefined;
  if (image !== undefined) return image;
  const known = Object.keys(images).join(", ");
  throw new ArgumentError("region", `a region with SageMaker's K-Means algorithm (${known})`, region);
}

/** How the algorithm is given its rows: text, or RecordIO-protobuf of float32. */
export type TrainingFormat = "csv" | "recordio";

const contentTypes: Readonly<Record<TrainingFormat, string>> = {
  // Without label_size=0 the first feature would be taken for a label.
  csv: "text/csv;label_size=0",
  recordio: "application/x-recordio-protobuf",
};

/** The content type of a channel with such data. @throws ArgumentError for an unknown format */
export function contentTypeOf(format: TrainingFormat = "csv"): string {
  if (Object.hasOwn(contentTypes, format)) return contentTypes[format];
  throw new ArgumentError("format", `one of ${Object.keys(contentTypes).join(", ")}`, format);
}

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

const integerOrAuto: Rule<number | "auto"> = (name, value) => {
  if (value !== "auto") requireInteger(name, value, 1);
};
const method: Rule<string> = (name, value) => {
  if (value !== "random" && value !== "kmeans++") throw new ArgumentError(name, '"random" or "kmeans++"', value);
};
const metrics: Rule<readonly string[]> = (name, value) => {
  const known = Array.isArray(value) && value.every((metric) => metric === "msd" || metric === "ssd");
  if (!known || value.length === 0) throw new ArgumentError(name, 'a list of "msd" and "ssd"', value);
};
const share: Rule<number> = (name, value) => {
  if (!(value >= 0 && value <= 1)) throw new ArgumentError(name, "a number from 0 to 1", value);
};

/** Name on the wire and rule of each. */
const parameters: {
  readonly [Name in keyof KMeansHyperparameters]-?: readonly [wire: string, rule: Rule<KMeansHyperparameters[Name]>];
} = {
  epochs: ["epochs", optional(integer(1))],
  evalMetrics: ["eval_metrics", optional(metrics)],
  extraCenterFactor: ["extra_center_factor", optional(integerOrAuto)],
  halfLifeTimeSize: ["half_life_time_size", optional(integer(0))],
  initMethod: ["init_method", optional(method)],
  localLloydInitMethod: ["local_lloyd_init_method", optional(method)],
  localLloydMaxIter: ["local_lloyd_max_iter", optional(integer(1))],
  localLloydNumTrials: ["local_lloyd_num_trials", optional(integerOrAuto)],
  localLloydTol: ["local_lloyd_tol", optional(share)],
  miniBatchSize: ["mini_batch_size", optional(integer(1))],
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
    const [onWire, rule] = parameters[name as keyof KMeansHyperparameters];
    rule(`hyperparameters.${name}`, value as never, given);
    wire[onWire] = Array.isArray(value) ? JSON.stringify(value) : String(value);
  }
  return wire;
}
