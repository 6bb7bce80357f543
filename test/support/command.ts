import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { processesLeftWith, processesWith } from "./processes.js";

/** A command of the project's own command line that was started, once the set-up is done. */
export interface Command {
  child: ChildProcess;
  /** What it said so far. */
  output(): string;
  /** Settles with its exit code. */
  ended: Promise<number | null>;
  /** Ids of the processes that it started and that run, however far down. */
  processes(): number[];
  /** Waits for a text in its output, and gives what matched. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** Those of its processes that have not ended within half a minute. */
  left(): Promise<number[]>;
}

/** A folder outside the checkout where commands are typed; it and all that was started go with the tests of the file. */
export function commandsIn(name: string) {
  const folder = mkdtempSync(join(tmpdir(), name));
  const started: ChildProcess[] = [];
  afterAll(() => {
    for (const child of started) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (args: string[], environment: NodeJS.ProcessEnv = {}): Command => {
    const mark = randomUUID();
    const local = join(folder, "local");
    const child = spawn(process.execPath, [join(ROOT, "dist", "local", "cli.js"), ...args], {
      cwd: folder,
      env: { ...process.env, INIT_CWD: folder, LOCAL_STACK_DIRECTORY: local, E2E_MARK: mark, ...environment },
    });
    started.push(child);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
    return {
      child,
      output: () => text,
      ended: once(child, "close").then(([code]) => code as number | null),
      processes: () => processesWith(mark),
      async seen(pattern) {
        const deadline = Date.now() + 300_000;
        for (;;) {
          const match = pattern.exec(text);
          if (match) return match;
          if (Date.now() > deadline || child.exitCode !== null) throw new Error(`no ${pattern} in:\n${text}`);
          await delay(50);
        }
      },
      left: () => processesLeftWith(mark),
    };
  };
  return { folder, run };
}
