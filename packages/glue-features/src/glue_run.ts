import {
  BatchStopJobRunCommand,
  GetJobRunCommand,
  GetJobRunsCommand,
  type JobRun,
  StartJobRunCommand,
} from "@aws-sdk/client-glue";
import {
  askUntilAnswered,
  type FollowedJob,
  followJob,
  type JobView,
  secondsBetween,
  wordInterruption,
} from "@keyspaces-segmentation/aws-jobs";
import { type AwsSession, reasonOf } from "@keyspaces-segmentation/aws-session";
import { formatPlural, StepError } from "@keyspaces-segmentation/common";
import { glueOf } from "./glue_client.js";
import { roleHint } from "./glue_job.js";
import type { RunOptions, ScriptJob } from "./script_job.js";

/** A run that has come to its good end. */
export interface CompletedRun {
  readonly id: string;
  /** From its start to its end. */
  readonly seconds: number;
}

/** Glue's states in the words of jobs that are followed. */
export const statuses: Readonly<Record<string, string>> = {
  STOPPING: "Stopping",
  STOPPED: "Stopped",
  SUCCEEDED: "Completed",
  FAILED: "Failed",
  ERROR: "Failed",
  TIMEOUT: "Failed",
  EXPIRED: "Failed",
};

const messages: Readonly<Record<string, string>> = {
  STARTING: "Preparing the workers",
  WAITING: "Waiting for resources",
  RUNNING: "Spark is at work",
  STOPPING: "Stopping the run",
  SUCCEEDED: "The run has succeeded",
};

const moreDpus = "Ask for fewer `sparkWorkers`, or for a higher quota of AWS Glue in the Service Quotas console.";

/** What to do about a run that ended before its script began, so that there is no log of it. */
function launchHint(why: string): string | undefined {
  if (why.includes("Error downloading from S3")) {
    return "The job's role has to be allowed s3:ListBucket on the bucket and s3:GetObject on what lies in it: see infra/iam/features_policy.json.";
  }
  return /maximum concurrent compute capacity/.test(why) ? moreDpus : undefined;
}

/** For workers to be found and started, and for the run to be put away. */
const startAndEndMs = 900_000;

/** A run, as {@link followJob} looks at one. */
export function followed(
  aws: AwsSession,
  { name, timeoutMinutes }: Pick<ScriptJob, "name" | "timeoutMinutes">,
  id: string,
): FollowedJob<JobRun> {
  const glue = glueOf(aws);
  const steps: { status: string; message: string; at?: Date | undefined }[] = [];
  return {
    kind: "Glue job",
    name: `${name}, run ${id.slice(0, 11)}…`,
    async describe(signal) {
      const ask = new GetJobRunCommand({ JobName: name, RunId: id });
      const { JobRun: run } = await glue.send(ask, signal ? { abortSignal: signal } : {});
      return run ?? {};
    },
    view({ JobRunState: state = "STARTING", StartedOn, LastModifiedOn, ErrorMessage }): JobView {
      // Glue keeps no history of its states.
      if (steps.at(-1)?.status !== state)
        steps.push({ status: state, message: messages[state] ?? "", at: LastModifiedOn });
      const failureReason =
        state === "TIMEOUT" ? `it took longer than ${formatPlural(timeoutMinutes, "minute")}` : ErrorMessage;
      const hint = launchHint(ErrorMessage ?? "");
      return { status: statuses[state] ?? "InProgress", steps, created: StartedOn, failureReason, hint };
    },
    stop: () => glue.send(new BatchStopJobRunCommand({ JobName: name, JobRunIds: [id] })),
    stopByHand: `aws glue batch-stop-job-run --job-name ${name} --job-run-ids ${id} --region ${aws.region}`,
    whereToLook: `Its log is in CloudWatch, groups /aws-glue/jobs/output and /aws-glue/jobs/error, stream ${id}.`,
  };
}

/** A run is billed from the minute that it starts. https://aws.amazon.com/glue/pricing/ */
const startHints = {
  AccessDeniedException: "The signed-in identity needs glue:StartJobRun on the job: see infra/iam/spark_policy.json.",
  ConcurrentRunsExceededException:
    "Another run of the job is under way. Wait for its end, or set another `prefix`, which has a job of its own.",
  ResourceNumberLimitExceededException: moreDpus,
};

/** How long a run that has just ended may still count as one that is under way. */
const busyMs = 120_000;

/**
 * Starts a run, once: where an answer was lost, the run is known again by what makes it different from all others.
 *
 * @param unique the argument that no other run has
 */
async function start(
  aws: AwsSession,
  { name, role }: ScriptJob,
  given: Readonly<Record<string, string>>,
  unique: string,
): Promise<string> {
  const glue = glueOf(aws);
  const request = new StartJobRunCommand({ JobName: name, Arguments: { ...given } });
  const tried = `start the Glue job ${name}`;
  const send = async () => {
    try {
      return await glue.send(request);
    } catch (error) {
      if (reasonOf(error) !== "ConcurrentRunsExceededException") throw error;
      const { JobRuns: runs = [] } = await glue.send(new GetJobRunsCommand({ JobName: name, MaxResults: 20 }));
      const own = runs.find(({ Arguments: its }) => its?.[unique] === given[unique]);
      if (own === undefined) throw error;
      return { JobRunId: own.Id };
    }
  };
  const { JobRunId: id } = await askUntilAnswered(tried, send, {
    hints: startHints,
    hintFor: roleHint(role),
    passes: (error) => reasonOf(error) === "ConcurrentRunsExceededException",
    deadlineMs: busyMs,
  });
  if (id === undefined) throw new StepError({ tried, got: "Glue named no run" });
  return id;
}

/**
 * Runs a job with these arguments and follows it to its end. An interruption stops it.
 *
 * @param unique the argument that no other run has
 * @throws StepError when it is refused, fails, is stopped, takes too long or is interrupted; each says what becomes of it
 */
export async function runJob(
  aws: AwsSession,
  job: ScriptJob,
  given: Readonly<Record<string, string>>,
  unique: string,
  { onStatus, signal }: RunOptions = {},
): Promise<CompletedRun> {
  const id = await wordInterruption(`start the Glue job ${job.name}`, signal, async () => {
    signal?.throwIfAborted();
    return start(aws, job, given, unique);
  });
  const deadlineMs = 60_000 * job.timeoutMinutes + startAndEndMs;
  const run = await followJob(followed(aws, job, id), {
    ...(onStatus && { onStatus }),
    signal,
    deadlineMs,
    whenLeft: "stop",
  });
  return { id, seconds: secondsBetween(run.StartedOn, run.CompletedOn) };
}
