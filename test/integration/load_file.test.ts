import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RegistryLocation } from "@keyspaces-segmentation/cluster-store";
import { StepError, waitUntil } from "@keyspaces-segmentation/common";
import { NOTHING_GIVEN, openInvoiceFile } from "@keyspaces-segmentation/invoice-files";
import { lookAtTable, readInvoiceLines, readTable } from "@keyspaces-segmentation/invoice-store";
import type { LoadReport } from "@keyspaces-segmentation/invoice-store/dist/ingest_invoices.js";
import { type LoadOptions, loadFile } from "@keyspaces-segmentation/invoice-store/dist/load_file.js";
import { loadsOf } from "@keyspaces-segmentation/invoice-store/dist/load_journal.js";
import { createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { invoiceFile } from "../support/invoice_files.js";
import { withKeyspace } from "../support/keyspaces.js";
import { tableContents } from "../support/table_contents.js";

const it = withKeyspace();
const none = {} as never;
const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";

let folder: string;
let rejectsFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "loads-"));
  rejectsFile = join(folder, "rejects.csv");
});
afterAll(() => rm(folder, { recursive: true }));

const unused = Array.from({ length: 19 }, (_, i) => `online_retail_${i}`);
beforeAll(async () => {
  await Promise.all(unused.map((table) => createRetailTable(it.client, { keyspace: it.keyspace, table })));
});
let name: { keyspace: string; table: string };
beforeEach(() => {
  name = { keyspace: it.keyspace, table: unused.pop() as string };
});

/** Lines of invoices, three an invoice. */
const invoices = (first: number, last: number, quantity = 1): string[] =>
  Array.from({ length: 3 * (last - first + 1) }, (_, i) => {
    const invoice = first + Math.floor(i / 3);
    return `${invoice},SKU${i % 3},thing,${quantity},2010-01-${10 + (invoice % 10)} 10:00,2.50,${7000 + (invoice % 5)},Norway`;
  });
const later = (count: number) => () => new Date(Date.UTC(2026, 0, 1, 0, count));

async function load(file: string, lines: string[], options: Partial<LoadOptions> = {}): Promise<LoadReport> {
  const path = join(folder, file);
  await writeFile(path, `${[header, ...lines].join("\n")}\n`);
  return loadFile(
    it.client,
    name,
    { file: await invoiceFile(path), uri: `s3://data/${file}` },
    { rejectsFile, ...options },
  );
}
const contents = () => tableContents(it.client, name);

const nothing = { invoices: 0, same: { lines: 0, amount: "0" }, further: { lines: 0, amount: "0" } };
const [a, b] = [invoices(100, 199), invoices(200, 249)];

