import { createHash } from "node:crypto";
import {
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
  ListTrainingJobsCommand,
  type TrainingJobSummary,
} from "@aws-sdk/client-sagemaker";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { isDenied, locationOf, objectExists, sageMakerOf } from "@keyspaces-segmentation/aws-session";
import { StepError } from "@keyspaces-segmentation/common";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { askUntilAnswered } from "./ask.js";
import { uniqueName } from "./names.js";
import type { TrainingRequest } from "./training_request.js";

/** Characters of a fingerprint: 40 bits tell the trainings of one account apart. */
const length = 10;
const longestBase = 63 - 24 - length - 1;

/** Of what decides a training's result: the data and how they are laid out, k, and the algorithm's settings. */
function fingerprintOf(request: TrainingRequest): string {
  const { features, testFeatures, k, hyperparameters = {}, format = "csv", instances = 1 } = request;
  const hash = createHash("sha256");
  const add = ({ rows, columns, values }: Matrix): void => {
    hash.update(`${rows} ${columns} `);
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  };
  add(features);
  if (testFeatures) add(testFeatures);
  hash.update(JSON.stringify([k, Object.entries(hyperparameters).sort(), format, instances]));
  return hash.digest("hex").slice(0, length);
}

/** The beginning of the names of all jobs that train with these data and settings. */
function sharedName(request: TrainingRequest): string {
  const base = (request.baseName ?? "customer-segmentation").slice(0, longestBase).replace(/-+$/, "");
  return `${base}-${fingerprintOf(request)}`;
}

/**
 * A name for a job by which {@link findTraining} knows it again: `<base>-<fingerprint>-YYYY-MM-DD-HH-MM-SS-mmm`.
 *
 * @throws ArgumentError for a base name with characters that SageMaker refuses
 */
export function trainingJobName(request: TrainingRequest, now: Date): string {
  return uniqueName(sharedName(request), now);
}

/** A job that need not be started again. */
export interface EarlierTraining {
  readonly job: string;
  readonly isComplete: boolean;
}

/** SageMaker lists the newest first; older ones than these have hardly kept their models. */
const looksAt = 5;
/** How long the offer is waited for. Milliseconds. */
const patienceMs = 30_000;

export interface LookOptions {
  signal?: AbortSignal | undefined;
  /** Is told what the signed-in identity may not look at, and what comes of it. */
  onCannotLook?: ((why: StepError) => void) | undefined;
}

const mayNot = "So a training with the same data and settings may be paid for twice.";
const nothingPaid = "No training was started. To train without looking, set `reuse` to false.";

/**
 * Looks for a job of this name, data and settings that is under way, or has completed and left a model that is still there.
 *
 * @returns null where there is none, or where the signed-in identity may not look
 * @throws StepError when the look failed for any other reason; the signal's reason when aborted
 */
export async function findTraining(
  aws: AwsSession,
  request: TrainingRequest,
  { signal, onCannotLook }: LookOptions = {},
): Promise<EarlierTraining | null> {
  const send = signal ? { abortSignal: signal } : {};
  const name = sharedName(request);
  let told = false;
  const ask = async <T>(tried: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await askUntilAnswered(tried, work, { deadlineMs: patienceMs, signal });
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof StepError)) throw error;
      if (!isDenied(error)) throw error.withHint(nothingPaid);
      // To look is an offer; whoever may not look can still train.
      if (!told) onCannotLook?.(error.withHint(mayNot));
      told = true;
      return undefined;
    }
  };
  const list = new ListTrainingJobsCommand({
    NameContains: name,
    SortBy: "CreationTime",
    SortOrder: "Descending",
    MaxResults: looksAt,
  });
  const listed = await ask("list the training jobs", () => sageMakerOf(aws).send(list, send));
  for (const summary of listed?.TrainingJobSummaries ?? []) {
    const job = summary.TrainingJobName ?? "";
    if (!job.startsWith(`${name}-`) || !mayBeUsed(summary)) continue;
    const describe = new DescribeTrainingJobCommand({ TrainingJobName: job });
    const described = await ask(`describe the training job ${job}`, () => sageMakerOf(aws).send(describe, send));
    if (described === undefined || !writesTo(described, request)) continue;
    if (summary.TrainingJobStatus === "InProgress") return { job, isComplete: false };
    const model = described.ModelArtifacts?.S3ModelArtifacts;
    if (model && (await ask(`look for ${model}`, () => objectExists(aws, locationOf(model), { signal })))) {
      return { job, isComplete: true };
    }
  }
  return null;
}

const mayBeUsed = ({ TrainingJobStatus: status }: TrainingJobSummary): boolean =>
  status === "Completed" || status === "InProgress";

/** Another bucket or prefix is somebody else's work, which may go at any time. */
const writesTo = ({ OutputDataConfig: output }: DescribeTrainingJobCommandOutput, to: TrainingRequest): boolean =>
  output?.S3OutputPath === `s3://${to.bucket}/${to.prefix}/`;
