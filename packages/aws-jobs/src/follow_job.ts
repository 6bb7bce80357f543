import { isDenied } from "@keyspaces-segmentation/aws-session";
import { type Look, messageOf, StepError, waitUntil } from "@keyspaces-segmentation/common";
import { askOnce, askUntilAnswered } from "./ask.js";

/** A step of a job or endpoint, as its service reports it. */
export interface StatusChange {
  /** Its name. */
  job: string;
  /** InProgress, Completed, Failed, Stopping or Stopped. */
  status: string;
  /** Of a training job: Starting, Downloading, Training, Uploading, … Otherwise the same as `status`. */
  secondaryStatus: string;
  message: string;
  /** Seconds since the job was created. */
  seconds: number;
}

/** How a job is followed. */
export interface FollowOptions {
  onStatus?: (change: StatusChange) => void;
  /** Ends the wait. */
  signal?: AbortSignal | undefined;
  /** How long to wait, in milliseconds. */
  deadlineMs: number;
  /** What becomes of a job that is still running when the wait ends, by interruption, deadline or failure. */
  whenLeft: "stop" | "leave";
}

/** What is seen of a job at one look. */
export interface JobView {
  /** InProgress, Completed, Failed, Stopping or Stopped. */
  status: string;
  /** So far, in order of time. */
  steps: readonly { status: string; message: string; at?: Date | undefined }[];
  created?: Date | undefined;
  failureReason?: string | undefined;
  /** What to do about it, where that is known. */
  hint?: string | undefined;
}

/** A kind of job: how to look at it and how to stop it. */
export interface FollowedJob<Description> {
  /** "training job" */
  kind: string;
  name: string;
  describe(signal: AbortSignal | undefined): Promise<Description>;
  view(description: Description): JobView;
  stop(): Promise<unknown>;
  /** The command that stops it. */
  stopByHand: string;
  /** Where to read why it failed. */
  whereToLook: string;
}

const ended = ["Completed", "Failed", "Stopped"];

export const secondsBetween = (start: Date | undefined, end: Date | undefined): number =>
  start && end ? Math.max(0, (end.getTime() - start.getTime()) / 1000) : 0;

/** One line, however the container wrote it. */
export const oneLine = (reason: string | undefined): string =>
  (reason ?? "").replace(/\s+/g, " ").trim() || "no reason given";

/** Looks at a job, telling each change of state once, also those that came and went between two looks. */
function lookerAt<D>(
  job: FollowedJob<D>,
  { onStatus, signal }: Pick<FollowOptions, "onStatus" | "signal">,
): () => Promise<Look<D>> {
  const told: string[] = [];
  let latest: StatusChange = { job: job.name, status: "", secondaryStatus: "", message: "", seconds: 0 };
  let seen = "nothing";

  const tell = ({ status, steps, created }: JobView): void => {
    for (const [i, { status: secondaryStatus, message, at }] of steps.entries()) {
      // A service may also reword the message of a step that is under way.
      const key = `${secondaryStatus}: ${message}`;
      if (told[i] === key) continue;
      told[i] = key;
      latest = { job: job.name, status, secondaryStatus, message, seconds: secondsBetween(created, at) };
      onStatus?.(latest);
    }
  };

  return async () => {
    const ask = () => job.describe(signal);
    const answer = await askOnce(`ask for the state of the ${job.kind} ${job.name}`, ask, { signal });
    if (answer.passing !== undefined) {
      if (/credentials/.test(answer.passing)) onStatus?.({ ...latest, message: answer.passing });
      return { seen: `${seen}; then no answer (${answer.passing})` };
    }
    const view = job.view(answer.value);
    tell(view);
    const step = view.steps.at(-1)?.status;
    seen = step === undefined || step === view.status ? view.status : `${view.status}, ${step}`;
    return { ...(ended.includes(view.status) && { done: answer.value }), seen };
  };
}

/** How long the service is given to notice that a job is to stop. Milliseconds. */
const stopPatienceMs = 60_000;

