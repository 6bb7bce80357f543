/**
 * Kills the stack's processes when the process that started them is gone, however it went (SIGKILL included).
 *
 * The parent writes the process ids, one a line, to our standard input ("-123" takes one off the list) and holds the
 * pipe open. When the pipe closes, every process still listed is killed with all its descendants: a Jupyter kernel
 * lives in a session of its own, so killing the process group of its launcher would miss it.
 */
import { execFileSync } from "node:child_process";
import { createInterface } from "node:readline";

const watched = new Set<number>();

function descendantsOf(roots: Iterable<number>): number[] {
  const children = new Map<number, number[]>();
  for (const line of execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).split("\n")) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid && parent) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  const open = [...roots];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    found.push(pid);
    open.push(...(children.get(pid) ?? []));
  }
  return found;
}

function kill(pids: number[], signal: "SIGTERM" | "SIGKILL"): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Already gone: that is what was wanted.
    }
  }
}

// A Ctrl-C in the terminal reaches the whole foreground group; the watchdog outlives it to see its parent off.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const pid = Number(line);
    if (pid > 0) watched.add(pid);
    else watched.delete(-pid);
  })
  .on("close", () => {
    if (watched.size === 0) return;
    const pids = descendantsOf(watched);
    kill(pids, "SIGTERM");
    setTimeout(() => kill(pids, "SIGKILL"), 3000);
  });
