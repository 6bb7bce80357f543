import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { chartHtml } from "@keyspaces-segmentation/notebook-charts/dist/chart_html.js";
import { checkExecuted } from "../../../local/notebook/check_executed.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "executed-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is wrong with a notebook that has this one code cell. */
function problemsOf(cell: object): string[] {
  const path = join(folder, "notebook.ipynb");
  const code = { id: "it", cell_type: "code", source: ["f();"], execution_count: 1, outputs: [], ...cell };
  writeFileSync(path, JSON.stringify({ cells: [{ id: "md", cell_type: "markdown", source: "# Title" }, code] }));
  return checkExecuted(path);
}

const chart = chartHtml(
  { title: "t", summary: "s", figure: { data: [], layout: { height: 100 } } },
  new Uint8Array([1]),
  "chart-1",
);

test.each([
  { name: "a cell that ran", cell: {}, problems: [] },
  { name: "an empty cell", cell: { source: [], execution_count: null }, problems: [] },
  { name: "a cell that did not run", cell: { execution_count: null }, problems: ["Cell it was not executed"] },
  {
    name: "a type error, which the kernel prints",
    cell: { outputs: [{ output_type: "stream", name: "stderr", text: ["1:1 - Cannot find name 'f'.\n"] }] },
    problems: ["Cell it reported: 1:1 - Cannot find name 'f'."],
  },
  {
    name: "a warning",
    cell: {
      outputs: [{ output_type: "stream", name: "stderr", text: ["(node:1) MaxListenersExceededWarning: 11\n"] }],
    },
    problems: [],
  },
  {
    name: "a rejection that nobody waited for",
    cell: {
      outputs: [{ output_type: "stream", name: "stderr", text: ["mind\n", "UnhandledPromiseRejection: Error: it\n"] }],
    },
    problems: ["Cell it reported: mind\nUnhandledPromiseRejection: Error: it"],
  },
  {
    name: "a cell that failed",
    cell: { outputs: [{ output_type: "error", ename: "Error", evalue: "no such thing", traceback: [] }] },
    problems: ["Cell it failed: no such thing"],
  },
  {
    name: "a chart with its picture",
    cell: { outputs: [{ output_type: "display_data", data: { "text/html": chart, "image/png": "iVBORw0KGgo=" } }] },
    problems: [],
  },
  {
    name: "a chart whose page has no picture",
    cell: {
      outputs: [
        {
          output_type: "display_data",
          data: { "text/html": '<div class="chart"></div>', "image/png": "iVBORw0KGgo=" },
        },
      ],
    },
    problems: ["Cell it shows a chart without a still picture"],
  },
  {
    name: "a cell that was to show two charts and shows one",
    cell: {
      source: "await charts.rfGrid(a);\nawait charts.rfGrid(b);\nif (c) await charts.rfGrid(c);",
      outputs: [{ output_type: "display_data", data: { "text/html": chart, "image/png": "iVBORw0KGgo=" } }],
    },
    problems: ["Cell it shows 1 of its 2 charts"],
  },
  {
    name: "a chart without its picture",
    cell: { outputs: [{ output_type: "display_data", data: { "text/html": chart.split("\n") } }] },
    problems: ["Cell it shows a chart without a still picture"],
  },
])("$name", ({ cell, problems }) => {
  expect(problemsOf(cell)).toEqual(problems);
});
