import { GetJobRunsCommand, type JobRun } from "@aws-sdk/client-glue";
import { askUntilAnswered } from "@keyspaces-segmentation/aws-jobs";
import { type AwsSession, type Origin, reasonOf } from "@keyspaces-segmentation/aws-session";
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

/** "a run of arn:… on the keyspace blog is under way", of the first that is and that this session's run has not started. */
export function otherUnderWay({ run }: Pick<AwsSession, "run">, runs: readonly JobRun[]): string | undefined {
  const other = runs.find((each) => isUnderWay(each) && (run === undefined || each.Arguments?.["--run"] !== run));
  if (other === undefined) return undefined;
  const { "--made_for": owner = "somebody", "--keyspace": keyspace } = other.Arguments ?? {};
  return `a run of ${owner}${keyspace === undefined ? "" : ` on the keyspace ${keyspace}`} is under way`;
}

/** The same of the run that has written something, so that it stays until that run has ended; undefined where it may go. */
export function writerUnderWay(
  aws: Pick<AwsSession, "run">,
  { run }: Pick<Origin, "run">,
  runs: readonly JobRun[],
): string | undefined {
  return otherUnderWay(
    aws,
    runs.filter((each) => each.Arguments?.["--run"] === run),
  );
}
