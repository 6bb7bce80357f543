import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, relative, sep } from "node:path";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** Whoever loads one of these can start a process, or has one started to borrow it: everything that does in this project goes through them. */
const starters =
  /^(node:)?(child_process|cluster)$|^(puppeteer-core|@sparticuz\/chromium)$|\/test\/support\/borrow\.js$/;
/** The project's own code; whatever else is loaded comes from npm. */
const isOurs = (path: string): boolean => {
  const inside = relative(ROOT, path).split(sep);
  return inside[0] !== ".." && !inside.includes("node_modules") && path.endsWith(".js");
};

const texts = new Map<string, string>();
const textOf = (file: string): string => {
  const text = texts.get(file) ?? readFileSync(file, "utf8");
  texts.set(file, text);
  return text;
};

/** The file that a name leads to, the starter itself, or undefined for Node's and npm's own, and for words in a text. */
function target(file: string, name: string): string | undefined {
  if (starters.test(name)) return name;
  if (name.startsWith("node:")) return undefined;
  try {
    const path = createRequire(file).resolve(name);
    return isOurs(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

const isDoor = (path: string): boolean => basename(path) === "index.js";

/** The file behind a package's door that has a name: what else the door shows is not used by who takes that name. */
function behind(door: string, name: string): string {
  const text = textOf(door);
  const [, variable, inside = ""] =
    new RegExp(`defineProperty\\(exports, "${name}", .*return (\\w+)\\.(\\w+);`).exec(text) ?? [];
  const [, module] = new RegExp(`var ${variable} = require\\("(.+?)"\\)`).exec(text) ?? [];
  const path = module && target(door, module);
  if (!path) return door;
  return isDoor(path) ? behind(path, inside) : path;
}

const imports = new Map<string, string[]>();

/** What a compiled file uses: paths of the project's own files, and the names of starters. */
function importsOf(file: string): string[] {
  const known = imports.get(file);
  if (known) return known;
  const text = textOf(file);
  const loads = text.matchAll(/(?:(\w+) = )?\b(?:require|require\.resolve|import)\(\s*(["'])(.+?)\2/g);
  const found = [...loads].flatMap(([, variable, , name = ""]) => {
    const path = target(file, name);
    if (path === undefined) return [];
    if (variable === undefined || !isDoor(path)) return [path];
    return [...text.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, "g"))].map(([, used = ""]) => behind(path, used));
  });
  imports.set(file, found);
  return found;
}

/** Whether any way leads from a compiled file to what starts processes. */
function startsProcesses(file: string): boolean {
  const seen = new Set([file]);
  for (const each of seen) {
    if (starters.test(each)) return true;
    for (const next of importsOf(each)) seen.add(next);
  }
  return false;
}

// `jest --filter` wants a module that is a function. `npm run test:unit` runs what this leaves.
const filter = (paths: string[]): { filtered: string[] } => ({
  filtered: paths.filter((path) => !startsProcesses(path)),
});
module.exports = filter;
