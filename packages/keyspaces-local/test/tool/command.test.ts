import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { freePort } from "../../../../test/support/free_port.js";
import { createKeyspace, createTable } from "../support.js";
import { connectAs, type Program, runProgram } from "./program.js";
import { readmeExamples } from "./readme_examples.js";

const folder = mkdtempSync(join(tmpdir(), "command-"));
const started: Program[] = [];
afterAll(() => {
  for (const { child } of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});
const run = (args: string[], environment: NodeJS.ProcessEnv = {}): Program => {
  const program = runProgram(args, folder, environment);
  started.push(program);
  return program;
};

test("it begins, tells who waits that it is ready, ends at Ctrl-C, and the next start has the rows and keys", async () => {
  const first = run(["--port", "0", "--json", "--definition-ms", "30"]);
  const waiting = run(["wait", "--timeout", "300"]);
  const ready = await first.ready();
  expect(first.told().split("\n")[0]).toBe(
    `keyspaces-local: keeps tables, users, certificate and keys in ${join(folder, ".keyspaces-local")}, where only this user can read them; --reset begins anew`,
  );
  expect(await waiting.ended).toBe(0);
  expect(await waiting.said()).toBe(`ready: listening on 127.0.0.1:${ready.port}`);
  const client = await connectAs(ready);
  await createKeyspace(client, "shop");
  await createTable(client, "shop", "orders", "(id int PRIMARY KEY)");
  await client.execute("INSERT INTO shop.orders (id) VALUES (7)");
  await client.shutdown();
  for (const example of readmeExamples.filter(({ language }) => language !== "java")) {
    expect([example.language, await example.run(ready.dataDirectory)]).toEqual([example.language, "2.95\n"]);
  }
  first.child.kill("SIGINT");
  expect(await first.ended).toBe(0);
  expect(first.told().split("\n").slice(-3, -1)).toEqual([
    `keyspaces-local: stopping; what it holds is written to ${ready.dataDirectory}`,
    "keyspaces-local: stopped",
  ]);

  const second = run(["--port", "0", "--json", "--lenient"]);
  const again = await second.ready();
  expect(again.credentials).toEqual(ready.credentials);
  const next = await connectAs(again);
  expect((await next.execute("SELECT id FROM shop.orders")).rows.map((row) => row.get("id"))).toEqual([7]);
  await next.shutdown();
  second.child.kill("SIGKILL");
  await second.ended;
});

/** In the way of a folder. */
writeFileSync(join(folder, "cli.json"), "{}");

test.each<[string[], NodeJS.ProcessEnv, number, string]>([
  [["--port", "x"], {}, 2, 'Expected `--port` to be a port, or 0 for a free one, got "x"'],
  [["begin"], {}, 2, 'Expected start, wait or fetch, or options, got "begin"; --help shows them'],
  [["wait", "--timeout", "x"], {}, 2, 'Expected `--timeout` to be a number of seconds, got "x"'],
  [["--timeout", "9"], {}, 2, "Expected `--timeout` with wait only, got it with start"],
  [["fetch", "--json"], {}, 2, "Expected `--json` with start only, got it with fetch"],
  [["wait", "--json"], {}, 2, "Expected `--json` with start only, got it with wait"],
  [["fetch", "--jars", "cli.json/jars"], {}, 2, "Expected `--jars` to be a folder that can be made and written, got"],
  [
    ["fetch", "--jars", "/proc/none/inner/jars"],
    {},
    2,
    "Expected `--jars` to be a folder that can be made and written, got",
  ],
  [
    ["--data-directory", "/proc/none/data"],
    {},
    2,
    "Expected `--data-directory` to be a folder that can be made and written, got",
  ],
  [
    ["--port", "0"],
    { JAVA_HOME: "/none" },
    1,
    "Java 17 is needed by Apache Cassandra, /none/bin/java was not found: install",
  ],
  [
    ["fetch", "--jars", "empty"],
    { PATH: "" },
    1,
    "Maven is needed to get Apache Cassandra's jars, mvn was not found: install",
  ],
])("%j with %j ends with %i and says why on one line", async (args, environment, code, words) => {
  const program = run(args, environment);
  expect(await program.ended).toBe(code);
  const lines = program.told().trimEnd().split("\n");
  expect(lines.at(-1)).toContain(`keyspaces-local: ${words}`);
  expect(lines.length).toBeLessThanOrEqual(2);
});

test("who waits in vain is told what was seen last", async () => {
  const port = await freePort();
  const waiting = run(["wait", "--timeout", "0.5", "--admin-port", String(port)]);
  expect(await waiting.ended).toBe(1);
  expect(waiting.told()).toBe(
    `keyspaces-local: not ready after 0.5 s: nothing answers at http://127.0.0.1:${port} (ECONNREFUSED)\n`,
  );
});

test("who waits for a free port is told that nobody has one", async () => {
  const waiting = run(["wait", "--timeout", "0.5", "--port", "0", "--data-directory", "none"]);
  expect(await waiting.ended).toBe(1);
  expect(waiting.told()).toContain("nothing works in the data directory");
});

test("help and version are said where they can be piped", async () => {
  expect(await run(["--help"]).said()).toBe("Amazon Keyspaces on one machine.");
  expect(await run(["--version"]).said()).toMatch(/^\d+\.\d+\.\d+$/);
});
