import {
  BatchStopJobRunCommand,
  GetJobRunCommand,
  type JobRun,
  StartJobRunCommand,
  type WorkerType,
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
import { lastRuns, statuses, underWay } from "./runs_under_way.js";
import { fileArguments, type RunOptions, type ScriptJob } from "./script_job.js";

/** A run that is to be. */
export interface RunRequest {
  readonly job: ScriptJob;
  /** What its script is called with. */
  readonly given: Readonly<Record<string, string>>;
  /** The argument that no other run has. */
  readonly unique: string;
  /** Sees to the job and its files once more, where somebody's clean-up has deleted them meanwhile. @returns the job as it is then */
  readonly prepare: () => Promise<ScriptJob>;
}

/** A run that has come to its good end. */
export interface CompletedRun {
  readonly id: string;
  /** From its start to its end. */
  readonly seconds: number;
}

const messages: Readonly<Record<string, string>> = {
  STARTING: "Preparing the workers",
  WAITING: "Waiting for resources",
  RUNNING: "Spark is at work",
  STOPPING: "Stopping the run",
  SUCCEEDED: "The run has succeeded",
};

const beyondQuota =
  "Wait until other runs of the account have ended, ask for fewer `sparkWorkers`, or for a higher quota of AWS Glue in the Service Quotas console.";

const moreTime = "What it has cost is lost. Set `sparkTimeoutMinutes` higher, or ask for more `sparkWorkers`.";

/** What to do about a run that ended before its script began, so that there is no log of it. */
function launchHint(why: string): string | undefined {
  if (why.includes("Error downloading from S3")) {
    if (why.includes("The specified key does not exist"))
      return "Somebody has deleted it since it was looked for: run this cell again, which sends it anew.";
    return "The job's role has to be allowed s3:ListBucket on the bucket and s3:GetObject on what lies in it: see infra/iam/features_policy.json.";
  }
  return /maximum concurrent compute/i.test(why) ? beyondQuota : undefined;
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
    view({ JobRunState: state = "STARTING", StartedOn, LastModifiedOn, ErrorMessage, StateDetail }): JobView {
      // Glue keeps no history of its states.
      if (steps.at(-1)?.status !== state)
        steps.push({ status: state, message: messages[state] ?? "", at: LastModifiedOn });
      const failureReason =
        state === "TIMEOUT"
          ? `it took longer than ${formatPlural(timeoutMinutes, "minute")}`
          : (ErrorMessage ?? StateDetail ?? `Glue gives no reason for the state ${state}`);
      const hint = state === "TIMEOUT" ? moreTime : launchHint(ErrorMessage ?? "");
      return { status: statuses[state] ?? "InProgress", steps, created: StartedOn, failureReason, hint };
    },
    async stop() {
      const { Errors: [error] = [] } = await glue.send(new BatchStopJobRunCommand({ JobName: name, JobRunIds: [id] }));
      const { ErrorCode: code, ErrorMessage: message } = error?.ErrorDetail ?? {};
      if (error) throw Object.assign(new Error(message ?? code), { name: code });
    },
    stopByHand: `aws glue batch-stop-job-run --job-name ${name} --job-run-ids ${id} --region ${aws.region}`,
    whereToLook: `Its log is in CloudWatch, groups /aws-glue/jobs/output and /aws-glue/jobs/error, stream ${id}.`,
  };
}

/** A run is billed from the minute that it starts. https://aws.amazon.com/glue/pricing/ */
const startHints = {
  AccessDeniedException:
    "The signed-in identity needs glue:StartJobRun and glue:GetJobRuns on the job: see infra/iam/spark_policy.json.",
  ResourceNumberLimitExceededException: beyondQuota,
};

const BUSY = "ConcurrentRunsExceededException";
const busyHint = (other: string): string =>
  `One run of the job goes on at a time, and ${other}. Wait for its end and run this cell again, or set another \`prefix\`, which has a job of its own.`;
/** Somebody's clean-up has deleted the job since it was found. */
const GONE = "EntityNotFoundException";

/** How long a run that has just ended may still count as one that is under way. */
const busyMs = 120_000;

/** The job may have been changed since, for somebody else who works below the same prefix: the run says all by itself. */
function startOf(job: ScriptJob, given: RunRequest["given"]): StartJobRunCommand {
  const { name, workerType, workers, timeoutMinutes } = job;
  const asked = { WorkerType: workerType as WorkerType, NumberOfWorkers: workers, Timeout: timeoutMinutes };
  return new StartJobRunCommand({ JobName: name, Arguments: { ...given, ...fileArguments(job) }, ...asked });
}

/**
 * Starts a run, once: where an answer was lost, the run is known again by what makes it different from all others. While another one is
 * under way it waits a little, and says whose that is.
 */
async function start(
  aws: AwsSession,
  { job: prepared, given, unique, prepare }: RunRequest,
  { onStatus, signal }: RunOptions,
): Promise<string> {
  const { name, role } = prepared;
  const tried = `start the Glue job ${name}`;
  const ownOf = (runs: readonly JobRun[]) => runs.find(({ Arguments: its }) => its?.[unique] === given[unique])?.Id;
  let job = prepared;
  /** Of the last answer, where it was that another run is under way. */
  let other: string | undefined;
  const send = async () => {
    const request = () => glueOf(aws).send(startOf(job, given));
    try {
      const { JobRunId } = await request().catch(async (error: unknown) => {
        if (reasonOf(error) !== GONE) throw error;
        // At once, as preparing may have taken all of the time that a start has.
        job = await prepare();
        return request();
      });
      return JobRunId;
    } catch (error) {
      const told = other;
      other = undefined;
      if (reasonOf(error) !== BUSY) throw error;
      const runs = await lastRuns(aws, name);
      const own = ownOf(runs);
      if (own !== undefined) return own;
      other = underWay(aws, runs) ?? "another run of the job is under way";
      const message = `Waiting: ${other}`;
      if (other !== told)
        onStatus?.({ job: name, status: "InProgress", secondaryStatus: "WAITING", message, seconds: 0 });
      throw error;
    }
  };
  try {
    const options = {
      hints: startHints,
      hintFor: roleHint(role),
      passes: (error: unknown) => [BUSY, GONE].includes(reasonOf(error)),
      deadlineMs: busyMs,
      signal,
    };
    const id = await wordInterruption(tried, signal, () => askUntilAnswered(tried, send, options));
    if (id === undefined) throw new StepError({ tried, got: "Glue named no run" });
    return id;
  } catch (error) {
    // The answer may have been lost: a run that goes on is billed, and has to be stopped.
    const own = signal?.aborted ? ownOf(await lastRuns(aws, name).catch(() => [])) : undefined;
    if (own !== undefined) return own;
    throw error instanceof StepError && other !== undefined ? error.withHint(busyHint(other)) : error;
  }
}

/**
 * Runs a job with these arguments and its own files, and follows it to its end. An interruption stops it.
 *
 * @throws StepError when it is refused, fails, is stopped, takes too long or is interrupted; each says what becomes of it
 */
export async function runJob(
  aws: AwsSession,
  request: RunRequest,
  { onStatus, signal }: RunOptions = {},
): Promise<CompletedRun> {
  const { job } = request;
  const id = await start(aws, request, { onStatus, signal });
  const deadlineMs = 60_000 * job.timeoutMinutes + startAndEndMs;
  const run = await followJob(followed(aws, job, id), {
    ...(onStatus && { onStatus }),
    signal,
    deadlineMs,
    whenLeft: "stop",
  });
  return { id, seconds: secondsBetween(run.StartedOn, run.CompletedOn) };
}
