import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LOCAL } from "./paths.js";

const KEPT = join(LOCAL, "kept");

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The folder a stack works in, `.local/stack-<pid>`. */
export interface Workspace {
  readonly directory: string;
  /** Removes it; with `keep`, Cassandra's tables stay for the next start. */
  close(keep: boolean): void;
}

/**
 * Makes a folder for this process's stack, with the tables that an earlier run was told to keep, and clears away the
 * folders of processes that are gone: a crash leaves nothing that the next start trips over.
 */
export function openWorkspace(): Workspace {
  mkdirSync(LOCAL, { recursive: true });
  for (const name of readdirSync(LOCAL)) {
    const pid = Number(/^stack-(\d+)$/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) rmSync(join(LOCAL, name), { recursive: true, force: true });
  }
  const directory = join(LOCAL, `stack-${process.pid}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  const tables = join(directory, "cassandra");
  if (existsSync(KEPT)) renameSync(KEPT, tables);
  return {
    directory,
    close(keep) {
      if (keep && existsSync(tables)) {
        rmSync(KEPT, { recursive: true, force: true });
        renameSync(tables, KEPT);
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
