import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import { ROOT } from "../../local/paths.js";

/** Whoever loads one of these can start a process: everything that does in this project goes through them. */
const starters = /^(node:)?(child_process|cluster)$|^(puppeteer-core|@sparticuz\/chromium)$/;
/** The project's own code; whatever else is loaded comes from npm. */
const ours = `${join(ROOT, "dist")}${sep}`;

const imports = new Map<string, string[]>();

/** What a compiled file loads: paths of the project's own files, and the names of starters. */
function importsOf(file: string): string[] {
  const known = imports.get(file);
  if (known) return known;
  const { resolve } = createRequire(file);
  const named = readFileSync(file, "utf8").matchAll(/\b(?:require|require\.resolve|import)\(\s*(["'])(.+?)\1/g);
  const found = [...named].flatMap(([, , name = ""]) => {
    if (starters.test(name)) return [name];
    if (name.startsWith("node:")) return [];
    try {
      const path = resolve(name);
      return path.startsWith(ours) && path.endsWith(".js") ? [path] : [];
    } catch {
      // In a text, such as the source of a notebook's cell.
      return [];
    }
  });
  imports.set(file, found);
  return found;
}

/** The shortest way from a compiled file to what starts processes, file by file; undefined where there is none. */
function wayToProcess(file: string): string[] | undefined {
  const seen = new Set([file]);
  const ways = [[file]];
  for (const way of ways) {
    for (const next of importsOf(way.at(-1)!)) {
      if (starters.test(next)) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

// `jest --filter` wants a module that is a function. `npm run test:unit` runs what this leaves.
const filter = (paths: string[]): { filtered: string[] } => ({
  filtered: paths.filter((path) => wayToProcess(path) === undefined),
});
module.exports = Object.assign(filter, { wayToProcess });
