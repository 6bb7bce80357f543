import { afterEach, expect, test } from "@jest/globals";
import { StepError, waitUntil } from "@keyspaces-segmentation/common";
import { gate } from "../support/gate.js";
import { invoiceLines, loadBench } from "../support/load_bench.js";
import { meanwhile } from "../support/meanwhile.js";

const bench = loadBench("broken-loads");
const { fileOf, load, journal, look, rows, read } = bench;
const fails = async () => {
  throw new Error("cut");
};
/** A row that the service refuses, as its key is too long. */
const tooLong = `100,${"9".repeat(70_000)},key too long,1,01/05/2011 10:00,2.50,7000,Norway`;

const untilRowsAreIn = () =>
  waitUntil(
    "rows to be in",
    async () => ((await rows()).length > 0 ? { done: true, seen: "" } : { seen: "none is in" }),
    { deadlineMs: 20_000 },
  );

/** Begins to load a file and goes no further before the test has ended, as one that was killed; waits until rows of it are in. */
async function kill(uri: string, file: Parameters<typeof load>[1]): Promise<void> {
  const { opened, open } = gate();
  const stuck = meanwhile(file, async () => {
    await opened;
    throw new Error("killed");
  });
  const dying = load(uri, stuck).catch(() => undefined);
  ends.push(() => {
    open();
    return dying;
  });
  await untilRowsAreIn();
}
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

test.each(["failed", "killed"])("another currency is refused beside a load that has %s", async (how) => {
  const eur = await fileOf(invoiceLines(1, 40), { currency: "EUR" });
  if (how === "failed") await expect(load("eur.csv", meanwhile(eur, fails))).rejects.toThrow("cut");
  else await kill("eur.csv", eur);
  const before = await rows();
  const usd = await fileOf(invoiceLines(101, 120), { currency: "USD" });
  await expect(load("usd.csv", usd)).rejects.toThrow(
    `its amounts are in USD, and those of eur.csv, whose load has ${how === "failed" ? how : "begun"}, in EUR: they cannot be added up`,
  );
  expect(await rows()).toEqual(before);
  expect((await journal()).open).toMatchObject([{ uri: "eur.csv" }]);
  // What the sentence at the read says can be done.
  expect(await load("eur.csv", eur)).toMatchObject({ stored: 40 });
  expect((await journal()).open).toEqual([]);
  const unsaid = await fileOf(invoiceLines(201, 202));
  expect(await load("unsaid.csv", unsaid)).toMatchObject({ stored: 2 });
  expect((await read()).lines).toEqual([42, 42]);
});

test("a note of a version that did not hold how the file is read refuses nothing", async () => {
  const file = await fileOf(invoiceLines(1, 40), { currency: "EUR" });
  await expect(load("eur.csv", meanwhile(file, fails))).rejects.toThrow("cut");
  const [open] = (await journal()).open;
  const { keyspace, table } = bench.table();
  await bench
    .client()
    .execute(
      `UPDATE ${keyspace}.loads SET account = ? WHERE data_table = ? AND fingerprint = ?`,
      [
        JSON.stringify({ open: { attempt: open!.attempt, hasFailed: true } }),
        table,
        `${open!.fingerprint} ${open!.attempt}`,
      ],
      { prepare: true },
    );
  const usd = await fileOf(invoiceLines(101, 120), { currency: "USD" });
  expect(await load("usd.csv", usd)).toMatchObject({ stored: 20 });
});

test("a file whose load has failed is not read otherwise, whatever became of its checkpoint", async () => {
  const lines = invoiceLines(1, 40);
  const asIs = await fileOf(lines);
  const otherwise = await fileOf(lines, { dateOrder: "day_first" });
  await expect(load("d.csv", meanwhile(asIs, fails))).rejects.toThrow("cut");
  await expect(load("d.csv", otherwise)).rejects.toThrow(
    /a load of this very file has failed that has read it otherwise \(dates: month first, [^)]* and now day first, /,
  );
  expect(await load("d.csv", asIs)).toMatchObject({ stored: 40 });
  expect(await rows()).toHaveLength(40);
  // Of one that is done, a row may have been deleted since.
  const { keyspace, table } = bench.table();
  await bench.client().execute(`DELETE FROM ${keyspace}.${table} WHERE invoice = '1'`, [], { prepare: true });
  await expect(load("d.csv", otherwise)).rejects.toThrow("read otherwise");
  expect(await load("d.csv", asIs)).toMatchObject({ reused: false });
  expect(await rows()).toHaveLength(40);
});

test("a load that has failed and left no row refuses nothing", async () => {
  const usd = await fileOf(invoiceLines(1, 40), { currency: "USD" });
  await expect(load("usd.csv", meanwhile(usd, fails))).rejects.toThrow("cut");
  const { keyspace, table } = bench.table();
  for (let invoice = 1; invoice <= 40; invoice++) {
    const query = `DELETE FROM ${keyspace}.${table} WHERE invoice = ?`;
    await bench.client().execute(query, [String(invoice)], { prepare: true });
  }
  expect((await journal()).open).toMatchObject([{ hasFailed: true }]);
  const otherwise = await fileOf(invoiceLines(1, 40), { currency: "EUR", dateOrder: "day_first" });
  expect(await load("usd.csv", otherwise)).toMatchObject({ stored: 40 });
});

