import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { checkCells } from "../../../local/notebook/check_cells.js";
import { linkPackagesWithFewTypes, writeTypes } from "../../support/few_types.js";

const folder = mkdtempSync(join(tmpdir(), "cells-"));
linkPackagesWithFewTypes(folder);
// In the checkout, types of some package bring the names of browsers with them.
writeTypes(folder, "browser", "declare const document: object;");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is wrong with a notebook of these cells, named a, b, c, … */
function problemsOf(...sources: string[]): string[] {
  const path = join(folder, "notebook.ipynb");
  const cells = sources.map((source, index) => ({ id: "abcdefghijkl"[index], cell_type: "code", source }));
  writeFileSync(path, JSON.stringify({ cells }));
  return checkCells(path);
}

const f = "const f = async (x = 0) => x;";

test("code without fault has no problems", () => {
  const problems = problemsOf(
    'import { seededRandom } from "@keyspaces-segmentation/kmeans";\nconst name = seededRandom(1)();',
    "const name: string = 'now a string';\nconst own = { name };\nconst g = (name: number) => ({ name });",
    `${f}\nawait f();\nfor await (const x of [f()]) await (f(x));`,
    "const later = async () => { for await (const x of [f()]) await (f(x)); };",
    "const { length: long }: Record<string, any> = { name: name, own: own.name.length, process, f: g(1) };",
  );
  expect(problems).toEqual([]);
});

test("types are checked as the kernel checks them, up to the first cell with an error", () => {
  const wrong = [
    "const s: string = n;",
    'seededRandom("one");',
    "const sorted = [2, 1].toSorted();",
    "  join('a', 'b');",
  ];
  const problems = problemsOf(
    'import { seededRandom } from "@keyspaces-segmentation/kmeans";\nconst n: number = seededRandom(1)();',
    wrong.join("\n"),
    'import { join } from "node:path";\njoin(s);',
  );
  expect(problems).toEqual([
    "Cell b, 1:7: Type 'number' is not assignable to type 'string'.",
    "Cell b, 2:14: Argument of type 'string' is not assignable to parameter of type 'number'.",
    expect.stringMatching(/^Cell b, 3:23: Property 'toSorted' does not exist/),
    "Cell b, 4:3: Cannot find name 'join'.",
    "Cell b: join is neither in an earlier cell nor in Node",
  ]);
});

test("each way into the kernel's traps is named, with the way around it", () => {
  const unseen = (cell: string) =>
    expect.stringMatching(`^Cell ${cell}: the kernel does not see the cell's only await`);
  const listener = (cell: string) => expect.stringMatching(`^Cell ${cell}: a listener for SIGINT`);
  const traps: [source: string, problem: unknown][] = [
    [`import { join, resolve } from "node:path";\n${f}`, "Cell a: the import resolve is used in no cell"],
    ["const o = { f };", "Cell b: `{ f }` of an earlier cell's f fails: write `{ f: f }`"],
    [
      "const g = (f: number) => { const more = { f, join }; return more; };",
      "Cell c: `{ join }` of an earlier cell's join fails: write `{ join: join }`",
    ],
    ["await (f());", unseen("d")],
    ["const x = await (async () => 1)();", unseen("e")],
    ["await [f()];", unseen("f")],
    ["await `x`;", unseen("g")],
    ["for await (const x of [f()]) f(x);", unseen("h")],
    ["process.once('SIGINT', () => {});", listener("i")],
    ["await f();\nprocess.on(`SIGINT`, () => {});", listener("j")],
    ["const p = { resolve: document };", "Cell k: document is neither in an earlier cell nor in Node"],
    ["const s = `a\u2028b`;", expect.stringMatching(/^Cell l: a raw U\+2028/)],
  ];
  expect(problemsOf(...traps.map(([source]) => source))).toEqual(traps.map(([, problem]) => problem));
});
