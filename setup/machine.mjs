// What the set-up is asked for, and what this machine lacks of it.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { inRoot, output } from "./work.mjs";

export const studio = process.argv.includes("--studio");
export const toInspect = process.argv.includes("--inspect");
export const withPeers = process.argv.includes("--peers");
export const withSpark = process.argv.includes("--spark");
export const withDrivers = process.argv.includes("--drivers");
export const withTests = withPeers || process.argv.includes("--tests");
export const withLab = withTests || process.argv.includes("--lab");

/** Says that the set-up is at work on a virtual environment: one that breaks off may be made anew, one of somebody else's may not. */
export const begun = (folder) => inRoot(".cache", `${folder.replace(/\W/g, "")}.begun`);

/** Whether there is a virtual environment in `folder` that the set-up has not made. */
const isForeign = (folder) =>
  existsSync(inRoot(folder)) && !existsSync(inRoot(folder, ".ready")) && !existsSync(begun(folder));

/** Looked up only: to ask Maven itself takes longer than all other checks. */
function isOnPath(command) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function java() {
  return process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";
}

/** What Python has to have: here the means to make an environment, in Studio the Jupyter that is there. */
const pythonModules = studio ? "jupyter_client, IPython" : "venv, ensurepip";

/** The first Python that is new enough and has what it needs. */
export function python() {
  const candidates = [process.env.PYTHON, "python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
  const check = `import sys, ${pythonModules}; assert sys.version_info >= (3, 10)`;
  return candidates.find((name) => name && output(name, ["-c", check]) !== undefined);
}

/** One line for each thing that is missing: what it is and how to get it. */
export function missing() {
  const lines = [];
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    lines.push(`Node.js 20.19 or newer is needed, this is ${process.versions.node}: https://nodejs.org/en/download`);
  }
  if (toInspect) return lines;
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
  if (
    javaVersion === "17" &&
    (withSpark || withDrivers || process.argv.includes("--jdk")) &&
    !output(java(), ["--list-modules"]).includes("jdk.compiler")
  ) {
    lines.push(
      `A JDK 17 is needed to compile what reads for Spark and what tests the Java driver, ${java()} is of a runtime alone: install one (Debian: apt install openjdk-17-jdk-headless)`,
    );
  }
  if (withDrivers && !isOnPath("go")) {
    lines.push(
      "Go 1.21 or newer is needed to build with gocql, go was not found: install it (https://go.dev/doc/install)",
    );
  }
  if (withDrivers && !isOnPath("cargo")) {
    lines.push(
      "Rust 1.88 or newer, with OpenSSL's headers, is needed to build with scylla, cargo was not found: install it (https://rustup.rs; Debian: apt install libssl-dev pkg-config)",
    );
  }
  if (!isOnPath("mvn")) {
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
