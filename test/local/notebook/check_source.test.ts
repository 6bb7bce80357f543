import { describe, expect, test } from "@jest/globals";
import { cellsWithoutProse, checkSource, medianLines } from "../../../local/notebook/check_source.js";
import type { Cell, Notebook } from "../../../local/notebook/notebook_file.js";

const cell = (type: string, id: string, source: string, more: Partial<Cell> = {}): Cell => ({
  id,
  type,
  source,
  executionCount: null,
  outputs: [],
  ...more,
});
const prose = cell("markdown", "why", "# Title\n\n[Step](#Step-1:-who?)\n\n## Step 1: *who?*");
const notebook = (...cells: Cell[]): Notebook => ({ kernel: "tslab", cells: [prose, ...cells] });
const lines = (count: number) => Array.from({ length: count }, (_, line) => `f(${line});`).join("\n\n");

test("a notebook without fault has no problems", () => {
  expect(checkSource(notebook(cell("code", "first-2", lines(3))))).toEqual([]);
});

describe("what is wrong is found", () => {
  test.each<{ problem: string; of: Notebook }>([
    {
      problem: "Cell it has outputs",
      of: notebook(cell("code", "it", "f()", { outputs: [{ output_type: "stream" }] })),
    },
    { problem: "Cell it has an execution count", of: notebook(cell("code", "it", "f()", { executionCount: 1 })) },
    { problem: "Two cells have the id why", of: notebook(cell("code", "why", "f()")) },
    { problem: "Cell 8f3a01bc has no id that can be read", of: notebook(cell("code", "8f3a01bc", "f()")) },
    { problem: "Cell deadbeef has no id that can be read", of: notebook(cell("code", "deadbeef", "f()")) },
    {
      problem: 'Cell "f()" has no id that can be read',
      of: notebook({ ...cell("code", "it", "f()\ng()"), id: undefined }),
    },
    { problem: "The kernel is python3, not tslab", of: { ...notebook(), kernel: "python3" } },
    { problem: "The link #Step-2 leads to no heading", of: notebook(cell("markdown", "more", "[there](#Step-2)")) },
    {
      problem: "The link #Not leads to no heading",
      of: notebook(cell("markdown", "more", "[there](#Not)\n```\n# Not\n```")),
    },
  ])("$problem", ({ problem, of }) => {
    expect(checkSource(of)).toEqual([problem]);
  });

  test("a long cell, and too many of them", () => {
    const short = cell("code", "short", lines(1));
    expect(checkSource(notebook(short, short, cell("code", "long", lines(25)))).slice(1)).toEqual([
      "Cell long has 25 lines, more than 15",
    ]);
    expect(checkSource(notebook(cell("code", "one", lines(6)), cell("code", "other", lines(5))))).toEqual([
      "The median code cell has 5.5 lines, more than 3",
    ]);
  });
});

test("the median counts lines that hold something, of cells that do", () => {
  const counts = [1, 9, 2].map((count) => cell("code", "c", lines(count)));
  expect(medianLines(notebook(...counts, cell("code", "empty", "\n")))).toBe(2);
  expect(medianLines(notebook())).toBe(0);
});

test("a code cell has prose right before it", () => {
  const code = cell("code", "first", "f()");
  expect(cellsWithoutProse(notebook(code, { ...code, id: "second" }))).toEqual(["second"]);
});
