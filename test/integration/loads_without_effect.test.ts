import { readFile, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, jest, test } from "@jest/globals";
import { moneyOf, StepError, waitUntil } from "@keyspaces-segmentation/common";
import { type InvoiceFile, NOTHING_GIVEN, openInvoiceFile } from "@keyspaces-segmentation/invoice-files";
import { remarksOf } from "@keyspaces-segmentation/invoice-store";
import { tablesOf } from "@keyspaces-segmentation/invoice-store/dist/drop_keyspace.js";
import type { ParsedChunk } from "@keyspaces-segmentation/invoices";
import { errors, types } from "cassandra-driver";
import { invoiceLines, loadBench } from "../support/load_bench.js";
import { meanwhile } from "../support/meanwhile.js";

const bench = loadBench("loads-without-effect");
const { fileOf, load, journal, look, rows, read } = bench;
const uris = async () => {
  const { loads, open } = await journal();
  return [loads, open].map((of) => of.map(({ uri }) => uri));
};

/** A row that the service refuses, as its key is too long. */
const tooLong = `900,${"9".repeat(70_000)},key too long,1,01/05/2011 10:00,2.50,7000,Norway`;
const notOne = { maxRejects: 0 };

/** The file, of which the first lines come, and then this happens in place of more. */
function until(file: InvoiceFile, count: number, then: () => Promise<unknown>): InvoiceFile {
  async function* lines(counted?: (bytes: number) => void): ReturnType<InvoiceFile["lines"]> {
    for await (const { lines, lineNumbers, originals } of file.lines(counted)) {
      const [first, numbers, texts] = [lines, lineNumbers, originals].map((of) => of.slice(0, count));
      yield { lines: first, lineNumbers: numbers, originals: texts, rejects: [] } as ParsedChunk;
      await then();
    }
  }
  const { path, rows, warnings, currency, notes } = file;
  return { path, rows, warnings, currency, notes, lines };
}
const fails = () => Promise.reject(new Error("cut"));
const contradicts = () => Promise.reject(new StepError({ tried: "read the file", got: "its dates are others" }));

/** The same lines as a file that is packed, as it is and ending early. */
async function packed(lines: readonly string[]) {
  const { path } = await fileOf(lines.map((line, i) => line.replace("thing", `thing ${Math.sin(i)}`)));
  const whole = gzipSync(await readFile(path));
  const given = { ...NOTHING_GIVEN, dateOrder: "month_first", timeZone: "UTC" } as const;
  await writeFile(`${path}.gz`, whole);
  await writeFile(`${path}.cut.gz`, whole);
  const [file, cut] = [await openInvoiceFile(`${path}.gz`, given), await openInvoiceFile(`${path}.cut.gz`, given)];
  await truncate(cut.path, whole.length - 3000);
  return { file, cut };
}

/** The file, which is cut short as one that is being copied, after the first of its lines have come, or before. */
const copied = (file: InvoiceFile, { after }: { after: number }): InvoiceFile => ({
  ...file,
  async *lines(count) {
    const size = (await stat(file.path)).size;
    if (after > 0) yield* until(file, after, async () => undefined).lines(count);
    await truncate(file.path, size / 2);
    yield* file.lines(count);
  },
});

test("a load of which the service has refused every row keeps no other currency out, nor any file read otherwise", async () => {
  const usd = await fileOf([tooLong], { currency: "USD" });
  await expect(load("usd.csv", usd, notOne)).rejects.toThrow("1 of its first 1 lines were rejected");
  expect(await uris()).toEqual([[], []]);
  expect(await load("jan.csv", await fileOf(invoiceLines(101, 120), { currency: "EUR" }))).toMatchObject({
    stored: 20,
  });
  expect(await load("feb.csv", await fileOf(invoiceLines(201, 220), { currency: "EUR" }))).toMatchObject({
    stored: 20,
  });
  await expect(load("usd.csv", usd)).rejects.toThrow("and those of jan.csv, which is in the table, in EUR");

  await expect(load("d.csv", await fileOf([tooLong]), notOne)).rejects.toThrow("were rejected");
  expect(await load("d.csv", await fileOf([tooLong], { dateOrder: "day_first" }))).toMatchObject({ rejected: 1 });
  expect(await read()).toMatchObject({ lines: [40, 40], conflicts: [] });
});

