import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Identity } from "@keyspaces-segmentation/local-support";
import type { GlueContext } from "./context.js";
import { capacityOf } from "./definition.js";
import { LaunchFailure } from "./failure.js";
import { enter, type JobRun, runsUnderWay } from "./records.js";
import { fetchScript } from "./script_files.js";
import { type Submitted, submit } from "./spark_submit.js";

/** Where the log streams of runs lie, named for the run. */
const GROUPS = { output: "/aws-glue/jobs/output", error: "/aws-glue/jobs/error" };

/** What of the stand-in's own environment a program needs to run at all. */
const inherited = ["PATH", "HOME", "JAVA_HOME", "LANG", "LC_ALL", "TMPDIR", "SPARK_HOME", "PYSPARK_PYTHON"];

/** Where a script is: its own surroundings, and the credentials of its job's role. */
function environmentOf({ region, endpoint, spark }: GlueContext, identity: Identity): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
    ...spark.environment?.(),
    AWS_ACCESS_KEY_ID: identity.accessKeyId,
    AWS_SECRET_ACCESS_KEY: identity.secretAccessKey,
    AWS_SESSION_TOKEN: identity.sessionToken ?? "",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint(),
    AWS_EC2_METADATA_DISABLED: "true",
    SPARK_LOCAL_IP: "127.0.0.1",
  };
}

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** Takes a run from STARTING to its end. Never rejects: what goes wrong is the run's ErrorMessage. */
export async function runJob(run: JobRun, context: GlueContext): Promise<void> {
  const { logs, now } = context;
  const timeout = new AbortController();
  const ends = AbortSignal.any([run.stop.signal, timeout.signal]);
  const folder = await mkdtemp(join(tmpdir(), "glue-"));
  const session = context.roles.begin(run.roleArn);
  let failure: string | undefined;
  try {
    const {
      output,
      error,
      failure: why,
    } = await launch(run, context, { folder, identity: session.identity, ends, timeout });
    await logs.put(GROUPS.output, run.id, linesOf(output));
    await logs.put(GROUPS.error, run.id, linesOf(error));
    failure = why;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    failure = error instanceof LaunchFailure ? why : `InternalServiceException: ${why}`;
    if (!ends.aborted) await logs.put(GROUPS.error, run.id, [failure]);
  } finally {
    session.end();
    await rm(folder, { recursive: true, force: true });
  }
  // A minute of the timeout may have passed while it was being stopped.
  if (run.stop.signal.aborted) {
    await delay(context.pace, undefined, { signal: context.closing }).catch(() => undefined);
    enter(run, "STOPPED", now());
  } else if (timeout.signal.aborted) enter(run, "TIMEOUT", now());
  else {
    if (failure !== undefined) run.errorMessage = failure;
    enter(run, failure === undefined ? "SUCCEEDED" : "FAILED", now());
  }
}

/** Whether a run asks for more DPUs than those that run leave of what its account may have. */
function exceedsQuota({ definition, account }: JobRun, { jobs, quotas }: GlueContext): boolean {
  const running = runsUnderWay(jobs.values(), account).filter((run) => run.running !== undefined);
  const used = running.reduce((sum, run) => sum + capacityOf(run.definition), 0);
  return used + capacityOf(definition) > quotas.dpus;
}

/** As users report it, of runs that have FAILED and whose ExecutionTime is 0. */
const QUOTA_EXCEEDED = "Exceeded maximum concurrent compute capacity";

/** What a launch has at hand. */
interface Launch {
  readonly folder: string;
  readonly identity: Identity;
  /** Aborted when the run is to end before its script does. */
  readonly ends: AbortSignal;
  /** Aborted here, when the run has taken too long. */
  readonly timeout: AbortController;
}

async function launch(
  run: JobRun,
  context: GlueContext,
  { folder, identity, ends, timeout }: Launch,
): Promise<Submitted> {
  const { store, spark, pace, minute, now } = context;
  const pause = () => delay(pace, undefined, { signal: ends });
  // Both to their ends: what is still being fetched when a run is stopped would be written into a folder that is gone.
  const [fetched, paused] = await Promise.allSettled([fetchScript(store.as(run.roleArn), run, folder), pause()]);
  if (paused.status === "rejected") throw paused.reason;
  ends.throwIfAborted();
  if (exceedsQuota(run, context)) return { output: "", error: "", failure: QUOTA_EXCEEDED };
  if (fetched.status === "rejected") throw fetched.reason;
  if (spark.submit === undefined) {
    throw new LaunchFailure(`Apache Spark is not installed beside this stand-in for AWS Glue: ${spark.install}`);
  }
  enter(run, "RUNNING", now());
  // Timers hold 31 bits of milliseconds, 24 days.
  const limit = setTimeout(() => timeout.abort(), Math.min(run.timeout * minute, 2 ** 31 - 1));
  try {
    const script = { run, files: fetched.value, folder, environment: environmentOf(context, identity) };
    const [submitted] = await Promise.all([submit(spark.submit, script, ends), pause().catch(() => undefined)]);
    return submitted;
  } finally {
    clearTimeout(limit);
  }
}
