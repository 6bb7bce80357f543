import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";

const parts = "@keyspaces-segmentation/";
/** The stand-in's rooms, and what the client is made of. */
const rooms = [
  "local",
  ...["local-support", "iam-local", "keyspaces-local", "aws-local"].map((part) => join("packages", part, "src")),
];
const client = ["src", ...readdirSync(join(ROOT, "packages")).map((part) => join("packages", part, "src"))].filter(
  (room) => !rooms.includes(room),
);
const local = join(ROOT, "local");
const filesOf = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name));

/** Where the client's code lies, written and built. */
const clientFolders = client.flatMap((room) =>
  [room, room === "src" ? join("dist", "src") : room.replace(/src$/, "dist")].map((folder) => join(ROOT, folder)),
);
const clientNames = client.filter((room) => room !== "src").map((room) => parts + room.split(sep)[1]);

/** What a text loads, or names as a path: every literal that could stand in an import, a require, or a worker's URL. */
const literalsOf = (text: string): string[] =>
  [...text.matchAll(/(["'`])((?:(?!\1)[^\\\n])*)\1/g)].map(([, , literal]) => literal!);

/** Those that lead to the client's code: by a path from this file or from the repository, or by the package's own name. */
function leadsToClient(file: string, text: string): string[] {
  const isInside = (path: string) => clientFolders.some((folder) => path === folder || path.startsWith(folder + sep));
  return literalsOf(text).filter(
    (literal) =>
      /^keyspaces-segmentation(\/|$)/.test(literal) ||
      clientNames.some((name) => literal === name || literal.startsWith(`${name}/`)) ||
      [dirname(file), ROOT].some((from) => isInside(join(from, literal))),
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
  ['import { x } from "@keyspaces-segmentation/kmeans";', "@keyspaces-segmentation/kmeans"],
  ['require("@keyspaces-segmentation/kmeans/dist/lloyd.js")', "@keyspaces-segmentation/kmeans/dist/lloyd.js"],
  ['join(ROOT, "packages/kmeans/dist")', "packages/kmeans/dist"],
])("%s would be found", (text, literal) => {
  expect(leadsToClient(join(local, "a.ts"), text)).toEqual([literal]);
});

test("no file of the stand-in names the client's code", () => {
  const files = rooms.flatMap((room) => filesOf(join(ROOT, room), /\.(ts|mts|cts|js|mjs|cjs|py)$/));
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) =>
    leadsToClient(file, readFileSync(file, "utf8")).map((literal) => `${relative(ROOT, file)}: ${literal}`),
  );
  expect(found).toEqual([]);
});

test("the stand-in's build knows nothing of the client", () => {
  for (const room of rooms) {
    const config = readFileSync(join(ROOT, room.replace(/src$/, ""), "tsconfig.json"), "utf8");
    const { references } = JSON.parse(config) as { references: { path: string }[] };
    for (const { path } of references)
      expect(rooms.map((each) => each.split(sep).at(-2))).toContain(path.split("/").at(-1));
  }
});

test("nothing that the stand-in loads loads the client, either", () => {
  const built = rooms.map((room) => join(ROOT, room === "local" ? "dist/local" : room.replace(/src$/, "dist")));
  // These act when they are loaded; what they import is loaded by the others.
  const isActing = (file: string) =>
    /(local\/(cli|notebook\/kernel)|keyspaces-local\/dist\/cli|watchdog|kmeans\/worker)\.js$/.test(file);
  const modules = built.flatMap((folder) => filesOf(folder, /\.js$/)).filter((file) => !isActing(file));
  const script = `for (const file of ${JSON.stringify(modules)}) require(file);
    console.log(JSON.stringify(Object.keys(require.cache)));
    process.exit();`;
  const loaded = JSON.parse(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" })) as string[];
  expect(loaded).toEqual(expect.arrayContaining(modules));
  expect(loaded.filter((file) => clientFolders.some((folder) => file.startsWith(folder + sep)))).toEqual([]);
  for (const folder of clientFolders.filter((each) => each.split(sep).includes("dist"))) {
    expect(existsSync(join(folder, "index.js"))).toBe(true);
  }
});
