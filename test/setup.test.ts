import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";

let bin: string;
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), "bin-"));
});
afterAll(() => rmSync(bin, { recursive: true, force: true }));

/** The set-up on a machine that has only what is in `bin`. */
function setUp(environment: NodeJS.ProcessEnv = {}, ...options: string[]) {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "setup.mjs"), ...options], {
    env: { PATH: bin, ...environment },
    encoding: "utf8",
  });
  return { status, lines: stderr.trim().split("\n") };
}

test("what is missing is named, a line each, with how to get it", () => {
  const { status, lines } = setUp();
  expect(status).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(/^Java 17 is needed .* was not found: install it \(.*adoptium/),
    expect.stringMatching(/^Maven is needed .*: install it \(/),
    expect.stringMatching(/^Python 3\.10 or newer .*: install it \(/),
  ]);
});

test("a virtual environment of somebody else's is not wiped, but pointed at", () => {
  const checkout = mkdtempSync(join(tmpdir(), "checkout-"));
  for (const part of ["setup.mjs", "setup"]) cpSync(join(ROOT, part), join(checkout, part), { recursive: true });
  mkdirSync(join(checkout, ".venv"));
  writeFileSync(join(checkout, ".venv", "thesis.py"), "");
  const { status, stderr } = spawnSync(process.execPath, [join(checkout, "setup.mjs")], {
    env: { PATH: bin },
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^\.venv is there .*move it away/m) });
  expect(readdirSync(join(checkout, ".venv"))).toEqual(["thesis.py"]);
  rmSync(checkout, { recursive: true });
});

test("a Java of another version is not taken for the right one", () => {
  const java = join(bin, "java");
  writeFileSync(java, "#!/bin/sh\necho 'openjdk version \"21.0.1\" 2023-10-17' >&2\n");
  chmodSync(java, 0o755);
  expect(setUp().lines[0]).toMatch(/^Java 17 is needed by Apache Cassandra, found version 21/);
});

test("work is done once for the same inputs, is told, and is done again for others, and where it has failed", () => {
  const checkout = mkdtempSync(join(tmpdir(), "checkout-"));
  cpSync(join(ROOT, "setup"), join(checkout, "setup"), { recursive: true });
  const script = `
    import { once } from "./setup/work.mjs";
    const install = (input, work) => once("a thing", "stamp", () => [input], work);
    const work = async () => console.log("at work");
    await install(1, async () => { throw new Error("no network"); }).catch(({ message }) => console.log(message));
    await install(1, work);
    await install(1, work);
    await install(2, work);`;
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = spawnSync(process.execPath, args, { cwd: checkout, encoding: "utf8" });
  rmSync(checkout, { recursive: true });
  const installed = ["  installing a thing …", "at work", "  installed a thing (0 s)"];
  const seen = stdout
    .trimEnd()
    .replaceAll(/\(\d+ s\)/g, "(0 s)")
    .split("\n");
  expect(seen).toEqual([installed[0], "no network", ...installed, ...installed]);
});

test("a Studio space needs neither Java nor Maven, but a Python that can register a kernel", () => {
  const python = join(bin, "python3");
  // One that is new enough and has no Jupyter: it fails as Python does when a module is not there.
  writeFileSync(python, `#!/bin/sh\ncase "$2" in *jupyter_client*IPython*) exit 1;; esac\n`);
  chmodSync(python, 0o755);
  expect(setUp({}, "--studio")).toEqual({
    status: 1,
    lines: [expect.stringMatching(/^Python 3\.10 or newer with jupyter_client and IPython .* pip install --user/)],
  });
});

test("environment.yml has what the set-up asks for, and the same Python packages", () => {
  const environment = readFileSync(join(ROOT, "environment.yml"), "utf8");
  const script = ["setup.mjs", join("setup", "machine.mjs")]
    .map((file) => readFileSync(join(ROOT, file), "utf8"))
    .join();
  const [, node] = /Node\.js (\d+\.\d+) or newer/.exec(script)!;
  const [, java] = /javaVersion !== "(\d+)"/.exec(script)!;
  const [, oldest] = /sys\.version_info >= \(3, (\d+)\)/.exec(script)!;
  expect(environment).toMatch(new RegExp(`^  - nodejs>=${node},<\\d+$`, "m"));
  expect(environment).toMatch(new RegExp(`^  - openjdk=${java}$`, "m"));
  expect(environment).toMatch(/^ {2}- maven$/m);
  expect(Number(/^ {2}- python=3\.(\d+)$/m.exec(environment)?.[1])).toBeGreaterThanOrEqual(Number(oldest));
  expect(script).toContain('"requirements.txt"');
  expect(environment).toMatch(/^ {2}- pip\n {2}- pip:\n {6}- -r requirements\.txt$/m);
});

test("what the notebook's runner imports is named in its requirements, or comes with what is: not by chance with JupyterLab", () => {
  const folder = join(ROOT, "local", "notebook");
  const files = readdirSync(folder).filter((name) => name.endsWith(".py"));
  const code = files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
  const imported = [...code.matchAll(/^(?:import|from) (\w+)/gm)].map(([, name]) => name!);
  const named = [...readFileSync(join(ROOT, "requirements.txt"), "utf8").matchAll(/^([\w-]+)==/gm)].map(
    ([, name]) => name!,
  );
  const ofNbclient = ["nbformat", "jupyter_client"];
  const ofPython = ["asyncio", "contextlib", "copy", "json", "os", "pathlib", "secrets", "signal", "sys", "time"];
  const own = files.map((name) => name.replace(/\.py$/, ""));
  const known = [...named, ...ofNbclient, ...ofPython, ...own];
  expect(imported.filter((name) => !known.includes(name))).toEqual([]);
});
