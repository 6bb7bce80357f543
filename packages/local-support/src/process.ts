import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { privately } from "./private_files.js";
import { familyOf, membersOf, signalAll } from "./process_tree.js";

/** A child process of the stack: started, ready, and sure to end. */
export interface Service {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process has ended, with a phrase that says how: "exited with code 1". */
  readonly ended: Promise<string>;
  /** Its last lines of output. */
  lastLines(): string[];
  /** Asks it to end, insists after `graceMs`, and resolves once it is gone. Safe to call twice. */
  stop(graceMs?: number): Promise<void>;
}

export interface ServiceOptions {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** All output is added to this file; its last lines are quoted when the process fails. */
  logFile: string;
  /** Resolves true once the process can be used. Asked every 100 ms, with all its output so far. */
  isReady: (output: string) => Promise<boolean>;
  deadlineMs: number;
  /** Told of the process as soon as there is one, long before it is ready. */
  onSpawn?: ((pid: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const guarded = new Set<number>();
let watchdog: ChildProcess | undefined;

/** The one watchdog of this process; see watchdog.ts. It comes with the first child, goes with the last, and comes again if killed. */
function startWatchdog(): ChildProcess {
  // Told of them as it starts: we may be gone before we could write.
  const started = spawn(process.execPath, [join(__dirname, "watchdog.js"), ...[...guarded].map(String)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  started.on("error", (error) => process.emitWarning(`The watchdog could not be started: ${error.message}`));
  started.on("exit", (code, signal) => {
    if (watchdog === started) watchdog = undefined;
    if (code) process.emitWarning(`The watchdog failed (exit code ${code}); child processes may outlive a crash.`);
    else if (signal && watchdog === undefined && guarded.size > 0) tellWatchdog([...guarded]);
  });
  // Writing to one that has just been killed; its exit, above, makes up for it.
  started.stdin?.on("error", () => undefined);
  started.unref();
  (started.stdin as unknown as { unref(): void }).unref();
  return started;
}

function tellWatchdog(pids: number[]): void {
  watchdog ??= startWatchdog();
  watchdog.stdin?.write(pids.map((pid) => `${pid}\n`).join(""));
}

/** Makes sure that the child, and whatever it starts, dies with us. Call it right after spawning. */
export function guard(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const { pid } = child;
  guarded.add(pid);
  tellWatchdog([pid]);
  child.once("exit", () => {
    guarded.delete(pid);
    if (guarded.size > 0) {
      tellWatchdog([-pid]);
      return;
    }
    watchdog?.stdin?.end(`${-pid}\n`);
    watchdog = undefined;
  });
}

/** Ends a child and all it started: SIGTERM to the child, then, after the grace period, SIGKILL. */
export async function end(child: ChildProcess, graceMs = 5000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const { pid } = child;
  const family = familyOf([pid]);
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const insist = setTimeout(() => signalAll(familyOf([pid]), "SIGKILL"), graceMs);
  await gone;
  clearTimeout(insist);
  // What it left behind: nobody else knows of it any more. Of its group is what it started since we looked.
  signalAll([...family, ...membersOf(pid)], "SIGKILL");
}

/** The log file, and what has been written to it since. */
function openLog(logFile: string): { fd: number; output: () => string } {
  const fd = openSync(logFile, "a");
  const { size: start } = fstatSync(fd);
  return { fd, output: () => readFrom(logFile, start) };
}

function readFrom(file: string, start: number): string {
  const fd = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(fstatSync(fd).size - start);
    return bytes.toString("utf8", 0, readSync(fd, bytes, 0, bytes.length, start));
  } finally {
    closeSync(fd);
  }
}

const endOf = (text: string): string[] => text.split("\n").filter(Boolean).slice(-15);

/**
 * Starts a long-running process and waits until it is ready.
 *
 * @throws Error naming the process, how it ended and its last lines of output, if it ends or stalls before it is ready;
 *   the signal's reason when aborted. Nothing is left running then.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { name, command, args, env, cwd, logFile, isReady, deadlineMs, signal } = options;
  signal?.throwIfAborted();
  // The child writes to the file itself: no pipe that fills, breaks or keeps us alive.
  const log = privately(() => openLog(logFile));
  const child = privately(() =>
    spawn(command, args, {
      stdio: ["ignore", log.fd, log.fd],
      // A group of its own: Ctrl-C reaches us alone, and we end the services in order.
      detached: true,
      ...(env && { env }),
      ...(cwd && { cwd }),
    }),
  );
  closeSync(log.fd);
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(`could not be started (${error.message})`));
    child.once("exit", (code, by) => resolve(by ? `was ended by ${by}` : `exited with code ${code}`));
  });
  guard(child);
  if (child.pid !== undefined) options.onSpawn?.(child.pid);

  const giveUp = new AbortController();
  const stalled = delay(deadlineMs, `was not ready after ${Math.round(deadlineMs / 1000)} s`, {
    signal: giveUp.signal,
  });
  const aborted = new Promise<"aborted">((resolve) => {
    signal?.addEventListener("abort", () => resolve("aborted"), { once: true, signal: giveUp.signal });
  });
  const ready = (async () => {
    while (!giveUp.signal.aborted && !(await isReady(log.output()))) await delay(100);
    return "ready" as const;
  })();
  try {
    const outcome = await Promise.race([ended, stalled, aborted, ready]);
    if (outcome === "ready") {
      const lastLines = () => endOf(log.output());
      return { name, pid: child.pid as number, ended, lastLines, stop: (graceMs) => end(child, graceMs) };
    }
    if (outcome === "aborted") throw signal?.reason;
    throw new Error(
      `${name} ${outcome}.\nCommand: ${[command, ...args].join(" ")}\n` +
        `Log: ${logFile}; its last lines:\n${endOf(log.output()).join("\n") || "(none)"}`,
    );
  } catch (error) {
    await end(child, 1000);
    throw error;
  } finally {
    giveUp.abort();
    for (const promise of [stalled, ready]) promise.catch(() => undefined);
  }
}
