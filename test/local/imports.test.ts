import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "../../local/paths.js";

const local = join(ROOT, "local");
const filesOf = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name));

/** What a text loads, or names as a path: every literal that could stand in an import, a require, or a worker's URL. */
const literalsOf = (text: string): string[] =>
  [...text.matchAll(/(["'`])((?:(?!\1)[^\\\n])*)\1/g)].map(([, , literal]) => literal!);

/** Those that lead to the client's code: by a path from this file or from the repository, or by the package's own name. */
function leadsToClient(file: string, text: string): string[] {
  const source = join(ROOT, "src");
  const isInside = (path: string) => path === source || path.startsWith(source + sep);
  const built = (path: string) => path.replace(join(ROOT, "dist", "src"), source);
  return literalsOf(text).filter(
    (literal) =>
      /^keyspaces-segmentation(\/|$)/.test(literal) ||
      [dirname(file), ROOT].some((from) => isInside(built(join(from, literal)))),
  );
}

test.each([
  ['import { x } from "../src/a.js";', "../src/a.js"],
  ['import type { X } from "../src/a.js";', "../src/a.js"],
  ["export * from '../src/a.js';", "../src/a.js"],
  ['await import("../src/a.js")', "../src/a.js"],
  ["new Worker(require.resolve(`../dist/src/a.js`))", "../dist/src/a.js"],
  ['join(ROOT, "src")', "src"],
  ['import { x } from "keyspaces-segmentation";', "keyspaces-segmentation"],
])("%s would be found", (text, literal) => {
  expect(leadsToClient(join(local, "a.ts"), text)).toEqual([literal]);
});

test("no file of the stand-in names the client's code", () => {
  const files = filesOf(local, /\.(ts|mts|cts|js|mjs|cjs|py)$/);
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) =>
    leadsToClient(file, readFileSync(file, "utf8")).map((literal) => `${relative(ROOT, file)}: ${literal}`),
  );
  expect(found).toEqual([]);
});

test("the stand-in's build knows nothing of the client", () => {
  const config = JSON.parse(readFileSync(join(local, "tsconfig.json"), "utf8")) as Record<string, unknown>;
  expect(config).not.toHaveProperty("references");
});

test("nothing that the stand-in loads loads the client, either", () => {
  const built = join(ROOT, "dist", "local");
  // These two act when they are loaded; what they import is loaded by the others.
  const acting = ["cli.js", "watchdog.js"].map((name) => join(built, name));
  const modules = filesOf(built, /\.js$/).filter((file) => !acting.includes(file));
  const script = `for (const file of ${JSON.stringify(modules)}) require(file);
    console.log(JSON.stringify(Object.keys(require.cache)));
    process.exit();`;
  const loaded = JSON.parse(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" })) as string[];
  expect(loaded).toEqual(expect.arrayContaining(modules));
  expect(loaded.filter((file) => file.startsWith(join(ROOT, "dist", "src") + sep))).toEqual([]);
  expect(existsSync(join(ROOT, "dist", "src", "index.js"))).toBe(true);
});
