import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { NOTEBOOK, ROOT } from "@keyspaces-segmentation/local-support";
import { checkCells } from "../../local/notebook/check_cells.js";
import { cellsWithoutProse, checkSource, medianLines } from "../../local/notebook/check_source.js";
import { codeCells, readNotebook } from "../../local/notebook/notebook_file.js";

const notebook = readNotebook(NOTEBOOK);

test("the notebook is committed clean, and is made of short cells", () => {
  console.log(`${codeCells(notebook).length} code cells, of ${medianLines(notebook)} lines in the median`);
  expect(checkSource(notebook)).toEqual([]);
});

test("its code passes the kernel's compiler, and none of its traps is in it", () => {
  expect(checkCells(NOTEBOOK)).toEqual([]);
});

test("each code cell has prose before it", () => {
  expect(cellsWithoutProse(notebook)).toEqual([]);
});

test("the walkthrough's nine steps have at most 30 code cells", () => {
  const headings = notebook.cells.map(({ type, source }) =>
    type === "markdown" ? /^##? (.*)$/m.exec(source)?.[1] : undefined,
  );
  const [part2, cleanUp] = [headings.indexOf("Part 2: going further"), headings.indexOf("9. Clean up")];
  expect(part2).toBeGreaterThan(0);
  expect(cleanUp).toBeGreaterThan(part2);
  const isCode = ({ type }: { type: string }) => type === "code";
  const steps = [...notebook.cells.slice(0, part2), ...notebook.cells.slice(cleanUp)];
  expect(steps.filter(isCode).length).toBeLessThanOrEqual(30);
});

test("no cell deals with interruption and progress, spreads options, or reshapes rows", () => {
  const found = codeCells(notebook).filter(({ source }) =>
    /\b(signal|progress|interruptible)\b|\.\.\.|\.map\(/.test(source),
  );
  expect(found.map(({ id }) => id)).toEqual([]);
});

test("the linter has nothing against the cells", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lint-"));
  try {
    for (const { id, source } of codeCells(notebook)) writeFileSync(join(folder, `${id}.ts`), source);
    const biome = join(ROOT, "node_modules", "@biomejs", "biome", "bin", "biome");
    // What one cell declares is used in another.
    const skip = ["--skip=correctness/noUnusedVariables", "--skip=correctness/noUnusedImports"];
    const config = ["--vcs-enabled=false", `--config-path=${join(ROOT, "biome.json")}`];
    const args = ["lint", "--error-on-warnings", ...skip, ...config, folder];
    const { stdout } = await promisify(execFile)(process.execPath, [biome, ...args]);
    expect(stdout).toContain(`Checked ${codeCells(notebook).length} files`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
