import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import {
  end,
  familyOf,
  guard,
  ROOT,
  type RunningProcess,
  signalAll,
  stillRunning,
} from "@keyspaces-segmentation/local-support";
import { checkExecuted } from "./check_executed.js";
import { dropPrevious, notebookFiles, previousIn, SUMMARY, setResultsAside } from "./result_files.js";

/** A code cell that has run: its place among the code cells, the heading it stands under, and how long it took. */
export interface CellDone {
  cell: number;
  of: number;
  title: string;
  seconds: number;
  /** What it has left on standard error, such as a warning of Node or of a library; mostly empty. */
  printed: string;
}

/** What `execute.py` says, one a line. */
type Said = CellDone | { kernel: number } | { begun: number; title: string } | { error: string; title?: string };

export interface NotebookRun {
  python: string;
  notebook: string;
  /** Where the executed notebook and its HTML go, under the notebook's own name. */
  outputDirectory: string;
  environment: NodeJS.ProcessEnv;
  onCell?: (done: CellDone) => void;
  signal?: AbortSignal;
}

/** The notebook did not run to its end; the message begins with what ended it, the failing cell's own words. */
export class NotebookError extends Error {}

/** How long what a runner has said may be on its way once it has ended. */
const LAST_WORDS_MS = 2000;

const withoutStack = (text: string): string => text.replace(/\n\s+at .*/g, "").trim();

/**
 * Executes a notebook with nbclient in a kernel of its own, and exports it to HTML. Both files are written also when
 * a cell fails, with what there is; the results of the run before are then in `previous`.
 *
 * @returns the paths of the executed notebook and of the HTML
 * @throws NotebookError naming the step and what its cell printed, or what the finished notebook lacks
 */
export async function runNotebook(run: NotebookRun): Promise<{ executed: string; html: string }> {
  const { notebook, outputDirectory, signal } = run;
  signal?.throwIfAborted();
  mkdirSync(outputDirectory, { recursive: true });
  setResultsAside(outputDirectory, notebook);
  const [executed, html] = notebookFiles(notebook).map((name) => join(outputDirectory, name)) as [string, string];
  try {
    await execute(run, executed, html);
    const problems = checkExecuted(executed);
    if (problems.length > 0) throw new NotebookError(problems.join("\n"));
  } catch (error) {
    const previous = previousIn(outputDirectory);
    if (error instanceof NotebookError && existsSync(join(previous, SUMMARY))) {
      error.message += `\nThe results of the last complete run are in ${previous}`;
    }
    throw error;
  }
  dropPrevious(outputDirectory, notebook);
  return { executed, html };
}

async function execute(run: NotebookRun, executed: string, html: string): Promise<void> {
  const { python, notebook, environment, onCell, signal } = run;
  const script = join(ROOT, "local", "notebook", "execute.py");
  const child = spawn(python, [script, notebook, executed, html], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  guard(child);
  const stop = () => void end(child, 10_000);
  signal?.addEventListener("abort", stop, { once: true });

  const failures: string[] = [];
  const stderr: string[] = [];
  let step = "";
  let kernel: RunningProcess[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const said = readLine(line);
    if (said === undefined) return;
    if ("kernel" in said) kernel = familyOf([said.kernel]);
    else if ("begun" in said) step = said.title;
    else if ("error" in said) failures.push(inStep(said.title, withoutStack(said.error)));
    else onCell?.(said);
  });
  createInterface({ input: child.stderr }).on("line", (line) => stderr.push(line));
  let ended: string | number | null;
  try {
    ended = await new Promise<string | number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, by) => resolve(by ?? code));
      // A kernel that is left holds the output open: that would close only with it.
      child.once("exit", async (code, by) => {
        const deadline = performance.now() + LAST_WORDS_MS;
        while (kernel.length === 0 && performance.now() < deadline) await delay(20, undefined, { ref: false });
        await endKernel(kernel);
        await delay(LAST_WORDS_MS, undefined, { ref: false });
        resolve(by ?? code);
      });
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    child.stdout.destroy();
    child.stderr.destroy();
  }
  signal?.throwIfAborted();
  if (ended !== 0 && failures.length === 0) {
    const how = typeof ended === "string" ? `was ended by ${ended}` : `exited with ${ended}`;
    failures.push(inStep(step, [`the notebook runner ${how}`, ...stderr.slice(-5)].join("\n")));
  }
  if (failures.length > 0) throw new NotebookError(failures.join("\n"));
}

/** The last line of a runner that was killed may be cut off: then it says nothing. */
function readLine(line: string): Said | undefined {
  try {
    return JSON.parse(line) as Said;
  } catch {
    return undefined;
  }
}

const inStep = (title: string | undefined, text: string): string => (title ? `Step "${title}": ${text}` : text);

/** Ends what a runner that was killed has left behind: the kernel lives in a session of its own. */
async function endKernel(kernel: readonly RunningProcess[]): Promise<void> {
  const left = stillRunning(kernel).map(({ pid }) => pid);
  if (left.length === 0) return;
  signalAll(familyOf(left), "SIGKILL");
  const deadline = performance.now() + 30_000;
  while (stillRunning(kernel).length > 0 && performance.now() < deadline) await delay(20);
}
