import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import type { Block } from "../../../bench/figures.js";
import { processesLeftWith } from "../../support/processes.js";

const folder = mkdtempSync(join(tmpdir(), "bench-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `npm run bench` as typed in `folder`, once the set-up is done. */
async function bench(...args: string[]) {
  const temporary = join(folder, "tmp");
  mkdirSync(temporary, { recursive: true });
  const mark = randomUUID();
  const child = spawn(process.execPath, [join(ROOT, "dist", "bench", "cli.js"), ...args], {
    env: { ...process.env, INIT_CWD: folder, TMPDIR: temporary, BENCH_MARK: mark },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code, output, errors, processes: await processesLeftWith(mark), files: readdirSync(temporary) };
}

test("every program loads and reads the same rows, every ratio is printed, and nothing is left", async () => {
  const run = await bench("keyspaces", "--rows", "2000", "--rounds", "1", "--json", "figures.json");
  expect(run).toMatchObject({ code: 0, errors: "", processes: [], files: [] });
  for (const ratio of [
    /ours, load against dsbulk load(, no batches)?: rows a second +\d+\.\d\d×( +\d+\.\d\d×){2} +≥ 3× by process +(ok|missed)$/m,
    /ours, load through the gateway against dsbulk load.*: rows a second +.* +≥ 1× by process +(ok|missed)$/m,
    /ours, read against dsbulk unload(, columns)?(, no files)?: time +\d\.\d\d×( +\d\.\d\d×){2} +≤ 0\.35× by process +(ok|missed)$/m,
    /ours, load against dsbulk load, no batches: peak memory +\d\.\d\d× +≤ 0\.5× +(ok|missed)$/m,
    /against Python, execute: rows a second +\d+\.\d\d×( +\d+\.\d\d×){2} +≥ 20× +(ok|missed)$/m,
    /against Python, execute_concurrent: rows a second +\d+\.\d\d×( +\d+\.\d\d×){2} +≥ 8× +(ok|missed)$/m,
    /ours, load: peak memory +\d+ MB +≤ 400 MB +ok$/m,
    /ours, read: peak memory +\d+ MB +≤ 400 MB +ok$/m,
  ]) {
    expect(run.output).toMatch(ratio);
  }
  const { rows, blocks } = JSON.parse(readFileSync(join(folder, "figures.json"), "utf8"));
  expect(rows).toBe(2000);
  const runs = (blocks as Block[]).flatMap(({ programs }) => programs.map(({ name, runs }) => [name, runs.length]));
  expect(runs).toHaveLength(14);
  expect(runs.filter(([, count]) => count !== 1)).toEqual([]);
});

test("a benchmark that there is not is refused with those that there are", async () => {
  const { code, errors } = await bench("keyspace");
  expect(code).toBe(2);
  expect(errors).toMatch(/^There is no benchmark "keyspace"\n\nusage: npm run bench \[NAME\] .*keyspaces/);
});