describe("loading files one after the other", () => {
  test("adds the rows of each, touches no others, and writes none of a file that is in already", async () => {
    // Lets the test ask when a row was written.
    const told = "CUSTOM_PROPERTIES = {'client_side_timestamps': {'status': 'enabled'}}";
    await it.client.execute(`ALTER TABLE ${name.keyspace}.${name.table} WITH ${told}`, [], { prepare: false });
    await createRetailTable(it.client, name);

    const first = await load("a.csv", a, { now: later(1) });
    expect(first).toMatchObject({ lines: 300, stored: 300, reused: false, requests: 100 });
    const ofA = await contents();
    expect(ofA).toHaveLength(300);

    const second = await load("b.csv", b, { now: later(2) });
    expect(second).toMatchObject({ lines: 150, stored: 150, reused: false, requests: 50 });
    const both = await contents();
    expect(both).toHaveLength(450);
    expect(both.filter((row) => ofA.includes(row))).toEqual(ofA);

    const written = await writeTimes();
    const again = await load("renamed.csv", a, { now: later(3) });
    const { seconds, rowsPerSecond, history } = again;
    expect(again).toEqual({ ...first, seconds, rowsPerSecond, history, reused: true, requests: 0 });
    expect(await contents()).toEqual(both);
    expect(await writeTimes()).toEqual(written);
  });

  test("puts an invoice together that is split over two files, and overwrites none of its rows", async () => {
    const lines = (quantities: number[]) =>
      quantities.map((quantity) => `500,SKU1,thing,${quantity},2010-01-10 10:00,2.50,7000,Norway`);
    const whole = [...a.slice(0, 3), ...lines([1, 2, 3, 4])];
    expect(await load("first.csv", whole.slice(0, 5))).toMatchObject({ stored: 5, reads: 0, overlap: nothing });
    const second = await load("second.csv", whole.slice(5));
    expect(second).toMatchObject({ stored: 2, reads: 1 });
    expect(second.overlap).toEqual({ ...nothing, invoices: 1, further: { lines: 2, amount: "17.50" } });
    const split = await contents();
    name = { ...name, table: unused.pop() as string };
    await load("whole.csv", whole);
    expect(await contents()).toEqual(split);
  });

  test("adds a changed line beside the one it changes, says so, and the older file again changes nothing", async () => {
    await load("a.csv", a);
    const before = await contents();
    const changed = [...invoices(190, 199, 5).slice(0, 4), ...invoices(190, 199).slice(4), ...invoices(200, 204)];
    const report = await load("b.csv", changed, { now: later(2) });
    expect(report).toMatchObject({ lines: 45, stored: 45, reads: 15, requests: 7 });
    const overlap = { invoices: 10, same: { lines: 26, amount: "65.00" }, further: { lines: 4, amount: "50.00" } };
    expect(report.overlap).toEqual(overlap);
    const after = await contents();
    expect(after).toHaveLength(300 + 4 + 15);
    expect(after.filter((row) => before.includes(row))).toEqual(before);
    const come = after.filter((row) => !before.includes(row)).map((row) => JSON.parse(row));
    expect(come.filter(({ quantity }) => quantity === "5").map(({ line }) => line)).toEqual([2, 2, 2, 2]);

    expect(await load("a.csv", a)).toMatchObject({ reused: true, requests: 0 });
    expect(await load("b.csv", changed)).toMatchObject({ reused: true, requests: 0, overlap });
    expect(await load("a.csv", a, { reuse: false })).toMatchObject({ reused: false, requests: 100 });
    expect(await contents()).toEqual(after);
    // Again, without a record of the load.
    await it.client.execute(`TRUNCATE ${it.keyspace}.loads`, [], { prepare: false }).catch(async () => {
      await it.client.execute(`DELETE FROM ${it.keyspace}.loads WHERE data_table = ?`, [name.table], { prepare: true });
    });
    const again = await load("b.csv", changed);
    expect(again).toMatchObject({ requests: 0, overlap: { invoices: 15, same: { lines: 45 }, further: { lines: 0 } } });
    expect(await contents()).toEqual(after);
  });

  test("counts a line that comes twice on an invoice twice, but not where it comes once in each of two files", async () => {
    const twice = [a[0], a[0], a[1]] as string[];
    await load("twice.csv", twice);
    expect(await contents()).toHaveLength(3);
    const { overlap } = await load("thrice.csv", [...twice, a[0] as string]);
    expect(overlap).toMatchObject({ invoices: 1, same: { lines: 3 }, further: { lines: 1 } });
    expect((await load("once.csv", [a[0] as string])).overlap).toMatchObject({
      same: { lines: 1 },
      further: nothing.further,
    });
    expect(await contents()).toHaveLength(4);
  });

  test("takes 2.5 and 2.50, and a customer 7001 and 7001.0, for the same", async () => {
    await load("a.csv", a.slice(0, 3));
    const other = a.slice(0, 3).map((line) => line.replace("2.50", "2.5").replace(/(,70\d\d),/, "$1.0,"));
    expect((await load("b.csv", other)).overlap).toMatchObject({ same: { lines: 3 }, further: { lines: 0 } });
    expect(await contents()).toHaveLength(3);
  });

  test("counts the same after an interruption as without one", async () => {
    await load("a.csv", a);
    const more = [
      ...invoices(150, 199).map((line, i) => (i % 5 === 0 ? line.replace("thing", "thing, blue") : line)),
      ...b,
    ].map((line) => line.replace("thing, blue", '"thing, blue"'));
    const overlap = { invoices: 50, same: { lines: 120, amount: "300.00" }, further: { lines: 30, amount: "75.00" } };
    for (const most of [5, 40, 100]) {
      const controller = new AbortController();
      const onProgress = ({ stored }: { stored: number }) => {
        if (stored >= most) controller.abort(new Error("interrupted"));
      };
      const options = { signal: controller.signal, onProgress, maxRowsPerSecond: 150 };
      await expect(load("more.csv", more, options)).rejects.toThrow("interrupted");
    }
    const report = await load("more.csv", more);
    expect(report).toMatchObject({ lines: 300, stored: 300, overlap });
    expect(report.resumed).toBeGreaterThan(0);
    expect(await loadsOf(it.client, name)).toMatchObject([{}, { overlap }]);
    const rows = await contents();
    expect(rows).toHaveLength(300 + 30 + 150);

    // Killed without a trace of how far it was: what is there counts as found, and nothing doubles.
    await it.client.execute(`DELETE FROM ${it.keyspace}.loads WHERE data_table = ?`, [name.table], { prepare: true });
    expect((await load("more.csv", more)).overlap).toMatchObject({ same: { lines: 300 }, further: { lines: 0 } });
    expect(await contents()).toEqual(rows);
  });

  test("does not go on with a first load as if it were alone where another file has come in meanwhile", async () => {
    const controller = new AbortController();
    const options = { signal: controller.signal, onProgress: () => controller.abort(new Error("interrupted")) };
    const split = [...a, ...invoices(200, 200).slice(0, 1)];
    await expect(load("split.csv", split, { ...options, maxRowsPerSecond: 200 })).rejects.toThrow("interrupted");
    const other = join(folder, "elsewhere", "rejects.csv");
    await load("other.csv", invoices(200, 200, 7), { rejectsFile: other });
    await load("split.csv", split);
    const quantities = (await contents()).map((row) => JSON.parse(row)).filter(({ invoice }) => invoice === "200");
    expect(quantities.map(({ quantity }) => Number(quantity)).sort()).toEqual([1, 7, 7, 7]);
  });

  test("rejects the same lines the second time, into the same file", async () => {
    const lines = [...a.slice(0, 30), "100,SKU9,no date,1,yesterday,1.00,7,Norway", '7,"'];
    const first = await load("dirty.csv", lines, { maxRejects: "50%" });
    expect(first).toMatchObject({ lines: 32, stored: 30, rejected: 2 });
    const rejects = await readFile(rejectsFile, "utf8");
    await rm(rejectsFile);
    expect(await load("dirty.csv", lines, { maxRejects: "50%" })).toMatchObject({
      lines: 32,
      stored: 30,
      rejected: 2,
      reused: true,
      requests: 0,
      resumed: 0,
      file: first.file,
    });
    expect(await readFile(rejectsFile, "utf8")).toBe(rejects);
  });

  test("writes a file again of which the service has refused a row", async () => {
    const lines = [...a.slice(0, 3), `100,${"x".repeat(70_000)},key too long,1,2010-01-10 10:00,1.00,7,Norway`];
    const refusing = { maxRejects: "50%" } as const;
    expect(await load("long.csv", lines, refusing)).toMatchObject({ stored: 3, rejected: 1, reused: false });
    expect(await loadsOf(it.client, name)).toMatchObject([{ stored: 3, rejected: 1, refused: 1 }]);
    const again = await load("long.csv", lines, refusing);
    expect(again).toMatchObject({ stored: 3, rejected: 1, reused: false });
    expect(again.requests).toBeGreaterThan(0);
  });

  test("writes a file again that reads otherwise than it did", async () => {
    await load("a.csv", a);
    const [{ fingerprint = "" } = {}] = await loadsOf(it.client, name);
    const older = `UPDATE ${it.keyspace}.loads SET stored = 299, rejected = 1 WHERE data_table = ? AND fingerprint = ?`;
    await it.client.execute(older, [name.table, fingerprint], { prepare: true });
    expect(await load("a.csv", a)).toMatchObject({ stored: 300, rejected: 0, reused: false, requests: 100 });
    expect(await load("a.csv", a)).toMatchObject({ stored: 300, reused: true, requests: 0 });
  });
});

