import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { moduleOptions } from "./configuration.js";
import { javaCommand } from "./java.js";

/** A node that was started with `jmx`. */
export interface ReachedNode {
  readonly jmxPort: number;
  readonly jars: string;
  /** Takes the tool's history, which would go to the user's home. */
  readonly directory: string;
}

/**
 * Runs Cassandra's own `nodetool`.
 *
 * @returns what it prints
 * @throws Error with what it prints when it fails; the signal's reason when aborted
 * @see https://cassandra.apache.org/doc/latest/cassandra/troubleshooting/use_nodetool.html
 */
export async function nodetool(
  { jmxPort, jars, directory }: ReachedNode,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const java = [...moduleOptions, `-Duser.home=${directory}`, "-cp", join(jars, "*")];
  const tool = ["org.apache.cassandra.tools.NodeTool", "-h", "127.0.0.1", "-p", String(jmxPort), ...args];
  try {
    const { stdout } = await promisify(execFile)(javaCommand(), [...java, ...tool], { signal });
    return stdout;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
