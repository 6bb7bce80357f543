import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../paths.js";
import { end, guard } from "../process.js";
import { checkExecuted } from "./check_executed.js";
import { dropPrevious, notebookFiles, previousIn, SUMMARY, setResultsAside } from "./result_files.js";

/** A code cell that has run: its place among the code cells, the heading it stands under, and how long it took. */
interface CellDone {
  cell: number;
  of: number;
  title: string;
  seconds: number;
}

export interface NotebookRun {
  python: string;
  notebook: string;
  /** Where the executed notebook and its HTML go, under the notebook's own name. */
  outputDirectory: string;
  environment: NodeJS.ProcessEnv;
  onCell?: (done: CellDone) => void;
  signal?: AbortSignal;
}

/** The notebook did not run to its end; the message is the failing cell's own. */
export class NotebookError extends Error {}

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

  let failure: NotebookError | undefined;
  const stderr: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const said = JSON.parse(line) as CellDone | { error: string; cell: number; title: string };
    if ("error" in said) failure = new NotebookError(`Step "${said.title}": ${withoutStack(said.error)}`);
    else onCell?.(said);
  });
  createInterface({ input: child.stderr }).on("line", (line) => stderr.push(line));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  signal?.removeEventListener("abort", stop);
  signal?.throwIfAborted();
  if (failure) throw failure;
  if (code !== 0) throw new NotebookError(`The notebook runner exited with ${code}: ${stderr.slice(-5).join("\n")}`);
}
