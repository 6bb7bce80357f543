import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "@jest/globals";
import { familyOf, signalAll } from "@keyspaces-segmentation/local-support";
import { watchProcesses } from "../../bench/processes.js";

test("the peaks of a process and of what it has started, the highest first, by what they are", async () => {
  // A hundred megabytes in the child, which is told from its parent by its command line.
  const child = `const { spawn } = require("node:child_process");
const hold = "Buffer.alloc(1e8, 1); console.log('ready'); setInterval(() => undefined, 1000)";
spawn(process.execPath, ["-e", hold, "watchdog.js"], { stdio: "inherit" });`;
  const parent = spawn(process.execPath, ["-e", child, "execute.py"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    await once(parent.stdout, "data");
    const processes = watchProcesses();
    processes.look(parent.pid!);
    const peaks = processes.peaks();
    expect(peaks.map(({ name }) => name)).toEqual(["watchdog", "nbclient and nbconvert"]);
    expect(peaks[0]!.peakBytes).toBeGreaterThan(1e8);
    expect(peaks[0]!.peakBytes).toBeGreaterThan(peaks[1]!.peakBytes);
  } finally {
    signalAll(familyOf([parent.pid!]), "SIGTERM");
  }
});
