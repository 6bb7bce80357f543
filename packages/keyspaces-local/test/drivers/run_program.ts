import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** What a program reports of a step, as one line of JSON. */
export interface StepReport {
  readonly step: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** A program that reads names of steps from its standard input, a line each, and reports on each. */
export interface StepProgram {
  /** @throws Error if it ends instead of reporting, with the last of what it said on standard error */
  step(name: string): Promise<StepReport>;
  /** Closes its input; ends it by force if it does not end by itself. */
  end(): Promise<void>;
}

const [STEP_MS, END_MS] = [180_000, 20_000];

export function startProgram(
  command: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  cwd: string,
): StepProgram {
  const [file, ...args] = command;
  const child = spawn(file, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  let told = "";
  child.stderr.on("data", (chunk) => {
    told = `${told}${chunk}`.slice(-4000);
  });
  // Asking one that has ended is answered by its end, not by a broken pipe.
  child.stdin.on("error", () => undefined);
  const failed = once(child, "error").then(([error]) => {
    told = String(error);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async step(name) {
      child.stdin.write(`${name}\n`);
      const killing = setTimeout(() => child.kill("SIGKILL"), STEP_MS);
      for (;;) {
        const { value, done } = await lines.next();
        // Drivers' logs may share the stream.
        if (!done && !value.startsWith("{")) continue;
        clearTimeout(killing);
        if (done) throw new Error(`${file} ended at the step ${name}: ${told}`);
        return JSON.parse(value) as StepReport;
      }
    },
    async end() {
      child.stdin.end();
      const killing = setTimeout(() => child.kill("SIGKILL"), END_MS);
      if (child.exitCode === null && child.signalCode === null) await Promise.race([once(child, "close"), failed]);
      clearTimeout(killing);
    },
  };
}
