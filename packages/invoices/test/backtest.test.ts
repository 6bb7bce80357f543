import { describe, expect, test } from "@jest/globals";
import { backtest, wilsonInterval } from "@keyspaces-segmentation/invoices/dist/backtest.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { segmentSales } from "../../../test/support/segment_sales.js";

// From test/fixtures/wilson.py.
test.each([
  [8, 10, 0.4901624715366418, 0.9433178485456248],
  [0, 10, 0, 0.27753279986288926],
  [10, 10, 0.7224672001371109, 1],
  [0, 1, 0, 0.7934506856227626],
  [123, 157, 0.7126547105681234, 0.8406852097021666],
  [1, 3, 0.06149194472039626, 0.7923403991979523],
])("%d of %d customers: the interval is SciPy's", (successes, trials, low, high) => {
  const interval = wilsonInterval(successes, trials);
  expect(interval.share).toBe(successes / trials);
  expect(interval.low).toBeCloseTo(low, 12);
  expect(interval.high).toBeCloseTo(high, 12);
});

test("of nobody, nothing is known", () => {
  expect(wilsonInterval(0, 0)).toEqual({ share: 0, low: 0, high: 1 });
});

describe("a backtest", () => {
  const before = [
    ...Array.from({ length: 20 }, (_, i) => ({ customerId: `c${i}`, segment: "Champions" })),
    ...Array.from({ length: 30 }, (_, i) => ({ customerId: `h${i}`, segment: "Hibernating" })),
  ];
  const spent = new Map<string, number>([
    ...Array.from({ length: 15 }, (_, i) => [`c${i}`, 100] as const),
    ...Array.from({ length: 3 }, (_, i) => [`h${i}`, 50] as const),
    ["new", 350],
  ]);
  const card = backtest(segmentSales(before, spent), seededRandom(1));

  test("counts who came back, and what they brought", () => {
    expect(
      card.segments.map(({ segment, customers, returned, revenue }) => [segment, customers, returned, revenue]),
    ).toEqual([
      ["Champions", 20, 15, 1500],
      ["Hibernating", 30, 3, 150],
    ]);
    expect(card.segments.map(({ revenueShare }) => revenueShare.share)).toEqual([0.75, 0.075]);
    expect(card.newcomers).toEqual({ customers: 1, revenue: 350, revenueShare: 0.175 });
    expect(card.segments[0]!.returnRate).toEqual(wilsonInterval(15, 20));
  });

  test("puts its shares between bounds, the same ones with the same chance", () => {
    for (const { revenueShare } of card.segments) {
      expect(revenueShare.low).toBeLessThan(revenueShare.share);
      expect(revenueShare.high).toBeGreaterThan(revenueShare.share);
    }
    expect(backtest(segmentSales(before, spent), seededRandom(1))).toEqual(card);
    expect(backtest(segmentSales(before, spent), seededRandom(2))).not.toEqual(card);
  });

  test.each([
    ["all", 100],
    ["some", 25],
  ])(
    "covers what it says, %s customers drawn: nineteen of twenty times the bounds hold the share of the whole population",
    (_, mostDraws) => {
      // A population in which every tenth customer of segment A spends ten times as much.
      const random = seededRandom(7);
      const amountOf = (i: number) => (i % 10 === 0 ? 1000 : 100);
      const truth = (1000 + 9 * 100) / (1000 + 9 * 100 + 10 * 50);
      let held = 0;
      for (let round = 0; round < 40; round++) {
        const sample = Array.from({ length: 100 }, (_, i) => ({
          customerId: String(i),
          segment: random() < 0.5 ? "A" : "B",
        }));
        const money = new Map(
          sample.map(({ customerId, segment }) => [
            customerId,
            segment === "A" ? amountOf(Math.floor(random() * 10)) : 50,
          ]),
        );
        const { low, high } = backtest(segmentSales(sample, money), random, { mostDraws }).segments.find(
          ({ segment }) => segment === "A",
        )!.revenueShare;
        if (low <= truth && truth <= high) held++;
      }
      expect(held).toBeGreaterThan(33);
      expect(held).toBeLessThanOrEqual(40);
    },
  );

  test("of a quarter in which nobody bought says nothing", () => {
    const nothing = backtest(segmentSales(before, new Map()), seededRandom(1));
    expect(nothing.segments.map(({ revenueShare }) => revenueShare)).toEqual([
      { share: 0, low: 0, high: 0 },
      { share: 0, low: 0, high: 0 },
    ]);
  });
});
