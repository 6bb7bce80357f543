import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PYTHON, ROOT } from "@keyspaces-segmentation/local-support";

interface Answer {
  status: string;
  outputs: string[];
}

let directory: string;
beforeAll(async () => {
  await mkdir(join(ROOT, ".local"), { recursive: true });
  directory = await mkdtemp(join(ROOT, ".local/interrupt-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs cells in the real kernel; one is interrupted once it has put out the text given for it. */
async function runCells(cells: { source: string; interruptAfter?: string }[]): Promise<Answer[]> {
  const script = join(ROOT, "test", "support", "interrupt_cells.py");
  const python = spawn(PYTHON, [script], { cwd: directory, stdio: ["pipe", "pipe", "inherit"] });
  python.stdin.end(JSON.stringify(cells));
  const chunks: Buffer[] = [];
  python.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(python, "close");
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Answer[];
}

test("an interrupt ends the cell and its work, and the kernel goes on", async () => {
  const work = `import { setTimeout as delay } from "node:timers/promises";
import { interruptible } from "@keyspaces-segmentation/notebook-charts/dist/interruptible";
let ticks = 0;
const listeners = () => process.listenerCount("SIGINT");
await delay(10);
const before = listeners();`;
  const tick = `await interruptible(async (signal) => {
  for (;;) {
    console.log("tick");
    ticks++;
    await delay(50, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
});`;
  const [, first, second, after, last] = (await runCells([
    { source: work },
    { source: tick, interruptAfter: "tick" },
    { source: tick, interruptAfter: "tick" },
    { source: `const seen = ticks;\nawait delay(300);\nconsole.log(ticks - seen, listeners() - before);` },
    { source: `console.log(await interruptible(async () => 42));` },
  ])) as [Answer, Answer, Answer, Answer, Answer];
  for (const { status, outputs } of [first, second]) {
    expect(status).toBe("error");
    const text = outputs.join("\n");
    expect(text).toContain("tick");
    expect(text).toContain("Could not finish the cell: it was interrupted.\nRun the cell again.");
  }
  expect(after).toEqual({ status: "ok", outputs: ["0 0\n"] });
  expect(last).toEqual({ status: "ok", outputs: ["42\n"] });
});
