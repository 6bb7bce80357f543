import { describe, expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import { foldInvoices, type RetailTotals } from "@keyspaces-segmentation/invoices/dist/fold.js";
import { foldLines, invoiceLine, invoicesOf, parseGenerated } from "../../../test/support/retail.js";

/** Comparable: sums of one value may stand in several forms. */
const plain = ({ aggregate, ledger, lines }: RetailTotals) => ({
  lines,
  ledger,
  firstInvoice: aggregate.firstInvoice,
  lastInvoice: aggregate.lastInvoice,
  customers: [...aggregate.customers].map(({ salesAmount, netAmount, merged, ...rest }) => ({
    ...rest,
    sales: formatDecimal(salesAmount),
    net: formatDecimal(netAmount),
    merged: merged && { ...merged, amount: formatDecimal(merged.amount) },
  })),
});

const generatedInvoices = async () => invoicesOf((await parseGenerated()).lines);

test("no lines", () => {
  const { aggregate, lines } = foldInvoices().totals();
  expect({ ...aggregate, customers: [...aggregate.customers] }).toEqual({
    customers: [],
    firstInvoice: null,
    lastInvoice: null,
  });
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
  const linesOf = Array.from({ length: 7 }, (_, i) =>
    ["A", "A", "B"].map((stockCode) => invoiceLine({ stockCode, customerId: String(i) })),
  );
  for (let i = 0; i < 100_000; i++) {
    for (const line of linesOf[i % 7]!) add({ ...line, invoice: String(i) });
    end();
  }
  const { aggregate, lines } = fold.totals();
  expect(lines).toBe(300_000);
  expect([...aggregate.customers].map(({ purchaseInvoices, merged }) => [purchaseInvoices, merged?.invoices])).toEqual(
    Array.from({ length: 7 }, (_, i) => new Array(2).fill(Math.ceil((100_000 - i) / 7))),
  );
  expect(formatDecimal([...aggregate.customers][0]!.netAmount)).toBe(
    ((3 * 2 * 295 * Math.ceil(100_000 / 7)) / 100).toFixed(2),
  );
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
    expect(plain({ ...earlier, aggregate: totals.beforeCut! })).toEqual(plain(earlier));
  }
});

test("totals can be asked for at any time", () => {
  const fold = foldInvoices({ cut: new Date("2010-03-05") });
  const { add, end } = fold.invoices();
  const amounts = () =>
    [fold.totals().aggregate, fold.totals().beforeCut!].map(({ customers }) =>
      [...customers].map(({ netAmount }) => formatDecimal(netAmount)),
    );
  add(invoiceLine());
  end();
  expect(amounts()).toEqual([["5.90"], ["5.90"]]);
  add(invoiceLine({ invoice: "2", invoiceDate: new Date("2010-03-05") }));
  end();
  expect(amounts()).toEqual([["11.80"], ["5.90"]]);
});

/** Case by case: customer, number, moment, quantity × £2.95. */
const at = (invoice: string, customerId: string | null, moment: string, quantity = 1, stockCode = "61000") =>
  invoiceLine({ invoice, customerId, invoiceDate: new Date(moment), quantity, stockCode });
const frequencies = ({ aggregate }: Pick<RetailTotals, "aggregate">) =>
  [...aggregate.customers].map(({ customerId, purchaseInvoices, merged }) => [
    customerId,
    purchaseInvoices,
    merged?.invoices ?? 0,
  ]);

