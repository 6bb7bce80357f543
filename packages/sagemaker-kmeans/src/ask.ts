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

/** Whether the request had been sent before, by the SDK: then "there is one already" means that the first one arrived. */
const wasRepeated = (error: unknown): boolean =>
  ((error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1) > 1;

/**
 * Creates something under a name of our own, once: a request whose answer got lost is sent again, and the refusal of a name that is
 * taken then means that the first one arrived. What was created a moment ago may not be visible to the service yet.
 *
 * @throws StepError as {@link askUntilAnswered}
 */
export async function create(
  tried: string,
  send: () => Promise<unknown>,
  options: Omit<AskOptions, "passes"> = {},
): Promise<void> {
  let sent = 0;
  const once = async () => {
    try {
      sent += 1;
      await send();
    } catch (error) {
      const taken = reasonOf(error) === "ResourceInUse" || /already exist/i.test(messageOf(error));
      if (!taken || !(sent > 1 || wasRepeated(error))) throw error;
    }
  };
  const passes = (error: unknown) => /^Could not find (model|endpoint configuration) "/.test(messageOf(error));
  await askUntilAnswered(tried, once, { ...options, passes });
}

/** As the service has it that a type is not to be had in a region, or not for this kind of work. */
const absent =
  /not available in this region|unsupported instance type|instance type .*(not supported|not available|unsupported)|at '[\w.]*instanceType' failed to satisfy constraint/i;
/** "The account-level service limit 'ml.p3.2xlarge for training job usage' is 0 Instances, …" */
const quota = /service limit '([^']+)' is (\d+)/i;

/**
 * What to do about a job or endpoint that was refused for its instances: a type that the region does not have, which SageMaker
 * reports as a quota or as an invalid request, is told from a quota. Undefined for every other refusal.
 *
 * @param region the service names none
 */
export function instanceHint(instanceType: string | undefined, region: string): (error: unknown) => string | undefined {
  return (error) => {
    const reason = reasonOf(error);
    if (!["ResourceLimitExceeded", "ValidationException"].includes(reason)) return undefined;
    const text = messageOf(error);
    if (absent.test(text)) {
      return `SageMaker has no ${instanceType} for this in ${region}: no quota helps. Choose another instance type, such as ml.m5.large.`;
    }
    const [, name, limit] = quota.exec(text) ?? [];
    if (name === undefined) return undefined;
    const ask = `Ask for a higher quota "${name}" in the Service Quotas console`;
    if (Number(limit) > 0) return `${ask}, wait until other jobs have ended, or choose another instance type.`;
    return `${ask}; if it is not listed there, ${region} does not have that type. Or choose another instance type.`;
  };
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
