import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { ingestInvoices } from "@keyspaces-segmentation/invoice-store/dist/ingest_invoices.js";
import { createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import type { IngestOptions, IngestProgress } from "@keyspaces-segmentation/keyspaces-bulk";
import { generateRetailCsv } from "../../local/data/generate.js";
import { invoiceFile } from "../support/invoice_files.js";
import { withKeyspace } from "../support/keyspaces.js";
import { tableContents } from "../support/table_contents.js";

const it = withKeyspace();

let folder: string;
let file: string;
let lines: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "resume-"));
  file = join(folder, "data.csv");
  const text = generateRetailCsv({ seed: 5, customers: 300 });
  await writeFile(file, text);
  lines = text.trimEnd().split("\n").length - 1;
});
afterAll(() => rm(folder, { recursive: true }));

const unused = Array.from({ length: 6 }, (_, i) => `online_retail_${i}`);
beforeAll(async () => {
  await Promise.all(unused.map((table) => createRetailTable(it.client, { keyspace: it.keyspace, table })));
});
let name: { keyspace: string; table: string };
let out: string;
beforeEach(() => {
  name = { keyspace: it.keyspace, table: unused.pop() as string };
  out = join(folder, name.table);
});

const ingest = async (options: Partial<IngestOptions> = {}, table = name) =>
  ingestInvoices(it.client, table, await invoiceFile(file), { rejectsFile: join(out, "rejects.csv"), ...options });

/** Runs until `settled` lines are done, then stops as an interrupted cell does. */
async function interrupted(settled: number): Promise<IngestProgress> {
  const controller = new AbortController();
  let last: IngestProgress | undefined;
  const onProgress = (now: IngestProgress) => {
    last = now;
    if (now.lines >= settled) controller.abort(new Error("interrupted"));
  };
  await expect(ingest({ signal: controller.signal, onProgress, maxRowsPerSecond: 6_000 })).rejects.toThrow(
    "interrupted",
  );
  return last!;
}

const contents = (table = name): Promise<string[]> => tableContents(it.client, table);

describe("an ingest that was interrupted", () => {
  test("goes on where it stopped, and leaves the same rows and rejects as one that was not", async () => {
    const undisturbed = { keyspace: it.keyspace, table: unused.pop() as string };
    const whole = await ingest({ rejectsFile: join(folder, "whole", "rejects.csv") }, undisturbed);
    expect(whole).toMatchObject({ lines, resumed: 0 });
    expect(whole.rejected).toBeGreaterThan(0);

    const stopped = await interrupted(lines / 3);
    expect(stopped.lines).toBeLessThan(lines);
    const again = await interrupted((2 * lines) / 3);
    expect(again.lines).toBeGreaterThan(stopped.lines);
    const report = await ingest();
    expect(report).toMatchObject({ lines, stored: whole.stored, rejected: whole.rejected });
    expect(report.resumed).toBeGreaterThanOrEqual(again.lines - 2000);
    expect(report.requests).toBeLessThan(whole.requests);
    expect(await contents()).toEqual(await contents(undisturbed));
    expect(await readFile(join(out, "rejects.csv"), "utf8")).toBe(
      await readFile(join(folder, "whole", "rejects.csv"), "utf8"),
    );
    await expect(stat(join(out, "ingest.checkpoint.json"))).rejects.toThrow("ENOENT");
  });

  test("is not gone on from where the file is read otherwise, which would have its lines there twice", async () => {
    await interrupted(lines / 3);
    const before = await contents();
    const otherwise = invoiceFile(file, "day_first");
    await expect(
      ingestInvoices(it.client, name, await otherwise, { rejectsFile: join(out, "rejects.csv") }),
    ).rejects.toThrow(
      /has stored [\d,]+ rows of this very file and read it otherwise \(dates: month first.*; and now dates: day first/,
    );
    expect(await contents()).toEqual(before);
    expect((await ingest()).lines).toBe(lines);
  });

  test("starts over when the table was made anew", async () => {
    await interrupted(lines / 2);
    await it.client.execute(`DROP TABLE ${name.keyspace}.${name.table}`, [], { prepare: false });
    const query = "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?";
    const gone = async () => {
      const { rows } = await it.client.execute(query, [name.keyspace, name.table]);
      return rows.length === 0 ? { done: true, seen: "gone" } : { seen: String(rows[0]?.status) };
    };
    await waitUntil(`table ${name.table} to be gone`, gone, { deadlineMs: 60_000 });
    await createRetailTable(it.client, name);
    const report = await ingest();
    expect(report).toMatchObject({ lines, resumed: 0 });
    expect(await contents()).toHaveLength(report.stored);
  });
});

describe("too many rejects", () => {
  test("stop the run, which goes on when more are allowed", async () => {
    const spoilt = join(folder, "spoilt.csv");
    const [header, ...rows] = (await readFile(file, "utf8")).trimEnd().split("\n");
    await writeFile(spoilt, [header, ...rows.map((row, i) => (i % 3 === 0 ? `${row},surplus` : row)), ""].join("\n"));
    const options = { rejectsFile: join(out, "rejects.csv") };
    await expect(ingestInvoices(it.client, name, await invoiceFile(spoilt), options)).rejects.toThrow(
      /^Could not store more of the file: [\d,]+ of its first [\d,]+ lines were rejected, the last one \(line \d+\) because: 9 fields instead of 8\.$/,
    );
    const report = await ingestInvoices(it.client, name, await invoiceFile(spoilt), { ...options, maxRejects: "40%" });
    expect(report.lines).toBe(report.stored + report.rejected);
    expect(report.rejected).toBeGreaterThan(rows.length / 3 - 1);
    expect(report.resumed).toBeGreaterThan(0);
    expect(await contents()).toHaveLength(report.stored);
    const rejects = (await readFile(options.rejectsFile, "utf8")).trimEnd().split("\n").slice(1);
    expect(new Set(rejects.map((line) => Number.parseInt(line, 10))).size).toBe(report.rejected);
  });

  test("and rates that are none are refused before anything is read", async () => {
    await expect(ingest({ maxRejects: "lots" as "5%" })).rejects.toThrow(/^Expected `maxRejects`/);
    await expect(ingest({ maxRowsPerSecond: 0 })).rejects.toThrow(
      /^Expected `maxRowsPerSecond` to be a number above 0, got 0/,
    );
  });
});
