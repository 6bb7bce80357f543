import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inspect-"));
});
afterAll(() => rm(folder, { recursive: true }));

const CLI = join(ROOT, "packages", "invoice-files", "dist", "cli.js");

/** `npm run inspect` without the set-up before it. */
const inspect = (...args: string[]) => inspectBy([], ...args);

/** The same with options of Node. */
function inspectBy(options: string[], ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, INIT_CWD: folder };
    execFile(process.execPath, [...options, CLI, ...args], { cwd: ROOT, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

const GERMAN = [
  "Rechnungsnr;Artikelnr;Bezeichnung;Menge;Rechnungsdatum;Einzelpreis;Kundennr;Land",
  "4711;85048;GLASKUGEL;12;18.01.2023 09:27;1.006,95;=13085;Deutschland",
  "4712;22087;GIRLANDE;2-;24.01.2023 11:31;2,50;=13085;Deutschland",
  "4713;22087;GIRLANDE;viele;24.01.2023 11:31;2,50;=13085;Deutschland",
  "4714;22087;GIRLANDE;1;25.01.2023 11:31;2,50;20001;Deutschland",
];

test("says how a file is read and what it holds, and whom it names only in the list that is asked for", async () => {
  await writeFile(join(folder, "rechnungen.csv"), Buffer.from(`${GERMAN.join("\r\n")}\r\n`, "latin1"));
  const { code, out, err } = await inspect("--data", "rechnungen.csv", "--out", "found");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/separator +semicolon/);
  expect(out).toMatch(/dates +day first, dd\.mm\.yyyy hh:mm/);
  expect(out).toMatch(/prices +decimal comma/);
  expect(out).toMatch(/rejected: quantity … is not a number as the file writes them +1 /);
  expect(out).toMatch(/all lines +4 +12,080\.90/);
  expect(out).toContain("2 customers as of 2023-01-25, prepared as net");
  expect(out).not.toMatch(/13085|20001/);
  const written = (name: string) => readFile(join(folder, "found", name), "utf8");
  expect(await written("customers.csv")).toBe(
    "customer_id,recency_days,frequency,monetary\n20001,0,1,2.5\n'=13085,7,1,12078.4\n",
  );
  const report = await written("inspection.json");
  expect(JSON.parse(report)).toMatchObject({ file: { name: "rechnungen.csv" }, customers: 2, ledger: { lines: 4 } });
  expect(report).not.toMatch(/13085|20001/);
  const json = await inspect("--data", "rechnungen.csv", "--json");
  expect(JSON.parse(json.out)).toEqual(JSON.parse(report));
});

test("a parameter settles what the file cannot tell; without it, one line names it", async () => {
  const lines = ["Invoice,Quantity,Date,Price,Customer", "1,1,01/03/2024,2.50,7", "2,1,05/03/2024,2.50,8"];
  await writeFile(join(folder, "march.csv"), `${lines.join("\n")}\n`);
  const asked = await inspect("--data", "march.csv");
  expect(asked).toMatchObject({ code: 1, out: "" });
  expect(asked.err).toContain("Set the parameter `dateOrder`: day_first reads 2024-03-01 00:00, 2024-03-05 00:00");
  const told = await inspect("--data", "march.csv", "--param", "dateOrder=day_first");
  expect(told).toMatchObject({ code: 0, err: "" });
  expect(told.out).toContain("2 customers as of 2024-03-05");
});

test.each([
  { args: [], says: "Expected `--data` to name a file, got none" },
  { args: ["--data", "x", "--param", "k=3"], says: 'got "k=3"' },
  { args: ["--data", "x", "--param", "dateOrder=mdy"], says: "Expected `dateOrder` to be one of" },
])("$args is told in a line", async ({ args, says }) => {
  const { code, err } = await inspect(...args);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(says) });
});

test("a file that is not there is told in two lines", async () => {
  const { code, err } = await inspect("--data", "nowhere.csv");
  expect({ code, lines: err.trim().split("\n") }).toEqual({
    code: 1,
    lines: [
      expect.stringContaining("Could not read nowhere.csv: ENOENT"),
      "See to it that the file is there and may be read.",
    ],
  });
});

test("more customers than fit into memory are an answer, before there is none", async () => {
  const lines = Array.from({ length: 110_000 }, (_, i) => `${i},1,2024-03-05,2.50,c${i}`);
  await writeFile(join(folder, "many.csv"), `Invoice,Quantity,Date,Price,Customer\n${lines.join("\n")}\n`);
  const { code, err } = await inspectBy(["--max-old-space-size=350"], "--data", "many.csv");
  expect(err).toMatch(/there are more than 100,000 customers, for whom the 0\.4 GB that Node may take here are enough/);
  expect(err).toContain("NODE_OPTIONS=--max-old-space-size=");
  expect(code).toBe(1);
  expect(await inspect("--data", "many.csv")).toMatchObject({ code: 0, err: "" });
});
