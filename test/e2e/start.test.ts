import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { prepareFeatures } from "@keyspaces-segmentation/invoices";
import { ROOT } from "@keyspaces-segmentation/local-support";
import type { Summary } from "../../src/summary.js";
import { type Command, commandsIn } from "../support/command.js";
import { aggregateLines, generatedCsv, inTwo, parseText } from "../support/retail.js";
import { readSegmented, type Segmented } from "../support/segment.js";

const { folder, run } = commandsIn("start-");
const npmStart = (...args: string[]) => run(["start", ...args]);

const records = (path: string) => readFileSync(path, "utf8").trimEnd().split(/\r?\n/);

/** What a run on the sample, with five clusters and without an account, leaves agrees with itself. */
function expectResults(out: string, { command, summary }: { command: Command; summary: Summary }): void {
  expect(readdirSync(out).sort()).toEqual([
    "clusters.csv",
    "customer_segmentation.html",
    "customer_segmentation.ipynb",
    "customers.csv",
    "rejects.csv",
    "segments.html",
    "summary.json",
  ]);
  expect(summary.dataset.uri).toMatch(/generated/);
  expect(summary.ledger.stored + summary.ledger.rejected).toBe(summary.dataset.lines);
  expect(summary.parameters).toMatchObject({ k: 5 });
  expect(summary.clusters).toHaveLength(5);
  const customers = records(join(out, "customers.csv"));
  expect(customers).toHaveLength(summary.customers + 1);
  expect(new Set(customers).size).toBe(customers.length);
  expect(records(join(out, "clusters.csv"))).toHaveLength(6);
  expect(records(join(out, "rejects.csv"))).toHaveLength(summary.ledger.rejected + 1);
  expect(command.output()).toContain(`${summary.customers} customers in 5 clusters`);
}

const clusterOf = ({ customers }: Segmented) =>
  new Map(customers.map((row) => [row[0]!, { id: Number(row[9]), name: row[10]!.replaceAll('"', "") }]));

