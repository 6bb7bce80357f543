// Makes the tarball that others install: `node pack.mjs [FOLDER]`, after a build. It holds the workspaces that this package depends on,
// which no registry has: npm bundles only what lies in the package's own node_modules, and there it does not look for links.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? ".");
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const folders = readdirSync(dirname(here)).map((name) => join(dirname(here), name));
const workspaces = new Map(
  folders
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => [manifestOf(folder).name, folder]),
);

/** What a package is to others. */
const PARTS = ["dist", "data", "README.md", "pom.xml", "jars.sha256", "Dockerfile", "examples"];

/** A package without its tests and sources, in a folder of its own, with the workspaces that it depends on. */
function stage(from, to) {
  const { devDependencies, private: _, ...manifest } = manifestOf(from);
  const ours = Object.keys(manifest.dependencies ?? {}).filter((name) => workspaces.has(name));
  mkdirSync(to, { recursive: true });
  for (const name of PARTS.filter((part) => existsSync(join(from, part)))) {
    const filter = (path) => !/\.(map|tsbuildinfo)$/.test(path);
    cpSync(join(from, name), join(to, name), { recursive: true, filter });
  }
  const bundled = ours.length > 0 ? { bundleDependencies: ours } : {};
  writeFileSync(join(to, "package.json"), JSON.stringify({ ...manifest, ...bundled }, null, 2));
  for (const name of ours) stage(workspaces.get(name), join(to, "node_modules", name));
}

const staged = mkdtempSync(join(tmpdir(), "keyspaces-local-pack-"));
try {
  stage(here, staged);
  cpSync(join(here, "..", "..", "LICENSE"), join(staged, "LICENSE"));
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--silent", "--pack-destination", out], { cwd: staged, encoding: "utf8" }),
  );
  console.log(join(out, filename));
} finally {
  rmSync(staged, { recursive: true, force: true });
}
