import { posix } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { MetricData, SecondaryStatus } from "@aws-sdk/client-sagemaker";
import { runContainer } from "./kmeans/container.js";
import type { ChannelFile } from "./kmeans/csv.js";
import { ContainerFailure } from "./kmeans/failure.js";
import { packModel } from "./kmeans/model_artifact.js";
import type { TrainingOutput } from "./kmeans/train.js";
import type { SageMakerContext } from "./service.js";
import { parseS3Uri, type Store } from "./store.js";
import { enter, type TrainingJob } from "./training_job.js";

/** FailureReason holds no more. */
const REASON_LIMIT = 1024;

/** Takes a job from Starting to its end. Never rejects: what goes wrong is the job's FailureReason. */
export async function runTrainingJob(job: TrainingJob, context: SageMakerContext): Promise<void> {
  const { signal } = job.stop;
  try {
    await train(job, context);
    enter(job, "Completed", context.now());
  } catch (error) {
    if (signal.aborted) {
      await delay(context.pace);
      enter(job, "Stopped", context.now());
      return;
    }
    job.failureReason = reasonOf(error).slice(0, REASON_LIMIT);
    enter(job, "Failed", context.now());
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ContainerFailure) return `${error.kind}: ${error.message}`;
  if (error instanceof Error && "$metadata" in error) return `ClientError: S3 answered ${error.name}: ${error.message}`;
  return `InternalServerError: ${error instanceof Error ? error.message : error}`;
}

async function train(job: TrainingJob, { store, now, pace }: SageMakerContext): Promise<void> {
  const { request } = job;
  const { signal } = job.stop;
  /** The work of one status; it lasts at least one pace, so that a client can see it. */
  async function stage<T>(status: SecondaryStatus, work: () => Promise<T>): Promise<T> {
    if (job.secondaryStatus !== status) enter(job, status, now());
    const [result] = await Promise.all([work(), delay(pace, undefined, { signal })]);
    signal.throwIfAborted();
    return result;
  }

  await stage("Starting", async () => undefined);
  const channel = request.InputDataConfig?.[0];
  const files = await stage("Downloading", () => download(store, channel?.DataSource?.S3DataSource?.S3Uri ?? ""));
  const hyperparameters = request.HyperParameters ?? {};
  const contentType = channel?.ContentType ?? "";
  const before = performance.now();
  const output = await stage("Training", () => runContainer({ hyperparameters, contentType, files }, signal));
  job.metrics = metricsOf(output, (performance.now() - before) / 1000, now());
  await stage("Uploading", async () => {
    const { S3OutputPath = "", KmsKeyId } = request.OutputDataConfig ?? {};
    const uri = `${S3OutputPath.replace(/\/+$/, "")}/${job.name}/output/model.tar.gz`;
    const { bucket, key } = parseS3Uri(uri);
    await store.write(bucket, key, await packModel(output.centroids), KmsKeyId);
    job.modelUri = uri;
  });
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

function metricsOf({ rows, msd }: TrainingOutput, seconds: number, now: Date): MetricData[] {
  const values = { "train:msd": msd, "train:progress": 100, "train:throughput": rows / seconds };
  return Object.entries(values).map(([MetricName, Value]) => ({ MetricName, Value, Timestamp: now }));
}