test("a load that has stopped is on record even where the service has refused its first row", async () => {
  const file = await fileOf([tooLong, ...invoiceLines(1, 40)]);
  const contrary = async () => {
    await untilRowsAreIn();
    throw new StepError({ tried: "read the file", got: "its dates are others" });
  };
  await expect(load("s.csv", meanwhile(file, contrary))).rejects.toThrow("its dates are others");
  expect((await rows()).length).toBeGreaterThan(0);
  const other = await fileOf(invoiceLines(101, 110));
  await expect(load("b.csv", other)).rejects.toThrow("the load of s.csv has stopped half way");
  await expect(read()).rejects.toThrow("the load of s.csv has stopped half way");

  // Whoever has dropped the table and made it anew by other software is rid of it, with the next load for good.
  const { keyspace, table } = bench.table();
  await bench
    .client()
    .execute(`TRUNCATE ${keyspace}.${table}`, [], { prepare: false })
    .catch(async () => {
      for (const row of await rows())
        await bench.client().execute(`DELETE FROM ${keyspace}.${table} WHERE invoice = ?`, [JSON.parse(row).invoice], {
          prepare: true,
        });
    });
  expect(await load("b.csv", other)).toMatchObject({ stored: 10 });
  expect((await read()).lines).toEqual([10, 10]);
});

test("once the first invoice is gone, what changed is read on its own again after the next read", async () => {
  await load("a.csv", await fileOf(invoiceLines(1, 20)));
  await load("b.csv", await fileOf(invoiceLines(101, 110)));
  expect((await read()).whyWhole).toBe("nothing is kept of an earlier read");
  const { keyspace, table } = bench.table();
  const remove = (invoice: string) =>
    bench.client().execute(`DELETE FROM ${keyspace}.${table} WHERE invoice = ?`, [invoice], { prepare: true });
  for (const invoice of ["1", "20"]) {
    await remove(invoice);
    expect((await read()).whyWhole).toBe("rows of the last read are gone");
    expect(await read()).toMatchObject({ newInvoices: 0, whyWhole: null });
  }
});

test("one whose first row the service has refused is no reason to read the whole table", async () => {
  await load("a.csv", await fileOf([tooLong, ...invoiceLines(1, 20)]));
  await read();
  await load("b.csv", await fileOf(invoiceLines(101, 110)));
  expect(await read()).toMatchObject({ lines: [30, 30], newInvoices: 10, whyWhole: null });
});

test("known are no fewer rows than there are where a file is loaded again without its checkpoint", async () => {
  const file = await fileOf(invoiceLines(1, 400));
  await expect(load("d.csv", meanwhile(file, fails))).rejects.toThrow("cut");
  // What the first attempt has brought equals rows now.
  expect((await load("d.csv", file)).overlap.same.lines).toBeGreaterThan(0);
  expect((await look()).rows).toBe(400);
  const { keyspace, table } = bench.table();
  await bench.client().execute(`DELETE FROM ${keyspace}.${table} WHERE invoice = '1'`, [], { prepare: true });
  await load("d.csv", file);
  expect((await look()).rows).toBe(400);
  // Of another file, they are known once.
  await load("e.csv", await fileOf(invoiceLines(301, 500)));
  expect((await look()).rows).toBe(500);
});

test("a file that has no line to store leaves nothing to do", async () => {
  await load("a.csv", await fileOf(invoiceLines(1, 20)));
  await read();
  const lines = invoiceLines(1, 3).map((line, i) => line.replace("01/05/2011", i === 2 ? "13/45/2011" : ""));
  const none = await fileOf(lines);
  await expect(load("none.csv", none)).rejects.toThrow("all 3 lines were rejected");
  expect((await journal()).open).toEqual([]);
  expect(await read()).toMatchObject({ newInvoices: 0, whyWhole: null, conflicts: [] });
});

test.each([901, 3001])(
  "an invoice number of %i bytes cannot be listed, and its load comes to its end",
  async (bytes) => {
    await load("a.csv", await fileOf(invoiceLines(1, 20)));
    await read();
    const long = `${"1".repeat(bytes)},20001,thing,1,01/05/2011 10:00,2.50,7000,Norway`;
    const isTaken = bytes < 2048;
    const report = await load("b.csv", await fileOf([long, ...invoiceLines(101, 110)]));
    expect(report).toMatchObject({ stored: isTaken ? 11 : 10, rejected: isTaken ? 0 : 1 });
    expect((await journal()).open).toEqual([]);
    expect(await read()).toMatchObject({ whyWhole: "it is not on record which invoices b.csv has brought" });
  },
);

test("a load that fails says how many rows are in, those of requests under way among them", async () => {
  const file = await fileOf(invoiceLines(1, 40));
  const error = await load("a.csv", meanwhile(file, fails)).catch(({ message }: Error) => message);
  const [, said] = /\((\d+) rows are in\)/.exec(String(error)) ?? [];
  expect(Number(said)).toBe((await rows()).length);
  expect(Number(said)).toBeGreaterThan(0);
});
