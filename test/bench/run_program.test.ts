import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { runProgram } from "../../bench/run_program.js";

const directory = mkdtempSync(join(tmpdir(), "run-program-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const readPid = (file: string): number => (existsSync(file) ? Number(readFileSync(file, "utf8")) : 0);

const node = (script: string, ...more: string[]) => ({
  name: "a program",
  command: process.execPath,
  args: ["-e", script, ...more],
});
const unhurried = new AbortController().signal;

test("a run is measured from outside: time, peak of memory, processor", async () => {
  // A hundred megabytes, touched and let go again; then long enough to be looked at.
  const script =
    "Buffer.alloc(1e8, 1); const until = Date.now() + 400; while (Date.now() < until); console.log('done')";
  const run = await runProgram(node(script), process.pid, unhurried);
  expect(run.output).toBe("done\n");
  expect(run.wallSeconds).toBeGreaterThan(0.4);
  expect(run.peakBytes).toBeGreaterThan(1e8);
  expect(run.cpuSeconds).toBeGreaterThan(0);
  expect(run.serverCpuSeconds).toBeGreaterThanOrEqual(0);
});

test("a program that fails is named, with what it said last", async () => {
  const failing = runProgram(node("console.error('no such table'); process.exit(3)"), process.pid, unhurried);
  await expect(failing).rejects.toThrow(/^a program ended with 3\.\nCommand: .*\nno such table$/s);
});

test("exit codes that count as success are the program's own affair", async () => {
  const run = runProgram({ ...node("process.exit(1)"), exitCodes: [0, 1] }, process.pid, unhurried);
  await expect(run).resolves.toMatchObject({ output: "" });
});

test("a program that cannot be started is named", async () => {
  const missing = runProgram({ name: "a program", command: "/no/such/program", args: [] }, process.pid, unhurried);
  await expect(missing).rejects.toThrow(/^a program could not be started: .*ENOENT/);
});

test("an aborted run ends its program", async () => {
  const file = join(directory, "pid");
  const abort = new AbortController();
  const script = `fs.writeFileSync(process.argv[1], String(process.pid)); setInterval(() => undefined, 1000)`;
  const run = runProgram(node(script, file), process.pid, abort.signal);
  await waitUntil("the program", async () => (readPid(file) > 0 ? { done: true, seen: "" } : { seen: "nothing" }), {
    deadlineMs: 10_000,
    firstDelayMs: 20,
  });
  abort.abort(new Error("stopped"));
  await expect(run).rejects.toThrow("stopped");
  expect(() => process.kill(readPid(file), 0)).toThrow("ESRCH");
});
