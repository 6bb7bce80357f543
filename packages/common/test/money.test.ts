import { expect, test } from "@jest/globals";
import { moneyOf, toCoins } from "@keyspaces-segmentation/common/dist/money.js";

const pounds = moneyOf("GBP");

test("amounts are whole, or have the currency's decimals, rounded from exact text as such", () => {
  expect([1234.5, -0.4, -20, Number.NaN].map(pounds.whole)).toEqual(["£1,235", "£0", "−£20", "–"]);
  expect(["150341.254", "2740.075", "-9841.20", "0", "-0.001", "15"].map(pounds.exact)).toEqual([
    "£150,341.25",
    "£2,740.08",
    "−£9,841.20",
    "£0.00",
    "£0.00",
    "£15.00",
  ]);
  // As a binary fraction it lies below the half.
  expect(pounds.exact("12345678901234567.005")).toBe("£12,345,678,901,234,567.01");
});

test.each([
  ["EUR", "€1,235", "−€1,234.50"],
  ["USD", "$1,235", "−$1,234.50"],
  ["JPY", "¥1,235", "−¥1,235"],
  ["KWD", "KWD 1,235", "−KWD 1,234.500"],
  ["CHF", "CHF 1,235", "−CHF 1,234.50"],
  ["SEK", "kr 1,235", "−kr 1,234.50"],
  ["BRL", "R$1,235", "−R$1,234.50"],
  [null, "1,235", "−1,234.50"],
])("%s: its sign and its decimals", (currency, whole, exact) => {
  const money = moneyOf(currency);
  expect([money.whole(1234.5), money.exact("-1234.5")]).toEqual([whole, exact]);
  expect(money.currency).toBe(currency);
});

test("ranges, and what stands behind a heading", () => {
  expect([pounds.range(4300, 15_000), pounds.range(50, 50), pounds.range(-94, 40), pounds.range(-94, -20)]).toEqual([
    "£4,300–15,000",
    "£50",
    "−£94 to £40",
    "−£94 to −£20",
  ]);
  expect([pounds.unit(), pounds.unit("log scale")]).toEqual([" (£)", " (£, log scale)"]);
  expect([moneyOf(null).unit(), moneyOf(null).unit("log scale")]).toEqual(["", " (log scale)"]);
});

test("sums of binary fractions come back to the smallest coin", () => {
  expect([toCoins(0.1 + 0.2, pounds), toCoins(-1.005, moneyOf("KWD")), toCoins(99.6, moneyOf("JPY"))]).toEqual([
    0.3, -1.005, 100,
  ]);
});

test("what cannot be a code is refused", () => {
  expect(() => moneyOf("£")).toThrow(RangeError);
});
