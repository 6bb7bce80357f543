import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { LOCAL, NOTEBOOK, PYTHON, ROOT } from "@keyspaces-segmentation/local-support";
import { linkPackages } from "./few_types.js";

const run = promisify(execFile);

/** One output of an executed cell, as nbformat has it. */
export interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, string | string[]>;
  metadata?: Record<string, unknown>;
}

/** A notebook that was executed by the real kernel: the outputs of each cell, and the page made of it. */
export interface Executed {
  outputs: Output[][];
  htmlFile: string;
  /** A file that a cell has written, by the name that the cell gave it. */
  pathOf(name: string): string;
  remove(): Promise<void>;
}

/** Text that nbformat keeps whole or in lines. */
export function textOf(text: string | string[] | undefined): string {
  return Array.isArray(text) ? text.join("") : (text ?? "");
}

/** How many charts a first run of the project's notebook shows: that of movement needs an earlier one. */
export function chartsOfNotebook(): number {
  const { cells } = JSON.parse(readFileSync(NOTEBOOK, "utf8")) as { cells: { source: string | string[] }[] };
  return cells.reduce(
    (count, { source }) => count + (textOf(source).match(/await charts\.(?!movementMatrix\()/g)?.length ?? 0),
    0,
  );
}

/** A folder for a notebook, and the one that goes with it: two above, from where `dist` is the code under test. */
async function foldersFor(where: "checkout" | "outside"): Promise<{ directory: string; above: string }> {
  if (where === "checkout") {
    await mkdir(LOCAL, { recursive: true });
    const directory = await mkdtemp(join(LOCAL, "notebook-"));
    return { directory, above: directory };
  }
  const above = await mkdtemp(join(tmpdir(), "notebook-"));
  linkPackages(above);
  await symlink(join(ROOT, "dist"), join(above, "dist"));
  const directory = join(above, "a", "notebook");
  await mkdir(directory, { recursive: true });
  return { directory, above };
}

/**
 * Executes cells in tslab through nbclient and converts the notebook to HTML. The notebook lies where "../../dist/…" is the code under test.
 *
 * @param where in the checkout the kernel reads the types of all packages, which takes it seconds; outside it knows Node's and ours alone, and
 *   cells cannot hand on what is of another package's type
 */
export async function executeCells(
  cells: string[],
  environment: NodeJS.ProcessEnv = {},
  where: "checkout" | "outside" = "outside",
): Promise<Executed> {
  const { directory, above } = await foldersFor(where);
  const remove = () => rm(above, { recursive: true, force: true });
  try {
    const file = join(directory, "test.ipynb");
    const notebook = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } },
      cells: cells.map((source, index) => ({
        id: `cell-${index}`,
        cell_type: "code",
        source,
        metadata: {},
        execution_count: null,
        outputs: [],
      })),
    };
    await writeFile(file, JSON.stringify(notebook));
    const executedFile = join(directory, "executed.ipynb");
    const htmlFile = join(directory, "executed.html");
    const script = join(ROOT, "local", "notebook", "execute.py");
    // A cell may fail: what the reader then sees is part of the test.
    await run(PYTHON, [script, file, executedFile, htmlFile], { env: { ...process.env, ...environment } }).catch(
      (error: { code?: number }) => {
        if (error.code !== 1) throw error;
      },
    );
    const executed = JSON.parse(await readFile(executedFile, "utf8")) as { cells: { outputs: Output[] }[] };
    return {
      outputs: executed.cells.map((cell) => cell.outputs),
      htmlFile,
      pathOf: (name) => join(directory, name),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
