import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  familyOf,
  PRIVATE_FILE,
  PRIVATE_FOLDER,
  type RunningProcess,
  signalAll,
  stillRunning,
} from "@keyspaces-segmentation/local-support";
import { makeFolderOf } from "./given_files.js";
import { UsageError } from "./usage_error.js";

/** Says that a folder is one of this program's, and with that what may be cleared away in it. */
const SIGN = "keyspaces-local.json";
const RUNNING = "running.json";

/** Who works in a data directory, and how to ask them. */
interface Running {
  readonly self: RunningProcess;
  readonly cassandra?: RunningProcess | undefined;
  readonly adminUrl?: string | undefined;
}

/** Everything that outlives a start, for one process at a time. */
export interface DataDirectory {
  readonly path: string;
  /** Whether an earlier start has left something in it. */
  readonly isKept: boolean;
  /** Where a part of it lies. */
  file(name: string): string;
  /** Notes how the process that works in it can be asked. */
  announce(adminUrl: string): void;
  /** Notes whom to wait for where this process ends without a word. */
  noteCassandra(pid: number): void;
  /** Lets the next one in. */
  release(): void;
}

/** How long a database is waited for whose gateway was ended by force; its watchdog insists after three seconds. */
const GONE_MS = 15_000;

/**
 * Opens a data directory, and makes it where it is missing.
 *
 * @param options.reset clears away what an earlier start has left
 * @throws UsageError if another process works in it, or it is somebody's folder
 */
export async function openDataDirectory(path: string, { reset }: { reset: boolean }): Promise<DataDirectory> {
  const file = (name: string): string => join(path, name);
  makeFolderOf("--data-directory", path, PRIVATE_FOLDER);
  if (!existsSync(file(SIGN)) && readdirSync(path).length > 0) {
    throw new UsageError(
      `Expected \`--data-directory\` to be a folder of this program or an empty one, got ${JSON.stringify(path)}, which has other files`,
    );
  }
  const isLeft = existsSync(file(RUNNING));
  const earlier = readRunning(path);
  if (earlier && isWorking(earlier)) throw inUse(path, `process ${earlier.self.pid}`);
  if (earlier?.cassandra) await untilGone(earlier.cassandra);
  const isKept = existsSync(file(SIGN)) && !reset;
  if (reset) for (const name of readdirSync(path)) rmSync(file(name), { recursive: true, force: true });
  writeFileSync(file(SIGN), `${JSON.stringify({ layout: 1 })}\n`, { mode: PRIVATE_FILE });
  const [self] = familyOf([process.pid]);
  let running: Running = { self: self! };
  const note = (flag: "w" | "wx" = "w"): void =>
    writeFileSync(file(RUNNING), JSON.stringify(running), { mode: PRIVATE_FILE, flag });
  // Only what was seen to be nobody's: of two that begin at once, one makes the file and the other finds it.
  if (isLeft) rmSync(file(RUNNING), { force: true });
  try {
    note("wx");
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "EEXIST" ? inUse(path, "another process") : error;
  }
  return {
    path,
    isKept,
    file,
    announce: (adminUrl) => {
      running = { ...running, adminUrl };
      note();
    },
    noteCassandra: (pid) => {
      running = { ...running, cassandra: familyOf([pid]).find((each) => each.pid === pid) };
      note();
    },
    release: () => rmSync(file(RUNNING), { force: true }),
  };
}

const inUse = (path: string, who: string): UsageError =>
  new UsageError(`Expected \`--data-directory\` to be free, got ${JSON.stringify(path)}, which ${who} works in`);

function isWorking({ self }: Running): boolean {
  return stillRunning([self]).length > 0;
}

async function untilGone(cassandra: RunningProcess): Promise<void> {
  const deadline = performance.now() + GONE_MS;
  while (stillRunning([cassandra]).length > 0) {
    if (performance.now() > deadline) signalAll([cassandra], "SIGKILL");
    await delay(50);
  }
}

function readRunning(path: string): Running | undefined {
  try {
    return JSON.parse(readFileSync(join(path, RUNNING), "utf8")) as Running;
  } catch {
    // None, or one that was broken off.
    return undefined;
  }
}

/** How to ask the process that works in a data directory; undefined where none does. */
export function adminUrlOf(path: string): string | undefined {
  const running = readRunning(path);
  return running && isWorking(running) ? running.adminUrl : undefined;
}