/** The table has both files, of which the second goes on in the middle of an invoice; ledger and features are those of both. */
async function expectBothMonths(first: Segmented, second: Segmented): Promise<void> {
  expect(first.summary.movement).toBeNull();
  expect(second.summary.ledger.overlap).toMatchObject({ invoices: 1, same: { lines: 0 } });
  expect(second.summary.ledger.overlap.further.lines).toBeGreaterThan(0);
  const whole = aggregateLines((await parseText(generatedCsv)).lines);
  const features = prepareFeatures(whole, { preparation: "net" }).customers;
  const found = second.customers.map((row) => [row[0], ...row.slice(2, 5).map(Number)]);
  const byId = (a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
  expect(found.sort(byId)).toEqual(
    features.map((of) => [of.customerId, of.recencyDays, of.frequency, of.monetary]).sort(byId),
  );

  // Who moved is what the two lists of customers say.
  expect(second.summary.identity.lastRun).toBe(first.summary.run);
  const [before, after] = [clusterOf(first), clusterOf(second)];
  for (const { from, to, customers } of second.summary.movement!) {
    const went = [...new Set([...before.keys(), ...after.keys()])].filter(
      (id) => before.get(id)?.id === from?.id && after.get(id)?.id === to?.id,
    );
    expect(went).toHaveLength(customers);
  }
  const counted = second.summary.movement!.reduce((sum, { to, customers }) => sum + (to ? customers : 0), 0);
  expect(counted).toBe(second.customers.length);
  // A cluster that was found again keeps its name.
  const kept = second.summary.identity.clusters.filter(({ relation }) => relation === "kept");
  expect(kept.length).toBeGreaterThan(0);
  for (const { id, name } of kept) expect([...before.values()]).toContainEqual({ id, name });
}

test("next month's invoices go on with what was kept of this month's until it is kept no more, and a run on the sample leaves it alone", async () => {
  const [january, february] = inTwo(generatedCsv, 0.8).map((csv, i) => {
    const file = join(folder, ["january.csv", "february.csv"][i]!);
    writeFileSync(file, csv);
    return file;
  }) as [string, string];
  /** A run on another day: every process of it has its clock shifted. */
  const runOn = async (day: number, out: string, ...args: string[]) => {
    const preload = join(ROOT, "test", "fixtures", "shift_clock.cjs");
    // One at the pace that a person sees: all other runs of all suites go at the quick one.
    const environment = {
      LOCAL_PACE: out === "sample" ? "real" : "quick",
      NODE_OPTIONS: `--require ${preload}`,
      SHIFT_CLOCK_DAYS: String(day),
    };
    const command = run(["start", "--out", join(folder, out), "--param", "k=4", ...args], environment);
    expect({ code: await command.ended, output: command.output() }).toMatchObject({ code: 0 });
    const notebook = readFileSync(join(folder, out, "customer_segmentation.ipynb"), "utf8");
    const summary = JSON.parse(readFileSync(join(folder, out, "summary.json"), "utf8")) as Summary;
    return { command, notebook, summary };
  };
  const kept = () => readdirSync(join(folder, "local"));
  const inS3 = () => {
    const index = JSON.parse(readFileSync(join(folder, "local", "kept", "s3", "index.json"), "utf8"));
    return (index.objects as { key: string }[]).map(({ key }) => key);
  };
  const first = await runOn(-6, "first", "--data", january, "--keep");
  const { keyspace } = first.summary;
  expect(keyspace).toMatch(/^blog_\d{8}$/);
  expect(first.notebook).toContain(`Keyspace ${keyspace} is new; step 9 will leave it`);
  expect(first.notebook).toContain("left in place");
  expect(kept()).toEqual(["kept"]);
  const look = run(["up"]);
  await look.seen(/The stack is up/);
  look.child.kill("SIGINT");
  await look.ended;
  expect(kept()).toEqual(["kept"]);
  expect(inS3()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^customer-segmentation\/clusters\/.*\.json$/),
      expect.stringMatching(/\/results\/customers\.csv$/),
    ]),
  );

  const sample = await runOn(-3, "sample", "--param", "k=5");
  expect(sample.summary.keyspace).not.toBe(keyspace);
  expect(sample.summary.ledger.earlier).toBe(0);
  expectResults(join(folder, "sample"), sample);
  expect(await sample.command.left()).toEqual([]);
  expect(kept()).toEqual(["kept"]);
  expect(inS3().filter((key) => key.startsWith("customer-segmentation/clusters/"))).toHaveLength(1);

  const second = await runOn(0, "second", "--data", february, "--keep");
  const results = readSegmented(join(folder, "second"));
  expect(second.summary.keyspace).toBe(keyspace);
  expect(second.notebook).toContain(
    `Keyspace ${keyspace} that an earlier run on invoices of your own has kept is continued`,
  );
  expect(second.notebook).toContain("was there already");
  expect(second.summary.ledger.earlier).toBe(first.summary.ledger.stored);
  expect(second.summary.movement).not.toBeNull();
  expect(second.summary.identity.lastRun).not.toBeNull();
  expect(inS3().filter((key) => key.startsWith("customer-segmentation/clusters/"))).toHaveLength(2);
  await expectBothMonths(readSegmented(join(folder, "first")), results);

  // Another day to look from: with min-max scaling the same features and so the same training, but not the same run.
  const day = new Date(Date.parse(second.summary.parameters.analysisDate) + 86_400_000).toISOString().slice(0, 10);
  const dayLater = await runOn(0, "later", "--data", february, "--keep", "--param", `analysisDate=${day}`);
  expect(dayLater.summary.training.job).toBe(second.summary.training.job);
  expect(dayLater.summary.run).not.toBe(second.summary.run);
  expect(dayLater.summary.identity.lastRun).toBe(second.summary.run);

  // The same file once more: not a write, the same training job, the same answers. And without keeping it, all of it goes.
  const last = await runOn(0, "last", "--data", february);
  expect(last.summary.keyspace).toBe(keyspace);
  expect(last.notebook).toContain("was there already");
  expect(last.summary.requests.ingest).toBe(0);
  expect(last.summary.training.job).toBe(second.summary.training.job);
  expect(last.summary.run).toBe(second.summary.run);
  expect(last.summary.ledger).toEqual(second.summary.ledger);
  expect(last.summary.clusters).toEqual(second.summary.clusters);
  const again = readSegmented(join(folder, "last"));
  expect(again.customers).toEqual(results.customers);
  expect(again.rejects).toEqual(results.rejects);
  expect(kept()).toEqual([]);
}, 1_800_000);

test("a folder with files of these names that no run has made is refused before anything happens to it", async () => {
  const out = join(folder, "home");
  mkdirSync(join(out, "previous"), { recursive: true });
  writeFileSync(join(out, "customers.csv"), "name,phone\nAnn,12\n");
  writeFileSync(join(out, "previous", "summary.json"), "[]");
  const command = npmStart("--out", out);
  expect(await command.ended).toBe(2);
  expect(command.output()).toContain("customers.csv, and 1 more like it, which no run has made");
  expect(readFileSync(join(out, "customers.csv"), "utf8")).toBe("name,phone\nAnn,12\n");
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
    says: /^Expected `--data` to be a file of invoices, got "nowhere.csv", which is not a file/,
  },
  { args: ["--param", "k"], says: /^Expected `--param` to be name=value/ },
  { args: ["--nonsense"], says: /--nonsense/ },
])("$args is refused with a line and the usage", async ({ args, says }) => {
  const run = npmStart(...args);
  expect(await run.ended).toBe(2);
  expect(run.output()).toMatch(says);
  expect(existsSync(join(folder, "out"))).toBe(false);
});
