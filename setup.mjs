// Makes a checkout ready to run: Node packages, Python environment, Cassandra's jars, compiled code, notebook kernel.
// What only some commands need comes with an option: --lab JupyterLab, --tests all that `npm test` needs (linter, browser,
// JupyterLab, pandas), --peers also the programs that benchmarks and slow tests run beside ours, --spark what runs the Spark jobs,
// --drivers other people's drivers, which its suite lets through the gateway.
// With --studio, for a SageMaker Studio space, where Jupyter is there and AWS needs no stand-in: Node packages, compiled
// code, and the kernel for the user, all in the home folder, which is what a restart of the space leaves.
// With --inspect, to read a file without a database: Node packages and compiled code.
// Plain JavaScript, because it runs before the compiler is there. What is already in place is left alone.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { drivers } from "./setup/drivers.mjs";
import {
  begun,
  missing,
  python,
  studio,
  toInspect,
  withDrivers,
  withLab,
  withPeers,
  withSpark,
  withTests,
} from "./setup/machine.mjs";
import { fingerprint, inRoot, isDone, logs, once, output, root, run, text } from "./setup/work.mjs";

const nodeInputs = () => [text("package-lock.json"), process.versions.modules];

function nodePackagesSeen() {
  const folder = inRoot("node_modules");
  const below = (path) => (existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : []);
  const all = below(folder).flatMap((path) => (path.startsWith(join(folder, "@")) ? below(path) : [path]));
  return `${all.filter((path) => existsSync(join(path, "package.json"))).length} packages unpacked`;
}

/** Those that running the notebook takes; with tests, all, which are enough for both. */
const nodePackages = async () => {
  const all = inRoot("node_modules", ".ready");
  const install = (...options) => run("npm", "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error", ...options]);
  if (withTests) return once("Node packages, also the tests'", all, nodeInputs, () => install(), nodePackagesSeen);
  if (isDone(all, nodeInputs)) return;
  const some = inRoot("node_modules", ".ready-to-run");
  await once("Node packages", some, nodeInputs, () => install("--omit=dev"), nodePackagesSeen);
};

const inEnvironment = (folder) => inRoot(folder, "bin", "python");

/** Installs what the file of requirements names into a virtual environment. */
async function pip(folder, requirements, tell) {
  const install = ["-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off", "-r", requirements];
  await run(`${folder.replace(/\W/g, "")}-pip`, inEnvironment(folder), install, tell);
}

/** The package that pip has named last. */
function lastOf(pipOutput) {
  return (
    /.*(?:Collecting|Installing collected packages: |Downloading|Using cached) *([\w.-]+)/s.exec(pipOutput)?.[1] ?? ""
  );
}

/** A virtual environment in `folder` with what the file of requirements names. */
const pythonEnvironment = (what, folder, requirements) => {
  let said = "";
  // A Python of another version is another file behind the same name.
  const version = () => (existsSync(inEnvironment(folder)) ? realpathSync(inEnvironment(folder)) : "none");
  const make = async () => {
    mkdirSync(dirname(begun(folder)), { recursive: true });
    writeFileSync(begun(folder), "");
    await run(`${folder.replace(/\W/g, "")}-venv`, python(), ["-m", "venv", "--clear", inRoot(folder)]);
    await pip(folder, requirements, (output) => {
      said = output;
    });
  };
  const inputs = () => [text(requirements), root, version()];
  return once(what, inRoot(folder, ".ready"), inputs, make, () => lastOf(said));
};

/** JupyterLab, beside what runs the notebook. */
const lab = () => {
  const requirements = "requirements-lab.txt";
  let said = "";
  const add = () =>
    pip(".venv", requirements, (output) => {
      said = output;
    });
  return once(
    "JupyterLab",
    inRoot(".venv", ".lab"),
    () => [text(requirements)],
    add,
    () => lastOf(said),
  );
};

