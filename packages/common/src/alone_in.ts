import { readFileSync } from "node:fs";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { StepError } from "./errors.js";

/** When a process began, as Linux counts it: tells it from a later one of the same number. Elsewhere the number has to do. */
function beginOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name, in parentheses, may hold blanks and parentheses.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // One that has ended stays listed until its parent has asked what became of it.
    return state === "Z" || state === "X" ? "ended" : (fields[18] ?? "");
  } catch {
    return "";
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Works of one process may go on at the same time, and each has a mark. */
let works = 0;

const markOf = (pid: number, work: string): string => `.writing-${pid}-${beginOf(pid)}-${work}-${hostname()}`;

/** The process that a mark is of, if it runs on this machine; undefined where it has ended, `elsewhere` where it cannot be asked. */
function writerOf(mark: string): number | "elsewhere" | undefined {
  const [, pid = "", work = "", host] = /^\.writing-(\d+)-[^-]*-(\d+)-(.*)$/.exec(mark) ?? [];
  if (host !== hostname()) return "elsewhere";
  return isRunning(Number(pid)) && mark === markOf(Number(pid), work) ? Number(pid) : undefined;
}

/** A mark of another machine, where nobody asks for it any more, lies there for so long. Milliseconds. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** How long ago a file was written, in milliseconds; 0 where it is gone. */
const ageOf = (path: string, now: Date): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => now.getTime() - mtimeMs,
    () => 0,
  );

/**
 * Writes into a folder while no other process of this machine does so by this function: each leaves a mark there before it looks for
 * those of others, so that of two that begin at the same moment at least one notices. Marks of processes that are gone are removed;
 * those of other machines that share the folder, of which that is not known, once they are old.
 *
 * @throws StepError where another process is at it; what `work` throws
 */
export async function aloneIn<T>(
  folder: string,
  work: () => Promise<T>,
  { now = () => new Date() }: { now?: () => Date } = {},
): Promise<T> {
  const own = markOf(process.pid, String(++works));
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, own), "");
  } catch {
    // `work` has the words for that.
    return work();
  }
  try {
    for (const mark of await readdir(folder)) {
      if (!mark.startsWith(".writing-")) continue;
      const pid = writerOf(mark);
      if (pid === process.pid) continue;
      if (pid === "elsewhere" && (await ageOf(join(folder, mark), now())) < KEPT_MS) continue;
      if (typeof pid === "number") {
        const hint = "Wait until it has ended, or set the parameter `outputDirectory` to another folder.";
        throw new StepError({
          tried: `write to ${folder}`,
          got: `another run, process ${pid}, is writing there`,
          hint,
        });
      }
      await rm(join(folder, mark), { force: true });
    }
    return await work();
  } finally {
    await rm(join(folder, own), { force: true });
  }
}
