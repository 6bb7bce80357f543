import type {
  CreateTrainingJobRequest,
  MetricData,
  SecondaryStatus,
  SecondaryStatusTransition,
  TrainingJobStatus,
} from "@aws-sdk/client-sagemaker";

/** One training job and its history. Changed by `enter` and by the run of the job alone. */
export interface TrainingJob {
  readonly name: string;
  readonly arn: string;
  readonly request: CreateTrainingJobRequest;
  readonly created: Date;
  status: TrainingJobStatus;
  secondaryStatus: SecondaryStatus;
  lastModified: Date;
  readonly transitions: SecondaryStatusTransition[];
  started?: Date;
  ended?: Date;
  failureReason?: string;
  modelUri?: string;
  metrics: MetricData[];
  /** Aborted by StopTrainingJob, and when the stand-in closes. */
  readonly stop: AbortController;
}

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

export const isOver = ({ status }: TrainingJob): boolean => ["Completed", "Failed", "Stopped"].includes(status);

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
