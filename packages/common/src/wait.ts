import { pause } from "./abort.js";
import { StepError } from "./errors.js";

/** What came of an attempt. */
export type Attempt<T> =
  | { readonly done: true; readonly value: T }
  | {
      readonly done: false;
      /** For how long after the first attempt to go on. */
      readonly patienceMs: number;
      /** Called when there will be another attempt, before the pause. */
      readonly onRetry?: () => void;
      /** What to throw when patience is at its end. */
      readonly giveUp: (attempts: number) => unknown;
    };

/** The pauses between attempts, and how they are told to stop. Times in milliseconds. */
export interface RepeatOptions {
  /** The pause behind the n-th attempt, from 0 on; it is cut where patience ends, so that the last attempt comes at its end. */
  pauseMs: (attempt: number) => number;
  /** When the first attempt began; default when it does. */
  start?: number;
  signal?: AbortSignal | undefined;
  /** Clock and pause; tests pass their own. */
  now?: (() => number) | undefined;
  sleep?: ((ms: number, signal: AbortSignal | undefined) => Promise<unknown>) | undefined;
}

/**
 * Makes attempts until one succeeds or patience is at its end: under all that waits or retries here.
 *
 * @throws what `giveUp` gives, what an attempt throws; the signal's reason when aborted
 */
export async function repeat<T>(attempt: () => Promise<Attempt<T>>, options: RepeatOptions): Promise<T> {
  const { pauseMs, signal, now = () => performance.now(), sleep = pause } = options;
  const { start = now() } = options;
  for (let n = 0; ; n++) {
    signal?.throwIfAborted();
    const outcome = await attempt();
    if (outcome.done) return outcome.value;
    const left = start + outcome.patienceMs - now();
    if (left <= 0) throw outcome.giveUp(n + 1);
    outcome.onRetry?.();
    await sleep(Math.min(pauseMs(n), left), signal);
  }
}

/** Settles as the promise does, but rejects with a TimeoutError once it has taken so many milliseconds. */
export async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  const done = new AbortController();
  const tooLate = pause(timeoutMs, done.signal).then(() => {
    throw Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), { name: "TimeoutError" });
  });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    done.abort();
  }
}

/** How long a wait may take and how it is told to stop. Times in milliseconds. */
export interface WaitOptions {
  deadlineMs: number;
  /** Pause after the first look; it grows by half each time. */
  firstDelayMs?: number;
  maxDelayMs?: number;
  signal?: AbortSignal | undefined;
}

/** One look at the thing waited for: the value when it is there, nothing or `false` while it is not, and in words what was seen. */
export interface Look<T> {
  done?: T | false;
  seen: string;
}

/**
 * Looks again and again, at growing intervals, until `look` answers with `done`.
 *
 * @param what what is waited for, for the error text: "table blog_20261121.online_retail to become ACTIVE"
 * @throws StepError when the deadline passes, naming what was last seen; the signal's reason when aborted
 */
export async function waitUntil<T>(what: string, look: () => Promise<Look<T>>, options: WaitOptions): Promise<T> {
  const { deadlineMs, firstDelayMs = 250, maxDelayMs = 10_000, signal } = options;
  const attempt = async (): Promise<Attempt<T>> => {
    const { done, seen } = await look();
    if (done !== undefined && done !== false) return { done: true, value: done };
    const got = `gave up after ${Math.round(deadlineMs / 1000)} s, last seen: ${seen}`;
    return { done: false, patienceMs: deadlineMs, giveUp: () => new StepError({ tried: `wait for ${what}`, got }) };
  };
  return repeat(attempt, { pauseMs: (n) => Math.min(maxDelayMs, firstDelayMs * 1.5 ** n), signal });
}