/** The jars that a pom.xml depends on, in `.cache/<name>`. */
const jars = (what, name, ...pom) => {
  const folder = inRoot(".cache", name);
  const partial = `${folder}.partial`;
  const seen = () => (existsSync(partial) ? `${readdirSync(partial).length} jars` : "");
  const copy = async () => {
    for (const old of [folder, partial]) rmSync(old, { recursive: true, force: true });
    const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${partial}`];
    await run(`maven-${name}`, "mvn", ["-B", "-q", "-f", join(...pom), ...goal]);
    renameSync(partial, folder);
  };
  return once(what, join(folder, ".ready"), () => [text(...pom)], copy, seen);
};

/** What tests hold our results against. */
const oracles = () =>
  pythonEnvironment("pandas and the Python drivers", ".cache/python", join("bench", "peers", "requirements.txt"));

/** What reads the policies in infra as their users' tools would. */
const linters = () =>
  pythonEnvironment("the linters of policies and Dockerfiles", ".cache/linters", join("infra", "requirements.txt"));

/** Other people's clients: slow tests let them through the gateway, benchmarks run against them. The notebook needs none. */
const peers = () => [
  jars("the Java driver", "java_driver", "bench", "peers", "java_driver.xml"),
  jars("DataStax Bulk Loader", "dsbulk", "bench", "peers", "dsbulk.xml"),
];

/** Spark with what the jobs import, and the jobs' class path, one jar. */
const spark = () => [pythonEnvironment("Spark", ".cache/spark", join("jobs", "requirements.txt")), sparkJar()];

function sparkJar() {
  const folder = inRoot(".cache", "spark_jars");
  const build = inRoot(".cache", "spark_build");
  const reader = join("jobs", "reader", "keyspaces");
  const sources = () => readdirSync(inRoot(reader)).map((name) => [name, text(reader, name)]);
  const make = async () => {
    rmSync(folder, { recursive: true, force: true });
    await run("maven-spark", "mvn", [
      "-B",
      "-q",
      "-f",
      join("jobs", "pom.xml"),
      `-Dtarget=${build}`,
      "clean",
      "package",
    ]);
    mkdirSync(folder, { recursive: true });
    renameSync(join(build, "keyspaces-spark.jar"), join(folder, "keyspaces-spark.jar"));
  };
  return once(
    "the class path of the Spark jobs",
    join(folder, ".ready"),
    () => [text("jobs", "pom.xml"), sources()],
    make,
  );
}

const KERNEL = inRoot("dist", "local", "notebook", "kernel.js");

/** The kernel, where Jupyter of the environment looks for it: what `tslab install` writes, which would want IPython there. */
function kernel() {
  const folder = inRoot(".venv", "share", "jupyter", "kernels", "tslab");
  const argv = ["node", KERNEL, "kernel", "--config-path", "{connection_file}"];
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "kernel.json"),
    JSON.stringify({ argv, display_name: "TypeScript", language: "typescript" }),
  );
}

const compile = (...projects) =>
  run("build", process.execPath, [join("node_modules", "typescript", "bin", "tsc"), "-b", ...projects]);

/** Of all files below a folder, what changes when one of them does. */
function filesBelow(folder) {
  return readdirSync(inRoot(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => [path, statSync(path).mtimeMs]);
}

/** Compiles what the notebook and the commands need: the compiler is asked only where a file has changed since. */
async function build() {
  const parts = readdirSync(inRoot("packages"));
  const sources = ["src", "local", ...parts.map((part) => join("packages", part, "src"))].flatMap(filesBelow);
  const stamp = inRoot("dist", ".built");
  const inputs = () => [sources, text("tsconfig.json"), text("package-lock.json")];
  const made = [
    inRoot("dist", "src"),
    inRoot("dist", "local"),
    ...parts.map((part) => inRoot("packages", part, "dist")),
  ];
  if (made.every(existsSync) && isDone(stamp, inputs)) return;
  await compile("src", "local");
  writeFileSync(stamp, fingerprint(inputs()));
}

/**
 * The kernel for the user, wherever Jupyter looks for the user's kernels. It starts this folder's tslab with the Node that
 * runs now, both by absolute path: the PATH of a Jupyter server need not be that of a terminal.
 */
async function userKernel() {
  const tslab = inRoot("node_modules", "tslab", "bin", "tslab");
  await run("kernel", process.execPath, [tslab, "install", "--user", `--python=${python()}`, `--binary=${KERNEL}`]);
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

/** A file is read by Node alone. */
async function setUpToInspect() {
  await nodePackages();
  await build();
}

async function setUpHere() {
  const done = await Promise.allSettled([
    nodePackages(),
    pythonEnvironment("the Python environment", ".venv", "requirements.txt").then(() => (withLab ? lab() : undefined)),
    jars("Apache Cassandra", "cassandra", "packages", "keyspaces-local", "pom.xml"),
    ...(withTests ? [oracles(), linters()] : []),
    ...(withPeers ? peers() : []),
    ...(withSpark ? spark() : []),
    ...(withDrivers ? [drivers({ jars, pythonEnvironment })] : []),
  ]);
  const failed = done.find(({ status }) => status === "rejected");
  if (failed) throw failed.reason;
  kernel();
  // Tests build everything, themselves; benchmarks are not among what a notebook needs.
  if (withPeers) await compile();
  else if (!withTests) await build();
}

const lacking = missing();
if (lacking.length > 0) {
  for (const line of lacking) console.error(line);
  process.exit(1);
}
mkdirSync(logs, { recursive: true });
try {
  await (toInspect ? setUpToInspect() : studio ? setUpStudio() : setUpHere());
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
