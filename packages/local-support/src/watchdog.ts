/**
 * Ends the stack's processes when the process that started them is gone, however it went (SIGKILL included).
 *
 * The parent names the process ids that it has, writes others, one a line, to our standard input ("-123" takes one off the
 * list), and holds the pipe open. When the pipe closes, every process still listed is ended with all its descendants: a Jupyter kernel
 * lives in a session of its own, so ending the process group of its launcher would miss it.
 */
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { familyOf, membersOf, signalAll, stillRunning } from "./process_tree.js";

const GRACE_MS = 3000;
const watched = new Set(process.argv.slice(2).map(Number));

async function endAll(): Promise<void> {
  const family = familyOf(watched);
  signalAll(family, "SIGTERM");
  const deadline = performance.now() + GRACE_MS;
  while (stillRunning(family).length > 0 && performance.now() < deadline) await delay(50);
  // What was started since the first look goes as well: by a survivor, or by one that has ended, which its group tells.
  const survivors = stillRunning(family).map(({ pid }) => pid);
  signalAll([...familyOf(survivors), ...[...watched].flatMap(membersOf)], "SIGKILL");
}

// A Ctrl-C in the terminal reaches the whole foreground group; the watchdog outlives it to see its parent off.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const pid = Number(line);
    if (pid > 0) watched.add(pid);
    else watched.delete(-pid);
  })
  .on("close", () => void endAll());
