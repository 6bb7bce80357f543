import { endJob } from "@keyspaces-segmentation/aws-jobs";
import type { AwsSession, Origin } from "@keyspaces-segmentation/aws-session";
import { StepError } from "@keyspaces-segmentation/common";
import { deleteJob, findJob, isOwn } from "./glue_job.js";
import { followed } from "./glue_run.js";
import { runsUnderWay } from "./runs_under_way.js";
import { JOB_KINDS, type JobKind, jobNameFor } from "./script_job.js";

/** A run of the job that has not ended: it is billed. */
export interface SparkRun extends Origin {
  readonly id: string;
  /** Such as "G.1X". */
  readonly workerType: string;
  readonly workers: number;
  /** Stops it and waits for its end. @throws StepError */
  readonly stop: () => Promise<void>;
}

/** A job of all that work below a prefix of a bucket. */
export interface SparkJob {
  readonly name: string;
  readonly running: readonly SparkRun[];
  /** Deletes it; its runs stay in the account's history. @throws StepError, also where somebody has started one meanwhile */
  readonly remove: () => Promise<void>;
}

/**
 * Looks for the jobs that Spark's runs are of, and for those that have not ended. Nothing is changed.
 *
 * @returns none that somebody else has made
 * @throws StepError when Glue refuses; the signal's reason when aborted
 */
export async function findSparkJobs(
  aws: AwsSession,
  place: { bucket: string; prefix: string },
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<SparkJob[]> {
  const jobs = [];
  for (const kind of JOB_KINDS) jobs.push(await findSparkJob(aws, { kind, ...place }, signal));
  return jobs.filter((job) => job !== null);
}

async function findSparkJob(
  aws: AwsSession,
  place: { kind: JobKind; bucket: string; prefix: string },
  signal: AbortSignal | undefined,
): Promise<SparkJob | null> {
  const name = jobNameFor(place);
  const job = await findJob(aws, name, signal);
  if (job === undefined || !isOwn(job)) return null;
  const running = await runsUnderWay(aws, name, signal);
  return {
    name,
    running: running.map(({ Id: id = "", WorkerType: workerType = "", NumberOfWorkers: workers = 1, Arguments }) => ({
      id,
      workerType,
      workers,
      run: Arguments?.["--run"],
      owner: Arguments?.["--made_for"],
      stop: () => endJob(followed(aws, { name, timeoutMinutes: job.Timeout ?? 0 }, id)),
    })),
    remove: async () => {
      const { isGone, outcome } = await deleteJob(aws, name);
      if (!isGone) throw new StepError({ tried: `delete the Glue job ${name}`, got: `it ${outcome}` });
    },
  };
}
