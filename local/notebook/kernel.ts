#!/usr/bin/env node
import { main } from "tslab/dist/main";
import { ts } from "./tslab_compiler.js";

type Timer = ReturnType<typeof setTimeout>;

/**
 * Lets the kernel go on when packages or modules appear or change underneath it.
 *
 * The compiler has two timers: one for compiling again, one for looking again for a module that was missing. tslab gives both the same
 * place, in the functions that it puts over those of `ts.sys`, and once both are due every cell fails with `Unexpected pending
 * rebuildTimer`. Here the second has a timer of its own.
 */
function keepTimersApart(): void {
  const lookingAgain = new WeakSet<Timer>();
  const put = (on: object, name: string, value: unknown) => Object.defineProperty(on, name, { value });
  Object.defineProperties(ts.sys, {
    setTimeout: {
      get: () => setTimeout,
      set(this: object, compileAgain: (callback: () => void) => unknown) {
        put(this, "setTimeout", (callback: () => void, delay: number) => {
          if (callback.name !== "invalidateResolutionsOfFailedLookup") return compileAgain(callback);
          const timer = setTimeout(callback, delay).unref();
          lookingAgain.add(timer);
          return timer;
        });
      },
    },
    clearTimeout: {
      get: () => clearTimeout,
      set(this: object, forget: (timer: Timer) => void) {
        put(this, "clearTimeout", (timer: Timer) => (lookingAgain.has(timer) ? clearTimeout(timer) : forget(timer)));
      },
    },
  });
}

keepTimersApart();
main();
