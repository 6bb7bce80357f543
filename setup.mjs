// Makes a checkout ready to run: Node packages, Python environment, Cassandra's jars, compiled code, notebook kernel.
// With --studio, for a SageMaker Studio space, where Jupyter is there and AWS needs no stand-in: Node packages, compiled
// code, and the kernel for the user, all in the home folder, which is what a restart of the space leaves.
// Plain JavaScript, because it runs before the compiler is there. What is already in place is left alone.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const inRoot = (...parts) => join(root, ...parts);

/** What a command prints, both streams together; undefined where it cannot be run. */
function output(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? `${stdout}${stderr}` : undefined;
}

const studio = process.argv.includes("--studio");

function java() {
  return process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";
}

/** What Python has to have: here the means to make an environment, in Studio the Jupyter that is there. */
const pythonModules = studio ? "jupyter_client, IPython" : "venv, ensurepip";

/** The first Python that is new enough and has what it needs. */
function python() {
  const candidates = [process.env.PYTHON, "python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
  const check = `import sys, ${pythonModules}; assert sys.version_info >= (3, 10)`;
  return candidates.find((name) => name && output(name, ["-c", check]) !== undefined);
}

/** One line for each thing that is missing: what it is and how to get it. */
function missing() {
  const lines = [];
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    lines.push(`Node.js 20.19 or newer is needed, this is ${process.versions.node}: https://nodejs.org/en/download`);
  }
  return [...lines, ...(studio ? missingInStudio() : missingHere())];
}

function missingInStudio() {
  if (python()) return [];
  return [
    "Python 3.10 or newer with jupyter_client and IPython is needed to register the kernel, none was found: use the terminal of a JupyterLab space, install them (python3 -m pip install --user jupyter_client ipython), or set PYTHON to the one that runs Jupyter",
  ];
}

function missingHere() {
  const lines = [];
  if (isForeign(".venv"))
    lines.push(".venv is there and was not made by this set-up, which would wipe it: move it away");
  const javaVersion = output(java(), ["-version"])?.match(/version "(\d+)/)?.[1];
  if (javaVersion !== "17") {
    const found = javaVersion ? `found version ${javaVersion} (${java()})` : `${java()} was not found`;
    lines.push(
      `Java 17 is needed by Apache Cassandra, ${found}: install it (Debian: apt install openjdk-17-jre-headless, macOS: brew install openjdk@17, or https://adoptium.net), or set JAVA_HOME to it`,
    );
  }
  if (output("mvn", ["-version"]) === undefined) {
    lines.push(
      "Maven is needed to get Apache Cassandra's jars, mvn was not found: install it (Debian: apt install maven, macOS: brew install maven, or https://maven.apache.org/install.html)",
    );
  }
  if (!python()) {
    lines.push(
      "Python 3.10 or newer with venv is needed by Jupyter, none was found: install it (Debian: apt install python3 python3-venv, macOS: brew install python, or https://www.python.org/downloads), or set PYTHON to it",
    );
  }
  return lines;
}

const logs = inRoot(".cache", "logs");

/** Runs a command to its end; its output goes to a log, whose last lines are shown if it fails. */
function run(name, command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      const log = join(logs, `${name}.log`);
      writeFileSync(log, text);
      if (code === 0) resolve(text);
      else
        reject(
          new Error(
            `\`${command} ${args.join(" ")}\` exited with ${code}; the end of ${log}:\n${text.split("\n").slice(-12).join("\n")}`,
          ),
        );
    });
  });
}

/** Does `work` unless it has been done for the same `inputs`; the stamp is written last, so half-made things are made again. */
async function once(what, stamp, inputs, work) {
  const wanted = createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const start = Date.now();
  console.log(`  installing ${what} …`);
  await work();
  writeFileSync(stamp, wanted);
  console.log(`  installed ${what} (${Math.round((Date.now() - start) / 1000)} s)`);
}

const text = (...parts) => readFileSync(inRoot(...parts), "utf8");

