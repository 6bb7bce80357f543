import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ROOT } from "../local/paths.js";

let bin: string;
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), "bin-"));
});
afterAll(() => rmSync(bin, { recursive: true, force: true }));

/** The set-up on a machine that has only what is in `bin`. */
function setUp(environment: NodeJS.ProcessEnv = {}) {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "setup.mjs")], {
    env: { PATH: bin, ...environment },
    encoding: "utf8",
  });
  return { status, lines: stderr.trim().split("\n") };
}

test("what is missing is named, a line each, with how to get it", () => {
  const { status, lines } = setUp();
  expect(status).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(/^Java 17 is needed .* was not found: install it \(.*adoptium/),
    expect.stringMatching(/^Maven is needed .*: install it \(/),
    expect.stringMatching(/^Python 3\.10 or newer .*: install it \(/),
  ]);
});

test("a Java of another version is not taken for the right one", () => {
  const java = join(bin, "java");
  writeFileSync(java, "#!/bin/sh\necho 'openjdk version \"21.0.1\" 2023-10-17' >&2\n");
  chmodSync(java, 0o755);
  expect(setUp().lines[0]).toMatch(/^Java 17 is needed by Apache Cassandra, found version 21/);
});
