import { awsFailure, credentialsExpired, passesByItself, reasonOf } from "@keyspaces-segmentation/aws-session";
import { type Look, messageOf, StepError, waitUntil } from "@keyspaces-segmentation/common";

/** What came of asking once: the answer, or in words a reason that passes by itself. */
export type Answer<T> = { readonly value: T; readonly passing?: never } | { readonly passing: string };

export interface AskOptions {
  /** Hints for reasons that only this call knows, by AWS's name for them. */
  hints?: Readonly<Record<string, string>>;
  /** A hint for this very error; it goes before the others. */
  hintFor?: (error: unknown) => string | undefined;
  /** Further reasons that pass by themselves. */
  passes?: (error: unknown) => boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Asks AWS once, and puts up with throttling, trouble on the way, and credentials that cannot be renewed: whoever waits for something
 * that takes minutes or hours can ask again.
 *
 * @param tried what is tried, as in {@link StepError}
 * @throws StepError for every other refusal; the signal's reason when aborted
 */
export async function askOnce<T>(
  tried: string,
  send: () => Promise<T>,
  { hints = {}, hintFor = () => undefined, passes = () => false, signal }: AskOptions = {},
): Promise<Answer<T>> {
  try {
    return { value: await send() };
  } catch (error) {
    signal?.throwIfAborted();
    if (credentialsExpired(error)) return { passing: "the credentials have expired, sign in anew (aws sso login)" };
    if (passesByItself(error) || passes(error)) return { passing: reasonOf(error) || messageOf(error) };
    const hint = hintFor(error);
    throw awsFailure(tried, error, hint === undefined ? hints : { [reasonOf(error)]: hint });
  }
}

/** How long a request may be refused for reasons that pass. Milliseconds. */
const patienceMs = 120_000;

/**
 * Asks AWS until it answers, for requests that can be sent twice.
 *
 * @throws StepError for a refusal, or when there was no answer in time; the signal's reason when aborted
 */
export async function askUntilAnswered<T>(
  tried: string,
  send: () => Promise<T>,
  options: AskOptions & { deadlineMs?: number } = {},
): Promise<T> {
  const look = async (): Promise<Look<{ value: T }>> => {
    const answer = await askOnce(tried, send, options);
    return answer.passing === undefined ? { done: answer, seen: "an answer" } : { seen: answer.passing };
  };
  const { deadlineMs = patienceMs, signal } = options;
  return (await waitUntil(`AWS to ${tried}`, look, { deadlineMs, firstDelayMs: 500, signal })).value;
}

/** Words an interruption for the reader. @throws StepError for it; what `work` throws otherwise */
export async function wordInterruption<T>(
  tried: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!signal?.aborted || error instanceof StepError) throw error;
    throw new StepError({ tried, got: "it was interrupted", cause: error });
  }
}
