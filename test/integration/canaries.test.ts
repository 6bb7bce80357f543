import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { signIn, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import { NOTEBOOK, ROOT } from "@keyspaces-segmentation/local-support";
import { share } from "../../local/share/share.js";
import { readSettings } from "../../src/settings.js";
import { type Canaries, canariesIn, filesBelow, formsOf } from "../support/canaries.js";
import { sharedRun } from "../support/shared_run.js";
import { SHARED_FOLDER_VARIABLE } from "../support/stack_variable.js";

/** Those of the stack, which no other stack has. */
const secrets: Canaries = {
  "the access key": process.env.AWS_ACCESS_KEY_ID!,
  "the secret key": process.env.AWS_SECRET_ACCESS_KEY!,
  "the session token": process.env.AWS_SESSION_TOKEN!,
};
const customers: Canaries = { "a customer's id": "canary-7c1e-Ophelia", "another's": "Canary & Søns Ltd <9b2f>" };

const folder = mkdtempSync(join(tmpdir(), "canaries-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A command of this project, in a process of its own, in the surroundings of the stack with some of them changed. */
async function run(file: string, args: string[], changes: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(process.execPath, [join(ROOT, file), ...args], { env: { ...process.env, ...changes } });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      said += text;
    });
  }
  await once(child, "close");
  return said;
}

test.each(Object.entries({ ...secrets, ...customers }))(
  "%s would be found in whatever form it is written",
  (name, text) => {
    const bytes = Buffer.from(`x${text}, and more`);
    for (const written of [
      text,
      encodeURIComponent(`${text} `),
      bytes.toString("base64"),
      bytes.subarray(1).toString("base64url"),
      Buffer.from(`"k":${text}`).toString("base64"),
      bytes.toString("hex"),
      JSON.stringify({ text }),
    ]) {
      expect(canariesIn(`--${written}--`, { [name]: text })).toEqual([name]);
    }
    expect(formsOf(text).every((form) => form.length > 10)).toBe(true);
    expect(canariesIn(`Signature=${"0af1".repeat(16)}`, {})).toEqual(["a signature"]);
    expect(canariesIn("nothing of that", { [name]: text })).toEqual([]);
  },
);

const foundIn = (files: ReadonlyMap<string, string>): string[] =>
  [...files].flatMap(([name, text]) => canariesIn(text, secrets).map((each) => `${name}: ${each}`));

describe("secrets are in nothing that is written", () => {
  let out: string;
  beforeAll(async () => {
    out = dirname((await sharedRun()).notebook);
  });

  test("of a run of the notebook, and of its copies to share", () => {
    const copy = join(folder, "run");
    cpSync(out, copy, { recursive: true });
    share(copy, NOTEBOOK);
    const files = filesBelow(copy);
    expect([...files.keys()]).toEqual(expect.arrayContaining(["summary.json", "customer_segmentation.html"]));
    expect([...files.keys()].filter((name) => name.startsWith("share/")).length).toBeGreaterThan(3);
    expect(foundIn(files)).toEqual([]);
  });

  test("of the files and logs of the stack", () => {
    const stack = dirname(process.env[SHARED_FOLDER_VARIABLE]!);
    const files = new Map([...filesBelow(stack)].filter(([name]) => !name.startsWith("shared-")));
    expect(files.size).toBeGreaterThan(5);
    expect(foundIn(files)).toEqual([]);
  });

  test.each<[string, string, string[], NodeJS.ProcessEnv]>([
    ["doctor", "dist/src/doctor.js", [], {}],
    ["doctor --json", "dist/src/doctor.js", ["--json"], {}],
    ["cleanup --dry-run", "dist/src/cleanup.js", ["--dry-run"], {}],
    ["cleanup --dry-run --json", "dist/src/cleanup.js", ["--dry-run", "--json"], {}],
    ["doctor, which is refused", "dist/src/doctor.js", [], { AWS_SESSION_TOKEN: undefined }],
    ["doctor in another region", "dist/src/doctor.js", ["--json"], { AWS_REGION: "eu-north-1" }],
    [
      "cleanup, which is refused, to debug",
      "dist/src/cleanup.js",
      [],
      { AWS_REGION: "eu-north-1", SEGMENTATION_DEBUG: "1" },
    ],
    ["cleanup without an endpoint", "dist/src/cleanup.js", ["--dry-run"], { AWS_ENDPOINT_URL: "http://127.0.0.1:9" }],
  ])("by %s", async (_, file, args, changes) => {
    const said = await run(file, args, changes);
    expect(said.length).toBeGreaterThan(50);
    expect(canariesIn(said, secrets)).toEqual([]);
  });

  test("by an error, however far it is looked into", async () => {
    const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });
    const aws = await signIn(settings);
    const wrong = {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID!,
      secretAccessKey: "c".repeat(40),
      sessionToken: process.env.AWS_SESSION_TOKEN!,
    };
    const impostor = { ...aws, credentials: async () => wrong };
    const to = { bucket: "there-is-none-of-that-name", key: "x" };
    for (const work of [
      () => connectToKeyspaces(impostor, settings),
      () => uploadBytes(impostor, to, "x"),
      () => uploadBytes(aws, to, "x"),
    ]) {
      const error: unknown = await work().catch((thrown: unknown) => thrown);
      const { stack = "", message, hint } = error as Error & { hint?: string };
      for (const said of [inspect(error), stack, message, String(hint)]) {
        expect(canariesIn(said, { ...secrets, "the wrong secret": wrong.secretAccessKey })).toEqual([]);
      }
    }
  });
});

describe("customers are named only where that is asked for", () => {
  const file = join(folder, "canaries.csv");
  const [first, second] = Object.values(customers) as [string, string];
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  beforeAll(() => {
    const lines = Array.from({ length: 40 }, (_, i) =>
      [1000 + i, `A${i % 7}`, "MUG", 1 + (i % 3), `2011-01-${String(1 + (i % 28)).padStart(2, "0")} 10:00`, "2.50"]
        .concat(quote(i % 2 === 0 ? first : second), "Norway")
        .join(","),
    );
    // And some that cannot be stored.
    lines.push(
      `2000,A1,MUG,many,2011-01-03 10:00,2.50,${quote(first)},Norway`,
      `2001,A1,MUG,1,soon,2.50,${quote(second)},Norway`,
    );
    const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
    writeFileSync(file, `${header}\n${lines.join("\n")}\n`);
  });

  test.each([[[]], [["--json"]]])("inspect names none on the terminal: %p", async (options) => {
    const out = join(folder, `inspected${options.length}`);
    const said = await run("packages/invoice-files/dist/cli.js", ["--data", file, "--out", out, ...options]);
    expect(said).toContain("2011");
    expect(canariesIn(said, customers)).toEqual([]);
    const files = filesBelow(out);
    expect([...files.keys()].sort()).toEqual(["customers.csv", "inspection.json"]);
    expect(canariesIn(files.get("inspection.json")!, customers)).toEqual([]);
    expect(files.get("customers.csv")).toContain(first);
  });
});
