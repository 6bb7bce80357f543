import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import type { UsedPermission } from "../../local/permission_record.js";
import { policyParameters } from "../../local/permissions.js";
import type { Summary } from "../../src/summary.js";
import { tableOf } from "../infra/infra.js";
import { firstMissed } from "../infra/steps.js";
import { type Command, commandsIn } from "../support/command.js";
import { generatedCsv, inTwo } from "../support/retail.js";

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

/** With each of the statements of infra/iam that a run without scoring uses taken away, that step fails which infra/README.md names. */
function expectStatementsNeeded(file: string, kmsKey: string): void {
  const used = JSON.parse(readFileSync(file, "utf8")) as UsedPermission[];
  const data = { bucket: "generated-sample-data", key: "online_retail_generated.csv" };
  const scope = policyParameters({
    region: "us-east-1",
    account: "123456789012",
    data,
    variables: { SEGMENTATION_KMS_KEY: kmsKey },
  });
  const rows = tableOf("policy").filter(
    ([policy, sid]) => /^(notebook|training|key_use)$/.test(policy!) && !/^Training(Logs|Metrics)$/.test(sid!),
  );
  expect(rows.length).toBeGreaterThan(12);
  const found = rows.map(([, sid = ""]) => {
    const { step = "none", action } = firstMissed(used, sid, scope) ?? {};
    // The first of part 1 goes by the part's name.
    return `${sid}: ${step.startsWith("Part 1") ? "1. Sign in with SigV4" : step}, ${action}`;
  });
  expect(found).toEqual(rows.map(([, sid, step, action]) => `${sid}: ${step!.replace(/:.*/, "")}, ${action}`));
}

test("next month's invoices go on with what was kept of this month's, though that run was interrupted, until it is kept no more, and a run on the sample leaves it alone", async () => {
  const [january, february] = inTwo(generatedCsv(), 0.8).map((csv, i) => {
    const file = join(folder, ["january.csv", "february.csv"][i]!);
    writeFileSync(file, csv);
    return file;
  }) as [string, string];
  /** A run on another day: every process of it has its clock shifted. It ends by itself, or by Ctrl-C once it has said something. */
  const runOn = async (day: number, out: string, args: string[], interruptAt?: RegExp) => {
    const fixture = (name: string) => `--require ${join(ROOT, "test", "fixtures", name)}`;
    const isSample = out === "sample";
    const environment = {
      // One at the pace that a person sees, with its pictures: all other runs of all suites go at the quick one.
      LOCAL_PACE: isSample ? "real" : "quick",
      NODE_OPTIONS: [fixture("shift_clock.cjs"), ...(isSample ? [] : [fixture("no_pictures.cjs")])].join(" "),
      SHIFT_CLOCK_DAYS: String(day),
      LOCAL_PERMISSIONS: join(folder, `${out}.permissions.json`),
    };
    const command = run(["start", "--out", join(folder, out), "--param", "k=4", ...args], environment);
    if (interruptAt) {
      await command.seen(interruptAt);
      expect(command.processes().length).toBeGreaterThan(4);
      command.child.kill("SIGINT");
    }
    const code = interruptAt ? 130 : 0;
    const ended = await command.ended;
    if (ended !== code) throw new Error(`Ended with ${ended}: ${command.output()}`);
    const notebook = readFileSync(join(folder, out, "customer_segmentation.ipynb"), "utf8");
    const summary = JSON.parse(readFileSync(join(folder, out, "summary.json"), "utf8")) as Summary;
    return { command, notebook, summary };
  };
  const kept = () => readdirSync(join(folder, "local"));
  const inS3 = () => {
    const index = JSON.parse(readFileSync(join(folder, "local", "kept", "s3", "index.json"), "utf8"));
    return (index.objects as { key: string }[]).map(({ key }) => key);
  };
  // In the middle of the notebook, with all of the walkthrough's part 1 done.
  const first = await runOn(-6, "first", ["--data", january, "--keep"], /^ +\d+\/\d+ {2}How many clusters\? /m);
  expect(await first.command.left()).toEqual([]);
  const { keyspace } = first.summary;
  expect(keyspace).toMatch(/^blog_\d{8}$/);
  expect(first.notebook).toContain(`Keyspace ${keyspace} is new; step 9 will leave it`);
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

  const sample = await runOn(-3, "sample", ["--param", "k=5", "--param", "kmsKey=new"]);
  const [, kmsKey = "none"] =
    /The key (arn:aws:kms:us-east-1:123456789012:key\/[\da-f-]{36}) encrypts the tables, the objects in S3,/.exec(
      sample.notebook,
    ) ?? [];
  expectStatementsNeeded(join(folder, "sample.permissions.json"), kmsKey);
  expect(sample.summary.keyspace).not.toBe(keyspace);
  expect(sample.summary.ledger.earlier).toBe(0);
  expectResults(join(folder, "sample"), sample);
  expect(await sample.command.left()).toEqual([]);
  expect(kept()).toEqual(["kept"]);
  expect(inS3().filter((key) => /^customer-segmentation\/clusters\/.*\.json$/.test(key))).toHaveLength(1);

  // Goes on with what was kept, and keeps none of it.
  const second = await runOn(0, "second", ["--data", february]);
  expect(second.summary.keyspace).toBe(keyspace);
  expect(second.notebook).toContain(
    `Keyspace ${keyspace} that an earlier run on invoices of your own has kept is continued`,
  );
  expect(second.notebook).toContain("was there already");
  expect(second.summary.ledger.earlier).toBe(first.summary.ledger.stored);
  expect(second.summary.movement).not.toBeNull();
  expect(second.summary.identity.lastRun).not.toBeNull();
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

test("SIGKILL in the middle of the notebook leaves no process behind", async () => {
  const run = npmStart("--out", join(folder, "killed"));
  await run.seen(/^ {2}5\/\d+ /m);
  expect(run.processes().length).toBeGreaterThan(4);
  run.child.kill("SIGKILL");
  await run.ended;
  expect(await run.left()).toEqual([]);
});

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
  { args: ["--param", "kmsKey=my-key"], says: /^Expected `kmsKey` to be new on one machine, .* got "my-key"/ },
  { args: ["--nonsense"], says: /--nonsense/ },
])("$args is refused with a line and the usage", async ({ args, says }) => {
  const run = npmStart(...args);
  expect(await run.ended).toBe(2);
  expect(run.output()).toMatch(says);
  expect(existsSync(join(folder, "out"))).toBe(false);
});
