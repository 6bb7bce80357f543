import { expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { unitOf } from "@keyspaces-segmentation/notebook-charts/dist/units.js";

test.each([
  ["monetary", "£"],
  ["monetaryMean", "£"],
  ["netMonetary", "£"],
  ["amountInFile", "£"],
  ["revenue", "£"],
  ["frequency", "invoices"],
  ["recencyTo", "days"],
  ["total", "£"],
  ["monetary_mean", "£"],
  ["frequency_mean", "invoices"],
  ["recency_days_mean", undefined],
  ["recencyDays", undefined],
  ["monetaryDiffers", undefined],
  ["revenueShare", undefined],
  ["customers", undefined],
])("the unit of %s is %s", (key, unit) => {
  expect(unitOf(key, moneyOf("GBP"))?.unit).toBe(unit);
});

test("amounts are in their currency and have its decimals; where nobody knows it, they stand alone", () => {
  const units = ["EUR", "JPY", "KWD", null].map((currency) => unitOf("monetary", moneyOf(currency)));
  expect(units.map((unit) => [unit?.unit, unit?.mostDigits])).toEqual([
    ["€", 2],
    ["¥", 0],
    ["KWD", 3],
    ["", 2],
  ]);
  expect(unitOf("frequency", moneyOf("EUR"))).toEqual({ unit: "invoices", mostDigits: 2 });
});
