import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningProcess, runningProcesses } from "@keyspaces-segmentation/local-support";
import { UsageError } from "../arguments.js";

const MARK = ".run-";

const markOf = ({ pid, started }: RunningProcess): string => `${MARK}${pid}-${started}`;

/**
 * Marks a folder, which is made where it is missing, as the one that this process puts its results into, unless another one that still
 * runs has: their results would lie side by side. Marks of processes that are gone are removed.
 *
 * @returns takes the mark away
 * @throws UsageError where another process writes there
 */
export function markRun(directory: string): () => void {
  const running = new Map(runningProcesses().map((each) => [markOf(each), each.pid]));
  const [own] = [...running].find(([, pid]) => pid === process.pid)!;
  mkdirSync(directory, { recursive: true });
  const unmark = () => rmSync(join(directory, own), { force: true });
  // Before others are looked for: of two that begin at the same moment, at least one notices.
  writeFileSync(join(directory, own), "");
  for (const mark of readdirSync(directory)) {
    if (!mark.startsWith(MARK) || mark === own) continue;
    const other = running.get(mark);
    if (other !== undefined) {
      unmark();
      throw new UsageError(
        `Expected \`--out\` to be a folder for this run alone, got ${directory}, which process ${other} writes its results to: wait until it has ended, or name another`,
      );
    }
    rmSync(join(directory, mark), { force: true });
  }
  return unmark;
}
