import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Ids of the running processes that inherited `mark` in their environment, however far down (Linux). */
export function processesWith(mark: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      if (!(pid > 0) || pid === process.pid) return false;
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").includes(mark);
      } catch {
        return false;
      }
    });
}

/** Those of them that have not ended within half a minute. */
export async function processesLeftWith(mark: string): Promise<number[]> {
  for (let tries = 0; tries < 300 && processesWith(mark).length > 0; tries++) await delay(100);
  return processesWith(mark);
}