describe("a number that names several invoices", () => {
  const years = [at("1", "7", "2022-01-05T10:00:00Z", 1), at("1", "7", "2023-01-05T10:00:00Z", 2, "61001")];

  test("counts each of one customer, and once for the table that the walkthrough makes", () => {
    const totals = foldLines(years);
    expect(frequencies(totals)).toEqual([["7", 2, 1]]);
    expect(totals.reusedNumbers).toBe(1);
    expect(formatDecimal([...totals.aggregate.customers][0]!.netAmount)).toBe("8.85");
    expect(formatDecimal([...totals.aggregate.customers][0]!.merged!.amount)).toBe("8.85");
    expect(totals.lines).toBe(2);
  });

  test("is one as long as its lines follow each other within a day, in whatever order they come", () => {
    const night = [23, 46, 69].map((hour) => at("1", "7", new Date(Date.UTC(2022, 0, 1, hour)).toISOString()));
    for (const lines of [night, night.toReversed()]) {
      const totals = foldLines(lines.map((line, i) => ({ ...line, stockCode: String(i) })));
      expect([frequencies(totals), totals.reusedNumbers]).toEqual([[["7", 1, 1]], 0]);
    }
    const day = [at("1", "7", "2022-01-01T10:00:00Z"), at("1", "7", "2022-01-02T10:00:00Z", 1, "61001")];
    expect(frequencies(foldLines(day))).toEqual([["7", 2, 1]]);
  });

  test("is told apart by customer too, but two customers on one invoice are not two invoices", () => {
    const [first, second] = [at("1", "7", "2022-01-05T10:00:00Z"), at("1", "8", "2023-01-05T10:00:00Z")];
    expect(foldLines([first, second]).reusedNumbers).toBe(1);
    const together = foldLines([first, { ...second, invoiceDate: first.invoiceDate, stockCode: "61001" }]);
    expect([frequencies(together), together.reusedNumbers]).toEqual([
      [
        ["7", 1, 1],
        ["8", 1, 1],
      ],
      0,
    ]);
  });

  test("counts as purchases those that are, and lines of nobody are in the ledger", () => {
    const totals = foldLines([
      ...years,
      at("1", "7", "2024-01-05T10:00:00Z", -1, "61002"),
      at("1", null, "2025-01-05T10:00:00Z", 1, "61003"),
    ]);
    expect(frequencies(totals)).toEqual([["7", 2, 1]]);
    expect(totals.ledger.filter(({ lines }) => lines > 0).map(({ bin, lines }) => [bin, lines])).toEqual([
      ["no_customer", 1],
      ["quantity_not_positive", 1],
      ["purchase", 2],
    ]);
    expect(totals.aggregate.lastInvoice).toEqual(new Date("2025-01-05T10:00:00Z"));
  });

  test("lies on both sides of a cut, each invoice on its own", () => {
    const { beforeCut, aggregate } = foldLines(years, { cut: new Date("2022-06-01") });
    expect([...beforeCut!.customers].map(({ purchaseInvoices }) => purchaseInvoices)).toEqual([1]);
    expect(formatDecimal([...beforeCut!.customers][0]!.salesAmount)).toBe("2.95");
    expect([...aggregate.customers].map(({ purchaseInvoices }) => purchaseInvoices)).toEqual([2]);
  });
});

describe("lines that are too late", () => {
  test("are in the ledger, in no customer, and counted with their money", async () => {
    const lines = (await generatedInvoices()).flat();
    const until = new Date("2010-09-01");
    const totals = foldLines(lines, { until });
    const early = foldLines(lines.filter(({ invoiceDate }) => invoiceDate < until));
    expect(plain(totals).customers).toEqual(plain(early).customers);
    expect([totals.aggregate.firstInvoice, totals.aggregate.lastInvoice]).toEqual([
      early.aggregate.firstInvoice,
      early.aggregate.lastInvoice,
    ]);
    expect(totals.ledger).toEqual(foldLines(lines).ledger);
    expect(totals.lines).toBe(lines.length);
    expect(totals.later.lines).toBe(lines.length - early.lines);
    expect(totals.later.lines).toBeGreaterThan(100);
  });

  test("come to what they are worth", () => {
    const { later } = foldLines([at("1", "7", "2022-01-05T10:00:00Z"), at("2", "7", "2203-01-05T10:00:00Z", 3)], {
      until: new Date("2023-12-21"),
    });
    expect(later).toEqual({ lines: 1, amount: "8.85" });
    expect(() => foldInvoices({ until: new Date("soon") })).toThrow("Expected `until` to be a date");
  });
});
