import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { commandsIn } from "../support/command.js";

const { folder, run } = commandsIn("start-");
const npmStart = (...args: string[]) => run(["start", ...args]);

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
  expect(await run.left()).toEqual([]);
});

test("what is kept is there at the next start, and gone after it", async () => {
  const out = join(folder, "kept");
  const notebook = () => readFileSync(join(out, "customer_segmentation.ipynb"), "utf8");
  const first = npmStart("--out", out, "--keep");
  expect({ code: await first.ended, output: first.output() }).toMatchObject({ code: 0 });
  expect(notebook()).toContain("left in place");
  expect(readdirSync(join(folder, "local"))).toEqual(["kept"]);
  const look = run(["up"]);
  await look.seen(/The stack is up/);
  look.child.kill("SIGINT");
  await look.ended;
  expect(readdirSync(join(folder, "local"))).toEqual(["kept"]);
  const second = npmStart("--out", out);
  expect({ code: await second.ended, output: second.output() }).toMatchObject({ code: 0 });
  expect(notebook()).toContain("was there already");
  expect(readdirSync(join(folder, "local"))).toEqual([]);
});

test.each(["SIGINT", "SIGKILL"] as const)(
  "%s in the middle of the notebook leaves no process behind",
  async (signal) => {
    const run = npmStart("--out", join(folder, signal));
    await run.seen(/^ {2}5\/\d+ /m);
    expect(run.processes().length).toBeGreaterThan(4);
    run.child.kill(signal);
    await run.ended;
    expect(await run.left()).toEqual([]);
  },
);

test("SIGINT while the stack is starting leaves no process behind", async () => {
  const run = npmStart("--out", join(folder, "early"));
  await run.seen(/starting Cassandra/);
  run.child.kill("SIGINT");
  expect(await run.ended).toBe(130);
  expect(await run.left()).toEqual([]);
});

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