const nodePackages = () =>
  once("Node packages", inRoot("node_modules", ".ready"), [text("package-lock.json"), process.versions.modules], () =>
    run("npm", "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]),
  );

/** Says that the set-up is at work on a virtual environment: one that breaks off may be made anew, one of somebody else's may not. */
const begun = (folder) => inRoot(".cache", `${folder.replace(/\W/g, "")}.begun`);

/** Whether there is a virtual environment in `folder` that the set-up has not made. */
const isForeign = (folder) =>
  existsSync(inRoot(folder)) && !existsSync(inRoot(folder, ".ready")) && !existsSync(begun(folder));

/** A virtual environment in `folder` with what the file of requirements names. */
const pythonEnvironment = (what, folder, requirements) =>
  once(what, inRoot(folder, ".ready"), [text(requirements), root, output(python(), ["-V"])], async () => {
    const log = folder.replace(/\W/g, "");
    mkdirSync(dirname(begun(folder)), { recursive: true });
    writeFileSync(begun(folder), "");
    await run(`${log}-venv`, python(), ["-m", "venv", "--clear", inRoot(folder)]);
    const install = ["-m", "pip", "install", "--quiet", "-r", requirements];
    await run(`${log}-pip`, inRoot(folder, "bin", "python"), install);
  });

/** The jars that a pom.xml depends on, in `.cache/<name>`. */
const jars = (what, name, ...pom) => {
  const folder = inRoot(".cache", name);
  return once(what, join(folder, ".ready"), [text(...pom)], async () => {
    const partial = `${folder}.partial`;
    for (const old of [folder, partial]) rmSync(old, { recursive: true, force: true });
    const copy = ["dependency:copy-dependencies", `-DoutputDirectory=${partial}`];
    await run(`maven-${name}`, "mvn", ["-B", "-q", "-f", join(...pom), ...copy]);
    renameSync(partial, folder);
  });
};

/** Other people's clients: tests let them through the gateway, benchmarks run against them. The notebook needs none. */
const peers = () => [
  pythonEnvironment("the Python drivers", ".cache/python", join("bench", "peers", "requirements.txt")),
  jars("the Java driver", "java_driver", "bench", "peers", "java_driver.xml"),
  jars("DataStax Bulk Loader", "dsbulk", "bench", "peers", "dsbulk.xml"),
];

const kernel = () =>
  once(
    "the TypeScript kernel",
    inRoot(".venv", ".kernel"),
    [root, text("package-lock.json"), text("requirements.txt")],
    () => {
      const tslab = inRoot("node_modules", ".bin", "tslab");
      const target = [
        `--python=${inRoot(".venv", "bin", "python")}`,
        `--binary=${tslab}`,
        `--prefix=${inRoot(".venv")}`,
      ];
      return run("kernel", tslab, ["install", ...target]);
    },
  );

const build = () => run("build", process.execPath, [join("node_modules", "typescript", "bin", "tsc"), "-b"]);

/**
 * The kernel for the user, wherever Jupyter looks for the user's kernels. It starts this folder's tslab with the Node that
 * runs now, both by absolute path: the PATH of a Jupyter server need not be that of a terminal.
 */
async function userKernel() {
  const tslab = inRoot("node_modules", "tslab", "bin", "tslab");
  await run("kernel", process.execPath, [tslab, "install", "--user", `--python=${python()}`, `--binary=${tslab}`]);
  const where = output(python(), ["-c", "from jupyter_core.paths import jupyter_data_dir; print(jupyter_data_dir())"]);
  for (const name of ["tslab", "jslab"]) {
    const file = join(where.split("\n")[0], "kernels", name, "kernel.json");
    const spec = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...spec, argv: [process.execPath, ...spec.argv] }, null, 2));
  }
}

async function setUpStudio() {
  await nodePackages();
  await Promise.all([build(), userKernel()]);
  console.log("\nThe kernel is in place. Reload the browser tab, so that JupyterLab sees it;");
  console.log("then open notebooks/customer_segmentation.ipynb, choose the kernel TypeScript, and run the cells.");
}

async function setUpHere() {
  const done = await Promise.allSettled([
    nodePackages(),
    pythonEnvironment("the Python environment", ".venv", "requirements.txt"),
    jars("Apache Cassandra", "cassandra", "packages", "keyspaces-local", "pom.xml"),
    ...(process.argv.includes("--peers") ? peers() : []),
  ]);
  const failed = done.find(({ status }) => status === "rejected");
  if (failed) throw failed.reason;
  await Promise.all([kernel(), build()]);
}

const lacking = missing();
if (lacking.length > 0) {
  for (const line of lacking) console.error(line);
  process.exit(1);
}
mkdirSync(logs, { recursive: true });
try {
  await (studio ? setUpStudio() : setUpHere());
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
