import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { listObjects, readObject, signIn } from "@keyspaces-segmentation/aws-session";
import { registerRun } from "@keyspaces-segmentation/cluster-store/dist/registry.js";
import { createResultTables } from "@keyspaces-segmentation/cluster-store/dist/result_tables.js";
import { csvField, unguarded } from "@keyspaces-segmentation/common/dist/csv_field.js";
import { NOTEBOOK, PYTHON } from "@keyspaces-segmentation/local-support";
import type { Browser, Page } from "puppeteer-core";
import { generateRetailCsv } from "../../local/data/generate.js";
import { runNotebook } from "../../local/notebook/run_notebook.js";
import { share } from "../../local/share/share.js";
import { readSettings } from "../../src/settings.js";
import { openHostile, screenshot, startBrowser } from "../support/browser.js";
import { canariesIn } from "../support/canaries.js";
import { runCellsWithPage } from "../support/cells.js";
import { linkPackages } from "../support/few_types.js";
import { HOSTILE, strangers, UNSEEN } from "../support/hostile.js";
import { csvRecords } from "../support/invoice_files.js";
import { withKeyspace } from "../support/keyspaces.js";
import { chartsOfNotebook, type Output, textOf } from "../support/notebook.js";
import { registeredClusters } from "../support/registered_clusters.js";

const it = withKeyspace();
const WORDS = Object.values(HOSTILE);
const BUCKET = "hostile-results";
const KEY = "x`<img src=x onerror=hacked('key')>`.csv";
const folder = mkdtempSync(join(tmpdir(), "hostile-"));
/** Below the folder, in one of a name that is HTML as well. */
const out = join(folder, "o`<img src=x onerror=hacked('folder')>`");

/** The text that stands in the data for the n-th of something; ids become keys, of which Keyspaces takes 850 bytes. */
const wordOf = (n: number): string => WORDS[n % WORDS.length]!.slice(0, 500).trim();

/** The generated data, with a hostile text for every customer, country, description and now and then a stock code or a whole line. */
function hostileData(): { csv: string; customers: Set<string> } {
  const [header, ...records] = csvRecords(generateRetailCsv({ seed: 3, customers: 120 }));
  const numbers = new Map<string, number>();
  const lines = records.map(({ fields, text }, at) => {
    if (fields.length !== 8) return text;
    const [invoice, stockCode, , quantity, date, price, id, country] = fields as string[];
    const customer = id!.replace(/\.0$/, "");
    if (customer !== "") numbers.set(customer, numbers.get(customer) ?? numbers.size);
    const code = at % 50 === 0 ? `${stockCode}${wordOf(at / 50)}` : stockCode!;
    const name = customer && `${wordOf(numbers.get(customer)!)} ${customer}`;
    return [invoice!, code, wordOf(at), quantity!, date!, price!, name, country && wordOf(at)]
      .map((f) => csvField(f!))
      .join(",");
  });
  const spoiled = WORDS.map((word) => csvField(`${word.slice(0, 500)},not,eight,fields`));
  // A NUL is no part of a text.
  const customers = new Set([...numbers].map(([id, n]) => `${wordOf(n)} ${id}`.replaceAll("\0", "")));
  return { csv: `${header!.text}\n${[...lines, ...spoiled].join("\n")}\n`, customers };
}

const { csv, customers } = hostileData();
const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  SEGMENTATION_HEADLESS: "1",
  SEGMENTATION_KEYSPACE: it.keyspace,
  SEGMENTATION_PREFIX: "hostile",
  SEGMENTATION_BUCKET: BUCKET,
  SEGMENTATION_DATA_KEY: KEY,
  SEGMENTATION_CLEAN_UP: "false",
  SEGMENTATION_OUTPUT_DIRECTORY: out,
  TMPDIR: folder,
});

