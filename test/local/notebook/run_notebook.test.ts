import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { PYTHON } from "@keyspaces-segmentation/local-support";
import { chartHtml } from "@keyspaces-segmentation/notebook-charts/dist/chart_html.js";
import { NotebookError, runNotebook } from "../../../local/notebook/run_notebook.js";
import { giveFewTypes } from "../../support/few_types.js";

const folder = mkdtempSync(join(tmpdir(), "run-"));
giveFewTypes(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a notebook with these code cells under one heading; what went wrong, or undefined. */
async function problemOf(name: string, ...sources: string[]): Promise<string | undefined> {
  const notebook = join(folder, `${name}.ipynb`);
  const code = sources.map((source, index) => ({
    id: `code-${index}`,
    cell_type: "code",
    metadata: {},
    source,
    execution_count: null,
    outputs: [],
  }));
  const cells = [{ id: "why", cell_type: "markdown", metadata: {}, source: "## A step" }, ...code];
  const metadata = { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } };
  writeFileSync(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
  try {
    await runNotebook({ python: PYTHON, notebook, outputDirectory: join(folder, name), environment: process.env });
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(NotebookError);
    return (error as Error).message;
  }
}

const picture = new Uint8Array([1]);
const chart = (png: Uint8Array) =>
  chartHtml({ title: "t", summary: "s", figure: { data: [], layout: { height: 100 } } }, png, "c");

test("a notebook fails whose cells have run, but show a chart without its picture or none", async () => {
  const problem = await problemOf(
    "is-not-well",
    'console.error("all is not well");',
    `import { display } from "tslab"; display.html(${JSON.stringify(chart(picture))});`,
    "const charts = { rfGrid: async (): Promise<void> => {} };",
    "await charts.rfGrid();",
  );
  expect(problem).toBe("Cell code-1 shows a chart without a still picture\nCell code-3 shows 0 of its 1 charts");
});

test("a run that fails has only its own files beside it, and the last complete ones are kept until another succeeds", async () => {
  const out = join(folder, "again");
  const write = (run: string) =>
    `require("node:fs").writeFileSync(${JSON.stringify(join(out, "summary.json"))}, "${run}");`;
  const summaryIn = (...path: string[]) => readFileSync(join(out, ...path, "summary.json"), "utf8");

  expect(await problemOf("again", write("first"))).toBeUndefined();
  expect(readdirSync(out).sort()).toEqual(["again.html", "again.ipynb", "summary.json"]);

  const problem = await problemOf("again", "const a: string = 5;", write("second"));
  expect(problem).toMatch(/^Step "A step": 1:7 - Type 'number' is not assignable/);
  expect(problem?.split("\n").at(-1)).toBe(`The results of the last complete run are in ${join(out, "previous")}`);
  expect(readdirSync(out).sort()).toEqual(["again.html", "again.ipynb", "previous"]);
  expect(summaryIn("previous")).toBe("first");

  expect(await problemOf("again", write("third"))).toBeUndefined();
  expect(readdirSync(out).sort()).toEqual(["again.html", "again.ipynb", "summary.json"]);
  expect(summaryIn()).toBe("third");
});
