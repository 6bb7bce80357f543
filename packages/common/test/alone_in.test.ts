import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { aloneIn, waitUntil } from "@keyspaces-segmentation/common";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "alone-"));
});
afterAll(() => rm(folder, { recursive: true }));

const hasProc = existsSync("/proc/self/stat");

const alone = <T>(work: () => Promise<T>, where = folder) => aloneIn(where, work);

/** Another process that is at work in the folder until it is ended. */
async function writer(): Promise<ChildProcess> {
  const door = require.resolve("@keyspaces-segmentation/common");
  const work = `() => new Promise((done) => { console.log("at it"); process.stdin.once("data", done); })`;
  const script = `require(${JSON.stringify(door)}).aloneIn(${JSON.stringify(folder)}, ${work}).then(() => process.exit())`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout!, "data");
  return child;
}

test("while another process writes to a folder, it is said which, and nothing is done", async () => {
  const child = await writer();
  let isDone = false;
  const work = async () => {
    isDone = true;
  };
  await expect(alone(work)).rejects.toMatchObject({
    message: `Could not write to ${folder}: another run, process ${child.pid}, is writing there.`,
    hint: expect.stringContaining("`outputDirectory` to another folder"),
  });
  expect(isDone).toBe(false);
  child.stdin!.write("done");
  await once(child, "exit");
  await alone(work);
  expect(isDone).toBe(true);
  expect(await readdir(folder)).toEqual([]);
});

test("one that was killed keeps nobody from it, nor does a later process of its number", async () => {
  const child = await writer();
  const [mark] = await readdir(folder);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await readdir(folder)).toEqual([mark]);
  expect(await alone(async () => "done")).toBe("done");
  // Process 1 runs, and has not left this.
  await writeFile(join(folder, `.writing-1-0-1-${hostname()}`), "");
  expect(await alone(async () => "done")).toBe("done");
  expect(await readdir(folder)).toEqual([]);
});

test("the mark of another machine that shares the folder is left to it, until it is old", async () => {
  const [mark, ofVersionBefore] = [".writing-1-0-1-elsewhere", ".writing-1-0-else-where"];
  for (const name of [mark, ofVersionBefore]) await writeFile(join(folder, name), "");
  expect(await alone(async () => "done")).toBe("done");
  expect(await readdir(folder)).toEqual([mark, ofVersionBefore]);
  const now = () => new Date(Date.now() + 31 * 24 * 3_600_000);
  expect(await aloneIn(folder, async () => "done", { now })).toBe("done");
  expect(await readdir(folder)).toEqual([]);
});

test("while one of two works of a process goes on, another process is kept from it", async () => {
  let end: () => void = () => undefined;
  const longer = alone(
    () =>
      new Promise<void>((done) => {
        end = done;
      }),
  );
  await alone(async () => undefined);
  const door = require.resolve("@keyspaces-segmentation/common");
  const script = `require(${JSON.stringify(door)}).aloneIn(${JSON.stringify(folder)}, async () => "in").then(console.log, (error) => console.log(error.message))`;
  const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  expect(stdout).toContain(`another run, process ${process.pid}, is writing there`);
  end();
  await longer;
  expect(await readdir(folder)).toEqual([]);
});

test("one that was killed keeps nobody from it while its parent has not asked for its end", async () => {
  const door = require.resolve("@keyspaces-segmentation/common");
  const atIt = `require(${JSON.stringify(door)}).aloneIn(${JSON.stringify(folder)}, () => new Promise(() => { console.log("at it"); setInterval(() => {}, 1000); }))`;
  // A shell that goes on without waiting for what it has started.
  const script = `"${process.execPath}" -e '${atIt}' & echo $!; exec sleep 60`;
  const parent = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const some of parent.stdout) {
    output += some;
    if (output.includes("at it")) break;
  }
  const [, pid] = /(\d+)/.exec(output)!;
  process.kill(Number(pid), "SIGKILL");
  await waitUntil(
    "it to be a zombie",
    async () => {
      const stat = hasProc ? await readFile(`/proc/${pid}/stat`, "utf8").catch(String) : "no /proc";
      return { done: !hasProc || /\) Z /.test(stat), seen: stat };
    },
    { deadlineMs: 10_000 },
  );
  expect(await alone(async () => "done")).toBe("done");
  parent.kill();
  await once(parent, "exit");
});

test("a failure is thrown as it is, and leaves no mark", async () => {
  const failing = alone(async () => {
    throw new Error("no room");
  });
  await expect(failing).rejects.toThrow("no room");
  expect(await readdir(folder)).toEqual([]);
});

test("where the folder cannot be made, the work is to say so", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  expect(await alone(async () => "asked", join(file, "out"))).toBe("asked");
});
