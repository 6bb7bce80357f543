import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { LOCAL, ROOT } from "@keyspaces-segmentation/local-support";
import { lineAbout } from "./support/skipped_reporter.js";
import { STACK_VARIABLE } from "./support/stack_variable.js";
import { suiteName } from "./support/suite_name.js";

const filter = require("./support/starts_no_process.js") as (paths: string[]) => { filtered: string[] };

// Inside of the checkout, where the parts are found by their names.
mkdirSync(LOCAL, { recursive: true });
const folder = mkdtempSync(join(LOCAL, "runner-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether `npm run test:unit` would have a suite, as compiled. */
function isUnit(source: string): boolean {
  const suite = join(folder, `${randomUUID()}.test.js`);
  writeFileSync(suite, source);
  writeFileSync(join(folder, "helper.js"), 'const { spawn } = require("node:child_process");');
  return filter([suite]).filtered.length === 1;
}

const door = 'const door_1 = require("@keyspaces-segmentation/local-support");';

test("`npm run test:unit` leaves out what can start a process, by itself, through a helper or through a part's door", () => {
  expect(isUnit('require("node:child_process").spawn("java");')).toBe(false);
  expect(isUnit('const { execFile } = require("child_process");')).toBe(false);
  expect(isUnit('const later = () => import("puppeteer-core");')).toBe(false);
  expect(isUnit('const helper_1 = require("./helper.js");')).toBe(false);
  expect(isUnit(`${door} door_1.startService({});`)).toBe(false);
});

test("`npm run test:unit` has what starts none, whatever else a part's door shows", () => {
  expect(isUnit(`${door} door_1.seededRandom(1);`)).toBe(true);
  expect(
    isUnit('const node_fs_1 = require("node:fs"); const common_1 = require("@keyspaces-segmentation/common");'),
  ).toBe(true);
});

test("`npm run test:unit` has most of the suites", () => {
  const compiled = readdirSync(join(ROOT, "dist"), { recursive: true, encoding: "utf8" });
  const suites = compiled.filter((file) => file.endsWith(".test.js")).map((file) => join(ROOT, "dist", file));
  const { filtered } = filter(suites);
  expect(filtered.length).toBeGreaterThan(suites.length / 2);
});

test("a suite that is no suite of the stack does not see it", () => {
  const stack = Object.entries(JSON.parse(process.env[STACK_VARIABLE] ?? "{}") as Record<string, string>);
  expect(stack.filter(([name, value]) => process.env[name] === value)).toEqual([]);
});

test("the suites whose durations are known are there", () => {
  const durations = JSON.parse(readFileSync(join(ROOT, "test", "support", "durations.json"), "utf8")) as object;
  const compiled = readdirSync(join(ROOT, "dist"), { recursive: true, encoding: "utf8" });
  const names = compiled.map((file) => suiteName(join(ROOT, "dist", file)));
  expect(Object.keys(durations).filter((name) => !names.includes(name))).toEqual([]);
});

test("tests on real data that find none are counted in one line", () => {
  const of = (...titles: string[]) => ({ testResults: titles.map((title) => ({ title, status: "pending" })) });
  const [missing, other, kind] = ["the real file [no real data]", "on macOS only", "a kind of file [no cases]"];
  expect(lineAbout({ testResults: [of(missing, other), of(missing)] }, "/data.csv")).toMatch(/^2 tests .* \/data\.csv/);
  expect(lineAbout({ testResults: [of(other, kind, kind)] }, "/data.csv")).toMatch(/^2 tests .* RETAIL_CASES /);
  expect(lineAbout({ testResults: [of(missing, kind)] }, "/data.csv")).toMatch(
    /^1 test .* RETAIL_DATA .*; 1 test .* RETAIL_CASES /,
  );
  expect(lineAbout({ testResults: [of(other)] }, "/data.csv")).toBeUndefined();
});
