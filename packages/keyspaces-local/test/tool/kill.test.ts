import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import type { Client } from "cassandra-driver";
import { createKeyspace, createTable } from "../support.js";
import { connectAs, type Program, runProgram } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "kill-"));
const started: Program[] = [];
afterAll(() => {
  for (const { child } of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 4);
const WRITERS = 16;
const LEAST_ROWS = 300;

const start = (): Program => {
  const program = runProgram(["--port", "0", "--json", "--definition-ms", "30", "--lenient"], folder);
  started.push(program);
  return program;
};

/** Writes until it is refused; adds the ids that were acknowledged. */
async function writeUntilTheEnd(client: Client, nextId: () => number, acknowledged: Set<number>): Promise<void> {
  for (;;) {
    const id = nextId();
    try {
      await client.execute("INSERT INTO shop.orders (id) VALUES (?)", [id], { prepare: true, isIdempotent: false });
    } catch {
      return;
    }
    acknowledged.add(id);
  }
}

async function idsIn(client: Client): Promise<Set<number>> {
  const ids = new Set<number>();
  for await (const row of await client.execute("SELECT id FROM shop.orders")) ids.add(row.get("id") as number);
  return ids;
}

test("no row that was acknowledged is lost, whoever is killed while it writes", async () => {
  const acknowledged = new Set<number>();
  let last = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const program = start();
    const ready = await program.ready();
    const client = await connectAs(ready);
    if (round === 0) {
      await createKeyspace(client, "shop");
      await createTable(client, "shop", "orders", "(id int PRIMARY KEY)");
    }
    const ids = await idsIn(client);
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
    const before = acknowledged.size;
    const writers = Array.from({ length: WRITERS }, () => writeUntilTheEnd(client, () => ++last, acknowledged));
    while (acknowledged.size < before + LEAST_ROWS) await new Promise((resolve) => setTimeout(resolve, 10));
    const running = JSON.parse(readFileSync(join(ready.dataDirectory, "running.json"), "utf8"));
    // In turn: both at once, as when a machine's memory runs out; the gateway, whose watchdog ends Cassandra; and Cassandra.
    if (round % 3 !== 1) process.kill(running.cassandra.pid, "SIGKILL");
    if (round % 3 !== 2) program.child.kill("SIGKILL");
    const code = await program.ended;
    if (round % 3 === 2) {
      expect(code).toBe(1);
      expect(program.told()).toMatch(/Cassandra was ended by SIGKILL, with [\d,]+ MB free on the disk of \//);
    }
    await client.shutdown();
    await Promise.all(writers);
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(LEAST_ROWS * (ROUNDS + 1));
});