test.each([
  ["may not write", new errors.ResponseError(types.responseErrorCodes.unauthorized, "no MODIFY permission"), 0],
  ["gets no answer", new errors.OperationTimedOutError("no answer"), 1],
])("one that %s is on record as failed only where rows may be in", async (_what, error, noted) => {
  await load("unsaid.csv", await fileOf(invoiceLines(1, 5)));
  const usd = await fileOf(invoiceLines(101, 140), { currency: "USD" });
  const spy = jest.spyOn(bench.client(), "insertRows").mockRejectedValue(error);
  await expect(load("usd.csv", usd, { giveUpAfterMs: 1 })).rejects.toThrow("(0 rows are in)");
  spy.mockRestore();
  expect((await uris())[1]).toHaveLength(noted);
  const eur = load("eur.csv", await fileOf(invoiceLines(201, 210), { currency: "EUR" }));
  if (noted === 0) expect(await eur).toMatchObject({ stored: 10 });
  else await expect(eur).rejects.toThrow("those of usd.csv, whose load has failed, in USD");
});

test("what has failed is forgotten while the table has no row, and never what may be under way", async () => {
  const usd = await fileOf(invoiceLines(1, 40), { currency: "USD" });
  const spy = jest.spyOn(bench.client(), "insertRows").mockRejectedValue(new Error("interrupted"));
  await expect(load("usd.csv", usd)).rejects.toThrow("interrupted");
  spy.mockRestore();
  expect(await uris()).toEqual([[], ["usd.csv"]]);
  const eur = await fileOf(invoiceLines(101, 120), { currency: "EUR" });
  const between = async () => {
    expect(await uris()).toEqual([[], ["eur.csv"]]);
    await expect(load("usd.csv", usd)).rejects.toThrow("whose load has begun, in EUR");
  };
  expect(await load("eur.csv", meanwhile(eur, between))).toMatchObject({ stored: 20 });
  expect(await load("more.csv", await fileOf(invoiceLines(201, 220), { currency: "EUR" }))).toMatchObject({
    stored: 20,
  });
  expect(await load("eur.csv", eur)).toMatchObject({ reused: true });
  expect(await read()).toMatchObject({ lines: [40, 40], conflicts: [] });
});

test("a file that is loaded keeps its record where it contradicts itself by then", async () => {
  const file = await fileOf(invoiceLines(1, 40));
  await load("jan.csv", file);
  const before = await journal();
  await expect(load("jan.csv", until(file, 10, contradicts))).rejects.toThrow(
    /^Could not read the file: its dates are others\.$/,
  );
  expect(await journal()).toEqual(before);
  expect(await look()).toMatchObject({ rows: 40, conflicts: [] });
  expect(await load("feb.csv", await fileOf(invoiceLines(7001, 7010)))).toMatchObject({ stored: 10 });
  expect(await load("jan.csv", file)).toMatchObject({ reused: true });
});

test("a file that cannot be read to its end has failed, and keeps no other out", async () => {
  const { file, cut } = await packed(invoiceLines(1, 3000));
  await expect(load("cut.csv.gz", cut)).rejects.toThrow("the gzip file ends in the middle of its data");
  expect((await rows()).length).toBeGreaterThan(0);
  expect(await uris()).toEqual([[], ["cut.csv.gz"]]);
  expect((await read()).conflicts).toEqual([expect.stringMatching(/^A load of cut\.csv\.gz has failed: /)]);
  expect(await load("feb.csv", await fileOf(invoiceLines(7001, 7010)))).toMatchObject({ stored: 10 });
  expect(await load("whole.csv.gz", file)).toMatchObject({ stored: 3000 });
  expect((await read()).lines).toEqual([3010, 3010]);
});

test.each([0, 10])(
  "nothing is taken from a file that is written to while it is read, after %i lines",
  async (after) => {
    const file = await fileOf(invoiceLines(1, 40));
    const whole = await readFile(file.path);
    const fails = async () => {
      await expect(load("jan.csv", copied(file, { after }))).rejects.toThrow("the file was written to meanwhile");
      await writeFile(file.path, whole);
    };
    await fails();
    // The last may wait for more of its invoice.
    expect([after, Math.max(0, after - 1)]).toContain((await rows()).length);
    expect(await uris()).toEqual([[], after > 0 ? ["jan.csv"] : []]);
    expect(await load("feb.csv", await fileOf(invoiceLines(7001, 7010)))).toMatchObject({ stored: 10 });
    expect(await load("jan.csv", file)).toMatchObject({ stored: 40 });
    const before = await journal();
    await fails();
    expect(await journal()).toEqual(before);
    expect(await load("jan.csv", file)).toMatchObject({ reused: true });
    expect(await read()).toMatchObject({ lines: [50, 50], conflicts: [] });
  },
);

