import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openWorkspace } from "../../local/workspace.js";

let local: string;
beforeEach(() => {
  local = mkdtempSync(join(tmpdir(), "workspace-"));
});
afterEach(() => rmSync(local, { recursive: true, force: true }));

/** Puts something into a stack's tables. */
function write(directory: string, rows: string): void {
  mkdirSync(join(directory, "cassandra"), { recursive: true });
  writeFileSync(join(directory, "cassandra", "rows"), rows);
}
const read = (directory: string) => readFileSync(join(directory, "cassandra", "rows"), "utf8");

test("without a word the tables go", () => {
  const workspace = openWorkspace(local);
  expect(workspace.hadTables).toBe(false);
  write(workspace.directory, "a");
  workspace.close(false);
  expect(readdirSync(local)).toEqual([]);
});

test("what it makes is its user's alone, and so are tables that were kept when it was not", () => {
  const umask = process.umask(0);
  try {
    const inner = join(local, "made");
    mkdirSync(join(inner, "kept"), { recursive: true });
    const { directory } = openWorkspace(inner);
    const made = ["", ...readdirSync(directory)].map((name) => join(directory, name));
    expect(made).toHaveLength(3);
    for (const file of made) expect(statSync(file).mode & 0o077).toBe(0);
    openWorkspace(join(local, "new"));
    expect(statSync(join(local, "new")).mode & 0o777).toBe(0o700);
  } finally {
    process.umask(umask);
  }
});

test("kept tables are there the next time, once", () => {
  const first = openWorkspace(local);
  write(first.directory, "a");
  first.close(true);
  const second = openWorkspace(local);
  expect(second.hadTables).toBe(true);
  expect(read(second.directory)).toBe("a");
  second.close(false);
  expect(openWorkspace(local).hadTables).toBe(false);
});

test("a crash leaves nothing but the tables that were kept before it", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const abandoned = join(local, `stack-${pid}`);
  write(abandoned, "lost");
  openWorkspace(local).close(false);
  expect(existsSync(abandoned)).toBe(false);

  const keeper = openWorkspace(local);
  write(keeper.directory, "kept");
  keeper.close(true);
  const { directory } = openWorkspace(local);
  // As if another process had made it, and died.
  spawnSync("mv", [directory, abandoned]);
  const next = openWorkspace(local);
  expect(read(next.directory)).toBe("kept");
  expect(existsSync(abandoned)).toBe(false);
  next.close(false);
});

test("what is to be kept anyway outlives a crash of the first run, and goes with a reset", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const { directory, kept } = openWorkspace(local, { keep: true });
  write(directory, "an hour's work");
  spawnSync("mv", [directory, join(local, `stack-${pid}`)]);
  const next = openWorkspace(local, { keep: true });
  expect(next.hadTables).toBe(true);
  expect(read(next.directory)).toBe("an hour's work");
  next.close(true);
  expect(read(kept)).toBe("an hour's work");
  const anew = openWorkspace(local, { keep: true, reset: true });
  expect(anew.hadTables).toBe(false);
  anew.close(true);
  expect(readdirSync(local)).toEqual([]);
});

test("the folder of a living process is left alone", () => {
  const other = join(local, `stack-${process.ppid}`);
  write(other, "in use");
  openWorkspace(local).close(false);
  expect(read(other)).toBe("in use");
});

test("objects that were saved are kept with the tables", () => {
  const first = openWorkspace(local);
  write(first.directory, "a");
  mkdirSync(join(first.directory, "s3"));
  writeFileSync(join(first.directory, "s3", "index.json"), "{}");
  first.close(true);
  expect(readdirSync(local)).toEqual(["kept"]);
  const second = openWorkspace(local);
  expect(read(second.directory)).toBe("a");
  expect(readFileSync(join(second.directory, "s3", "index.json"), "utf8")).toBe("{}");
  second.close(true);
  const third = openWorkspace(local);
  expect(readdirSync(join(third.directory, "s3"))).toEqual(["index.json"]);
  third.close(false);
  expect(readdirSync(local)).toEqual([]);
});

test("tables that were kept without objects, as earlier versions did, are there", () => {
  mkdirSync(join(local, "kept", "commitlog"), { recursive: true });
  const { directory, hadTables } = openWorkspace(local);
  expect(hadTables).toBe(true);
  expect(readdirSync(join(directory, "cassandra"))).toEqual(["commitlog"]);
});

test("what somebody else has in that folder is neither taken nor removed", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  mkdirSync(join(local, `stack-${pid}`));
  writeFileSync(join(local, `stack-${pid}`, "thesis.txt"), "mine");
  openWorkspace(local).close(false);
  expect(readdirSync(join(local, `stack-${pid}`))).toEqual(["thesis.txt"]);

  mkdirSync(join(local, `stack-${process.pid}`));
  writeFileSync(join(local, `stack-${process.pid}`, "thesis.txt"), "mine");
  expect(() => openWorkspace(local)).toThrow("no stack has made it");
  rmSync(join(local, `stack-${process.pid}`), { recursive: true });

  mkdirSync(join(local, "kept"));
  writeFileSync(join(local, "kept", "letters.txt"), "mine");
  expect(() => openWorkspace(local)).toThrow("is not what an earlier run has kept");
  expect(readdirSync(join(local, "kept"))).toEqual(["letters.txt"]);
});
