import { kMeans } from "../../../../src/clustering/kmeans.js";
import type { Matrix } from "../../../../src/clustering/matrix.js";
import { type ChannelFile, readChannel } from "./csv.js";
import { ContainerFailure } from "./failure.js";
import { readHyperparameters } from "./hyperparameters.js";
import { seededRandom } from "./seeded_random.js";

/** What the container is given. */
export interface TrainingInput {
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly files: readonly ChannelFile[];
}

export interface TrainingOutput {
  /** k rows of float32 values. */
  readonly centroids: Matrix;
  readonly rows: number;
  /** Mean squared distance of the rows to their nearest centroid. */
  readonly msd: number;
}

/**
 * What the K-Means container does with its input: checks it, trains, returns the model. Where the real one shrinks
 * k × extra_center_factor centres that it collected in passes over mini-batches, this one runs Lloyd's algorithm on all
 * rows: the same model, only better found.
 *
 * @throws ContainerFailure
 */
export function trainKMeans({ hyperparameters, contentType, files }: TrainingInput): TrainingOutput {
  const { k, featureDim, trials, maxIterations, tolerance } = readHyperparameters(hyperparameters);
  const data = readChannel(files, contentType, featureDim);
  if (k > data.rows) {
    throw new ContainerFailure("ClientError", `k is ${k}, but the train channel has ${data.rows} rows`);
  }
  const { values } = data;
  const random = seededRandom(
    JSON.stringify(Object.entries(hyperparameters).sort()),
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  const { centroids, inertia } = kMeans(data, { k, random, starts: trials, maxIterations, tolerance });
  return { centroids, rows: data.rows, msd: inertia / data.rows };
}
