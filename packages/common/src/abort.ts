/** What waits for each signal to be aborted, with the one listener that the signal has for all of it. */
const waiting = new WeakMap<AbortSignal, { calls: Set<() => void>; all: () => void }>();

/**
 * Calls `call` once the signal is aborted, at once where it is already. However many wait, at one time or one after the other, the signal has a single listener:
 * from the eleventh on Node warns of a leak.
 *
 * @returns a function that takes `call` back; the last to do so leaves the signal without a listener
 */
export function onAbort(signal: AbortSignal | undefined, call: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) {
    call();
    return () => undefined;
  }
  const { calls, all } = waiting.get(signal) ?? listenTo(signal);
  // One of its own, so that who gives the same function twice may take it back twice.
  const own = () => call();
  calls.add(own);
  return () => {
    if (!calls.delete(own) || calls.size > 0) return;
    signal.removeEventListener("abort", all);
    waiting.delete(signal);
  };
}

function listenTo(signal: AbortSignal): { calls: Set<() => void>; all: () => void } {
  const calls = new Set<() => void>();
  const all = () => {
    waiting.delete(signal);
    for (const call of calls) call();
    calls.clear();
  };
  signal.addEventListener("abort", all, { once: true });
  const entry = { calls, all };
  waiting.set(signal, entry);
  return entry;
}

/** A pause of so many milliseconds. @throws the signal's reason when aborted */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const release = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal?.reason);
    });
    const timer = setTimeout(() => {
      release();
      resolve();
    }, milliseconds);
  });
}

/**
 * A signal that is aborted with another one, for others' code that adds a listener for each piece of its work: the SDK does, and streams.
 * It needs no releasing: the other signal has no listener of it.
 */
export function ownSignal(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal]);
}
