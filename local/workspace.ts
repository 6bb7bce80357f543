import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOCAL } from "./paths.js";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "./private_files.js";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The folder a stack works in, `stack-<pid>`. */
export interface Workspace {
  readonly directory: string;
  /** Whether it began with the tables of an earlier run. */
  readonly hadTables: boolean;
  /** Removes it; with `keep`, Cassandra's tables stay for the next start. */
  close(keep: boolean): void;
}

/** Where the tables of a stack lie in its folder, and the mark that they came from an earlier run. */
const TABLES = "cassandra";
const MARK = "tables-of-an-earlier-run";

/**
 * Makes a folder for this process's stack, with the tables that an earlier run was told to keep, and clears away the
 * folders of processes that are gone: a crash leaves nothing that the next start trips over, and takes no kept tables.
 */
export function openWorkspace(local: string = LOCAL): Workspace {
  const kept = join(local, "kept");
  const putBack = (directory: string) => {
    rmSync(kept, { recursive: true, force: true });
    renameSync(join(directory, TABLES), kept);
  };
  mkdirSync(local, { recursive: true, mode: PRIVATE_FOLDER });
  for (const name of readdirSync(local)) {
    const pid = Number(/^stack-(\d+)$/.exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    const abandoned = join(local, name);
    if (existsSync(join(abandoned, MARK)) && existsSync(join(abandoned, TABLES)) && !existsSync(kept))
      putBack(abandoned);
    rmSync(abandoned, { recursive: true, force: true });
  }
  const directory = join(local, `stack-${process.pid}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { mode: PRIVATE_FOLDER });
  const hadTables = existsSync(kept);
  if (hadTables) {
    writeFileSync(join(directory, MARK), "", { mode: PRIVATE_FILE });
    chmodSync(kept, PRIVATE_FOLDER);
    renameSync(kept, join(directory, TABLES));
  }
  return {
    directory,
    hadTables,
    close(keep) {
      if (keep && existsSync(join(directory, TABLES))) putBack(directory);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
