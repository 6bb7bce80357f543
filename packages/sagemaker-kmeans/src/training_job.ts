import { CreateTrainingJobCommand, type DescribeTrainingJobCommandOutput } from "@aws-sdk/client-sagemaker";
import { followJob, type StatusChange, secondsBetween, wordInterruption } from "@keyspaces-segmentation/aws-jobs";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { uploadBytes } from "@keyspaces-segmentation/aws-session";
import type { Exact } from "@keyspaces-segmentation/common";
import { StepError } from "@keyspaces-segmentation/common";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { create, instanceHint } from "./ask.js";
import { sageMakerOf } from "./clients.js";
import { findTraining } from "./earlier_training.js";
import { trainingJob } from "./followed_jobs.js";
import { noteOfUse } from "./note_of_use.js";
import type { TrainingRequest } from "./requests.js";
import { trainingObjects } from "./training_data.js";
import { DEFAULT_RUNTIME, type PlannedTraining, planTraining } from "./training_request.js";

export interface FollowTrainingOptions {
  onStatus?: (change: StatusChange) => void;
  /** Ends the wait. */
  signal?: AbortSignal;
  /** How long to wait, in milliseconds. Default: the job's own limit and a quarter of an hour for starting and ending. */
  deadlineMs?: number;
  /** Whether a job that is still running when the wait ends is stopped. Default "leave": see {@link followTraining}. */
  whenLeft?: "stop" | "leave";
}

export interface TrainingOptions extends FollowTrainingOptions {
  /** For the order of the rows; the same order each time unless given, so that a run can be repeated. */
  random?: () => number;
  now?: () => Date;
  /** Goes on from an earlier job with the same data and settings, where there is one; see {@link findTraining}. Default false. */
  reuse?: boolean;
  /** Is told, with `reuse`, what the signed-in identity may not look at for an earlier job. */
  onCannotLook?: (why: StepError) => void;
}

export interface TrainingResult {
  job: string;
  /** Whether an earlier job with the same data and settings had completed, and this is its result. */
  reused: boolean;
  /** Whether this process has started the job; another's may still be needed by whoever did. */
  isOwn: boolean;
  arn: string;
  modelUri: string;
  image: string;
  status: string;
  /** From creation to end. */
  seconds: number;
  trainingSeconds: number;
  /** Less than `trainingSeconds` on spot instances. */
  billableSeconds: number;
  /** As the algorithm reports them at its end, such as `test:msd`, the mean squared distance of the test rows. */
  metrics: Readonly<Record<string, number>>;
  /** In order of time. */
  transitions: { status: string; message: string; seconds: number }[];
}

/** The jobs that this process has started, by name, which is unique to the millisecond. */
const started = new Set<string>();

function resultOf(job: string, reused: boolean, ended: DescribeTrainingJobCommandOutput): TrainingResult {
  const { CreationTime: created, SecondaryStatusTransitions: transitions = [], ModelArtifacts: model } = ended;
  const { TrainingTimeInSeconds: trainingSeconds = 0, BillableTimeInSeconds: billableSeconds = trainingSeconds } =
    ended;
  if (!model?.S3ModelArtifacts) {
    throw new StepError({ tried: `complete the training job ${job}`, got: "it completed without a model" });
  }
  const metrics = (ended.FinalMetricDataList ?? []).flatMap(({ MetricName: name, Value: value }) =>
    name !== undefined && value !== undefined ? [[name, value] as const] : [],
  );
  return {
    job,
    reused,
    isOwn: started.has(job),
    arn: ended.TrainingJobArn ?? "",
    image: ended.AlgorithmSpecification?.TrainingImage ?? "",
    modelUri: model.S3ModelArtifacts,
    status: ended.TrainingJobStatus ?? "",
    seconds: secondsBetween(created, ended.TrainingEndTime ?? ended.LastModifiedTime),
    trainingSeconds,
    billableSeconds,
    metrics: Object.fromEntries(metrics),
    transitions: transitions.map(({ Status: status = "", StatusMessage: message = "", StartTime }) => ({
      status,
      message,
      seconds: secondsBetween(created, StartTime),
    })),
  };
}

