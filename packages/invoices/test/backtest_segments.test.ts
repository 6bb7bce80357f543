import { describe, expect, test } from "@jest/globals";
import {
  backtestSegments,
  quarterBefore,
  type SegmentBacktest,
} from "@keyspaces-segmentation/invoices/dist/backtest_segments.js";
import { foldInvoices } from "@keyspaces-segmentation/invoices/dist/fold.js";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices/dist/parse.js";
import type { Preparation } from "@keyspaces-segmentation/invoices/dist/rfm.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { generateRetailCsv } from "../../../local/data/generate.js";
import { preparations } from "../../../test/support/oracle.js";
import { askPandas, withFile } from "../../../test/support/pandas.js";
import { realFile } from "../../../test/support/real_data.js";
import {
  foldLines,
  invoiceLine,
  type LineValues,
  parseRealData,
  parseText,
  testOnRealData,
} from "../../../test/support/retail.js";

/** What comparison.py prints: customers, how many of them bought again, what they spent. */
interface Outcome {
  segments: Record<string, [number, number, string]>;
  newcomers: [number, string];
  segmentedAt: string;
  until: string;
}

const askOutcome = (file: string, preparation: Preparation, cut: Date) =>
  askPandas<Outcome>("comparison", "backtest", file, preparation, cut.toISOString().slice(0, 19));

function testedOf(lines: readonly InvoiceLine[], cut: Date | null, preparation: Preparation = "net"): SegmentBacktest {
  const tested = backtestSegments(foldLines(lines, { cut }), { preparation, random: seededRandom(1) });
  if ("noBacktest" in tested) throw new Error(tested.noBacktest);
  return tested;
}

function expectAsPandas(tested: SegmentBacktest, { segments, newcomers, segmentedAt, until }: Outcome): void {
  const ours = tested.segments.map(
    ({ segment, customers, returned, revenue }) => [segment, [customers, returned, revenue.toFixed(2)]] as const,
  );
  const theirs = Object.entries(segments).map(
    ([segment, [customers, returned, revenue]]) =>
      [segment, [customers, returned, Number(revenue).toFixed(2)]] as const,
  );
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
  expect([tested.newcomers.customers, tested.newcomers.revenue.toFixed(2)]).toEqual([
    newcomers[0],
    Number(newcomers[1]).toFixed(2),
  ]);
  expect([tested.segmentedAt, tested.until]).toEqual([segmentedAt, until]);
  const shares = [...tested.segments.map(({ revenueShare }) => revenueShare.share), tested.newcomers.revenueShare];
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
}

const lastOf = (lines: readonly InvoiceLine[]): Date =>
  new Date(lines.reduce((last, { invoiceDate }) => Math.max(last, invoiceDate.getTime()), 0));

describe("segments and what came of them as pandas finds it", () => {
  test.each(preparations)("generated data, %s", async (preparation) => {
    const csv = generateRetailCsv({ seed: 5, customers: 300 });
    const { lines } = await parseText(csv);
    const cut = quarterBefore(lastOf(lines))!;
    const outcome = await withFile(csv, (file) => askOutcome(file, preparation, cut));
    const tested = testedOf(lines, cut, preparation);
    expectAsPandas(tested, outcome);
    expect(tested.newcomers.customers).toBeGreaterThan(0);
  });

  testOnRealData("the real data: eighteen Champions bring half of the next quarter's revenue", async () => {
    const { lines } = await parseRealData();
    const cut = quarterBefore("2010-12-09T14:55:00.000Z")!;
    const tested = testedOf(lines, cut);
    expectAsPandas(tested, await askOutcome(realFile, "net", cut));
    const champions = tested.segments.find(({ segment }) => segment === "Champions")!;
    expect([champions.customers, champions.returned, champions.revenue]).toEqual([18, 11, 105_756.42]);
    expect(champions.revenueShare.share).toBeCloseTo(0.503, 3);
  });
});

