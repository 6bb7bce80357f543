import { expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import { foldInvoices, type RetailTotals } from "@keyspaces-segmentation/invoices/dist/fold.js";
import { foldLines, generatedCsv, invoiceLine, invoicesOf, parseText } from "../../../test/support/retail.js";

/** Comparable: sums of one value may stand in several forms. */
const plain = ({ tally, ledger, lines }: RetailTotals) => ({
  lines,
  ledger,
  firstInvoice: tally.firstInvoice,
  lastInvoice: tally.lastInvoice,
  customers: tally.customers.map(({ salesAmount, netAmount, merged, ...rest }) => ({
    ...rest,
    sales: formatDecimal(salesAmount),
    net: formatDecimal(netAmount),
    merged: merged && { ...merged, amount: formatDecimal(merged.amount) },
  })),
});

const generatedInvoices = async () => invoicesOf((await parseText(generatedCsv)).lines);

test("no lines", () => {
  const { tally, lines } = foldInvoices().totals();
  expect(tally).toEqual({ customers: [], firstInvoice: null, lastInvoice: null });
  expect(lines).toBe(0);
});

test("it does not matter which fold gets which invoice, nor when", async () => {
  const invoices = await generatedInvoices();
  const whole = foldLines(invoices.flat());
  expect(whole.lines).toBe(invoices.flat().length);

  const fold = foldInvoices();
  const folds = [fold.invoices(), fold.invoices(), fold.invoices()];
  const queues = folds.map((_, i) => invoices.toReversed().filter((_, at) => at % 3 === i));
  // A line to each in turn, so that three invoices are under way at any time.
  const left = queues.map((queue) =>
    queue.flatMap((lines) => lines.map((line, i) => ({ line, last: i + 1 === lines.length }))),
  );
  for (let at = 0; left.some((lines) => at < lines.length); at++) {
    for (const [i, lines] of left.entries()) {
      const next = lines[at];
      if (next === undefined) continue;
      folds[i]!.add(next.line);
      if (next.last) folds[i]!.end();
    }
  }
  expect(plain(fold.totals())).toEqual(plain(whole));
});

test("what is read of an invoice counts when the invoice is complete, and can be forgotten before", async () => {
  const invoices = await generatedInvoices();
  const fold = foldInvoices();
  const { add, end, drop } = fold.invoices();
  for (const [i, lines] of invoices.entries()) {
    for (const line of lines.slice(0, i % (lines.length + 1))) add(line);
    drop();
    for (const line of lines) add(line);
    end();
  }
  add(invoiceLine({ invoiceDate: new Date("2030-01-01T00:00:00Z") }));
  expect(plain(fold.totals())).toEqual(plain(foldLines(invoices.flat())));
});

test("each invoice counts once for each of its customers, however many there are", () => {
  const fold = foldInvoices();
  const { add, end } = fold.invoices();
  for (let i = 0; i < 100_000; i++) {
    for (const stockCode of ["A", "A", "B"])
      add(invoiceLine({ invoice: String(i), stockCode, customerId: String(i % 7) }));
    end();
  }
  const { tally, lines } = fold.totals();
  expect(lines).toBe(300_000);
  expect(tally.customers.map(({ purchaseInvoices, merged }) => [purchaseInvoices, merged?.invoices])).toEqual(
    Array.from({ length: 7 }, (_, i) => new Array(2).fill(Math.ceil((100_000 - i) / 7))),
  );
  expect(formatDecimal(tally.customers[0]!.netAmount)).toBe(((3 * 2 * 295 * Math.ceil(100_000 / 7)) / 100).toFixed(2));
});

test("a cut changes nothing but that what was before it can be had apart", async () => {
  const lines = (await generatedInvoices()).flat();
  const whole = foldLines(lines);
  expect([whole.cut, whole.beforeCut]).toEqual([null, null]);
  for (const day of ["2009-11-30", "2010-04-01", "2010-09-09", "2011-01-01"]) {
    const cut = new Date(day);
    const totals = foldLines(lines, { cut });
    expect(plain(totals)).toEqual(plain(whole));
    expect(totals.cut).toEqual(cut);
    const lastLines = new Map<string, number>();
    for (const { invoice, invoiceDate } of lines) {
      lastLines.set(invoice, Math.max(lastLines.get(invoice) ?? 0, invoiceDate.getTime()));
    }
    const earlier = foldLines(lines.filter(({ invoice }) => lastLines.get(invoice)! < cut.getTime()));
    expect(plain({ ...earlier, tally: totals.beforeCut! })).toEqual(plain(earlier));
  }
});

test("totals can be asked for at any time", () => {
  const fold = foldInvoices({ cut: new Date("2010-03-05") });
  const { add, end } = fold.invoices();
  const amounts = () =>
    [fold.totals().tally, fold.totals().beforeCut!].map(({ customers }) =>
      customers.map(({ netAmount }) => formatDecimal(netAmount)),
    );
  add(invoiceLine());
  end();
  expect(amounts()).toEqual([["5.90"], ["5.90"]]);
  add(invoiceLine({ invoice: "2", invoiceDate: new Date("2010-03-05") }));
  end();
  expect(amounts()).toEqual([["11.80"], ["5.90"]]);
});
