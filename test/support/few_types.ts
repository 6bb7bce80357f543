import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** As much of Node as the cells of the runner's tests use. */
const NODE = `${["AbortController", "console", "process", "require", "setTimeout"].map((name) => `declare const ${name}: any;`).join("\n")}
declare module "node:child_process";
declare module "node:path";
`;

/** Puts types into a folder that the kernel reads when it starts there, as it reads those of all packages in `@types`. */
export function writeTypes(folder: string, name: string, text: string): void {
  const types = join(folder, "node_modules", "@types", name);
  mkdirSync(types, { recursive: true });
  writeFileSync(join(types, "package.json"), JSON.stringify({ name: `@types/${name}`, types: "index.d.ts" }));
  writeFileSync(join(types, "index.d.ts"), text);
}

/**
 * Lets notebooks in a folder outside of the checkout know so much of Node and no other types: a kernel there starts in less than half the
 * time.
 */
export const giveFewTypes = (folder: string): void => writeTypes(folder, "node", NODE);

/** Lets notebooks in a folder outside of the checkout import our packages. */
function linkOwnPackages(folder: string): void {
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  for (const name of ["@keyspaces-segmentation", "keyspaces-segmentation"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  }
}

/** Lets notebooks there know our packages and little of Node: to check cells of ours takes half the time then. */
export function linkPackagesWithFewTypes(folder: string): void {
  linkOwnPackages(folder);
  giveFewTypes(folder);
}

/** Lets notebooks there know our packages and Node, and not also what types its other packages bring. */
export function linkPackages(folder: string): void {
  linkOwnPackages(folder);
  const types = join("node_modules", "@types");
  mkdirSync(join(folder, types));
  symlinkSync(join(ROOT, types, "node"), join(folder, types, "node"));
}
