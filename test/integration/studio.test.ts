import { execFile, execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PYTHON, ROOT } from "@keyspaces-segmentation/local-support";
import { runNotebook } from "../../local/notebook/run_notebook.js";
import { type Output, textOf } from "../support/notebook.js";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "studio-"));
const checkout = join(folder, "checkout");
const home = join(folder, "home");
const bin = join(folder, "bin");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const npmSetting = (name: string) =>
  execFileSync("npm", ["config", "get", name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

/** A terminal of a space: a home folder of its own, and on the PATH Node, npm and a Python that has Jupyter. No Java, no Maven. */
function terminal(): NodeJS.ProcessEnv {
  const found = (name: string) => execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
  for (const name of ["npm", "sh", "env"]) symlinkSync(found(name), join(bin, name));
  symlinkSync(process.execPath, join(bin, "node"));
  writeFileSync(join(bin, "python3"), `#!/bin/sh\nexec '${PYTHON}' "$@"\n`, { mode: 0o755 });
  return {
    HOME: home,
    PATH: bin,
    npm_config_cache: npmSetting("cache"),
    npm_config_userconfig: npmSetting("userconfig"),
    npm_config_globalconfig: npmSetting("globalconfig"),
  };
}

beforeAll(() => {
  for (const each of [checkout, home, bin]) mkdirSync(each);
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
  for (const name of listed.toString().split("\0")) {
    const [from, to] = [join(ROOT, name), join(checkout, name)];
    if (name === "" || !existsSync(from)) continue;
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
  }
});

test("one command in a fresh space gives the user a kernel that runs the whole notebook", async () => {
  const environment = terminal();
  const setUp = () => run("npm", ["run", "studio"], { cwd: checkout, env: environment });
  await setUp();
  const { stdout } = await setUp();
  expect(stdout.trim().split("\n").slice(-2)).toEqual([
    expect.stringMatching(/Reload the browser tab/),
    expect.stringMatching(/open notebooks\/customer_segmentation\.ipynb, choose the kernel TypeScript/),
  ]);

  const kernels = join(home, ".local", "share", "jupyter", "kernels");
  const kernel = join(checkout, "dist", "local", "notebook", "kernel.js");
  expect(JSON.parse(readFileSync(join(kernels, "tslab", "kernel.json"), "utf8"))).toMatchObject({
    argv: [process.execPath, kernel, "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript",
  });

  // The tests' Python is that of a virtual environment with a kernel of its own; Studio's is not, and takes the user's.
  const server = { ...process.env, HOME: home, XDG_DATA_HOME: undefined, JUPYTER_DATA_DIR: undefined };
  const env = { ...server, JUPYTER_PREFER_ENV_PATH: "0", JUPYTER_PATH: undefined };
  const ask = "from jupyter_client.kernelspec import get_kernel_spec as get; print(get('tslab').resource_dir)";
  expect((await run(PYTHON, ["-c", ask], { env })).stdout.trim()).toBe(join(kernels, "tslab"));

  const notebook = join(checkout, "notebooks", "traced.ipynb");
  const committed = JSON.parse(readFileSync(join(checkout, "notebooks", "customer_segmentation.ipynb"), "utf8"));
  const source = 'console.log(process.argv[1], require.resolve("keyspaces-segmentation"));';
  const trace = { id: "trace", cell_type: "code", metadata: {}, source, outputs: [], execution_count: null };
  writeFileSync(notebook, JSON.stringify({ ...committed, cells: [...committed.cells, trace] }));
  const { executed } = await runNotebook({
    python: PYTHON,
    notebook,
    outputDirectory: join(checkout, "out"),
    environment: {
      ...env,
      TMPDIR: folder,
      SEGMENTATION_HEADLESS: "1",
      SEGMENTATION_KEYSPACE: "studio",
      SEGMENTATION_PREFIX: "studio",
    },
  });
  const { cells } = JSON.parse(readFileSync(executed, "utf8")) as { cells: { outputs?: Output[] }[] };
  const traced = cells
    .at(-1)
    ?.outputs?.map(({ text }) => textOf(text))
    .join("");
  expect(traced?.trim()).toBe(`${kernel} ${join(checkout, "dist", "src", "index.js")}`);
});
