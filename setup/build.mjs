// Builds what has changed, and takes out what sources that are gone have left behind: a test among it would go on being run.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "./work.mjs";

const COMPILED = /\.(d\.ts|js|js\.map)$/;
const parts = readdirSync(inRoot("packages"));

/** Folders of sources, each with the folder that its files are compiled into. */
const compiledInto = new Map([
  ...["src", "local", "bench", "test"].map((folder) => [folder, join("dist", folder)]),
  ...parts.map((part) => [join("packages", part, "src"), join("packages", part, "dist")]),
  ...parts.map((part) => [join("packages", part, "test"), join("dist", "packages", part, "test")]),
]);

/** The files of a folder and those below it, by their paths from it; none of a folder that is not there. */
const filesIn = (folder) => (existsSync(inRoot(folder)) ? readdirSync(inRoot(folder), { recursive: true }) : []);

const isWhole = ([sources, compiled]) =>
  filesIn(sources)
    .filter((file) => /(?<!\.d)\.ts$/.test(file))
    .every((file) => existsSync(inRoot(compiled, file.replace(/ts$/, "js"))));

function removeLeftovers([sources, compiled]) {
  for (const file of filesIn(compiled).filter((each) => COMPILED.test(each))) {
    if (!existsSync(inRoot(sources, file.replace(COMPILED, ".ts")))) rmSync(inRoot(compiled, file));
  }
}

// The compiler goes by its own notes, in which a file that somebody has deleted is still there.
if (![...compiledInto].every(isWhole)) {
  for (const folder of ["dist", ...compiledInto.values()]) rmSync(inRoot(folder), { recursive: true, force: true });
}
for (const folders of compiledInto) removeLeftovers(folders);
const tsc = inRoot("node_modules", "typescript", "bin", "tsc");
process.exitCode = spawnSync(process.execPath, [tsc, "-b", inRoot()], { stdio: "inherit" }).status ?? 1;
