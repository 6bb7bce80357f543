import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KEPT_OBJECTS } from "@keyspaces-segmentation/aws-local";
import { LOCAL, PRIVATE_FILE, PRIVATE_FOLDER } from "@keyspaces-segmentation/local-support";

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
  /** Where what is kept waits for the next start. */
  readonly kept: string;
  /** Whether it began with the tables of an earlier run. */
  readonly hadTables: boolean;
  /** Removes it; with `keep`, Cassandra's tables and the objects that the stack has saved stay for the next start. */
  close(keep: boolean): void;
}

/** Where the tables of a stack lie in its folder, and the mark that they came from an earlier run. */
const TABLES = "cassandra";
const MARK = "tables-of-an-earlier-run";

export interface WorkspaceOptions {
  /** Whether the tables outlive a crash too, though no earlier run has made them. */
  readonly keep?: boolean | undefined;
  /** Clears away what an earlier run has kept. */
  readonly reset?: boolean | undefined;
}

/** What waits for the next start, in a folder that takes the place of the kept one in a single step. */
const KEPT = [TABLES, KEPT_OBJECTS];
const ASSEMBLED = "kept";

function hasTables(directory: string): boolean {
  return existsSync(join(directory, TABLES)) || existsSync(join(directory, ASSEMBLED, TABLES));
}

/** What a stack makes first, and the beginning of what was kept of one before there were objects in it. */
const SIGNS = [TABLES, ASSEMBLED, MARK, "ca.pem", "commitlog"];

/** Whether a folder is one that a stack has worked in, or that was kept of one: others are somebody's, and left alone. */
function isOfStack(directory: string): boolean {
  const names = readdirSync(directory);
  return names.length === 0 || names.some((name) => SIGNS.includes(name));
}

/**
 * Makes a folder for this process's stack, with the tables that an earlier run was told to keep, and clears away the
 * folders of processes that are gone: a crash leaves nothing that the next start trips over, and takes no kept tables.
 */
export function openWorkspace(
  local: string = LOCAL,
  { keep = false, reset = false }: WorkspaceOptions = {},
): Workspace {
  const kept = join(local, "kept");
  const putBack = (directory: string) => {
    const assembled = join(directory, ASSEMBLED);
    mkdirSync(assembled, { recursive: true, mode: PRIVATE_FOLDER });
    for (const name of KEPT) {
      if (existsSync(join(directory, name))) renameSync(join(directory, name), join(assembled, name));
    }
    rmSync(kept, { recursive: true, force: true });
    renameSync(assembled, kept);
  };
  mkdirSync(local, { recursive: true, mode: PRIVATE_FOLDER });
  if (existsSync(kept) && !isOfStack(kept)) {
    throw new Error(
      `${kept} is there, and is not what an earlier run has kept: move it, or set LOCAL_STACK_DIRECTORY to another folder.`,
    );
  }
  for (const name of readdirSync(local)) {
    const pid = Number(/^stack-(\d+)$/.exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    const abandoned = join(local, name);
    if (!isOfStack(abandoned)) continue;
    if (existsSync(join(abandoned, MARK)) && hasTables(abandoned) && !existsSync(kept)) putBack(abandoned);
    rmSync(abandoned, { recursive: true, force: true });
  }
  if (reset) rmSync(kept, { recursive: true, force: true });
  const directory = folderFor(local);
  mkdirSync(directory, { mode: PRIVATE_FOLDER });
  const hadTables = existsSync(kept);
  if (hadTables || keep) writeFileSync(join(directory, MARK), "", { mode: PRIVATE_FILE });
  if (hadTables) {
    chmodSync(kept, PRIVATE_FOLDER);
    // What was kept before there were objects in it is Cassandra's folder itself.
    if (!existsSync(join(kept, TABLES))) renameSync(kept, join(directory, TABLES));
    else {
      renameSync(kept, join(directory, ASSEMBLED));
      for (const name of readdirSync(join(directory, ASSEMBLED))) {
        renameSync(join(directory, ASSEMBLED, name), join(directory, name));
      }
    }
  }
  return {
    directory,
    kept,
    hadTables,
    close(keep) {
      if (keep && hasTables(directory)) putBack(directory);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Named for this process. One of that name is of an earlier process with its id, or somebody's. */
function folderFor(local: string): string {
  const directory = join(local, `stack-${process.pid}`);
  if (existsSync(directory)) {
    if (!isOfStack(directory)) {
      throw new Error(`${directory} is there, and no stack has made it: set LOCAL_STACK_DIRECTORY to another folder.`);
    }
    rmSync(directory, { recursive: true, force: true });
  }
  return directory;
}
