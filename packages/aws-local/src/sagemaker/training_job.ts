import { setTimeout as delay } from "node:timers/promises";
import type { SecondaryStatus, TrainingJobStatus } from "@aws-sdk/client-sagemaker";
import { ContainerFailure } from "./container_failures.js";
import type { SageMakerContext } from "./context.js";
import { runContainer } from "./kmeans/container.js";
import { packModel } from "./kmeans/model_artifact.js";
import { isOver, type TrainingJob } from "./records.js";
import { parseS3Uri } from "./store.js";
import { nextSeed } from "./training_chance.js";
import { blameS3, downloadChannels } from "./training_data.js";
import { linesAfter, linesBefore, linesOfFailure, metricsOf, streamsOf, TRAINING_LOGS } from "./training_log.js";

/** Each secondary status with the status it is part of and the message that a real job shows in it. */
const stages: Partial<Record<SecondaryStatus, readonly [TrainingJobStatus, string]>> = {
  Starting: ["InProgress", "Preparing the instances for training"],
  Downloading: ["InProgress", "Downloading input data"],
  Training: ["InProgress", "Training image download completed. Training in progress."],
  Uploading: ["InProgress", "Uploading generated training model"],
  Completed: ["Completed", "Training job completed"],
  Failed: ["Failed", "Training job failed"],
  Stopping: ["Stopping", "Stopping the training job"],
  Stopped: ["Stopped", "Training job stopped"],
  MaxRuntimeExceeded: ["Stopped", "Training job runtime exceeded MaxRuntimeInSeconds provided"],
};

/** Moves the job into a secondary status and records when. */
export function enter(job: TrainingJob, secondaryStatus: SecondaryStatus, now: Date): void {
  const [status, message] = stages[secondaryStatus] ?? [job.status, ""];
  const before = job.transitions.at(-1);
  if (before) before.EndTime = now;
  job.status = status;
  job.secondaryStatus = secondaryStatus;
  job.lastModified = now;
  job.transitions.push({ Status: secondaryStatus, StartTime: now, StatusMessage: message });
  if (secondaryStatus === "Downloading") job.started = now;
  if (!isOver(job)) return;
  job.ended = now;
  // The last status has no duration.
  job.transitions.at(-1)!.EndTime = now;
}

/** FailureReason holds no more. */
const REASON_LIMIT = 1024;

/** Writes to the log of the first host, or of all. */
type Tell = (lines: readonly string[], all?: boolean) => Promise<unknown>;

/** What AWS gives a job that does not say. */
const DEFAULT_RUNTIME = 86_400;

/** Takes a job from Starting to its end. Never rejects: what goes wrong is the job's FailureReason. */
export async function runTrainingJob(job: TrainingJob, context: SageMakerContext): Promise<void> {
  const runtime = new AbortController();
  const [first = "", ...others] = streamsOf(job);
  const logs = context.logs.as(job.request.RoleArn);
  const tell: Tell = (lines, all = false) =>
    Promise.all((all ? [first, ...others] : [first]).map((stream) => logs.put(TRAINING_LOGS, stream, lines)));
  const ends = AbortSignal.any([job.stop.signal, runtime.signal]);
  try {
    await train(job, context, ends, runtime, tell);
    enter(job, "Completed", context.now());
  } catch (error) {
    if (runtime.signal.aborted && !job.stop.signal.aborted) enter(job, "Stopping", context.now());
    if (ends.aborted) {
      await delay(context.pace, undefined, { signal: context.closing }).catch(() => undefined);
      enter(job, runtime.signal.aborted ? "MaxRuntimeExceeded" : "Stopped", context.now());
      return;
    }
    if (error instanceof ContainerFailure) await tell(linesOfFailure(error, context.now()));
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

async function train(
  job: TrainingJob,
  { store, now, pace, trainingChance }: SageMakerContext,
  signal: AbortSignal,
  runtime: AbortController,
  tell: Tell,
): Promise<void> {
  const { request } = job;
  const s3 = store.as(request.RoleArn);
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
    const data = await stage("Downloading", () => downloadChannels(s3, request.InputDataConfig ?? []));
    await tell(linesBefore(job, now()), true);
    const before = performance.now();
    const hyperparameters = request.HyperParameters ?? {};
    const seed = nextSeed(trainingChance);
    const output = await stage("Training", () => runContainer({ hyperparameters, seed, ...data }, signal));
    const throughput = (1000 * output.rows) / (performance.now() - before);
    await tell(linesAfter(job, output, throughput, now()));
    job.metrics = metricsOf(output, throughput, now());
    await stage("Uploading", async () => {
      const { S3OutputPath = "", KmsKeyId } = request.OutputDataConfig ?? {};
      const uri = `${S3OutputPath.replace(/\/+$/, "")}/${job.name}/output/model.tar.gz`;
      const { bucket, key } = parseS3Uri(uri);
      await blameS3("Artifact upload failed", s3.write(bucket, key, await packModel(output.centroids), KmsKeyId));
      job.modelUri = uri;
    });
  } finally {
    clearTimeout(limit);
  }
}
