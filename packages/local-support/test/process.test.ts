import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support/dist/paths.js";
import { type ServiceOptions, startService } from "@keyspaces-segmentation/local-support/dist/process.js";
import { runningProcesses } from "@keyspaces-segmentation/local-support/dist/process_tree.js";

const script = (name: string): string => join(ROOT, "test/fixtures/processes", name);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "process-test-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let logs = 0;
function service(name: string, more: Partial<ServiceOptions> = {}): ServiceOptions {
  logs += 1;
  return {
    name,
    command: process.execPath,
    args: [script(`${name}.mjs`)],
    logFile: join(directory, `${logs}.log`),
    isReady: async (output) => output.includes("ready\n"),
    deadlineMs: 60_000,
    ...more,
  };
}

const runs = (pid: number): boolean => runningProcesses().some((each) => each.pid === pid);
async function areGone(...pids: number[]): Promise<boolean> {
  const deadline = Date.now() + 30_000;
  while (pids.some(runs) && Date.now() < deadline) await delay(50);
  return !pids.some(runs);
}
const numberAfter = (word: string, text: string): number => Number(new RegExp(`${word} (\\d+)`).exec(text)?.[1]);

describe("stop", () => {
  test("a child that ignores SIGTERM is killed after the grace period", async () => {
    const stubborn = await startService(service("stubborn"));
    expect(runs(stubborn.pid)).toBe(true);
    await stubborn.stop(300);
    expect(runs(stubborn.pid)).toBe(false);
    expect(await stubborn.ended).toBe("was ended by SIGKILL");
    expect(stubborn.lastLines()).toEqual(["ready", "ignoring SIGTERM"]);
  });

  test("stopping twice, also at once, is the same as stopping once", async () => {
    const stubborn = await startService(service("stubborn"));
    await Promise.all([stubborn.stop(100), stubborn.stop(100)]);
    await stubborn.stop();
    expect(runs(stubborn.pid)).toBe(false);
  });

  test("a grandchild in a session of its own is not left behind", async () => {
    const launcher = await startService(service("launcher"));
    const grandchild = numberAfter("grandchild", launcher.lastLines().join("\n"));
    expect(runs(grandchild)).toBe(true);
    await launcher.stop();
    expect(await areGone(launcher.pid, grandchild)).toBe(true);
  });

  test("nor is a grandchild that is started meanwhile", async () => {
    const launcher = await startService(service("late_launcher"));
    await launcher.stop();
    const grandchild = numberAfter("grandchild", launcher.lastLines().join("\n"));
    expect(grandchild).toBeGreaterThan(0);
    expect(await areGone(launcher.pid, grandchild)).toBe(true);
  });
});

describe("start", () => {
  test("a child that fails is reported with its command, how it ended and its last lines", async () => {
    const options = service("failing");
    await expect(startService(options)).rejects.toThrow(
      `failing exited with code 3.\nCommand: ${process.execPath} ${script("failing.mjs")}\n` +
        `Log: ${options.logFile}; its last lines:\nreading the settings\nno such database`,
    );
  });

  test("a command that does not exist is reported", async () => {
    await expect(startService(service("nothing", { command: "/no/such/program" }))).rejects.toThrow(
      "nothing could not be started (spawn /no/such/program ENOENT)",
    );
  });

  test("a child that never gets ready is ended and reported", async () => {
    let pid = 0;
    const isReady = async (output: string) => {
      pid = numberAfter("grandchild", output) || 0;
      return false;
    };
    // A busy machine may take longer than that to start it: then once more, with more time.
    for (let seconds = 2; pid === 0 && seconds < 300; seconds *= 2) {
      await expect(startService(service("launcher", { isReady, deadlineMs: 1000 * seconds }))).rejects.toThrow(
        `launcher was not ready after ${seconds} s.`,
      );
    }
    expect(pid).toBeGreaterThan(0);
    expect(await areGone(pid)).toBe(true);
  });

  test("a readiness check that hangs does not outlast the deadline, one that throws is passed on", async () => {
    const hangs = () => new Promise<boolean>(() => undefined);
    await expect(startService(service("launcher", { isReady: hangs, deadlineMs: 300 }))).rejects.toThrow("not ready");
    const throws = async () => {
      throw new Error("cannot ask");
    };
    await expect(startService(service("launcher", { isReady: throws }))).rejects.toThrow("cannot ask");
  });

  test("an abort during the start ends the child and what it started", async () => {
    const controller = new AbortController();
    let grandchild = 0;
    const isReady = async (output: string) => {
      grandchild = numberAfter("grandchild", output);
      if (grandchild > 0) controller.abort(new Error("changed my mind"));
      return false;
    };
    const starting = startService(service("launcher", { isReady, signal: controller.signal }));
    await expect(starting).rejects.toThrow("changed my mind");
    expect(await areGone(grandchild)).toBe(true);
  });

  test("nothing is started once aborted", async () => {
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(startService(service("stubborn", { signal }))).rejects.toThrow("too late");
  });
});

describe("the watchdog", () => {
  async function startParent(): Promise<{ parent: number; child: number; grandchild: number }> {
    const parent = spawn(
      process.execPath,
      [require.resolve("../../../test/support/parent.js"), script("launcher.mjs"), join(directory, `${++logs}.log`)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let output = "";
    while (!output.includes("ready\n")) output += String(await once(parent.stdout, "data"));
    parent.stdout.destroy();
    return { parent: parent.pid!, child: numberAfter("child", output), grandchild: numberAfter("grandchild", output) };
  }

  test("a parent killed by SIGKILL leaves neither child nor grandchild behind", async () => {
    const { parent, child, grandchild } = await startParent();
    expect([child, grandchild].map(runs)).toEqual([true, true]);
    process.kill(parent, "SIGKILL");
    expect(await areGone(parent, child, grandchild)).toBe(true);
  });

  test("one comes with the first child and goes with the last", async () => {
    const children = () => runningProcesses().filter((each) => each.parent === process.pid);
    const before = new Set(children().map(({ pid }) => pid));
    const started = await startService(service("stubborn"));
    const guards = children().filter(({ pid }) => pid !== started.pid && !before.has(pid));
    await started.stop(100);
    expect(guards).toHaveLength(1);
    expect(await areGone(...guards.map(({ pid }) => pid))).toBe(true);
  });

  test("one that was killed itself is replaced", async () => {
    const { parent, child, grandchild } = await startParent();
    const watchdogOf = () => runningProcesses().find((each) => each.parent === parent && each.pid !== child)?.pid;
    const first = watchdogOf();
    process.kill(first!, "SIGKILL");
    const deadline = Date.now() + 30_000;
    while ([undefined, first].includes(watchdogOf()) && Date.now() < deadline) await delay(50);
    process.kill(parent, "SIGKILL");
    expect(await areGone(parent, child, grandchild)).toBe(true);
  });
});
