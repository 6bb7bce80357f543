import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A process of this machine. The start time tells it from a later one that was given the same number. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly started: string;
}

/** One line of /proc/<pid>/stat. The name, in parentheses, may hold blanks and parentheses: read from the last one on. */
function parseStat(pid: number, stat: string): RunningProcess | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent] = fields;
  return state === "Z" || state === "X" ? undefined : { pid, parent: Number(parent), started: String(fields[19]) };
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
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,lstart="], { encoding: "utf8", env });
  return table.split("\n").flatMap((line) => {
    const [pid, parent, state, ...started] = line.trim().split(/\s+/);
    if (!pid || state?.startsWith("Z")) return [];
    return { pid: Number(pid), parent: Number(parent), started: started.join(" ") };
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