test("one that contradicts itself before it has written a row spoils no table", async () => {
  await load("jan.csv", await fileOf(invoiceLines(1, 20)));
  const joined = await fileOf([...invoiceLines(1, 20), ...invoiceLines(101, 120)]);
  for (const lines of [10, 20])
    await expect(load("joined.csv", until(joined, lines, contradicts))).rejects.toThrow("its dates are others");
  expect(await uris()).toEqual([["jan.csv"], []]);
  expect(await load("feb.csv", await fileOf(invoiceLines(201, 210)))).toMatchObject({ stored: 10 });
  expect(await read()).toMatchObject({ lines: [30, 30], conflicts: [] });
  // One more line, and what it has brought may be misread.
  await expect(load("joined.csv", until(joined, 21, contradicts))).rejects.toThrow("its dates are others");
  await expect(read()).rejects.toThrow("the load of joined.csv has stopped half way");
});

test("known are as many rows as there are, however often a load was interrupted", async () => {
  await load("old.csv", await fileOf(invoiceLines(1, 30)));
  const all = await fileOf(invoiceLines(1, 60));
  const same = { rejectsFile: join(tmpdir(), `${bench.table().keyspace}-one`, "rejects.csv") };
  for (const lines of [10, 35, 50])
    await expect(load("all.csv", until(all, lines, fails), same)).rejects.toThrow("cut");
  // What it has only found is gone on from, too.
  expect(await load("all.csv", all, same)).toMatchObject({ resumed: 50, overlap: { same: { lines: 30 } } });
  expect((await journal()).loads[1]).toMatchObject({ overlap: { same: { lines: 30 } } });
  expect([(await look()).rows, (await rows()).length]).toEqual([60, 60]);
});

test("known are no fewer rows than there are where two notebooks have begun on a file", async () => {
  await load("old.csv", await fileOf(invoiceLines(1, 5)));
  const file = await fileOf(invoiceLines(101, 140));
  const [one, other] = ["one", "other"].map((notebook) => {
    return {
      rejectsFile: join(tmpdir(), `${bench.table().keyspace}-${bench.table().table}-${notebook}`, "rejects.csv"),
    };
  });
  await expect(load("f.csv", until(file, 10, fails), one)).rejects.toThrow("cut");
  await expect(load("f.csv", until(file, 30, fails), other)).rejects.toThrow("cut");
  // The second has brought what the first, which goes on, finds.
  expect(await load("f.csv", file, one)).toMatchObject({ resumed: 10 });
  expect((await rows()).length).toBe(45);
  expect((await look()).rows).toBeGreaterThanOrEqual(45);
});

test("rows of which no load is on record are told of at each load, and at each read", async () => {
  const told = [expect.stringMatching(/^The table has rows of which no load is on record: /)];
  const saidOf = (report: Awaited<ReturnType<typeof load>>) => remarksOf(report, { money: moneyOf(null) });
  const [jan, feb] = [await fileOf(invoiceLines(1, 20)), await fileOf(invoiceLines(101, 120), { currency: "USD" })];
  expect(saidOf(await load("jan.csv", await fileOf(invoiceLines(1, 20), { currency: "EUR" })))).toEqual([]);
  expect((await read()).conflicts).toEqual([]);
  const { keyspace, table } = bench.table();
  await bench.client().execute(`DROP TABLE ${keyspace}.loads`, [], { prepare: false });
  await waitUntil(
    "the record to be gone",
    async () => {
      const seen = [...(await tablesOf(bench.client(), keyspace)).keys()].join();
      return seen.includes("loads") ? { seen } : { done: true, seen };
    },
    { deadlineMs: 60_000 },
  );
  expect((await look()).conflicts).toEqual(told);

  await expect(load("feb.csv", until(feb, 5, fails))).rejects.toThrow("cut");
  for (const [uri, file] of [
    ["feb.csv", feb],
    ["jan.csv", jan],
    ["feb.csv", feb],
  ] as const)
    expect(saidOf(await load(uri, file))).toEqual(told);
  expect((await read()).conflicts).toEqual(told);
  // Of a table without rows there is nothing to know.
  for (const row of await rows())
    await bench
      .client()
      .execute(`DELETE FROM ${keyspace}.${table} WHERE invoice = ?`, [JSON.parse(row).invoice], { prepare: true });
  expect(saidOf(await load("mar.csv", jan))).toEqual([]);
  expect((await read()).conflicts).toEqual([]);
});
