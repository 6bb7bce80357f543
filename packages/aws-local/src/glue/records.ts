/** What Glue remembers of its jobs and their runs. */
import type { CreateJobRequest, JobRunState } from "@aws-sdk/client-glue";

/** What a job is, without its name and tags: all that UpdateJob replaces. */
export type JobDefinition = Omit<CreateJobRequest, "Name" | "Tags">;

/** A job, with its runs in order of time. */
export interface GlueJob {
  readonly name: string;
  readonly arn: string;
  definition: JobDefinition;
  readonly created: Date;
  lastModified: Date;
  readonly runs: JobRun[];
}

/** One run of a job. Changed by `enter` and by the run itself alone. */
export interface JobRun {
  readonly id: string;
  readonly job: string;
  readonly jobArn: string;
  readonly account: string;
  /** As the job was when the run began. */
  readonly definition: JobDefinition;
  /** What the script is called with, and what Glue itself takes from it. */
  readonly arguments: Readonly<Record<string, string>>;
  /** Of the request alone. */
  readonly ownArguments: Readonly<Record<string, string>> | undefined;
  readonly roleArn: string;
  /** Minutes. */
  readonly timeout: number;
  readonly started: Date;
  lastModified: Date;
  /** When the script began. */
  running?: Date;
  completed?: Date;
  state: JobRunState;
  errorMessage?: string;
  /** Aborted by BatchStopJobRun, and when the stand-in closes. */
  readonly stop: AbortController;
}

/** Whether a run has come to its end, whichever. */
export const isOver = ({ state }: Pick<JobRun, "state">): boolean =>
  ["STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT"].includes(state);

/** The runs of an account that have not come to their end. */
export const runsUnderWay = (jobs: Iterable<GlueJob>, account: string): JobRun[] =>
  [...jobs].flatMap(({ runs }) => runs.filter((run) => run.account === account && !isOver(run)));

/** Moves a run into a state and records when. */
export function enter(run: JobRun, state: JobRunState, now: Date): void {
  run.state = state;
  run.lastModified = now;
  if (state === "RUNNING") run.running = now;
  if (isOver(run)) run.completed = now;
}
