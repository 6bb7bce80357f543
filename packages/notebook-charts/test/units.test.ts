import { expect, test } from "@jest/globals";
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
  expect(unitOf(key)).toBe(unit);
});