/** Stops a job and waits until it is stopping. Says in a sentence what became of it. */
async function stopJob<D>(job: FollowedJob<D>): Promise<string> {
  const left = { deadlineMs: stopPatienceMs };
  try {
    await askUntilAnswered(`stop the ${job.kind} ${job.name}`, () => job.stop(), left);
  } catch (error) {
    // It may have ended in the meantime, or somebody else may have stopped it.
    const status = await currentStatus(job).catch(() => "");
    if (ended.includes(status)) return `It had ended as ${status}.`;
    if (status === "Stopping") return "It is being stopped.";
    return `It could not be stopped and may keep running (${messageOf(error)}) Stop it by hand: ${job.stopByHand}`;
  }
  const look = async (): Promise<Look<string>> => {
    const status = await currentStatus(job);
    return { ...(status !== "InProgress" && { done: status }), seen: status };
  };
  try {
    const status = await waitUntil(`the ${job.kind} ${job.name} to stop`, look, { ...left, firstDelayMs: 500 });
    return status === "Stopping" ? "It is being stopped." : `It has ended as ${status}.`;
  } catch {
    return `It was told to stop, but has not begun to. See to it: ${job.stopByHand}`;
  }
}

/** From being told to stop until a job has ended, its container having had two minutes for it. Milliseconds. */
const endingMs = 600_000;

/**
 * Stops a job and waits until it has ended, so that it writes nothing any more.
 *
 * @throws StepError when it may not be stopped, or does not end in time
 */
export async function endJob<D>(job: FollowedJob<D>): Promise<void> {
  try {
    await askUntilAnswered(`stop the ${job.kind} ${job.name}`, () => job.stop(), { deadlineMs: stopPatienceMs });
  } catch (error) {
    // It may have ended in the meantime, or be stopping already.
    if (isDenied(error) || (await currentStatus(job)) === "InProgress") throw error;
  }
  const look = async (): Promise<Look<true>> => {
    const status = await currentStatus(job);
    return { ...(ended.includes(status) && { done: true }), seen: status };
  };
  const pace = { deadlineMs: endingMs, firstDelayMs: 500, maxDelayMs: 15_000 };
  await waitUntil(`the ${job.kind} ${job.name} to end`, look, pace);
}

async function currentStatus<D>(job: FollowedJob<D>): Promise<string> {
  const tried = `ask for the state of the ${job.kind} ${job.name}`;
  const description = await askUntilAnswered(tried, () => job.describe(undefined), { deadlineMs: stopPatienceMs });
  return job.view(description).status;
}

/**
 * Follows a job to its end, asking at growing intervals of up to half a minute. Throttling, trouble on the way and expired
 * credentials are waited out.
 *
 * @returns the job's description
 * @throws StepError unless it completed: it failed, was stopped (what it then leaves is not to be trusted), did not end in time, may
 *   not be asked about, or the wait was interrupted; each says what becomes of the job
 */
export async function followJob<D>(job: FollowedJob<D>, options: FollowOptions): Promise<D> {
  const { signal, deadlineMs, whenLeft } = options;
  const what = `the ${job.kind} ${job.name}`;
  let description: D;
  try {
    const pace = { deadlineMs, maxDelayMs: 30_000, signal };
    description = await waitUntil(`${what} to end`, lookerAt(job, options), pace);
  } catch (error) {
    const interrupted = { tried: `wait for ${what}`, got: "the wait was interrupted", cause: error };
    if (!signal?.aborted && !(error instanceof StepError)) throw error;
    const failure = signal?.aborted || !(error instanceof StepError) ? new StepError(interrupted) : error;
    const running = `The job itself keeps running and is billed. If it is not wanted: ${job.stopByHand}`;
    throw failure.withHint(whenLeft === "stop" ? await stopJob(job) : running);
  }
  const { status, steps, failureReason, hint = job.whereToLook } = job.view(description);
  if (status === "Completed") return description;
  const got =
    status === "Failed"
      ? `it failed: ${oneLine(failureReason)}`
      : `it ended as ${status} (${steps.at(-1)?.status ?? status})`;
  throw new StepError({ tried: `complete ${what}`, got, ...(status === "Failed" && { hint }) });
}
