import { askUntilAnswered, wordInterruption } from "@keyspaces-segmentation/aws-jobs";
import { reasonOf } from "@keyspaces-segmentation/aws-session";
import { messageOf, StepError } from "@keyspaces-segmentation/common";

/** Something made in AWS for a while. */
export interface Temporary {
  /** "endpoint customer-segmentation-2026-…" */
  what: string;
  remove(): Promise<void>;
  /** The command that removes it. */
  byHand: string;
}

/** Whether the thing is not there. SageMaker has no name of its own for this reason, or does not use it. */
export function isUnknown(error: unknown): boolean {
  const refused = ["ValidationException", "ResourceNotFound", "ResourceNotFoundException"].includes(reasonOf(error));
  return refused && /could not find|not found|does not exist/i.test(messageOf(error));
}

/** Sends the request that deletes a thing, until it is answered. That the thing is not there is as good. @throws StepError */
export async function remove(
  what: string,
  send: () => Promise<unknown>,
  options: { deadlineMs?: number; passes?: (error: unknown) => boolean } = {},
): Promise<void> {
  const once = async () => {
    try {
      await send();
    } catch (error) {
      if (!isUnknown(error)) throw error;
    }
  };
  await askUntilAnswered(`delete the ${what}`, once, options);
}

export interface RemovalOptions {
  /** Ends the work; what it has made is removed all the same. */
  signal?: AbortSignal | undefined;
  /**
   * Is told what could not be removed after work that succeeded, and how to do it by hand. Without it, that is thrown, and what the work
   * has found is lost.
   */
  onLeft?: ((left: StepError) => void) | undefined;
}

/**
 * Does work that makes temporary things in AWS and removes them at the end, the last one first, whether the work succeeded, failed
 * or was interrupted.
 *
 * @param tried what the work is, as in {@link StepError}
 * @param work tells of each thing before it asks AWS to make it, because the answer may get lost
 * @throws what the work throws; StepError when it was interrupted, or when something could not be removed and there is no `onLeft`,
 *   naming what is left and how to remove it by hand
 */
export async function withTemporaries<T>(
  tried: string,
  { signal, onLeft }: RemovalOptions,
  work: (tell: (made: Temporary) => void) => Promise<T>,
): Promise<T> {
  const made: Temporary[] = [];
  let outcome: { value: T } | { failure: unknown };
  try {
    outcome = { value: await wordInterruption(tried, signal, () => work((thing) => made.unshift(thing))) };
  } catch (failure) {
    outcome = { failure };
  }
  const left = await removeAll(made);
  if (left === undefined) {
    if ("failure" in outcome) throw outcome.failure;
    return outcome.value;
  }
  if (!("failure" in outcome)) {
    if (!onLeft) throw left;
    onLeft(left);
    return outcome.value;
  }
  const { failure } = outcome;
  const step =
    failure instanceof StepError ? failure : new StepError({ tried, got: messageOf(failure), cause: failure });
  throw step.withHint(`${left.message} ${left.hint}`);
}

/** Answers what could not be removed. The rest is then left too: an endpoint needs its configuration, and that its model. */
async function removeAll(made: readonly Temporary[]): Promise<StepError | undefined> {
  for (const [i, thing] of made.entries()) {
    try {
      await thing.remove();
    } catch (error) {
      const commands = made.slice(i).map(({ byHand }) => byHand);
      const hint = `Remove by hand what is left, in this order: ${commands.join(" && ")}`;
      if (error instanceof StepError) return error.withHint(hint);
      return new StepError({ tried: `delete the ${thing.what}`, got: messageOf(error), hint, cause: error });
    }
  }
  return undefined;
}
