import { createHash } from "node:crypto";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import { ContainerFailure } from "../container_failures.js";
import type { Matrix } from "../matrix.js";
import { nearestTo } from "../matrix.js";
import { type Channel, readChannel } from "./channel.js";
import { type Hyperparameters, readHyperparameters } from "./hyperparameters.js";
import { shrinkCentres } from "./shrink.js";
import { collectCentres } from "./web_scale.js";

/** What the container is given. */
export interface TrainingInput {
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly train: Channel;
  readonly test?: Channel | undefined;
  /** Of the training's chance, a whole number; without one, chance comes from the data and the hyperparameters. */
  readonly seed?: number | undefined;
}

export interface TrainingOutput {
  /** k rows of float32 values. */
  readonly centroids: Matrix;
  readonly rows: number;
  /** Rows of the first batch, which the first centres come from. */
  readonly firstBatch: number;
  /** K, of which k were left in the end. */
  readonly centres: number;
  /** Per trial of shrinking K centres to k, the mean squared distance of the K to the nearest of the k. Empty where K is k. */
  readonly losses: readonly number[];
  /** Of the rows of the test channel: `msd`, `ssd`, as asked for. */
  readonly test: Readonly<Record<string, number>>;
}

/**
 * What the K-Means container does with its input: checks it, collects k × extra_center_factor centres in passes over mini-batches,
 * shrinks them to k, and returns the model.
 *
 * @throws ContainerFailure
 */
export function trainKMeans({ hyperparameters, train, test, seed }: TrainingInput): TrainingOutput {
  const parameters = readHyperparameters(hyperparameters);
  const data = readChannel("train", train, parameters.featureDim);
  const testData = test && readChannel("test", test, parameters.featureDim);
  const firstBatch = Math.min(parameters.batchSize, data.rows);
  const centres = centresOf(parameters, data.rows, firstBatch);
  const random = seededRandom(seed ?? seedOf(hyperparameters, data));
  const collected = collectCentres(data, { ...parameters.webScale, batchSize: parameters.batchSize, centres }, random);
  const { k, lloyd } = parameters;
  const { centroids, losses } =
    parameters.extraCenterFactor === 1
      ? { centroids: collected.points, losses: [] }
      : shrinkCentres(collected, { ...lloyd, k }, random);
  const model = { ...centroids, values: centroids.values.map(Math.fround) };
  return {
    centroids: model,
    rows: data.rows,
    firstBatch,
    centres,
    losses,
    test: testData ? metricsOf(testData, model, parameters.evalMetrics) : {},
  };
}

/** What `auto` comes to, as the container logs it. */
export const AUTO_EXTRA_CENTER_FACTOR = 10;

/**
 * K. What AWS's container does with fewer rows in its first batch than it wants centres is not known. Here `auto` makes do with them, and
 * a factor that was asked for fails.
 */
function centresOf({ k, extraCenterFactor }: Hyperparameters, rows: number, firstBatch: number): number {
  if (k > rows) throw new ContainerFailure("ClientError", `k is ${k}, but the train channel has ${rows} rows`);
  const wanted = k * (extraCenterFactor === "auto" ? AUTO_EXTRA_CENTER_FACTOR : extraCenterFactor);
  if (wanted <= firstBatch) return wanted;
  if (extraCenterFactor === "auto" && k <= firstBatch) return firstBatch;
  const batch = `the first batch, which they are chosen from, has ${firstBatch} rows`;
  throw new ContainerFailure(
    "ClientError",
    `The algorithm needs ${extraCenterFactor === "auto" ? k : wanted} initial centers, but ${batch}`,
  );
}

function seedOf(hyperparameters: Readonly<Record<string, string>>, { values }: Matrix): number {
  const hash = createHash("sha256").update(JSON.stringify(Object.entries(hyperparameters).sort()));
  return hash
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest()
    .readUInt32LE(0);
}

function metricsOf(data: Matrix, centroids: Matrix, wanted: readonly string[]): Record<string, number> {
  let ssd = 0;
  for (let at = 0; at < data.values.length; at += data.columns) ssd += nearestTo(data.values, at, centroids).square;
  const metrics: Record<string, number> = { msd: ssd / data.rows, ssd };
  return Object.fromEntries(wanted.map((name) => [name, metrics[name] ?? 0]));
}
