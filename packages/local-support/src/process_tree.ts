import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A process of this machine. The start time tells it from a later one that was given the same number. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** The number of the process that leads its group. */
  readonly group: number;
  readonly started: string;
}

/** One line of /proc/<pid>/stat. The name, in parentheses, may hold blanks and parentheses: read from the last one on. */
function parseStat(pid: number, stat: string): RunningProcess | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group] = fields;
  if (state === "Z" || state === "X") return undefined;
  return { pid, parent: Number(parent), group: Number(group), started: String(fields[19]) };
}

function fromProc(): RunningProcess[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      return parseStat(Number(entry), readFileSync(`/proc/${entry}/stat`, "utf8")) ?? [];
    } catch {
      return []; // It ended while we were reading.
    }
  });
}

function fromPs(): RunningProcess[] {
  const env = { ...process.env, LC_ALL: "C" };
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat=,lstart="], { encoding: "utf8", env });
  return table.split("\n").flatMap((line) => {
    const [pid, parent, group, state, ...started] = line.trim().split(/\s+/);
    if (!pid || state?.startsWith("Z")) return [];
    return { pid: Number(pid), parent: Number(parent), group: Number(group), started: started.join(" ") };
  });
}

/** Every process that runs now, ended ones that nobody has collected left out. Slim Linux images come without `ps`. */
export function runningProcesses(): RunningProcess[] {
  return existsSync("/proc/self/stat") ? fromProc() : fromPs();
}

/** The processes with these numbers and all they started, whatever group or session those moved to. */
export function familyOf(roots: Iterable<number>): RunningProcess[] {
  const all = runningProcesses();
  const byPid = new Map(all.map((each) => [each.pid, each]));
  const children = new Map<number, RunningProcess[]>();
  for (const each of all) children.set(each.parent, [...(children.get(each.parent) ?? []), each]);
  const family = new Set([...roots].flatMap((pid) => byPid.get(pid) ?? []));
  // A set hands out what is added to it while it is walked.
  for (const { pid } of family) for (const child of children.get(pid) ?? []) family.add(child);
  return [...family];
}

/** The processes of a group. While one of them runs, no other process can get the number of the one that led it. */
export const membersOf = (group: number): RunningProcess[] => runningProcesses().filter((each) => each.group === group);

/** Those of `processes` that still run. */
export function stillRunning(processes: readonly RunningProcess[]): RunningProcess[] {
  if (processes.length === 0) return [];
  const now = new Map(runningProcesses().map((each) => [each.pid, each.started]));
  return processes.filter(({ pid, started }) => now.get(pid) === started);
}

/** Sends a signal to those of `processes` that still run. */
export function signalAll(processes: readonly RunningProcess[], signal: "SIGTERM" | "SIGKILL"): void {
  for (const { pid } of stillRunning(processes)) {
    try {
      process.kill(pid, signal);
    } catch {
      // Already gone: that is what was wanted.
    }
  }
}
