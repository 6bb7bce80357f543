import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** What each file, or part, takes from which others. */
type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** The modules that a text takes anything from, be it only a type or the file of a worker. */
const modulesOf = (text: string): string[] =>
  [...text.matchAll(/\b(?:from|import|require(?:\.resolve)?)\b\s*\(?\s*(["'`])([^"'`\n]+)\1/g)].map(
    ([, , module]) => module!,
  );

/**
 * The source that a module is, from a file that takes something from it; undefined for npm packages and data.
 *
 * @param workspaces the folder with the sources of each workspace, by its name
 * @throws Error where a workspace has no such source
 */
function sourceOf(
  module: string,
  file: string,
  files: ReadonlySet<string>,
  workspaces: ReadonlyMap<string, string>,
): string | undefined {
  const sourceAt = (path: string) =>
    [".ts", ".d.ts"].map((ending) => path.replace(/(\.[jt]s)?$/, ending)).find((source) => files.has(source));
  if (/^\.\.?\//.test(module)) return sourceAt(join(dirname(file), module));
  const [name, folder] = [...workspaces].find(([each]) => module === each || module.startsWith(`${each}/`)) ?? [];
  if (name === undefined || folder === undefined) return undefined;
  const source = sourceAt(join(folder, module.slice(name.length + 1).replace(/^dist\//, "") || "index"));
  if (source === undefined) throw new Error(`${file} imports ${module}, which is no source in ${folder}`);
  return source;
}

/** @param texts the sources by path */
function importsOf(texts: ReadonlyMap<string, string>, workspaces: ReadonlyMap<string, string>): Graph {
  const files = new Set(texts.keys());
  const sources = (file: string, text: string) =>
    modulesOf(text)
      .map((module) => sourceOf(module, file, files, workspaces))
      .filter((source) => source !== undefined);
  return new Map([...texts].map(([file, text]) => [file, new Set(sources(file, text))]));
}

/** `src`, `local`, `packages/kmeans`. */
const partOf = (file: string): string => /^(packages\/)?[^/]+/.exec(file)![0];

/** What the parts take from each other, which the files belong to. */
function between(partOf: (file: string) => string, imports: Graph): Graph {
  const parts = new Map<string, Set<string>>();
  for (const [file, sources] of imports) {
    const part = partOf(file);
    const others = [...sources].map(partOf).filter((other) => other !== part);
    parts.set(part, new Set([...(parts.get(part) ?? []), ...others]));
  }
  return parts;
}

/** The shortest way from a node back to it. */
function circleThrough(start: string, graph: Graph): string[] | undefined {
  const ways = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of graph.get(way.at(-1)!) ?? []) {
      if (next === start) return way;
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

/** The shortest circle through each node that is in one, as `a -> b -> a`. */
function circlesOf(graph: Graph): string[] {
  const circles = [...graph.keys()]
    .map((start) => circleThrough(start, graph))
    .filter((circle) => circle !== undefined)
    .map((circle) => {
      const first = circle.indexOf(circle.toSorted()[0]!);
      return [...circle.slice(first), ...circle.slice(0, first), circle[first]].join(" -> ");
    });
  return [...new Set(circles)].sort();
}

/** The packages' folders, from the repository. */
const packages = existsSync(join(ROOT, "packages"))
  ? readdirSync(join(ROOT, "packages")).map((name) => `packages/${name}`)
  : [];

const workspaces = new Map(
  ["", ...packages].map((folder) => {
    const { name } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as { name: string };
    return [name, join(folder, "src")];
  }),
);

const sources = new Map(
  ["local", "bench", ...workspaces.values()]
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => {
      const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
      return names.filter((name) => name.endsWith(".ts")).map((name) => join(ROOT, folder, name));
    })
    .map((path) => [relative(ROOT, path).split(sep).join("/"), readFileSync(path, "utf8")]),
);

test.each([
  ['import { x } from "./b.js";', "./b.js"],
  ['import {\n  x,\n  type Y,\n} from "./b.js";', "./b.js"],
  ['import type { X } from "./b.js";', "./b.js"],
  ['import "./b.js";', "./b.js"],
  ["export * from './b.js';", "./b.js"],
  ['export type { X } from "./b.js";', "./b.js"],
  ['const x = await import("./b.js");', "./b.js"],
  ['let x: import("./b.js").X;', "./b.js"],
  ['new Worker(require.resolve("./b.js"))', "./b.js"],
  ['import { kMeans } from "@keyspaces-segmentation/kmeans";', "@keyspaces-segmentation/kmeans"],
])("%s is seen", (text, module) => {
  expect(modulesOf(text)).toEqual([module]);
});

test("circles are found through paths, through the names of workspaces, and between parts, and named", () => {
  const found = importsOf(
    new Map([
      ["packages/one/src/index.ts", 'export * from "./a.js";'],
      ["packages/one/src/a.ts", 'import { b } from "@x/two"; require.resolve("@x/one-more/dist/c.js");'],
      ["packages/two/src/index.ts", 'import type { A } from "@x/one"; import fs from "node:fs";'],
      ["packages/one-more/src/c.ts", 'import { d } from "./inner/d.js";'],
      ["packages/one-more/src/inner/d.ts", 'import type { C } from "../c.js"; import type { E } from "./e.js";'],
      ["packages/one-more/src/inner/e.d.ts", 'export const f = require("../missing.json");'],
    ]),
    new Map(["one", "two", "one-more"].map((name) => [`@x/${name}`, `packages/${name}/src`])),
  );
  expect(circlesOf(found)).toEqual([
    "packages/one-more/src/c.ts -> packages/one-more/src/inner/d.ts -> packages/one-more/src/c.ts",
    "packages/one/src/a.ts -> packages/two/src/index.ts -> packages/one/src/index.ts -> packages/one/src/a.ts",
  ]);
  expect(circlesOf(between(partOf, found))).toEqual(["packages/one -> packages/two -> packages/one"]);
});

test("a name that no source of a workspace answers to is an error, not overlooked", () => {
  const texts = new Map([["src/a.ts", 'import { x } from "@x/one/gone.js";']]);
  expect(() => importsOf(texts, new Map([["@x/one", "packages/one/src"]]))).toThrow(
    "src/a.ts imports @x/one/gone.js, which is no source in packages/one/src",
  );
});

test("no source imports itself by way of others", () => {
  const imports = importsOf(sources, workspaces);
  expect(imports.size).toBeGreaterThan(300);
  expect([...imports.values()].reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(1000);
  expect(circlesOf(imports)).toEqual([]);
});

test("no part imports itself by way of other parts", () => {
  expect(circlesOf(between(partOf, importsOf(sources, workspaces)))).toEqual([]);
});

test("no folder of the gateway imports itself by way of its other folders", () => {
  const inGateway = (file: string) => partOf(file) === "packages/keyspaces-local";
  const imports = importsOf(sources, workspaces);
  const folders = between((file) => (inGateway(file) ? dirname(file) : partOf(file)), imports);
  expect(folders.get("packages/keyspaces-local/src/door")?.size).toBeGreaterThan(3);
  expect(circlesOf(folders)).toEqual([]);
});
