import type { AsyncLocalStorage } from "node:async_hooks";

/**
 * Notes every storage of a class that is used from now on. @returns turns off those used so far
 *
 * Jest makes one for each suite and leaves it on: every promise of a later suite in the same process would be handed on to it.
 */
export function storagesOfSuite(Storage: typeof AsyncLocalStorage): () => void {
  const used = new Set<AsyncLocalStorage<unknown>>();
  const { run } = Storage.prototype;
  Storage.prototype.run = function (this: AsyncLocalStorage<unknown>, ...given: Parameters<typeof run>) {
    used.add(this);
    return run.apply(this, given);
  } as typeof run;
  return () => {
    for (const storage of used) storage.disable();
    used.clear();
  };
}
