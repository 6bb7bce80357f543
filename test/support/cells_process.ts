/**
 * The code cells of a notebook, one after the other in this process, without a kernel: `cells_process.js NOTEBOOK EXECUTED.ipynb`. What
 * they show is in the executed notebook as after any other run, but for the charts' still pictures, which cost a quarter of it: one byte
 * stands for each.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inspect } from "node:util";
import { joined } from "../../local/notebook/notebook_file.js";
import { ts } from "../../local/notebook/tslab_compiler.js";

interface Cell {
  cell_type: string;
  source: string | string[];
  execution_count?: number;
  outputs?: object[];
}

const [notebookFile, executedFile] = process.argv.slice(2) as [string, string];
const load = createRequire(notebookFile);

const isCode = ({ cell_type }: Cell): boolean => cell_type === "code";

type Compiled = (require: NodeJS.Require, exports: object, begin: (at: number) => void) => Promise<void>;

/** All code cells as one function, so that later ones know the names of earlier ones; each begins by saying where it stands. */
function compile(cells: readonly Cell[]): Compiled {
  const source = cells.map((cell, at) => (isCode(cell) ? `begin(${at});\n${joined(cell.source)}\n` : "")).join("");
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;
  return AsyncFunction("require", "exports", "begin", outputText) as unknown as Compiled;
}

/** The last heading above a cell. */
function titleOf(cells: readonly Cell[], at: number): string | undefined {
  const prose = cells.slice(0, at).filter((cell) => !isCode(cell));
  return prose.flatMap(({ source }) => joined(source).match(/(?<=^#+ ).+/gm) ?? []).at(-1);
}

async function main(): Promise<void> {
  const notebook = JSON.parse(readFileSync(notebookFile, "utf8")) as { cells: Cell[] };
  const { cells } = notebook;
  let now = 0;
  let begun = 0;
  const begin = (at: number): void => {
    now = at;
    Object.assign(cells[at]!, { execution_count: ++begun, outputs: [] });
  };
  const lastWriteDisplayData = (shown: object) => cells[now]!.outputs!.push({ output_type: "display_data", ...shown });
  process.stdout.write = (text) => {
    const outputs = cells[now]?.outputs as { name?: string; text?: string }[] | undefined;
    const last = outputs?.at(-1);
    if (last?.name === "stdout") last.text += String(text);
    else outputs?.push({ output_type: "stream", name: "stdout", text: String(text) } as object);
    return true;
  };
  // Where tables and charts look for the kernel.
  load.cache[load.resolve("tslab/dist/jupyter")] = { exports: { lastWriteDisplayData } } as NodeJS.Module;
  load("@keyspaces-segmentation/notebook-charts/dist/still/still.js").renderStill = async () => Uint8Array.of(0);
  await compile(cells)(load, {}, begin).catch((error: unknown) => {
    console.error(`Step "${titleOf(cells, now)}": ${inspect(error)}`);
    process.exitCode = 1;
  });
  writeFileSync(executedFile, JSON.stringify(notebook));
  // As a kernel ends, whatever is still open.
  process.exit();
}

void main();
