import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { PYTHON, ROOT } from "@keyspaces-segmentation/local-support";
import { checkExecuted } from "../../local/notebook/check_executed.js";
import { notebookFiles } from "../../local/notebook/result_files.js";
import type { NotebookRun } from "../../local/notebook/run_notebook.js";

const run = promisify(execFile);

function filesOf(notebook: string, outputDirectory: string): { executed: string; html: string } {
  const [executed, html] = notebookFiles(notebook).map((name) => join(outputDirectory, name)) as [string, string];
  return { executed, html };
}

/**
 * Runs a notebook as `runNotebook` does, at a third of what that costs: its cells in a plain Node process, without kernel, page and still
 * pictures. For tests of what the cells do and say.
 *
 * @throws Error with the step and the words of the cell that failed, or what the finished notebook lacks
 */
export async function runCells({ notebook, outputDirectory, environment }: Omit<NotebookRun, "python">): Promise<void> {
  mkdirSync(outputDirectory, { recursive: true });
  const { executed } = filesOf(notebook, outputDirectory);
  const args = [join(__dirname, "cells_process.js"), notebook, executed];
  await run(process.execPath, args, { cwd: dirname(notebook), env: environment }).catch(
    (failure: { stderr?: string; message: string }) => {
      throw new Error(failure.stderr || failure.message);
    },
  );
  const problems = checkExecuted(executed);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

/** The same with the page that the runner makes of an executed notebook; its still pictures are empty. */
export async function runCellsWithPage(
  given: Omit<NotebookRun, "python">,
): Promise<{ executed: string; html: string }> {
  await runCells(given);
  const files = filesOf(given.notebook, given.outputDirectory);
  await run(PYTHON, [join(ROOT, "test", "fixtures", "page_of.py"), files.executed, files.html]);
  return files;
}
