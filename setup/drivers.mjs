// Other people's drivers, from their registries, and what has to be built with them: for `npm run test:drivers` alone.
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inRoot, once, output, run, text } from "./work.mjs";

const folder = join("packages", "keyspaces-local", "test", "drivers");

/** What a program is built of. */
const sourcesOf = (path) =>
  readdirSync(inRoot(path), { recursive: true })
    .map((name) => join(path, name))
    .filter((file) => statSync(inRoot(file)).isFile())
    .map((file) => [file, text(file)]);

const goDriver = () => {
  const source = join(folder, "programs", "go");
  const build = () =>
    run("go-driver", "go", ["build", "-C", source, "-o", inRoot(".cache", "go_driver", "driver"), "."]);
  return once("the Go driver", inRoot(".cache", "go_driver", ".ready"), () => [sourcesOf(source)], build);
};

const rustDriver = () => {
  const source = join(folder, "programs", "rust");
  const target = inRoot(".cache", "rust_driver");
  const manifest = ["--manifest-path", join(source, "Cargo.toml")];
  const build = () => run("rust-driver", "cargo", ["build", "--locked", ...manifest, "--target-dir", target]);
  return once("the Rust driver", join(target, ".ready"), () => [sourcesOf(source)], build);
};

/** gocql's own tests, which its module ships, with ours of its helpers that a service of AWS's has to have otherwise. */
const gocqlSuite = () => {
  const suite = inRoot(".cache", "gocql_suite");
  const ours = join(folder, "gocql_suite", "keyspaces_test.go");
  const goMod = join(folder, "programs", "go", "go.mod");
  const build = async () => {
    rmSync(suite, { recursive: true, force: true });
    const module = output("go", [
      "list",
      "-C",
      inRoot(folder, "programs", "go"),
      "-m",
      "-f",
      "{{.Dir}}",
      "github.com/gocql/gocql",
    ]);
    cpSync(module.trim(), suite, { recursive: true });
    // The module cache cannot be written to.
    for (const name of readdirSync(suite, { recursive: true })) {
      const file = join(suite, name);
      chmodSync(file, statSync(file).isDirectory() ? 0o755 : 0o644);
    }
    const helpers = join(suite, "common_test.go");
    const theirs = readFileSync(helpers, "utf8").replace(
      /^func (createCluster|createKeyspace|createTable)\(/gm,
      "func theirs_$1(",
    );
    writeFileSync(helpers, theirs);
    cpSync(inRoot(ours), join(suite, "keyspaces_test.go"));
    const tags = ["-tags", "cassandra integration"];
    await run("gocql-suite", "go", ["test", "-C", suite, ...tags, "-c", "-o", join(suite, "suite"), "."]);
  };
  return once("gocql's own tests", join(suite, ".ready"), () => [text(ours), text(goMod)], build);
};

/** One at a time: each build takes all cores there are. */
export async function drivers({ jars, pythonEnvironment }) {
  mkdirSync(inRoot(".cache"), { recursive: true });
  await jars("the Java driver 3", "java_driver_3", folder, "programs", "java3", "pom.xml");
  await pythonEnvironment("cqlsh", ".cache/cqlsh", join(folder, "programs", "cqlsh_requirements.txt"));
  await goDriver();
  await gocqlSuite();
  await rustDriver();
}
