import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
} from "@aws-sdk/client-sagemaker";
import { sageMakerOf } from "../aws/clients.js";
import { awsFailure, reasonOf, statusOf } from "../aws/failure.js";
import { locationOf, readObject, uploadBytes } from "../aws/objects.js";
import type { AwsSession } from "../aws/session.js";
import { ArgumentError, StepError } from "../errors.js";
import { waitUntil } from "../wait.js";
import type { Matrix } from "./matrix.js";
import { readModelArtifact } from "./model_artifact.js";
import { seededRandom } from "./seeded_random.js";
import { featuresToCsv } from "./training_data.js";
import { kMeansImage } from "./training_image.js";

export interface TrainingRequest {
  /** Scaled features, one row a customer. */
  features: Matrix;
  k: number;
  /** ARN of the execution role. */
  role: string;
  bucket: string;
  /** Key prefix for data and model, without slashes at its ends. */
  prefix: string;
  instanceType: string;
  /** The job is named `<baseName>-YYYY-MM-DD-HH-MM-SS-mmm` (UTC). */
  baseName?: string;
}

/** A step of the job, as SageMaker reports it. */
export interface StatusChange {
  job: string;
  /** InProgress, Completed, Failed, Stopping or Stopped. */
  status: string;
  /** Starting, Downloading, Training, Uploading, … */
  secondaryStatus: string;
  message: string;
  /** Seconds since the job was created. */
  seconds: number;
}

export interface TrainingOptions {
  onStatus?: (change: StatusChange) => void;
  /** Ends the wait, not the job. */
  signal?: AbortSignal;
  /** How long to wait, in milliseconds; also the limit at which SageMaker stops the job. */
  deadlineMs?: number;
  /** For the order of the rows; the same order each time unless given, so that a run can be repeated. */
  random?: () => number;
  now?: () => Date;
}

export interface TrainingResult {
  job: string;
  arn: string;
  modelUri: string;
  image: string;
  status: string;
  /** From creation to end. */
  seconds: number;
  billableSeconds: number;
  /** In order of time. */
  transitions: { status: string; message: string; seconds: number }[];
}

/**
 * A job name like those of the SageMaker Python SDK: unique to the millisecond, at most 63 characters.
 *
 * @throws ArgumentError for characters that SageMaker refuses
 */
export function trainingJobName(baseName: string, now: Date): string {
  if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/.test(baseName)) {
    throw new ArgumentError("baseName", "letters, digits and hyphens, none of those at its ends", baseName);
  }
  const stamp = now.toISOString().slice(0, 23).replace(/[T:.]/g, "-");
  return `${baseName.slice(0, 62 - stamp.length).replace(/-+$/, "")}-${stamp}`;
}

async function createJob(
  aws: AwsSession,
  job: string,
  image: string,
  request: TrainingRequest,
  seconds: number,
): Promise<string> {
  const { k, features, role, instanceType, bucket, prefix } = request;
  const folder = `s3://${bucket}/${prefix}`;
  const { TrainingJobArn: arn = "" } = await sageMakerOf(aws).send(
    new CreateTrainingJobCommand({
      TrainingJobName: job,
      RoleArn: role,
      AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: "File" },
      HyperParameters: { k: String(k), feature_dim: String(features.columns) },
      InputDataConfig: [
        {
          ChannelName: "train",
          // Without label_size=0 the first feature would be taken for a label.
          ContentType: "text/csv;label_size=0",
          DataSource: {
            S3DataSource: {
              S3DataType: "S3Prefix",
              S3Uri: `${folder}/${job}/input/`,
              S3DataDistributionType: "ShardedByS3Key",
            },
          },
        },
      ],
      OutputDataConfig: { S3OutputPath: `${folder}/` },
      ResourceConfig: { InstanceType: instanceType as never, InstanceCount: 1, VolumeSizeInGB: 10 },
      StoppingCondition: { MaxRuntimeInSeconds: seconds },
    }),
  );
  return arn;
}

/** Undefined when the answer did not come for a reason that passes by itself. */
async function describe(aws: AwsSession, job: string): Promise<DescribeTrainingJobCommandOutput | undefined> {
  try {
    return await sageMakerOf(aws).send(new DescribeTrainingJobCommand({ TrainingJobName: job }));
  } catch (error) {
    const passing = /Throttl|TooManyRequests|RequestLimit|SlowDown|ECONNRESET|TimeoutError/.test(reasonOf(error));
    if (passing || (statusOf(error) ?? 0) >= 500) return undefined;
    throw awsFailure(`ask for the state of the training job ${job}`, error);
  }
}

const secondsBetween = (start: Date | undefined, end: Date | undefined): number =>
  start && end ? Math.max(0, (end.getTime() - start.getTime()) / 1000) : 0;

