import { posix } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { MetricData, SecondaryStatus, Channel as TrainingChannel } from "@aws-sdk/client-sagemaker";
import type { Channel, ChannelFile } from "./kmeans/channel.js";
import { runContainer } from "./kmeans/container.js";
import { ContainerFailure } from "./kmeans/failure.js";
import { packModel } from "./kmeans/model_artifact.js";
import type { TrainingOutput } from "./kmeans/train.js";
import type { SageMakerContext } from "./service.js";
import { parseS3Uri, type Store } from "./store.js";
import { enter, type TrainingJob } from "./training_job.js";

/** FailureReason holds no more. */
const REASON_LIMIT = 1024;

/** What AWS gives a job that does not say. */
const DEFAULT_RUNTIME = 86_400;

/** Takes a job from Starting to its end. Never rejects: what goes wrong is the job's FailureReason. */
export async function runTrainingJob(job: TrainingJob, context: SageMakerContext): Promise<void> {
  const runtime = new AbortController();
  const ends = AbortSignal.any([job.stop.signal, runtime.signal]);
  try {
    await train(job, context, ends, runtime);
    enter(job, "Completed", context.now());
  } catch (error) {
    if (runtime.signal.aborted && !job.stop.signal.aborted) enter(job, "Stopping", context.now());
    if (ends.aborted) {
      await delay(context.pace);
      enter(job, runtime.signal.aborted ? "MaxRuntimeExceeded" : "Stopped", context.now());
      return;
    }
    job.failureReason = reasonOf(error).slice(0, REASON_LIMIT);
    enter(job, "Failed", context.now());
  } finally {
    runtime.abort();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ContainerFailure) return `${error.kind}: ${error.message}`;
  return `InternalServerError: ${error instanceof Error ? error.message : error}`;
}

/** What S3 refuses the platform is the user's doing. */
async function withS3<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error && "$metadata" in error)) throw error;
    throw new ContainerFailure("ClientError", `${what}:${error.name}: ${error.message}`);
  }
}

async function train(
  job: TrainingJob,
  { store, now, pace }: SageMakerContext,
  signal: AbortSignal,
  runtime: AbortController,
): Promise<void> {
  const { request } = job;
  /** The work of one status; it lasts at least one pace, so that a client can see it. */
  async function stage<T>(status: SecondaryStatus, work: () => Promise<T>): Promise<T> {
    if (job.secondaryStatus !== status) enter(job, status, now());
    const [result] = await Promise.all([work(), delay(pace, undefined, { signal })]);
    signal.throwIfAborted();
    return result;
  }

  await stage("Starting", async () => undefined);
  const seconds = request.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_RUNTIME;
  // Timers hold 31 bits of milliseconds, 24 days.
  const limit = setTimeout(() => runtime.abort(), Math.min(seconds * 1000, 2 ** 31 - 1));
  try {
    const channels = await stage("Downloading", () => downloadAll(store, request.InputDataConfig ?? []));
    const { train, test, ...others } = channels;
    if (!train)
      throw new ContainerFailure("ClientError", "Unable to initialize the algorithm. Missing channel 'train'");
    const [other] = Object.keys(others);
    if (other) throw new ContainerFailure("ClientError", `Unknown channel '${other}': there are 'train' and 'test'`);
    const before = performance.now();
    const hyperparameters = request.HyperParameters ?? {};
    const output = await stage("Training", () => runContainer({ hyperparameters, train, test }, signal));
    job.metrics = metricsOf(output, (performance.now() - before) / 1000, now());
    await stage("Uploading", async () => {
      const { S3OutputPath = "", KmsKeyId } = request.OutputDataConfig ?? {};
      const uri = `${S3OutputPath.replace(/\/+$/, "")}/${job.name}/output/model.tar.gz`;
      const { bucket, key } = parseS3Uri(uri);
      await withS3("Artifact upload failed", store.write(bucket, key, await packModel(output.centroids), KmsKeyId));
      job.modelUri = uri;
    });
  } finally {
    clearTimeout(limit);
  }
}

/**
 * The channels by name. Several instances share what one trains here, so that it is read once, whether objects are
 * divided over them or each has all: the model is the same.
 */
async function downloadAll(store: Store, config: readonly TrainingChannel[]): Promise<Record<string, Channel>> {
  const channels: Record<string, Channel> = {};
  for (const { ChannelName = "", ContentType, DataSource } of config) {
    const uri = DataSource?.S3DataSource?.S3Uri ?? "";
    const files = await withS3("Data download failed", download(store, uri));
    if (files.length === 0) {
      throw new ContainerFailure("ClientError", `Data download failed:No S3 objects found under S3 URL "${uri}"`);
    }
    channels[ChannelName] = { contentType: ContentType, files };
  }
  return channels;
}

/** The objects under the prefix, under the names that the container sees them by. */
async function download(store: Store, uri: string): Promise<ChannelFile[]> {
  const { bucket, key: prefix } = parseS3Uri(uri);
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const files: ChannelFile[] = [];
  for (const key of await store.list(bucket, prefix)) {
    files.push({ name: posix.normalize(key.slice(folder.length)), bytes: await store.read(bucket, key) });
  }
  return files;
}

function metricsOf({ rows, msd, test }: TrainingOutput, seconds: number, now: Date): MetricData[] {
  const values: Record<string, number> = {
    "train:msd": msd,
    "train:progress": 100,
    "train:throughput": rows / seconds,
  };
  for (const [name, value] of Object.entries(test)) values[`test:${name}`] = value;
  return Object.entries(values).map(([MetricName, Value]) => ({ MetricName, Value, Timestamp: now }));
}
