import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { type Program, plainEnvironment, runProgram } from "../tool/program.js";
import { requireInstalled } from "./drivers.js";
import { isRule, outcomes, testsOfServer } from "./gocql_suite.js";

const suite = join(ROOT, ".cache", "gocql_suite");
const folder = mkdtempSync(join(tmpdir(), "gocql-"));
let tool: Program;

beforeAll(() => {
  requireInstalled(["gocql_suite"]);
  // Its tests expect one host, and no page that is empty.
  tool = runProgram(["--port", "0", "--json", "--lenient", "--definition-ms", "30"], folder);
});
afterAll(async () => {
  tool?.child.kill("SIGTERM");
  await tool?.ended;
  rmSync(folder, { recursive: true, force: true });
});

/** What each test says, by its name. */
async function runTests(names: readonly string[]): Promise<Map<string, string>> {
  const { contactPoint, port, caFile, dataDirectory } = await tool.ready();
  const { userName, password } = JSON.parse(readFileSync(join(dataDirectory, "administrator.json"), "utf8"));
  const env = plainEnvironment({
    KEYSPACES_ENDPOINT: `${contactPoint}:${port}`,
    KEYSPACES_CA_FILE: caFile,
    KEYSPACES_USER: userName,
    KEYSPACES_PASSWORD: password,
  });
  const limits = ["-test.timeout=8m", "-gocql.timeout=10s", "-proto=4", "-gocql.cversion=3.11.2"];
  const args = ["-test.v", `-test.run=^(${names.join("|")})$`, ...limits];
  const child = spawn(join(suite, "suite"), args, { cwd: suite, env, stdio: ["ignore", "pipe", "ignore"] });
  const [said] = await Promise.all([text(child.stdout), once(child, "close")]);
  const told = new Map<string, string>();
  for (const part of said.split(/^=== RUN {3}/m).slice(1)) {
    // What a subtest says is its test's.
    const name = /^\w+/.exec(part)?.[0] ?? "";
    told.set(name, `${told.get(name) ?? ""}${part}`);
  }
  return told;
}

/** Rules that show in what a test reads, without a refusal. */
const shown: readonly string[] = ["KL-REPLICATION"];

/** What came of it: of a failure, the code that the refusal names, or the reason that we know of. */
function outcomeOf(name: string, said = ""): string {
  const result = new RegExp(`^--- (PASS|FAIL|SKIP): ${name} `, "m").exec(said)?.[1];
  if (result === "PASS") return "passes";
  if (result === "SKIP") return "skips itself";
  const refusal = /\[(KL-[A-Z-]+)\]/.exec(said)?.[1];
  if (refusal !== undefined) return refusal;
  const known = outcomes[name];
  const isKnown = result === "FAIL" && known !== undefined && (!isRule(known) || shown.includes(known));
  return isKnown ? known : `${result}: ${said}`;
}

test("gocql's own tests pass, but for those that break a rule of Keyspaces", async () => {
  const names = testsOfServer(suite);
  const said = await runTests(names);
  expect(Object.fromEntries(names.map((name) => [name, outcomeOf(name, said.get(name))]))).toEqual(outcomes);
});
