import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A child process of the stack: started, ready, and sure to end. */
export interface Service {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process has ended, with a sentence that says how. */
  readonly ended: Promise<string>;
  /** Asks it to end, insists after `graceMs`, and resolves once it is gone. Safe to call twice. */
  stop(graceMs?: number): Promise<void>;
}

export interface ServiceOptions {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** All output goes here; its last lines are quoted when the process fails. */
  logFile: string;
  /** Resolves true once the process can be used. Asked every 100 ms. */
  isReady: () => Promise<boolean>;
  deadlineMs: number;
  signal?: AbortSignal;
}

let watchdog: ChildProcess | undefined;

function tellWatchdog(line: string): void {
  if (!watchdog) {
    watchdog = spawn(process.execPath, [join(__dirname, "watchdog.js")], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    watchdog.stdin?.on("error", () => undefined);
    watchdog.unref();
    (watchdog.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  }
  watchdog.stdin?.write(`${line}\n`);
}

/** Makes sure that the child, and whatever it starts, dies with us. Call it right after spawning. */
export function guard(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const { pid } = child;
  tellWatchdog(String(pid));
  child.once("exit", () => tellWatchdog(String(-pid)));
}

/** Ends a child: SIGTERM, then SIGKILL after the grace period. */
export async function end(child: ChildProcess, graceMs = 5000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await gone;
  clearTimeout(insist);
}

/**
 * Starts a long-running process and waits until it is ready.
 *
 * @throws Error naming the process, how it ended and its last lines of output, if it ends or stalls before it is ready
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { name, command, args, env, cwd, logFile, isReady, deadlineMs, signal } = options;
  signal?.throwIfAborted();
  const lastLines: string[] = [];
  const log = createWriteStream(logFile, { flags: "a" });
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: Ctrl-C reaches us alone, and we end the services in order.
    detached: true,
    ...(env && { env }),
    ...(cwd && { cwd }),
  });
  guard(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      log.write(chunk);
      lastLines.push(...chunk.toString("utf8").split("\n").filter(Boolean));
      lastLines.splice(0, lastLines.length - 15);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`could not be started (${error.message})`));
    child.once("exit", (code, by) => resolve(by ? `was ended by ${by}` : `exited with code ${code}`));
  }).finally(() => log.end());

  let over: string | undefined;
  void ended.then((how) => {
    over = how;
  });
  const deadline = Date.now() + deadlineMs;
  const fail = async (how: string): Promise<never> => {
    await end(child, 1000);
    throw new Error(`${name} ${how}. Its log is ${logFile}; the last lines:\n${lastLines.join("\n")}`);
  };
  for (;;) {
    if (over !== undefined) return fail(over);
    if (signal?.aborted) {
      await end(child);
      throw signal.reason;
    }
    if (await isReady()) break;
    if (Date.now() > deadline) return fail(`was not ready after ${Math.round(deadlineMs / 1000)} s`);
    await delay(100);
  }
  return { name, pid: child.pid as number, ended, stop: (graceMs) => end(child, graceMs) };
}
