import { spawn } from "node:child_process";
import { end, familyOf, guard } from "@keyspaces-segmentation/local-support";
import { type Usage, usageOf } from "./usage.js";

/** A program to measure, with all it needs to run. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Those that count as success; others too say how a run ended. */
  readonly exitCodes?: readonly number[];
  /** Variables besides those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether memory and processor time are those of all processes that it starts, too: the peak is then the sum of theirs. */
  readonly withChildren?: boolean;
}

/** What running a program cost. */
export interface ProgramRun {
  /** From its start to its end, the start of Node, Java or Python included. */
  readonly wallSeconds: number;
  /** Undefined on systems that do not tell. */
  readonly peakBytes: number | undefined;
  readonly cpuSeconds: number | undefined;
  /** What the server used in the meantime, its work for nobody in particular (compactions) included. */
  readonly serverCpuSeconds: number | undefined;
  /** Standard output, then standard error. */
  readonly output: string;
}

const SAMPLE_MS = 50;

const sumOfUsage = (a: Usage, b: Usage): Usage => ({
  peakBytes: a.peakBytes + b.peakBytes,
  cpuSeconds: a.cpuSeconds + b.cpuSeconds,
});

/** What a program runs with besides. */
export interface RunOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Called with the program's process id at each look at its memory, for a look at what it has started. */
  readonly onSample?: (pid: number) => void;
}

/**
 * Runs a program to its end and measures it from outside: the same way for every language.
 *
 * Memory is the kernel's own high-water mark, read every 50 ms: what a program adds in its last moments can be missed.
 *
 * @param serverPid the server that works for the program, if there is one
 * @throws Error with the program's last lines when it fails; the signal's reason when aborted. It does not run on then.
 */
export async function runProgram(
  program: Program,
  serverPid: number | undefined,
  signal: AbortSignal,
  { environment, onSample }: RunOptions = {},
): Promise<ProgramRun> {
  const { name, command, args, exitCodes = [0], withChildren = false } = program;
  signal.throwIfAborted();
  const usageOfServer = () => (serverPid === undefined ? undefined : usageOf(serverPid));
  const before = usageOfServer();
  const start = performance.now();
  // A group of its own: Ctrl-C reaches us alone, and we end it.
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    ...((environment ?? program.environment) && { env: { ...(environment ?? process.env), ...program.environment } }),
  });
  guard(child);
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  }
  let usage: Usage | undefined;
  const family = new Map<number, Usage>();
  const sample = () => {
    if (child.pid === undefined) return;
    for (const { pid } of withChildren ? familyOf([child.pid]) : [{ pid: child.pid }]) {
      const seen = usageOf(pid);
      if (seen) family.set(pid, seen);
    }
    usage = family.size > 0 ? [...family.values()].reduce(sumOfUsage) : undefined;
    onSample?.(child.pid);
  };
  const sampling = setInterval(sample, SAMPLE_MS);
  const stop = () => void end(child);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const exit = await new Promise<number | string>((resolve, reject) => {
      child.once("error", (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
      child.once("close", (code, by) => resolve(code ?? by ?? ""));
    });
    const wallSeconds = (performance.now() - start) / 1000;
    signal.throwIfAborted();
    const text = output.stdout + output.stderr;
    if (typeof exit !== "number" || !exitCodes.includes(exit)) {
      const lastLines = text.split("\n").filter(Boolean).slice(-15).join("\n");
      throw new Error(`${name} ended with ${exit}.\nCommand: ${[command, ...args].join(" ")}\n${lastLines}`);
    }
    const after = usageOfServer();
    return {
      wallSeconds,
      peakBytes: usage?.peakBytes,
      cpuSeconds: usage?.cpuSeconds,
      serverCpuSeconds: before && after && after.cpuSeconds - before.cpuSeconds,
      output: text,
    };
  } finally {
    clearInterval(sampling);
    signal.removeEventListener("abort", stop);
  }
}
