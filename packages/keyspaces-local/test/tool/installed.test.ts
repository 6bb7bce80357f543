import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { brokenLinks, githubAnchor, parsePage } from "../../../../test/support/markdown_links.js";
import { plainEnvironment } from "./program.js";
import { readmeExamples } from "./readme_examples.js";

/** What somebody has who installs the tarball in an empty folder, with packages from the registries. */
const folder = mkdtempSync(join(tmpdir(), "installed-"));
const part = join(ROOT, "packages", "keyspaces-local");
const environment = plainEnvironment({ XDG_CACHE_HOME: join(folder, "cache"), NODE_PATH: "", HOME: process.env.HOME });
const python = join(ROOT, ".cache", "python", "bin", "python");
const execute = promisify(execFile);
const run = async (command: string, args: string[], more: NodeJS.ProcessEnv = {}) =>
  execute(command, args, { cwd: folder, env: { ...environment, ...more }, timeout: 500_000 });
let running: ChildProcess | undefined;

beforeAll(async () => {
  const { stdout } = await run(process.execPath, [join(part, "pack.mjs"), folder]);
  writeFileSync(join(folder, "package.json"), '{"private": true}');
  const packages = [stdout.trim(), "cassandra-driver@4.10.0", "aws-sigv4-auth-cassandra-plugin@1.0.5"];
  await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...packages]);
});
afterAll(() => {
  running?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

test("what its README leads to is in the tarball", () => {
  const installed = join(folder, "node_modules", "@keyspaces-segmentation", "keyspaces-local");
  const paths = new Set(readdirSync(installed, { recursive: true, encoding: "utf8" }));
  const readme = parsePage(readFileSync(join(installed, "README.md"), "utf8"), githubAnchor);
  expect(readme.links.filter((link) => !link.includes(":")).length).toBeGreaterThan(3);
  expect(brokenLinks("README.md", { paths, pages: new Map([["README.md", readme]]) })).toEqual([]);
});

test("it gets Cassandra by itself, once, and checks what it got", async () => {
  const { stdout, stderr } = await run("npx", ["keyspaces-local", "fetch"]);
  const jars = stdout.trim();
  expect(jars).toMatch(/cache\/keyspaces-local\/cassandra-\d+\.\d+\.\d+$/);
  expect(stderr).toContain("fetching Apache Cassandra by Maven");
  expect(readdirSync(jars).filter((name) => name.endsWith(".jar")).length).toBeGreaterThan(50);
  expect(statSync(jars).mode & 0o777).toBe(0o755);
  expect((await run("npx", ["keyspaces-local", "fetch"])).stderr).toBe("");
});

test("two commands start it and connect, in every language of the README", async () => {
  const child = spawn("npx", ["keyspaces-local", "--port", "0"], { cwd: folder, env: environment, detached: true });
  running = child;
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  await run("npx", ["keyspaces-local", "wait", "--timeout", "300"]);
  for (const example of readmeExamples) {
    expect([example.language, await example.run(join(folder, ".keyspaces-local"))]).toEqual([
      example.language,
      "2.95\n",
    ]);
  }
  // As Ctrl-C does, to all in the foreground.
  process.kill(-child.pid!, "SIGINT");
  await once(child, "close");
  expect(said.trimEnd()).toMatch(/stopped$/);
  expect(existsSync(join(folder, ".keyspaces-local", "running.json"))).toBe(false);
});

test("the example for Jest passes", async () => {
  cpSync(join(part, "examples", "jest"), join(folder, "jest"), { recursive: true });
  const jest = join(ROOT, "node_modules", "jest", "bin", "jest.js");
  const options = [
    "--rootDir",
    join(folder, "jest"),
    "--testEnvironment",
    join(ROOT, "node_modules", "jest-environment-node"),
  ];
  const { stderr } = await run(process.execPath, [jest, ...options], { JEST_WORKER_ID: undefined });
  expect(stderr).toMatch(/Tests: +3 passed, 3 total/);
});

test("the example for pytest passes", async () => {
  const packages = join(folder, "python");
  await run(python, [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--target",
    packages,
    "pytest==9.2.0",
  ]);
  cpSync(join(part, "examples", "pytest"), join(folder, "tests"), { recursive: true });
  const { stdout } = await run(python, ["-m", "pytest", "-q", "tests"], { PYTHONPATH: packages });
  expect(stdout).toMatch(/3 passed/);
});
