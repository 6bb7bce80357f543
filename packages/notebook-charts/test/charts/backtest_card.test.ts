import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import type { SegmentBacktest } from "@keyspaces-segmentation/invoices";
import { backtest } from "@keyspaces-segmentation/invoices/dist/backtest.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { backtestRows } from "@keyspaces-segmentation/notebook-charts/dist/backtest_rows.js";
import { backtestCard } from "@keyspaces-segmentation/notebook-charts/dist/charts/backtest_card.js";
import { segmentSales } from "../../../../test/support/segment_sales.js";

const gbp = { money: moneyOf("GBP") };

const of = (...sales: Parameters<typeof segmentSales>): SegmentBacktest => ({
  ...backtest(segmentSales(...sales), seededRandom(1)),
  segmentedAt: "2010-09-09",
  until: "2010-12-09",
});
const members = (segment: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ customerId: `${segment}${i}`, segment }));
const spending = (segment: string, count: number, amount: number) =>
  members(segment, count).map(({ customerId }) => [customerId, amount] as const);

const tested = of(
  [...members("Hibernating", 30), ...members("Champions", 20), ...members("A & B", 1)],
  new Map([...spending("Champions", 15, 100), ...spending("Hibernating", 3, 50), ["new", 350]]),
);

interface Bars {
  type: string;
  xaxis: string;
  y: string[];
  x: number[];
  text?: string[];
  customdata: string[];
  error_x: { array: number[]; arrayminus: number[] };
}

describe("the card of a backtest", () => {
  const { title, summary, figure } = backtestCard(tested, gbp);
  const traces = figure.data as unknown as Bars[];
  const [again, revenue, later] = traces.filter(({ type }) => type === "bar") as [Bars, Bars, Bars];
  const [champions, hibernating, third] = tested.segments.toSorted((a, b) => b.revenue - a.revenue);

  test("says what it found in its title", () => {
    expect(title).toBe("Champions, 39 % of the customers, brought 75 % of the next quarter's revenue");
    expect(summary).toMatch(/^Champions: 20 customers, 75 % \(53 % to 89 %\) bought again, 75 % \(/);
    expect(summary).toMatch(/New in that quarter: 1 customer, 18 % of the revenue\.$/);
  });

  test("says how uncertain that is, where a few customers decide", () => {
    const few = of([...members("Champions", 4), ...members("Loyal", 4)], new Map(spending("Champions", 1, 100)));
    expect(backtestCard(few, gbp).title).toBe(
      "Champions, 50 % of the customers, brought 100 % of the next quarter's revenue (between 0 % and 100 % at 95 % confidence)",
    );
  });

  test("has the segments on one axis, those with the most revenue first, with their customers", () => {
    const labels = [
      "Champions<br>20 customers, 39 %",
      "Hibernating<br>30 customers, 59 %",
      "A &amp; B<br>1 customer, 2 %",
    ];
    expect([again.y, revenue.y]).toEqual([labels, labels]);
    const { categoryarray } = figure.layout.yaxis as { categoryarray: string[] };
    expect(categoryarray).toEqual([...labels, "New in that quarter<br>1 customer"]);
    expect(later.y).toEqual(categoryarray.slice(3));
  });

  test("counts on its axes in the words that stand beside the bars", () => {
    const { xaxis, xaxis2 } = figure.layout as unknown as Record<string, { ticktext: string[] }>;
    expect(xaxis!.ticktext).toEqual(["0 %", "25 %", "50 %", "75 %", "100 %"]);
    expect(xaxis2!.ticktext).toEqual(["0 %", "20 %", "40 %", "60 %", "80 %"]);
  });

  test("has shares with whiskers in two panels", () => {
    expect([again.xaxis, revenue.xaxis, later.xaxis]).toEqual(["x", "x2", "x2"]);
    expect(again.x).toEqual([0.75, 0.1, 0]);
    expect(revenue.x).toEqual([0.75, 0.075, 0]);
    expect(later.x).toEqual([0.175]);
    for (const [i, { returnRate, revenueShare }] of [champions!, hibernating!, third!].entries()) {
      expect(again.x[i]! + again.error_x.array[i]!).toBeCloseTo(returnRate.high, 12);
      expect(again.x[i]! - again.error_x.arrayminus[i]!).toBeCloseTo(returnRate.low, 12);
      expect(revenue.x[i]! + revenue.error_x.array[i]!).toBeCloseTo(revenueShare.high, 12);
      expect(revenue.x[i]! - revenue.error_x.arrayminus[i]!).toBeCloseTo(revenueShare.low, 12);
    }
    const highest = Math.max(...revenue.x.map((share, i) => share + revenue.error_x.array[i]!));
    expect((figure.layout.xaxis2 as { range: number[] }).range[1]).toBeGreaterThan(highest);
  });

  test("has the numbers beside the bars and in the hover", () => {
    expect(traces.filter(({ type }) => type === "scatter").map(({ text }) => text)).toEqual([
      ["75 %", "10 %", "0 %"],
      ["75 %", "8 %", "0 %"],
      ["18 %"],
    ]);
    expect(again.customdata[0]).toMatch(
      /^15 of 20 customers bought again: 75 % \(53 % to 89 %\)<br>£1,500, 75 % \(\d+ % to \d+ %\) of the revenue$/,
    );
    expect(later.customdata).toEqual(["£350, 18 % of the revenue"]);
    const [note] = figure.layout.annotations as { text: string }[];
    expect(note!.text).toMatch("Segments as of 2010-09-09, what they did from then to 2010-12-09");
  });

  test("can be drawn of a quarter in which nobody bought, and of nobody", () => {
    const none = backtestCard(of(members("Champions", 2), new Map()), gbp);
    expect(none.title).toBe("None of the customers in a segment bought in the next quarter");
    expect(JSON.stringify([none, backtestCard(of([], new Map()), gbp)])).not.toMatch(/null|NaN/);
    expect((none.figure.layout.xaxis2 as { range: number[] }).range[1]).toBeGreaterThan(0);
  });
});

test("the rows of a backtest have the shares with their bounds in words", () => {
  const rows = backtestRows(tested);
  expect(rows.map(({ segment, customers, revenue }) => [segment, customers, revenue])).toEqual([
    ["Champions", 20, 1500],
    ["Hibernating", 30, 150],
    ["A & B", 1, 0],
    ["New in that quarter", 1, 350],
  ]);
  expect(rows.map(({ boughtAgain }) => boughtAgain)).toEqual([
    "75 % (53 % to 89 %)",
    "10 % (3 % to 26 %)",
    "0 % (0 % to 79 %)",
    "–",
  ]);
  expect(rows[0]!.shareOfRevenue).toMatch(/^75 % \(\d+ % to \d+ %\)$/);
  expect(rows[3]!.shareOfRevenue).toBe("18 %");
});
