import { kMeans } from "../../../../src/clustering/kmeans.js";
import type { Matrix } from "../../../../src/clustering/matrix.js";
import { type Channel, readChannel } from "./channel.js";
import { ContainerFailure } from "./failure.js";
import { readHyperparameters } from "./hyperparameters.js";
import { nearest } from "./nearest.js";
import { seededRandom } from "./seeded_random.js";

/** What the container is given. */
export interface TrainingInput {
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly train: Channel;
  readonly test?: Channel | undefined;
}

export interface TrainingOutput {
  /** k rows of float32 values. */
  readonly centroids: Matrix;
  readonly rows: number;
  /** Mean squared distance of the rows to their nearest centroid. */
  readonly msd: number;
  /** Of the rows of the test channel: `msd`, `ssd`, as asked for. */
  readonly test: Readonly<Record<string, number>>;
}

/**
 * What the K-Means container does with its input: checks it, trains, returns the model. Where the real one shrinks
 * k × extra_center_factor centres that it collected in passes over mini-batches, this one runs Lloyd's algorithm on all
 * rows: the same model, only better found.
 *
 * @throws ContainerFailure
 */
export function trainKMeans({ hyperparameters, train, test }: TrainingInput): TrainingOutput {
  const { k, featureDim, trials, maxIterations, tolerance, evalMetrics } = readHyperparameters(hyperparameters);
  const data = readChannel("train", train, featureDim);
  const testData = test && readChannel("test", test, featureDim);
  if (k > data.rows) {
    throw new ContainerFailure("ClientError", `k is ${k}, but the train channel has ${data.rows} rows`);
  }
  const { values } = data;
  const random = seededRandom(
    JSON.stringify(Object.entries(hyperparameters).sort()),
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  const { centroids, inertia } = kMeans(data, { k, random, starts: trials, maxIterations, tolerance });
  return {
    centroids,
    rows: data.rows,
    msd: inertia / data.rows,
    test: testData ? metricsOf(testData, centroids, evalMetrics) : {},
  };
}

function metricsOf(data: Matrix, centroids: Matrix, wanted: readonly string[]): Record<string, number> {
  const ssd = rowsOf(data).reduce((sum, row) => sum + nearest(row, centroids).distance ** 2, 0);
  const metrics: Record<string, number> = { msd: ssd / data.rows, ssd };
  return Object.fromEntries(wanted.map((name) => [name, metrics[name] ?? 0]));
}

const rowsOf = ({ values, rows, columns }: Matrix): Float64Array[] =>
  Array.from({ length: rows }, (_, i) => values.subarray(i * columns, (i + 1) * columns));
