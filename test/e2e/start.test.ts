import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, test } from "@jest/globals";
import { ROOT } from "../../local/paths.js";
import { processesWith } from "../support/processes.js";

const folder = mkdtempSync(join(tmpdir(), "start-"));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A command as typed in a folder outside the checkout, once the set-up is done. */
function run(command: "start" | "up", ...args: string[]) {
  const mark = `E2E_MARK=${randomUUID()}`;
  const [name, value] = mark.split("=") as [string, string];
  const child = spawn(process.execPath, [join(ROOT, "dist", "local", "cli.js"), command, ...args], {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder, LOCAL_STACK_DIRECTORY: join(folder, "local"), [name]: value },
  });
  started.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  return { child, mark, output: () => text, ended: once(child, "close").then(([code]) => code as number | null) };
}

const npmStart = (...args: string[]) => run("start", ...args);

/** Waits for a line of output. */
async function seen(it: ReturnType<typeof run>, pattern: RegExp): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!pattern.test(it.output())) {
    if (Date.now() > deadline || it.child.exitCode !== null) throw new Error(`no ${pattern} in:\n${it.output()}`);
    await delay(50);
  }
}

async function gone(mark: string): Promise<number[]> {
  for (let tries = 0; tries < 100 && processesWith(mark).length > 0; tries++) await delay(100);
  return processesWith(mark);
}

const records = (path: string) => readFileSync(path, "utf8").trimEnd().split(/\r?\n/);

test("a run without an account leaves results that agree with each other", async () => {
  const out = join(folder, "results");
  const run = npmStart("--out", out, "--param", "k=5");
  expect({ code: await run.ended, output: run.output() }).toMatchObject({ code: 0 });

  expect(readdirSync(out).sort()).toEqual([
    "clusters.csv",
    "customer_segmentation.html",
    "customer_segmentation.ipynb",
    "customers.csv",
    "rejects.csv",
    "segments.html",
    "summary.json",
  ]);
  const summary = JSON.parse(readFileSync(join(out, "summary.json"), "utf8"));
  expect(summary.dataset.uri).toMatch(/generated/);
  expect(summary.ledger.stored + summary.ledger.rejected).toBe(summary.dataset.lines);
  expect(summary.parameters.k).toBe(5);
  expect(summary.clusters).toHaveLength(5);
  const customers = records(join(out, "customers.csv"));
  expect(customers).toHaveLength(summary.customers + 1);
  expect(new Set(customers).size).toBe(customers.length);
  expect(records(join(out, "clusters.csv"))).toHaveLength(6);
  expect(records(join(out, "rejects.csv"))).toHaveLength(summary.ledger.rejected + 1);
  expect(run.output()).toContain(`${summary.customers} customers in 5 clusters`);
  expect(await gone(run.mark)).toEqual([]);
}, 300_000);

test("what is kept is there at the next start, and gone after it", async () => {
  const out = join(folder, "kept");
  const notebook = () => readFileSync(join(out, "customer_segmentation.ipynb"), "utf8");
  const first = npmStart("--out", out, "--keep");
  expect({ code: await first.ended, output: first.output() }).toMatchObject({ code: 0 });
  expect(notebook()).toContain("left in place");
  expect(readdirSync(join(folder, "local"))).toEqual(["kept"]);
  const look = run("up");
  await seen(look, /The stack is up/);
  look.child.kill("SIGINT");
  await look.ended;
  expect(readdirSync(join(folder, "local"))).toEqual(["kept"]);
  const second = npmStart("--out", out);
  expect({ code: await second.ended, output: second.output() }).toMatchObject({ code: 0 });
  expect(notebook()).toContain("was there already");
  expect(readdirSync(join(folder, "local"))).toEqual([]);
}, 300_000);

test.each(["SIGINT", "SIGKILL"] as const)(
  "%s in the middle of the notebook leaves no process behind",
  async (signal) => {
    const run = npmStart("--out", join(folder, signal));
    await seen(run, /^ {2}5\/\d+ /m);
    expect(processesWith(run.mark).length).toBeGreaterThan(4);
    run.child.kill(signal);
    await run.ended;
    expect(await gone(run.mark)).toEqual([]);
  },
  300_000,
);

test("SIGINT while the stack is starting leaves no process behind", async () => {
  const run = npmStart("--out", join(folder, "early"));
  await delay(1500);
  run.child.kill("SIGINT");
  expect(await run.ended).toBe(130);
  expect(await gone(run.mark)).toEqual([]);
}, 120_000);

test.each([
  {
    args: ["--data", "nowhere.csv"],
    says: /^Expected `--data` to be a CSV file, got "nowhere.csv", which is not a file/,
  },
  { args: ["--param", "k"], says: /^Expected `--param` to be name=value/ },
  { args: ["--nonsense"], says: /--nonsense/ },
])("$args is refused with a line and the usage", async ({ args, says }) => {
  const run = npmStart(...args);
  expect(await run.ended).toBe(2);
  expect(run.output()).toMatch(says);
  expect(existsSync(join(folder, "out"))).toBe(false);
});
