import { readFileSync } from "node:fs";

/** What a process has used since its start. */
export interface Usage {
  /** Peak of its resident set, bytes. */
  readonly peakBytes: number;
  /** On all cores, user and system. */
  readonly cpuSeconds: number;
}

/** Of /proc/<pid>/stat, in every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Undefined where the process has ended, and on systems without /proc. */
export function usageOf(pid: number): Usage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    // The name, in parentheses, may hold blanks: the fields are counted from the last parenthesis on.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (peak === null) return undefined;
    return {
      peakBytes: Number(peak[1]) * 1024,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    };
  } catch {
    return undefined;
  }
}
