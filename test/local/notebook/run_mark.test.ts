import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { markRun } from "../../../local/notebook/run_mark.js";

const folder = mkdtempSync(join(tmpdir(), "mark-"));
const out = join(folder, "out");
afterAll(() => rmSync(folder, { recursive: true }));

test("a second run with the same folder is refused while the first is under way, killed ones are not waited for", async () => {
  const module = require.resolve("../../../local/notebook/run_mark.js");
  const script = `require(${JSON.stringify(module)}).markRun(${JSON.stringify(out)}); console.log("marked"); setInterval(() => {}, 1000);`;
  const first = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(first.stdout, "data");
  const [mark] = readdirSync(out);
  expect(() => markRun(out)).toThrow(`got ${out}, which process ${first.pid} writes its results to`);
  expect(readdirSync(out)).toEqual([mark]);
  first.kill("SIGKILL");
  await once(first, "exit");
  const unmark = markRun(out);
  expect(readdirSync(out)).toHaveLength(1);
  expect(existsSync(join(out, mark!))).toBe(false);
  unmark();
  expect(readdirSync(out)).toEqual([]);
});