/** Follows a job to its end, telling each change of state, also those that came and went between two looks. */
async function followJob(
  aws: AwsSession,
  job: string,
  { onStatus, signal, deadlineMs }: TrainingOptions & { deadlineMs: number },
): Promise<DescribeTrainingJobCommandOutput> {
  let told = 0;
  const look = async () => {
    const seen = await describe(aws, job);
    if (!seen) return { seen: "no answer" };
    const {
      TrainingJobStatus: status = "",
      SecondaryStatusTransitions: transitions = [],
      CreationTime: created,
    } = seen;
    for (const { Status: secondaryStatus = "", StatusMessage: message = "", StartTime } of transitions.slice(told)) {
      onStatus?.({ job, status, secondaryStatus, message, seconds: secondsBetween(created, StartTime) });
    }
    told = transitions.length;
    const ended = ["Completed", "Failed", "Stopped"].includes(status);
    return { ...(ended && { done: seen }), seen: `${status}, ${seen.SecondaryStatus}` };
  };
  try {
    return await waitUntil(`the training job ${job} to end`, look, {
      deadlineMs,
      firstDelayMs: 1000,
      maxDelayMs: 30_000,
      signal,
    });
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new StepError({
      tried: `wait for the training job ${job}`,
      got: "the wait was interrupted",
      hint: "The job itself keeps running and is billed. Stop it in the SageMaker console if it is not wanted.",
      cause: error,
    });
  }
}

/** A job that was stopped may have left a model, which is not to be trusted. @throws StepError unless the job completed */
function requireCompleted(job: string, ended: DescribeTrainingJobCommandOutput): string {
  const { TrainingJobStatus: status, SecondaryStatus: how, FailureReason: reason, ModelArtifacts: model } = ended;
  const tried = `train with the job ${job}`;
  if (status === "Failed") {
    const hint =
      "Its log is in CloudWatch, group /aws/sagemaker/TrainingJobs, in streams that begin with the job's name.";
    throw new StepError({
      tried,
      got: `it failed: ${(reason ?? "no reason given").replace(/\s+/g, " ").trim()}`,
      hint,
    });
  }
  if (status !== "Completed") throw new StepError({ tried, got: `it ended as ${status} (${how})` });
  if (!model?.S3ModelArtifacts) throw new StepError({ tried, got: "it completed without a model" });
  return model.S3ModelArtifacts;
}

const createHints = {
  ValidationException: "Check the bucket's region, the instance type and the execution role.",
  AccessDeniedException:
    "The signed-in identity needs sagemaker:CreateTrainingJob, and iam:PassRole on the execution role.",
};

/**
 * Trains SageMaker's built-in K-Means: uploads the features, starts a training job and follows it to its end.
 *
 * @throws ArgumentError for an unknown region or bad name; StepError when the job cannot be started, fails, is stopped, or does not
 *   end in time
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
export async function trainKMeans(
  aws: AwsSession,
  request: TrainingRequest,
  options: TrainingOptions = {},
): Promise<TrainingResult> {
  const { deadlineMs = 3_600_000, random = seededRandom(1), now = () => new Date(), signal } = options;
  const { k, features, role, bucket, prefix, baseName = "customer-segmentation" } = request;
  if (!Number.isInteger(k) || k < 1 || k > features.rows) {
    throw new ArgumentError("k", `an integer from 1 to ${features.rows}`, k);
  }
  if (!role.includes(":role/")) throw new ArgumentError("role", "the ARN of an execution role", role);
  const image = kMeansImage(aws.region);
  const job = trainingJobName(baseName, now());
  signal?.throwIfAborted();
  await uploadBytes(
    aws,
    { bucket, key: `${prefix}/${job}/input/features.csv` },
    featuresToCsv(features, random),
    "text/csv",
  );
  let arn: string;
  try {
    arn = await createJob(aws, job, image, request, Math.ceil(deadlineMs / 1000));
  } catch (error) {
    throw awsFailure(`start the training job ${job}`, error, createHints);
  }
  const ended = await followJob(aws, job, { ...options, deadlineMs });
  const { CreationTime: created, SecondaryStatusTransitions: transitions = [] } = ended;
  return {
    job,
    arn,
    image,
    modelUri: requireCompleted(job, ended),
    status: ended.TrainingJobStatus ?? "",
    seconds: secondsBetween(created, ended.TrainingEndTime ?? ended.LastModifiedTime),
    billableSeconds: ended.BillableTimeInSeconds ?? 0,
    transitions: transitions.map(({ Status: status = "", StatusMessage: message = "", StartTime }) => ({
      status,
      message,
      seconds: secondsBetween(created, StartTime),
    })),
  };
}

/** Downloads a trained model and reads its centroids, one row a cluster, in the space of the scaled features. @throws StepError */
export async function fetchModel(aws: AwsSession, modelUri: string): Promise<Matrix> {
  return readModelArtifact(await readObject(aws, locationOf(modelUri)));
}
