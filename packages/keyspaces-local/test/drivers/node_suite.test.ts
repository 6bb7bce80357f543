import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type Program, runProgram } from "../tool/program.js";
import { suite } from "./node_suite/suite.js";
import { failureOf, worldOf } from "./node_suite/world.js";

const folder = mkdtempSync(join(tmpdir(), "node-suite-"));
let tool: Program;
let world: Awaited<ReturnType<typeof worldOf>>;

beforeAll(async () => {
  tool = runProgram(["--port", "0", "--json", "--definition-ms", "30"], folder);
  world = await worldOf(await tool.ready());
});
afterEach(() => world.tidy());
afterAll(async () => {
  await world?.end();
  tool.child.kill("SIGTERM");
  await tool.ended;
  rmSync(folder, { recursive: true, force: true });
});

describe.each(Object.entries(suite))("%s:", (_, cases) => {
  test.each(Object.entries(cases))("%s", async (_, { run, refusedBy }) => {
    if (refusedBy === undefined) await run(world);
    else expect((await failureOf(run(world))).message).toContain(`[${refusedBy}]`);
  });
});