let browser: Browser;
let executed: string;
let html: string;
beforeAll(async () => {
  const s3 = new S3Client({});
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await s3.send(new PutObjectCommand({ Bucket: process.env.SEGMENTATION_DATA_BUCKET, Key: KEY, Body: csv }));
  s3.destroy();
  // The clusters of the last run have names that the registry may have: what is left of these without markup, links and formulas.
  const aws = await signIn(readSettings({ dataBucket: BUCKET, dataKey: KEY }));
  const names = WORDS.map((word) => word.replace(/[<>[\]`|\\$\p{C}]|:\/\//gu, "").slice(0, 200));
  await createResultTables(it.client, it);
  const known = {
    ...registeredClusters("kmeans-before"),
    centroids: names.map((_, i) => [i, 0, 0]),
    clusters: names.map((name, id) => ({ id, name })),
    nextId: names.length,
  };
  const where = { keyspace: it.keyspace, table: "online_retail", bucket: BUCKET, prefix: "hostile" };
  const loads = [createHash("sha256").update(csv).digest("hex")];
  await registerRun(it.client, aws, where, known, { loads, preparation: "net", now: new Date("2026-01-01") });
  ({ executed, html } = await runCellsWithPage({
    notebook: NOTEBOOK,
    outputDirectory: out,
    environment: environment(),
  }));
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The texts that a page does not show to the letter, each by its beginning. */
async function missingFrom(page: Page, texts: readonly string[]): Promise<string[]> {
  const shown = (await page.evaluate("document.body.textContent")) as string;
  const plain = (text: string) => text.replace(/[^\P{Cc}\s]|[\u202e\u2066\u200f]/gu, "\ufffd").replace(/\s+/g, " ");
  return texts.filter((text) => !plain(shown).includes(plain(text)));
}

describe("a run on data that is markup, scripts and commands throughout", () => {
  test("names no customer where that is not the place for it: in the summary, the list of clusters and the registry", async () => {
    const canaries = Object.fromEntries([...customers].map((id) => [id, id]));
    const aws = await signIn(readSettings({ dataBucket: BUCKET, dataKey: KEY }));
    const entries = await listObjects(aws, { bucket: BUCKET, prefix: "hostile/clusters/" });
    expect(entries.length).toBeGreaterThan(1);
    const texts = ["summary.json", "clusters.csv"].map((name) => readFileSync(join(out, name), "utf8"));
    for (const key of entries) texts.push(Buffer.from(await readObject(aws, { bucket: BUCKET, key })).toString());
    for (const text of texts) expect(canariesIn(text, canaries)).toEqual([]);
    expect(canariesIn(readFileSync(join(out, "customers.csv"), "utf8"), canaries).length).toBeGreaterThan(
      customers.size / 2,
    );
  });

  test("leaves none of it alive in the notebook: no Markdown, and every other form is escaped or text", () => {
    const { cells } = JSON.parse(readFileSync(executed, "utf8")) as { cells: { outputs?: Output[] }[] };
    const outputs = cells.flatMap(({ outputs = [] }) => outputs);
    expect(outputs.length).toBeGreaterThan(50);
    for (const { data = {}, text } of outputs) {
      expect(Object.keys(data).filter((type) => !/^text\/(plain|html)$|^image\/png$/.test(type))).toEqual([]);
      expect(`${textOf(data["text/plain"])}${textOf(text)}`).not.toMatch(UNSEEN);
    }
  });

  test.each(["as it is", "as it is shared"])(
    "is a page in which nothing runs and everything is read, %s",
    async (how) => {
      if (how === "as it is shared") share(out, NOTEBOOK);
      const file = how === "as it is" ? html : join(out, "share", "customer_segmentation.html");
      const { page, errors, requests, hacks } = await openHostile(browser, file);
      await page.waitForFunction(
        `document.querySelectorAll(".chart.live:has(.main-svg)").length >= ${chartsOfNotebook()}`,
      );
      expect(await hacks()).toEqual([]);
      expect(await page.evaluate(strangers())).toEqual([]);
      expect([errors, requests]).toEqual([[], []]);
      expect(await missingFrom(page, [`/${KEY}`, out])).toEqual([]);
      const words = Object.entries(HOSTILE).filter(([name]) => name !== "long");
      const missing = await missingFrom(
        page,
        words.map(([, word]) => word),
      );
      // A dozen places show some of them; all that are shown stand there to the letter.
      expect(missing.length).toBeLessThan(words.length / 2);
      await screenshot(page, `hostile-${how.replaceAll(" ", "-")}`);
      await page.close();
    },
  );

  test("is a page to hand out of which the same holds", async () => {
    const { page, hacks } = await openHostile(browser, join(out, "segments.html"));
    expect(await page.evaluate(strangers())).toEqual([]);
    expect(await hacks()).toEqual([]);
    expect(await missingFrom(page, [KEY])).toEqual([]);
    await screenshot(page, "hostile-hand-out");
    await page.close();
  });

  test("leaves lists without a formula, from which every text can be had back", () => {
    const rowsOf = (name: string) =>
      csvRecords(readFileSync(join(out, name), "utf8"))
        .slice(1)
        .map(({ fields }) => fields as string[]);
    const rows = rowsOf("customers.csv");
    expect(rows.every(([id]) => customers.has(unguarded(id!)))).toBe(true);
    expect(new Set(rows.map(([id]) => id)).size).toBe(rows.length);
    for (const [, , recency, frequency, monetary] of rows) {
      expect([recency, frequency, monetary].map(Number).every(Number.isFinite)).toBe(true);
    }
    const texts = ["customers.csv", "clusters.csv", "rejects.csv"].flatMap((name) => rowsOf(name).flat());
    expect(texts.filter((text) => /^[=+\-@\t\r]/.test(text) && !/^-\d[\d.e+-]*$/.test(text))).toEqual([]);
    const lines = rowsOf("rejects.csv").map(([, , line]) => unguarded(line!));
    for (const word of WORDS)
      expect(lines).toContain(csvField(`${word.slice(0, 500)},not,eight,fields`.replaceAll("\0", "")));
  });
});

test("a parameter that is markup is told as it is, in the terminal and in the page", async () => {
  const role = "arn:aws:iam::123456789012:role/<img src=x onerror=hacked('role')>\u001b[2J";
  const outputDirectory = join(folder, "refused");
  linkPackages(folder);
  const notebook = join(folder, "customer_segmentation.ipynb");
  copyFileSync(NOTEBOOK, notebook);
  const failure = await runNotebook({
    python: PYTHON,
    notebook,
    outputDirectory,
    environment: {
      ...environment(),
      SEGMENTATION_EXECUTION_ROLE: role,
      SEGMENTATION_OUTPUT_DIRECTORY: outputDirectory,
    },
  }).catch((error: Error) => error.message);
  // What was not possible in a line, what to do in another, as the kernel gives an error of ours, and no stack.
  expect(failure).toMatch(/^Step "Part 1: the walkthrough": [^\n]+\n[^\n]+$/);
  expect(failure).not.toMatch(UNSEEN);
  const { page, hacks } = await openHostile(browser, join(outputDirectory, "customer_segmentation.html"));
  expect(await page.evaluate(strangers())).toEqual([]);
  expect(await hacks()).toEqual([]);
  expect(await missingFrom(page, [role])).toEqual([]);
});
