import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { checkExecuted } from "../../local/notebook/check_executed.js";
import type { NotebookRun } from "../../local/notebook/run_notebook.js";

/**
 * Runs a notebook as `runNotebook` does, at a third of what that costs: its cells in a plain Node process, without kernel, page and still
 * pictures. For tests of what the cells do and say.
 *
 * @throws Error with the step and the words of the cell that failed, or what the finished notebook lacks
 */
export async function runCells({ notebook, outputDirectory, environment }: Omit<NotebookRun, "python">): Promise<void> {
  mkdirSync(outputDirectory, { recursive: true });
  const executed = join(outputDirectory, basename(notebook));
  const args = [join(__dirname, "cells_process.js"), notebook, executed];
  await promisify(execFile)(process.execPath, args, { cwd: dirname(notebook), env: environment }).catch(
    (failure: { stderr?: string; message: string }) => {
      throw new Error(failure.stderr || failure.message);
    },
  );
  const problems = checkExecuted(executed);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
