import { readFileSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
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

const markOf = (pid: number): string => `.writing-${pid}-${beginOf(pid)}-${hostname()}`;

/** The process that a mark is of, if it still runs on this machine; one of another cannot be asked. */
function writerOf(mark: string): number | undefined {
  const pid = Number(/^\.writing-(\d+)-/.exec(mark)?.[1]);
  return isRunning(pid) && mark === markOf(pid) ? pid : undefined;
}

/**
 * Writes into a folder while no other process of this machine does so by this function: each leaves a mark there before it looks for
 * those of others, so that of two that begin at the same moment at least one notices. Marks of processes that are gone are removed.
 *
 * @throws StepError where another process is at it; what `work` throws
 */
export async function aloneIn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const own = markOf(process.pid);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, own), "");
  } catch {
    // `work` has the words for that.
    return work();
  }
  try {
    for (const mark of await readdir(folder)) {
      if (!mark.startsWith(".writing-") || mark === own) continue;
      const pid = writerOf(mark);
      if (pid !== undefined) {
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