describe("what was loaded", () => {
  test("is on record, the oldest first, once a file", async () => {
    expect(await loadsOf(it.client, name)).toEqual([]);
    const { fingerprint, file } = await load("b.csv", b, { now: later(5) });
    await load("a.csv", a, { now: later(4) });
    await load("b.csv", b, { now: later(9), reuse: false });
    const loads = await loadsOf(it.client, name);
    expect(loads.map(({ uri, loadedAt }) => [uri, loadedAt])).toEqual([
      ["s3://data/a.csv", later(4)()],
      ["s3://data/b.csv", later(9)()],
    ]);
    expect(loads[1]).toEqual({
      fingerprint,
      uri: "s3://data/b.csv",
      loadedAt: later(9)(),
      lines: 150,
      stored: 150,
      rejected: 0,
      refused: 0,
      amount: "375.00",
      firstInvoiceNumber: "200",
      lastInvoiceNumber: "249",
      file,
      overlap: nothing,
      reading: expect.arrayContaining([expect.objectContaining({ what: "dates", readAs: expect.any(String) })]),
      brought: null,
      stopped: null,
      isBesideUnknown: false,
    });
  });

  test("is refused where a parameter has the same file read otherwise, which would double its lines", async () => {
    const path = join(folder, "ambiguous.csv");
    await writeFile(path, `${header}\n1,A,x,1,03/04/2024,2.50,7,France\n`);
    const loadAs = async (dateOrder: "day_first" | "month_first") => {
      const file = await openInvoiceFile(path, { ...NOTHING_GIVEN, dateOrder });
      return loadFile(it.client, name, { file, uri: path }, { rejectsFile });
    };
    expect(await loadAs("month_first")).toMatchObject({ stored: 1, reused: false });
    await expect(loadAs("day_first")).rejects.toThrow(
      "this very file is in the table and was read otherwise (dates: month first, mm/dd/yyyy, and now day first, dd/mm/yyyy)",
    );
    expect((await readInvoiceLines(it.client, name)).lines).toHaveLength(1);
    expect(await loadAs("month_first")).toMatchObject({ stored: 1, reused: true });
  });

  test("is on record as stopped where the file ends its load, and the table then takes no other", async () => {
    const path = join(folder, "joined.csv");
    await writeFile(path, `${[header, ...a].join("\n")}\n`);
    const file = await invoiceFile(path);
    async function* contrary(count?: (bytes: number) => void): ReturnType<typeof file.lines> {
      yield* file.lines(count);
      throw new StepError({ tried: "read the file as its sample is meant", got: "20 lines contradict it" });
    }
    const { rows, warnings, currency, notes } = file;
    const stopping = loadFile(
      it.client,
      name,
      { file: { path, rows, warnings, currency, notes, lines: contrary }, uri: "joined.csv" },
      { rejectsFile, now: later(1) },
    );
    await expect(stopping).rejects.toThrow(
      "20 lines contradict it. What its first 300 lines have brought is in the table, and some of it may be misread",
    );
    const stopped = "Could not read the file as its sample is meant: 20 lines contradict it.";
    expect(await loadsOf(it.client, name)).toMatchObject([{ uri: "joined.csv", lines: 300, stopped }]);

    await expect(load("mended.csv", b)).rejects.toThrow("the load of joined.csv has stopped half way");
    await expect(lookAtTable(it.client, name, { analysisDate: null })).rejects.toThrow(
      `read ${name.keyspace}.${name.table}: the load of joined.csv has stopped half way`,
    );
    // Before anything of it is read, and before what was kept of the last read is asked for.
    await expect(readTable(it.client, none, name as RegistryLocation, none)).rejects.toThrow("has stopped half way");
    const whole = await loadFile(it.client, name, { file, uri: "joined.csv" }, { rejectsFile, now: later(2) });
    expect(whole).toMatchObject({ stored: 300 });
    // It has read to its end, in the same way, and is a load as any other.
    expect(await loadsOf(it.client, name)).toMatchObject([{ uri: "joined.csv", stopped: null }]);
    expect(await lookAtTable(it.client, name, { analysisDate: null })).toMatchObject({ rows: 300, conflicts: [] });
    expect(await load("mended.csv", b)).toMatchObject({ stored: 150, overlap: nothing });
  });

  test("is refused where its amounts are in another currency than those in the table", async () => {
    const loadIn = async (currency: string | null, file: string) => {
      const path = join(folder, file);
      await writeFile(path, `${header}\n${file},A,x,1,2024-03-04,2.50,7,France\n`);
      const opened = await openInvoiceFile(path, { ...NOTHING_GIVEN, currency });
      return loadFile(it.client, name, { file: opened, uri: file }, { rejectsFile });
    };
    expect(await loadIn("EUR", "january.csv")).toMatchObject({ stored: 1 });
    await expect(loadIn("USD", "february.csv")).rejects.toThrow(
      "its amounts are in USD, and those of january.csv, which is in the table, in EUR: they cannot be added up",
    );
    expect(await loadIn("EUR", "march.csv")).toMatchObject({ stored: 1 });
    expect(await loadIn(null, "april.csv")).toMatchObject({ stored: 1 });
    expect((await readInvoiceLines(it.client, name)).lines).toHaveLength(3);
  });

  test("is not on record when it was interrupted", async () => {
    const controller = new AbortController();
    const stop = () => controller.abort(new Error("interrupted"));
    const options = { signal: controller.signal, onProgress: stop, maxRowsPerSecond: 200 };
    await expect(load("a.csv", a, options)).rejects.toThrow("interrupted");
    expect(await loadsOf(it.client, name)).toEqual([]);
    expect(await load("a.csv", a)).toMatchObject({ lines: 300, stored: 300, reused: false });
    expect(await contents()).toHaveLength(300);
    expect(await loadsOf(it.client, name)).toMatchObject([{ lines: 300, stored: 300, refused: 0 }]);
  });

  /** Waits until the service says this of the table; undefined: that it is gone. */
  async function untilItIs(wanted: string | undefined): Promise<void> {
    await waitUntil(
      `the table to be ${wanted ?? "gone"}`,
      async () => {
        const query = "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?";
        const status = (await it.client.execute(query, [name.keyspace, name.table])).rows[0]?.status;
        return status === wanted ? { done: true, seen: "" } : { seen: String(status) };
      },
      { deadlineMs: 60_000 },
    );
  }

  async function dropped(): Promise<void> {
    await it.client.execute(`DROP TABLE ${name.keyspace}.${name.table}`, [], { prepare: false });
    await untilItIs(undefined);
  }

  test("is forgotten with its table, even where another file brings some of its rows back", async () => {
    await load("a.csv", a);
    await dropped();
    await createRetailTable(it.client, name);
    await load("ends.csv", [...invoices(100, 100), ...invoices(199, 199)]);
    expect(await load("a.csv", a)).toMatchObject({ reused: false, requests: 98, overlap: { same: { lines: 6 } } });
    expect(await contents()).toHaveLength(300);
  });

  test("is forgotten with its table, also what an interrupted load has left in its folder", async () => {
    const stop = new AbortController();
    const onProgress = ({ stored }: { stored: number }) => {
      if (stored >= 150) stop.abort(new Error("interrupted"));
    };
    await expect(load("a.csv", a, { signal: stop.signal, onProgress, maxRowsPerSecond: 300 })).rejects.toThrow();
    await dropped();
    await createRetailTable(it.client, name);
    // The row by which the interrupted load would know its table again is among these.
    await load("later.csv", invoices(110, 199), { rejectsFile: join(folder, "elsewhere", "rejects.csv") });
    expect(await load("a.csv", a)).toMatchObject({ lines: 300, resumed: 0, overlap: { same: { lines: 270 } } });
    expect(await contents()).toHaveLength(300);
  });

  test("does not count when other software has made the table anew", async () => {
    await load("a.csv", a);
    const { cql } = await definition();
    await dropped();
    await it.client.execute(cql, [], { prepare: false });
    await untilItIs("ACTIVE");
    expect(await load("a.csv", a)).toMatchObject({ reused: false, requests: 100 });
    expect(await contents()).toHaveLength(300);
  });

  /** What makes a table like this one without our help. */
  async function definition(): Promise<{ cql: string }> {
    const query = "SELECT column_name, type FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?";
    const { rows } = await it.client.execute(query, [name.keyspace, name.table]);
    const columns = rows.map((row) => `${row.column_name} ${row.type}`).join(", ");
    return {
      cql: `CREATE TABLE ${name.keyspace}.${name.table} (${columns}, PRIMARY KEY (invoice, stock_code, line))`,
    };
  }
});

/** When each row was written; a second write of the same row would move it. */
async function writeTimes(): Promise<string[]> {
  const query = `SELECT invoice, stock_code, line, WRITETIME(quantity) AS at FROM ${name.keyspace}.${name.table}`;
  return (await it.client.execute(query, [], { prepare: true, fetchSize: 5000 })).rows.map((row) =>
    JSON.stringify(row),
  );
}
