import { type Attempt, messageOf, repeat, StepError } from "@keyspaces-segmentation/common";
import { errors, types } from "cassandra-driver";
import { codeOf, describeFailure, innermost, throttlingCodes } from "./failure.js";

const codes = types.responseErrorCodes;

/** Throttling comes as a timeout, never as "overloaded"; a server error is as often the service's own passing trouble. */
const retryable: readonly number[] = [
  codes.serverError,
  codes.unavailableException,
  codes.overloaded,
  codes.isBootstrapping,
  codes.writeTimeout,
  codes.readTimeout,
  codes.readFailure,
  codes.writeFailure,
  // The driver prepares anew and says this when that did not get through.
  codes.unprepared,
];

/** Whether trying the same idempotent statement again may help. */
function isRetryable(error: unknown): boolean {
  const reason = innermost(error);
  const code = codeOf(reason);
  if (code !== undefined) return retryable.includes(code);
  // In our words already: credentials that cannot be had.
  if (reason instanceof StepError) return false;
  return (
    // Without a list of hosts it comes from a client that was shut down.
    (error instanceof errors.NoHostAvailableError && error.innerErrors !== null) ||
    reason instanceof errors.OperationTimedOutError ||
    reason instanceof errors.BusyConnectionError ||
    (error as { isSocketError?: boolean } | undefined)?.isSocketError === true ||
    // What a PREPARE meets between the loss of a connection and the driver's taking note of it; a plain Error.
    messageOf(error) === "No connection available"
  );
}

/** A table or keyspace just created may not be there yet for the host that gets the next statement. */
export function isNotReadyYet(error: unknown): boolean {
  return (
    codeOf(error) === codes.invalid && /^unconfigured (table|keyspace|columnfamily)/i.test(messageOf(innermost(error)))
  );
}

/** A request that would not go through until its time was over. */
export class GaveUp extends StepError {}

/** Whether the service asks for less: throttling comes as a timeout, a request that was never answered looks like one. */
export function isThrottled(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return innermost(error) instanceof errors.OperationTimedOutError;
  return throttlingCodes.includes(code);
}

/** Chance and patience; tests pass their own. */
export interface RetryOptions {
  /** Give up this long after the first attempt, in milliseconds. */
  deadlineMs?: number;
  /** How long to put up with "unconfigured table", in milliseconds; for requests to a table that was made just now. */
  freshTableMs?: number;
  baseMs?: number;
  capMs?: number;
  signal?: AbortSignal | undefined;
  /** Called before each further attempt. */
  onRetry?: (error: unknown) => void;
  random?: () => number;
  now?: () => number;
  sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

/**
 * Runs an idempotent request until it succeeds, pausing a random time that doubles in reach with each attempt ("full jitter").
 * The driver cannot do this: its retry policies cannot wait.
 *
 * @throws what the request threw, when that cannot be cured by trying again; {@link GaveUp} when the deadline has passed
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export async function withRetries<T>(request: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { signal, now = () => performance.now() } = options;
  signal?.throwIfAborted();
  const start = now();
  try {
    return await request();
  } catch (error) {
    // What it takes to try again is made for the few requests that need it.
    return await goOn(request, options, { error, start });
  }
}

/** @param first how the first attempt failed, and when it began */
async function goOn<T>(
  request: () => Promise<T>,
  options: RetryOptions,
  first: { readonly error: unknown; readonly start: number },
): Promise<T> {
  const { deadlineMs = 120_000, freshTableMs = 0, baseMs = 50, capMs = 5000, random = Math.random } = options;
  const { onRetry, signal, now, sleep } = options;
  let isFirst = true;
  const attempt = async (): Promise<Attempt<T>> => {
    try {
      if (!isFirst) return { done: true, value: await request() };
      isFirst = false;
      throw first.error;
    } catch (error) {
      const patienceMs = isRetryable(error) ? deadlineMs : isNotReadyYet(error) ? freshTableMs : 0;
      if (patienceMs === 0) throw error;
      return {
        done: false,
        patienceMs,
        onRetry: () => onRetry?.(error),
        giveUp: (attempts) => givenUp(error, attempts, patienceMs),
      };
    }
  };
  const pauseMs = (n: number) => random() * Math.min(capMs, baseMs * 2 ** n);
  return repeat(attempt, { pauseMs, start: first.start, signal, now, sleep });
}

function givenUp(error: unknown, attempts: number, patienceMs: number): GaveUp {
  const { got, ...hint } = describeFailure(error);
  return new GaveUp({
    tried: `get an answer from Amazon Keyspaces within ${Math.round(patienceMs / 1000)} s`,
    got: `after ${attempts} attempts it was still: ${got}`,
    ...hint,
    cause: error,
  });
}
