import { GetJobRunsCommand } from "@aws-sdk/client-glue";
import { askUntilAnswered, endJob } from "@keyspaces-segmentation/aws-jobs";
import type { AwsSession, Origin } from "@keyspaces-segmentation/aws-session";
import { glueOf } from "./glue_client.js";
import { deleteJob, findJob, isOwn } from "./glue_job.js";
import { followed, statuses } from "./glue_run.js";
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
  /** Deletes it; its runs stay in the account's history. @throws StepError */
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
  // The newest come first, and one runs at a time.
  const send = () => glueOf(aws).send(new GetJobRunsCommand({ JobName: name, MaxResults: 20 }));
  const { JobRuns: runs = [] } = await askUntilAnswered(`list the runs of the Glue job ${name}`, send, { signal });
  const running = runs.filter(({ JobRunState: state = "" }) => statuses[state] === undefined || state === "STOPPING");
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
      await deleteJob(aws, name);
    },
  };
}
