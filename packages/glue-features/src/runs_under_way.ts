import { GetJobRunsCommand, type JobRun } from "@aws-sdk/client-glue";
import { askUntilAnswered } from "@keyspaces-segmentation/aws-jobs";
import { type AwsSession, type Origin, ownerOf, reasonOf } from "@keyspaces-segmentation/aws-session";
import { glueOf } from "./glue_client.js";

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

const isUnderWay = ({ JobRunState: state = "STARTING" }: JobRun): boolean =>
  statuses[state] === undefined || state === "STOPPING";

/** The last runs of a job; none where there is no such job. The newest come first, and one runs at a time. */
export async function lastRuns(aws: AwsSession, name: string): Promise<readonly JobRun[]> {
  try {
    const { JobRuns = [] } = await glueOf(aws).send(new GetJobRunsCommand({ JobName: name, MaxResults: 20 }));
    return JobRuns;
  } catch (error) {
    if (reasonOf(error) === "EntityNotFoundException") return [];
    throw error;
  }
}

/** The runs of a job that have not ended: they are billed, and need it. @throws StepError; the signal's reason when aborted */
export async function runsUnderWay(
  aws: AwsSession,
  name: string,
  signal: AbortSignal | undefined,
): Promise<readonly JobRun[]> {
  const runs = await askUntilAnswered(`list the runs of the Glue job ${name}`, () => lastRuns(aws, name), { signal });
  return runs.filter(isUnderWay);
}

/** Who asks. */
type Asking = Pick<AwsSession, "arn" | "run">;

const isSessions = ({ run }: Asking, { Arguments: its }: JobRun): boolean =>
  run !== undefined && its?.["--run"] === run;

/** "another run of yours on the keyspace blog is being stopped" */
function inWords(aws: Asking, run: JobRun): string {
  const { "--made_for": owner, "--keyspace": keyspace } = run.Arguments ?? {};
  const others = owner === ownerOf(aws) ? "another run of yours" : `a run of ${owner ?? "somebody"}`;
  const whose = isSessions(aws, run) ? "this notebook's own run" : others;
  const on = keyspace === undefined ? "" : ` on the keyspace ${keyspace}`;
  return `${whose}${on} is ${run.JobRunState === "STOPPING" ? "still being stopped" : "under way"}`;
}

/** Which run is under way, in words; undefined where none is. */
export function underWay(aws: Asking, runs: readonly JobRun[]): string | undefined {
  const run = runs.find(isUnderWay);
  return run && inWords(aws, run);
}

/** The same of those that this session's run has not started. */
export const otherUnderWay = (aws: Asking, runs: readonly JobRun[]): string | undefined =>
  underWay(
    aws,
    runs.filter((run) => !isSessions(aws, run)),
  );

/** The same of the run that has written something, so that it stays until that run has ended; undefined where it may go. */
export const writerUnderWay = (
  aws: Asking,
  { run }: Pick<Origin, "run">,
  runs: readonly JobRun[],
): string | undefined =>
  otherUnderWay(
    aws,
    runs.filter((each) => each.Arguments?.["--run"] === run),
  );
