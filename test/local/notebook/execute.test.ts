import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { PYTHON, ROOT } from "@keyspaces-segmentation/local-support";
import { codeCells, joined, readNotebook } from "../../../local/notebook/notebook_file.js";
import { type CellDone, NotebookError, type NotebookRun, runNotebook } from "../../../local/notebook/run_notebook.js";
import { giveFewTypes } from "../../support/few_types.js";
import { processesLeftWith, processesWith } from "../../support/processes.js";

const folder = mkdtempSync(join(tmpdir(), "execute-"));
giveFewTypes(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  problem: string | undefined;
  /** What is in the folder of the results, and what the cells of the notebook there have printed. */
  files: string[];
  printed: string[];
  done: CellDone[];
  /** Processes of the run that are still there. */
  left: number[];
}

interface Ways extends Partial<Pick<NotebookRun, "environment" | "signal">> {
  kernel?: string;
  /** Of those in test/fixtures/python/sitecustomize.py. */
  faults?: string;
  onCell?: (done: CellDone, processes: number[]) => void;
}

let runs = 0;

/** Runs a notebook with these cells, each below a heading of its own, to whatever end it comes. */
async function endOf(sources: string[], { kernel = "tslab", faults = "", onCell, ...ways }: Ways = {}): Promise<Ended> {
  const name = `run-${++runs}`;
  const mark = join(folder, name);
  const notebook = `${mark}.ipynb`;
  const empty = { metadata: {}, outputs: [], execution_count: null };
  const cells = sources.flatMap((source, i) => [
    { id: `text-${i}`, cell_type: "markdown", metadata: {}, source: `## Step ${i + 1}` },
    { id: `code-${i}`, cell_type: "code", ...empty, source },
  ]);
  const metadata = { kernelspec: { name: kernel, display_name: "TypeScript", language: "typescript" } };
  writeFileSync(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
  const environment = {
    ...process.env,
    ...ways.environment,
    FAULTS: faults,
    PYTHONPATH: join(ROOT, "test", "fixtures", "python"),
    MARK: `${mark};`,
  };
  const done: CellDone[] = [];
  const seen = (cell: CellDone) => {
    done.push(cell);
    onCell?.(cell, processesWith(`MARK=${mark};`));
  };
  const run = { ...ways, python: PYTHON, notebook, outputDirectory: mark, environment, onCell: seen };
  const problem = await runNotebook(run).then(
    () => undefined,
    (error: Error) => {
      if (!ways.signal?.aborted) expect(error).toBeInstanceOf(NotebookError);
      return error.message;
    },
  );
  const left = await processesLeftWith(`MARK=${mark};`);
  const files = (await readdir(mark)).sort();
  const saved = files.includes(`${name}.ipynb`) ? codeCells(readNotebook(join(mark, `${name}.ipynb`))) : [];
  const printed = saved.map(({ outputs }) => outputs.map(({ text }) => joined(text)).join(""));
  return { problem, files, printed, done, left };
}

const FIRST = 'console.log("the first step is done");';
const BOTH = (name: string) => [`${name}.html`, `${name}.ipynb`];

describe("a cell that only warns", () => {
  test("has run: the run succeeds, and what was printed is told", async () => {
    const node = `{
  const { signal } = new AbortController();
  for (let i = 0; i < 11; i++) signal.addEventListener("abort", () => undefined);
}
process.emitWarning("old ways", "DeprecationWarning");
await new Promise((resolve) => setTimeout(resolve, 50));`;
    const halfAPair = 'console.log("half a pair: \\ud83d");';
    const { problem, printed, done, left } = await endOf(['console.error("not so well");', node, FIRST, halfAPair]);
    expect(problem).toBeUndefined();
    expect(done.map((cell) => [cell.cell, cell.title, cell.printed])).toEqual([
      [1, "Step 1", "not so well"],
      [2, "Step 2", expect.stringMatching(/MaxListenersExceededWarning.*DeprecationWarning: old ways/s)],
      [3, "Step 3", ""],
      [4, "Step 4", ""],
    ]);
    expect(printed[0]).toBe("not so well\n");
    // Text that has no UTF-8 is saved as well.
    expect(printed[3]).toMatch(/^half a pair: /);
    expect(left).toEqual([]);
  });

  test("and then throws behind its own back, or leaves a rejection alone, has failed", async () => {
    const wait = "await new Promise((resolve) => setTimeout(resolve, 50));";
    const { problem } = await endOf([
      `setTimeout(() => { throw new Error("much later"); }, 0);\n${wait}`,
      `void Promise.reject(new Error("never caught"));\n${wait}`,
      FIRST,
    ]);
    expect(problem).toMatch(
      /^Cell code-0 reported: UncaughtException.*much later.*^Cell code-1 reported: UnhandledPromiseRejection.*never caught/ms,
    );
    expect(problem).not.toContain("Cell code-2");
  });
});

test("a module that appears where one was looked for, as in an installation: the cells go on, and find it", async () => {
  // The kernel's own watcher was there first, so it has heard of the file when this one has.
  const { problem, printed } = await endOf([
    `// @ts-ignore
import type { Later } from "./later";
await new Promise((resolve) => {
  const { watch, writeFileSync } = require("node:fs");
  const watcher = watch(".", (_event: any, name: any) => {
    if (name !== "later.ts") return;
    watcher.close();
    resolve(name);
  });
  writeFileSync("later.ts", "export type Later = 1; export const later = 42;");
});`,
    `import { later } from "./later";\nconsole.log("later:", later);`,
    FIRST,
  ]);
  expect(problem).toBeUndefined();
  expect(printed.slice(1)).toEqual(["later: 42\n", "the first step is done\n"]);
});

describe("whatever ends a run, the step and its error are told, the notebook so far is saved, and the kernel is gone", () => {
  const fail = 'throw new Error("no such thing");';
  test.each<{ name: string; cells: string[]; ways?: Ways; says: RegExp }>([
    {
      name: "a cell that throws after a warning and has started a process in a session of its own",
      cells: [
        FIRST,
        `import { spawn } from "node:child_process";
spawn("sleep", ["600"], { stdio: "ignore", detached: true });
console.error("mind the gap");
${fail}`,
      ],
      says: /^Step "Step 2": mind the gap\n[\s\S]*Error: no such thing$/,
    },
    {
      name: "a clean-up that asserts what is not so, behind a cell that rejects",
      cells: [FIRST, 'await Promise.reject(new Error("later"));'],
      ways: { faults: "clean-up-asserts" },
      says: /^Step "Step 2": Error: later$/,
    },
    {
      name: "a kernel that dies and leaves children behind",
      cells: [
        FIRST,
        `import { spawn } from "node:child_process";
spawn("sleep", ["600"], { stdio: "ignore" });
await new Promise((resolve) => setTimeout(resolve, 100));
process.exit(0);`,
      ],
      says: /^Step "Step 2": Kernel died$/,
    },
    {
      name: "a client that breaks",
      cells: [FIRST],
      ways: { faults: "client-breaks" },
      says: /^Step "Step 1": a bad message$/,
    },
    {
      name: "a page that cannot be made",
      cells: [FIRST],
      ways: { faults: "export-fails" },
      says: /^The page of the notebook could not be saved as .*run-\d+\.html: no such template$/,
    },
    {
      name: "a disk that is full when the notebook is saved, behind a cell that throws",
      cells: [FIRST, fail],
      ways: { faults: "notebook-disk-full" },
      says: /^Step "Step 2": [\s\S]*no such thing\nThe executed notebook could not be saved as .*: .*No space left on device$/,
    },
  ])("$name", async ({ cells, ways, says }) => {
    const { problem, files, printed, left } = await endOf(cells, ways);
    const name = `run-${runs}`;
    expect(problem).toMatch(says);
    const missing = /could not be saved as .*(\.html|\.ipynb)/.exec(problem ?? "")?.[1];
    expect(files).toEqual(BOTH(name).filter((file) => missing === undefined || !file.endsWith(missing)));
    if (missing !== ".ipynb" && ways?.faults !== "client-breaks") expect(printed[0]).toBe("the first step is done\n");
    expect(left).toEqual([]);
  });

  test.each([
    ["that there is not", undefined, /^The kernel 'absent' did not start: No such kernel named absent$/],
    ["that ends at once", ["false"], /^The kernel 'absent' did not start: Kernel died/],
    ["whose program is not there", ["/no/such/program"], /^The kernel 'absent' did not start: .*No such file/],
  ])("a kernel %s", async (_name, argv, says) => {
    const data = join(folder, `jupyter-${runs}`);
    const specification = join(data, "kernels", "absent");
    await mkdir(specification, { recursive: true });
    if (argv) {
      const spec = { argv, display_name: "Absent", language: "typescript" };
      await writeFile(join(specification, "kernel.json"), JSON.stringify(spec));
    }
    const { problem, files, left } = await endOf([FIRST], { kernel: "absent", environment: { JUPYTER_PATH: data } });
    expect(problem).toMatch(says);
    expect(files).toEqual(BOTH(`run-${runs}`));
    expect(left).toEqual([]);
  });

  const isRunner = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("execute.py");
  const forEver = "await new Promise((resolve) => setTimeout(resolve, 600_000));";

  test.each([
    ["SIGTERM", /^Step "Step 2": stopped by SIGTERM$/],
    ["SIGINT", /^Step "Step 2": stopped by SIGINT$/],
  ] as const)("%s to the runner", async (signal, says) => {
    const { problem, files, printed, left } = await endOf([FIRST, forEver], {
      onCell: (_cell, processes) => process.kill(processes.find(isRunner) ?? Number.NaN, signal),
    });
    expect(problem).toMatch(says);
    expect(files).toEqual(BOTH(`run-${runs}`));
    expect(printed[0]).toBe("the first step is done\n");
    expect(left).toEqual([]);
  });

  test("a runner that is killed can save nothing more, but its kernel goes and the step is told", async () => {
    const { problem, left } = await endOf([FIRST, forEver], {
      onCell: (_cell, processes) => process.kill(processes.find(isRunner) ?? Number.NaN, "SIGKILL"),
    });
    expect(problem).toMatch(/^Step "Step [12]": the notebook runner was ended by SIGKILL/);
    expect(left).toEqual([]);
  });

  test("an interrupt of the command", async () => {
    const controller = new AbortController();
    const { problem, files, printed, left } = await endOf([FIRST, forEver], {
      signal: controller.signal,
      onCell: () => controller.abort(new Error("stopped by SIGINT")),
    });
    expect(problem).toBe("stopped by SIGINT");
    expect(files).toEqual(BOTH(`run-${runs}`));
    expect(printed[0]).toBe("the first step is done\n");
    expect(left).toEqual([]);
  });
});