describe("the cut", () => {
  test("is a quarter before the last line", () => {
    const cut = new Date("2010-09-09T14:55:00Z");
    expect(quarterBefore("2010-12-09T14:55:00.000Z")).toEqual(cut);
    expect(quarterBefore(new Date("2010-12-09T14:55:00Z"))).toEqual(cut);
    expect(quarterBefore(null)).toBeNull();
  });

  const cut = new Date("2010-07-01T00:00:00Z");
  /** The customer who is looked at, and one at each end of half a year. */
  const linesWith = (...lines: LineValues[]): InvoiceLine[] =>
    [
      { invoice: "1", customerId: "1", invoiceDate: new Date("2010-04-01T00:00:00Z") },
      { invoice: "2", customerId: "2", invoiceDate: new Date("2010-09-29T00:00:00Z") },
      ...lines,
    ].map(invoiceLine);
  const at = (day: string) => ({ invoice: day, customerId: "7", invoiceDate: new Date(day) });

  test("an invoice belongs to one side, by its last line", () => {
    const straddling = { ...at("2010-06-30T23:59:00Z"), stockCode: "10001" };
    const later = { ...straddling, stockCode: "10002", invoiceDate: cut };
    const customers = (...lines: LineValues[]) =>
      [...foldLines(linesWith(...lines), { cut }).beforeCut!.customers].map(({ customerId }) => customerId);
    expect(customers(straddling)).toEqual(["1", "7"]);
    expect(customers(straddling, later)).toEqual(["1"]);
    expect(customers({ ...straddling, invoiceDate: cut })).toEqual(["1"]);
  });

  test("who has bought before and after bought again, for what they bought after it", () => {
    const lines = linesWith(
      { ...at("2010-06-01T00:00:00Z"), quantity: 3 },
      { ...at("2010-08-01T00:00:00Z"), quantity: 5, price: { unscaled: 1005n, scale: 3 } },
    );
    const [first, seventh] = testedOf(lines, cut).segments;
    expect([first!.returned, first!.revenue]).toEqual([0, 0]);
    expect([seventh!.returned, seventh!.revenue]).toEqual([1, 5.025]);
  });

  test("who only returned after it has not bought again; who came after it was in no segment", () => {
    const lines = linesWith(at("2010-06-01T00:00:00Z"), {
      ...at("2010-08-01T00:00:00Z"),
      invoice: "C8",
      quantity: -2,
    });
    const { segments, newcomers } = testedOf(lines, cut);
    expect(segments.map(({ customers, returned, revenue }) => [customers, returned, revenue])).toEqual([
      [1, 0, 0],
      [1, 0, 0],
    ]);
    expect(newcomers).toEqual({ customers: 1, revenue: 5.9, revenueShare: 1 });
  });

  test("scores with bounds of one's own", () => {
    const totals = foldLines(linesWith(at("2010-06-30T00:00:00Z")), { cut });
    const options = { preparation: "net", random: seededRandom(1) } as const;
    const cuts = { recency: [1, 2, 3, 100], frequency: [1, 2, 3, 4] };
    const tested = backtestSegments(totals, { ...options, cuts }) as SegmentBacktest;
    expect(tested.segments.map(({ segment }) => segment)).toEqual(["Hibernating", "New Customers"]);
  });
});

describe("says why there is no backtest", () => {
  const reasonOf = (cut: string | null, ...days: string[]): string => {
    const lines = days.map((day, i) => invoiceLine({ invoice: String(i), invoiceDate: new Date(day) }));
    const totals = foldLines(lines, { cut: cut === null ? null : new Date(cut) });
    const tested = backtestSegments(totals, { preparation: "net", random: seededRandom(1) });
    return "noBacktest" in tested ? tested.noBacktest : "there is one";
  };

  test("when the data is too short", () => {
    const needs = "a backtest needs two quarters of 91 days: one to segment and one to see what came of it.";
    expect(reasonOf("2010-03-02", "2010-01-01", "2010-06-01")).toBe(
      `The data covers 60 days before the cut and 91 days after it; ${needs}`,
    );
    expect(reasonOf("2010-04-02", "2010-01-01", "2010-06-24")).toMatch("91 days before the cut and 83 days after");
    expect(reasonOf("2010-04-02", "2010-01-01", "2010-06-25")).toBe("there is one");
    expect(reasonOf("2010-04-02", "2010-01-01", "2010-07-02")).toBe("there is one");
    expect(reasonOf("2009-12-31", "2010-01-01", "2010-01-02")).toMatch("covers 0 days before the cut and 2 days after");
    expect(reasonOf("2010-01-02", "2010-01-01", "2010-01-01")).toMatch("covers 1 day before the cut and 0 days after");
  });

  test("when the table goes on, with the lines of another file", () => {
    expect(reasonOf("2010-04-02", "2010-01-01", "2010-07-02T00:01:00Z")).toBe(
      "The table goes on for 92 days after the cut of 2010-04-02, more than a quarter (91 days): lines of other files are later. " +
        "Read it with the cut at 2010-04-02.",
    );
    expect(reasonOf("2010-04-02", "2010-01-01", "2011-07-01")).toMatch("Read it with the cut at 2011-04-01.");
  });

  test("when there is no cut, there are no lines, or nobody bought before it", () => {
    expect(reasonOf(null, "2010-01-01", "2011-01-01")).toBe("The data was read without a cut.");
    expect(reasonOf("2010-01-01")).toBe("There are no invoice lines.");
    const anonymous = [
      invoiceLine({ customerId: null, invoiceDate: new Date("2010-01-01") }),
      invoiceLine({ invoice: "2", invoiceDate: new Date("2010-07-01") }),
    ];
    const totals = foldLines(anonymous, { cut: new Date("2010-04-02") });
    expect(backtestSegments(totals, { preparation: "net", random: seededRandom(1) })).toEqual({
      noBacktest: "No customer has bought anything before the cut.",
    });
  });

  test("and refuses a cut that is no date", () => {
    expect(() => foldInvoices({ cut: new Date("soon") })).toThrow("Expected `cut` to be a date");
  });
});
