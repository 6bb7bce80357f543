import {
  type CreateTrainingJobRequest,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
  ListTrainingJobsCommand,
  type TrainingJobSummary,
} from "@aws-sdk/client-sagemaker";
import { askUntilAnswered } from "@keyspaces-segmentation/aws-jobs";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { isDenied, locationOf, objectExists } from "@keyspaces-segmentation/aws-session";
import { StepError } from "@keyspaces-segmentation/common";
import { sageMakerOf } from "./clients.js";
import { sharedNameOf } from "./job_names.js";
import type { PlannedTraining } from "./training_request.js";

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
 * Looks for a job with the planned one's base name, data and settings that is under way, or has completed and left a model that is
 * still there.
 *
 * @returns null where there is none, or where the signed-in identity may not look
 * @throws StepError when the look failed for any other reason; the signal's reason when aborted
 */
export async function findTraining(
  aws: AwsSession,
  { job: planned, input }: PlannedTraining,
  { signal, onCannotLook }: LookOptions = {},
): Promise<EarlierTraining | null> {
  const send = signal ? { abortSignal: signal } : {};
  const name = sharedNameOf(planned);
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
    if (described === undefined || !writesTo(described, input)) continue;
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
const writesTo = ({ OutputDataConfig: output }: DescribeTrainingJobCommandOutput, planned: CreateTrainingJobRequest) =>
  output?.S3OutputPath === planned.OutputDataConfig?.S3OutputPath;