/** For an instance to be found and started, and for the model to be stored. */
const startAndEndMs = 900_000;

const deadlineOf = (seconds: number): number => 1000 * seconds + startAndEndMs;

/**
 * Follows a training job that was started before, to its end: after an interruption, or from another notebook.
 *
 * @throws StepError when there is no such job, it fails, is stopped, does not end in time, or the wait is interrupted
 */
export async function followTraining(
  aws: AwsSession,
  job: string,
  options: FollowTrainingOptions = {},
): Promise<TrainingResult> {
  return resultOf(job, false, await follow(aws, job, options));
}

async function follow(
  aws: AwsSession,
  job: string,
  options: FollowTrainingOptions,
): Promise<DescribeTrainingJobCommandOutput> {
  const { deadlineMs = deadlineOf(DEFAULT_RUNTIME), whenLeft = "leave" } = options;
  return followJob(trainingJob(aws, job), { ...options, deadlineMs, whenLeft });
}

const createHints = {
  ValidationException: "Check the bucket's region, the instance type and the execution role.",
  AccessDeniedException:
    "The signed-in identity needs sagemaker:CreateTrainingJob, and iam:PassRole on the execution role.",
};

/**
 * Trains SageMaker's built-in K-Means: uploads the features that are not in S3, starts a training job and follows it to its end. With `reuse`, a job
 * with the same data and settings that is under way is followed, and one that has completed is not paid for twice.
 *
 * @throws ArgumentError for an unknown region or what SageMaker would refuse, before anything is sent; StepError when the job cannot
 *   be started, fails, is stopped, does not end in time, or the wait is interrupted
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
export async function trainKMeans<R extends TrainingRequest>(
  aws: AwsSession,
  request: Exact<R, TrainingRequest>,
  options: TrainingOptions = {},
): Promise<TrainingResult> {
  const { random = seededRandom(1), now = () => new Date(), signal, reuse, onCannotLook } = options;
  const plan = planTraining(request, { region: aws.region, now: now() });
  const { job, isComplete } = await wordInterruption(`start the training job ${plan.job}`, signal, async () => {
    signal?.throwIfAborted();
    const earlier = reuse ? await findTraining(aws, plan, { signal, onCannotLook }) : null;
    if (earlier && !started.has(earlier.job)) {
      // Whoever cleans up after that job's run lets its model stay.
      const key = `${request.prefix}/${earlier.job}/${noteOfUse(aws)}`;
      await uploadBytes(aws, { bucket: plan.bucket, key }, "{}", { kmsKey: plan.kmsKey, signal });
    }
    return earlier ?? (await startTraining(aws, plan, { random, signal }));
  });
  const { deadlineMs = deadlineOf(plan.maxSeconds) } = options;
  return resultOf(job, isComplete, await follow(aws, job, { ...options, deadlineMs }));
}

/** Uploads a job's data and starts it. */
async function startTraining(
  aws: AwsSession,
  { job, input, bucket, channels, format, kmsKey }: PlannedTraining,
  { random, signal }: { random: () => number; signal: AbortSignal | undefined },
): Promise<{ job: string; isComplete: false }> {
  for (const { prefix, rows, instances } of channels) {
    if ("noteKey" in rows) {
      // Whose a job's folder is, with its model, is known by what we have put there.
      const note = JSON.stringify({ trainedWith: `s3://${bucket}/${prefix}` });
      await uploadBytes(aws, { bucket, key: rows.noteKey }, note, { kmsKey, signal });
      continue;
    }
    for (const { name, bytes } of trainingObjects(rows, { format, instances, random })) {
      await uploadBytes(aws, { bucket, key: prefix + name }, bytes, { kmsKey, signal });
    }
  }
  const command = new CreateTrainingJobCommand(input);
  const hintFor = instanceHint(input.ResourceConfig?.InstanceType, aws.region);
  const send = () => sageMakerOf(aws).send(command);
  await create(`start the training job ${job}`, send, { hints: createHints, hintFor, signal });
  started.add(job);
  return { job, isComplete: false };
}
