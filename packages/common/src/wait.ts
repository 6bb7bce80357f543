import { pause } from "./abort.js";
import { StepError } from "./errors.js";

/** How long a wait may take and how it is told to stop. Times in milliseconds. */
export interface WaitOptions {
  deadlineMs: number;
  /** Pause after the first look; it grows by half each time. */
  firstDelayMs?: number;
  maxDelayMs?: number;
  signal?: AbortSignal | undefined;
}

/** One look at the thing waited for: the value when it is there, and in words what was seen. */
export interface Look<T> {
  done?: T;
  seen: string;
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

/**
 * Looks again and again, at growing intervals, until `look` answers with `done`.
 *
 * @param what what is waited for, for the error text: "table blog_20261121.online_retail to become ACTIVE"
 * @throws StepError when the deadline passes, naming what was last seen; the signal's reason when aborted
 */
export async function waitUntil<T>(what: string, look: () => Promise<Look<T>>, options: WaitOptions): Promise<T> {
  const { deadlineMs, firstDelayMs = 250, maxDelayMs = 10_000, signal } = options;
  const deadline = performance.now() + deadlineMs;
  let delay = firstDelayMs;
  for (;;) {
    signal?.throwIfAborted();
    const { done, seen } = await look();
    if (done !== undefined) return done;
    const left = deadline - performance.now();
    if (left <= 0) {
      throw new StepError({
        tried: `wait for ${what}`,
        got: `gave up after ${Math.round(deadlineMs / 1000)} s, last seen: ${seen}`,
      });
    }
    await pause(Math.min(delay, left, maxDelayMs), signal);
    delay *= 1.5;
  }
}
