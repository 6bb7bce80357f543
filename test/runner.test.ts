import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { lineAbout } from "./support/skipped_reporter.js";
import { STACK_VARIABLE } from "./support/stack_variable.js";

const { wayToProcess } = require("./support/starts_no_process.js") as {
  wayToProcess(file: string): string[] | undefined;
};
const compiled = (suite: string) => join(ROOT, "dist", `${suite}.js`);

test.each([
  ["packages/local-support/test/process.test", "node:child_process"],
  ["packages/aws-local/test/moto.test", "node:child_process"],
  ["packages/keyspaces-local/test/cassandra/cassandra.test", "node:child_process"],
  ["packages/keyspaces-bulk/test/reconnection.test", "node:child_process"],
  ["test/src/hand_out.test", "@sparticuz/chromium"],
])("`npm run test:unit` leaves out %s, which reaches %s", (suite, starter) => {
  expect(wayToProcess(compiled(suite))).toContain(starter);
});

test.each([
  "packages/invoices/test/rfm.test",
  "packages/kmeans/test/lloyd.test",
  "packages/keyspaces-local/test/statement.test",
  "test/runner.test",
])("`npm run test:unit` has %s, from which no import leads to what starts processes", (suite) => {
  expect(wayToProcess(compiled(suite))).toBeUndefined();
});

test("a suite that is no suite of the stack does not see it", () => {
  const stack = Object.entries(JSON.parse(process.env[STACK_VARIABLE] ?? "{}") as Record<string, string>);
  expect(stack.filter(([name, value]) => process.env[name] === value)).toEqual([]);
});

test("the suites whose durations are known are there", () => {
  const durations = JSON.parse(readFileSync(join(ROOT, "test", "support", "durations.json"), "utf8")) as object;
  expect(Object.keys(durations).filter((name) => !existsSync(join(ROOT, "dist", `${name}.test.js`)))).toEqual([]);
});

test("tests on real data that find none are counted in one line", () => {
  const of = (...titles: string[]) => ({ testResults: titles.map((title) => ({ title, status: "pending" })) });
  const [missing, other] = ["the real file [no real data]", "on macOS only"];
  expect(lineAbout({ testResults: [of(missing, other), of(missing)] }, "/data.csv")).toMatch(/^2 tests .* \/data\.csv/);
  expect(lineAbout({ testResults: [of(other)] }, "/data.csv")).toBeUndefined();
});
