import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** What Apache Cassandra 5 runs on. */
const JAVA_VERSION = "17";

/** The one of JAVA_HOME, or what is found by the name. */
export const javaCommand = (): string => (process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java");

/** What keeps Cassandra from running on this machine's Java, and what to do, on one line; undefined if nothing does. */
export function javaRefusal(): string | undefined {
  const command = javaCommand();
  const { status, stdout, stderr } = spawnSync(command, ["-version"], { encoding: "utf8" });
  const version = status === 0 ? /version "(\d+)/.exec(`${stdout}${stderr}`)?.[1] : undefined;
  if (version === JAVA_VERSION) return undefined;
  const found = version === undefined ? `${command} was not found` : `${command} is version ${version}`;
  return (
    `Java ${JAVA_VERSION} is needed by Apache Cassandra, ${found}: install it (Debian: apt install openjdk-17-jre-headless, ` +
    "macOS: brew install openjdk@17, or https://adoptium.net), or set JAVA_HOME to it"
  );
}
