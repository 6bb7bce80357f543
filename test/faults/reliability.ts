import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ingestInvoices, type LoadReport } from "@keyspaces-segmentation/invoice-store/dist/ingest_invoices.js";
import { readCustomers } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import { createKeyspace, createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import { type Gateway, makeCertificates, startGateway } from "@keyspaces-segmentation/keyspaces-local";
import { createFaults, type Faults } from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { type Identity, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { generateRetailCsv } from "../../local/data/generate.js";
import { borrowedCassandra } from "../../packages/keyspaces-local/test/support.js";
import { CONNECTED, type IngestOrder } from "../support/ingest_process.js";
import { invoiceFile } from "../support/invoice_files.js";
import { sessionOf } from "../support/session.js";
import { tableContents } from "../support/table_contents.js";
import { mutated } from "./mutate.js";

export interface Extent {
  /** Runs that are killed and continued. */
  kills: number;
  /** Of the file that the other faults are tried on, about. */
  lines: number;
  mutatedLines: number;
}

const region = "eu-west-1";
const keyspace = "faults";
/** About so many lines has a customer of the generated data. */
const LINES_PER_CUSTOMER = 64;

/**
 * The way of a file into a table and back, with everything going wrong on it that a test can make go wrong. Each test
 * compares with the same file on an undisturbed way, row for row, and prints how often it tried what.
 */
export function describeReliability({ kills, lines, mutatedLines }: Extent): void {
  let folder: string;
  let caFile: string;
  let cassandra: Awaited<ReturnType<typeof borrowedCassandra>>;
  let gateway: Gateway;
  let faults: Faults;
  const identities: Identity[] = [temporaryIdentity()];
  let client: KeyspacesClient;
  let file: string;
  let undisturbed: { report: LoadReport; rows: string[]; rejects: string };
  const tried: string[] = [];

  const endpoint = () => ({ host: "127.0.0.1", port: gateway.port });
  const connect = () =>
    connectToKeyspaces(sessionOf({ region, credentials: async () => identities[0]! }), {
      keyspacesEndpoint: endpoint(),
      keyspacesCaFile: caFile,
    });
  const newTable = async (table: string) => {
    await createRetailTable(client, { keyspace, table });
    return { keyspace, table };
  };
  const rejectsOf = (table: string) => join(folder, table, "rejects.csv");
  const ingest = async (name: { keyspace: string; table: string }, source = file, options = {}) =>
    ingestInvoices(client, name, await invoiceFile(source), { rejectsFile: rejectsOf(name.table), ...options });

  const rowsOf = (table: string) => tableContents(client, { keyspace, table });
  const expectUndisturbed = async (table: string, report: Pick<LoadReport, "lines" | "stored" | "rejected">) => {
    const { lines: all, stored, rejected } = undisturbed.report;
    expect(report).toMatchObject({ lines: all, stored, rejected });
    expect(await rowsOf(table)).toEqual(undisturbed.rows);
    expect(await readFile(rejectsOf(table), "utf8")).toBe(undisturbed.rejects);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "faults-"));
    const certificates = await makeCertificates();
    caFile = join(folder, "ca.pem");
    await writeFile(caFile, certificates.ca);
    cassandra = await borrowedCassandra();
    faults = createFaults();
    gateway = await startGateway({
      region,
      cassandra,
      identities,
      certificate: certificates,
      activeAfterMs: 100,
      faults,
    });
    client = await connect();
    await createKeyspace(client, keyspace);
    file = join(folder, "data.csv");
    await writeFile(file, generateRetailCsv({ seed: 9, customers: Math.ceil(lines / LINES_PER_CUSTOMER) }));
    const name = await newTable("undisturbed");
    const report = await ingest(name);
    undisturbed = {
      report,
      rows: await rowsOf(name.table),
      rejects: await readFile(rejectsOf(name.table), "utf8"),
    };
    expect(report.stored + report.rejected).toBe(report.lines);
    expect(undisturbed.rows).toHaveLength(report.stored);
    expect(report.rejected).toBeGreaterThan(0);
  });
  afterAll(async () => {
    await client?.shutdown();
    await gateway?.close();
    await rm(folder, { recursive: true });
    console.log(["Reliability of ingest and scan:", ...tried].join("\n  "));
  });

  describe("an ingest", () => {
    test(`killed at any moment and started again, ${kills} times`, async () => {
      const random = seededRandom(2026);
      const milliseconds = 2500;
      let killed = 0;
      let continued = 0;
      for (let run = 0; run < kills; run++) {
        const { table } = await newTable(`killed_${run}`);
        const order: IngestOrder = {
          endpoint: endpoint(),
          caFile,
          region,
          credentials: identities[0]!,
          keyspace,
          table,
          file,
          rejectsFile: rejectsOf(table),
          maxRowsPerSecond: (1000 * undisturbed.report.lines) / milliseconds,
        };
        let report = await ingestInProcess(order, random() * (milliseconds + 200));
        for (let again = random() < 0.5; report === "killed"; again = false) {
          killed++;
          report = await ingestInProcess(order, again ? random() * milliseconds : undefined);
          if (report !== "killed" && report.resumed > 0) continued++;
        }
        await expectUndisturbed(table, report);
        await client.execute(`DROP TABLE ${keyspace}.${table}`, [], { prepare: false });
      }
      expect(killed).toBeGreaterThan(0);
      tried.push(`${kills} runs: killed ${killed} times, continued from a checkpoint ${continued} times`);
    }, 1_200_000);

    test("while every tenth write times out, half of them after they were done", async () => {
      const name = await newTable("timeouts");
      faults.errors = [
        { code: 0x1100, rate: 0.05 },
        { code: 0x1100, rate: 0.05, applied: true },
      ];
      const report = await ingest(name).finally(() => {
        faults.errors = undefined;
      });
      await expectUndisturbed(name.table, report);
      const [lost, applied] = [faults.injected.errors.get(0x1100) ?? 0, faults.injected.appliedErrors.get(0x1100) ?? 0];
      expect([lost > 0, applied > 0]).toEqual([true, true]);
      expect(report.retries).toBeGreaterThanOrEqual(lost + applied);
      tried.push(`${lost} writes timed out undone and ${applied} done, of ${report.requests}`);
    });

    test("while connections are dropped every few hundred frames", async () => {
      const name = await newTable("dropped");
      const before = faults.injected.dropped;
      faults.dropAfterFrames = [100, 300];
      const report = await ingest(name).finally(() => {
        faults.dropAfterFrames = undefined;
      });
      await expectUndisturbed(name.table, report);
      expect(faults.injected.dropped).toBeGreaterThan(before);
      tried.push(`${faults.injected.dropped - before} connections dropped in ${report.requests} requests`);
    });

    test("throttled to a tenth of what it would write", async () => {
      const units = Math.max(100, Math.round(undisturbed.report.rowsPerSecond / 10));
      const name = { keyspace, table: "throttled" };
      await createRetailTable(client, name);
      const capacity = `{'throughput_mode': 'PROVISIONED', 'read_capacity_units': 40000, 'write_capacity_units': ${units}}`;
      const alter = `ALTER TABLE ${keyspace}.throttled WITH CUSTOM_PROPERTIES = {'capacity_mode': ${capacity}}`;
      await client.execute(alter, [], { prepare: false });
      await createRetailTable(client, name);
      const report = await ingest(name);
      await expectUndisturbed(name.table, report);
      expect(report.retries).toBeGreaterThan(0);
      const offered = undisturbed.report.rowsPerSecond;
      tried.push(
        `throttled to ${units} rows/s of ${offered}: ${report.rowsPerSecond} rows/s, ${report.retries} retries`,
      );
    });

    test("while credentials expire and connections are dropped", async () => {
      const name = await newTable("expiring");
      const before = faults.injected.dropped;
      faults.dropAfterFrames = [100, 300];
      let rotations = 0;
      const done = new AbortController();
      const rotating = (async () => {
        while (!done.signal.aborted) {
          await delay(300, undefined, { signal: done.signal }).catch(() => undefined);
          identities[0] = temporaryIdentity();
          rotations++;
        }
      })();
      const report = await ingest(name, file, { maxRowsPerSecond: undisturbed.report.lines / 3 }).finally(() => {
        faults.dropAfterFrames = undefined;
        done.abort();
      });
      await rotating;
      await expectUndisturbed(name.table, report);
      expect([rotations > 1, faults.injected.dropped > before]).toEqual([true, true]);
      tried.push(`credentials exchanged ${rotations} times, ${faults.injected.dropped - before} connections dropped`);
    });

    test(`of ${mutatedLines} mutated lines accounts for every character`, async () => {
      const random = seededRandom(77);
      const [header, ...good] = (await readFile(file, "utf8")).trimEnd().split("\n");
      const base = Array.from({ length: 2 * mutatedLines }, (_, i) => good[i % good.length]!);
      const text = `${header}\n${base.map((line, i) => (i % 2 === 0 ? mutated(line, random) : line)).join("\n")}\n`;
      const source = join(folder, "mutated.csv");
      await writeFile(source, text);

      const records: { lineNumber: number; text: string }[] = [];
      const values: string[] = [];
      // As it is stored below: how it is meant is told from samples of it.
      for await (const chunk of (await invoiceFile(source)).lines()) {
        for (const [i, original] of chunk.originals.entries()) {
          records.push({ lineNumber: chunk.lineNumbers[i]!, text: original.text });
        }
        for (const { lineNumber, line } of chunk.rejects) records.push({ lineNumber, text: line });
        for (const { invoice, stockCode, line } of chunk.lines) values.push(JSON.stringify([invoice, stockCode, line]));
      }
      expect(new Set(values).size).toBe(values.length);
      records.sort((a, b) => a.lineNumber - b.lineNumber);
      // NULs and byte order marks before a line are left out, and rows with nothing in them are no records.
      const withoutBlanks = (all: string) =>
        all
          .replaceAll("\0", "")
          .split(/\r?\n\uFEFF*/)
          .filter((line) => /[^\s,]/.test(line));
      expect(withoutBlanks(records.map((record) => record.text).join("\n"))).toEqual(withoutBlanks(text).slice(1));

      const name = await newTable("mutated");
      const report = await ingest(name, source, { maxRejects: "100%" });
      expect(report.lines).toBe(records.length);
      expect(report.stored + report.rejected).toBe(report.lines);
      expect(await rowsOf(name.table)).toHaveLength(report.stored);
      expect(report.rejected).toBeGreaterThan(mutatedLines / 4);
      tried.push(
        `${mutatedLines} mutated lines: ${report.stored} of ${report.lines} records stored, ${report.rejected} rejected`,
      );
    });
  });

  test("a scan while reads time out, the service fails and connections are dropped sums up the same customers", async () => {
    const name = { keyspace, table: "undisturbed" };
    const quiet = await readCustomers(client, name);
    const before = { dropped: faults.injected.dropped, errors: errorsOf(faults) };
    faults.errors = [
      { code: 0x1200, rate: 0.1 },
      { code: 0x0000, rate: 0.05 },
    ];
    faults.dropAfterFrames = [5, 20];
    const {
      aggregate,
      ledger,
      lines: rows,
      requests,
    } = await readCustomers(client, name).finally(() => {
      faults.errors = undefined;
      faults.dropAfterFrames = undefined;
    });
    expect({ aggregate, ledger, rows }).toEqual({
      aggregate: quiet.aggregate,
      ledger: quiet.ledger,
      rows: quiet.lines,
    });
    expect(rows).toBe(undisturbed.report.stored);
    const [dropped, failed] = [faults.injected.dropped - before.dropped, errorsOf(faults) - before.errors];
    expect([dropped > 0, failed > 0]).toEqual([true, true]);
    tried.push(`scan of ${rows} rows in ${requests} pages: ${failed} requests failed, ${dropped} connections dropped`);
  });
}

const errorsOf = ({ injected }: Faults): number => [...injected.errors.values()].reduce((sum, count) => sum + count, 0);

/** Runs an ingest in a process of its own, and kills it so long after it began if it is not done by then. */
async function ingestInProcess(order: IngestOrder, killAfterMs: number | undefined): Promise<LoadReport | "killed"> {
  const program = join(__dirname, "..", "support", "ingest_process.js");
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let complained = "";
  let timer: NodeJS.Timeout | undefined;
  child.stdout.on("data", (chunk) => {
    printed += chunk;
    if (killAfterMs !== undefined) timer ??= setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  });
  child.stderr.on("data", (chunk) => {
    complained += chunk;
  });
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  if (signal === "SIGKILL") return "killed";
  if (code !== 0) throw new Error(`the ingest ended with ${code}: ${complained}`);
  return JSON.parse(printed.replace(CONNECTED, "")) as LoadReport;
}
