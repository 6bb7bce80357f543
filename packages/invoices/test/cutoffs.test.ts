import { expect, test } from "@jest/globals";
import { cutoffsOf } from "@keyspaces-segmentation/invoices/dist/cutoffs.js";
import { scoreCustomers } from "@keyspaces-segmentation/invoices/dist/scores.js";

const customers = Array.from({ length: 10 }, (_, i) => ({
  customerId: String(i),
  country: "France",
  recencyDays: 10 * i,
  frequency: i < 8 ? 1 : 7,
  monetary: 100 - i,
}));

test("each score has the lowest and the highest value that led to it", () => {
  const rows = cutoffsOf(scoreCustomers(customers, "net"));
  expect(rows.map((row) => Object.values(row))).toEqual([
    [5, 0, 10, 7, 7, 99, 100],
    [4, 20, 30, null, null, 97, 98],
    [3, 40, 50, null, null, 95, 96],
    [2, 60, 70, null, null, 93, 94],
    [1, 80, 90, 1, 1, 91, 92],
  ]);
});

test("nobody has no cut-offs", () => {
  expect(cutoffsOf([]).every(({ recencyFrom, monetaryTo }) => recencyFrom === null && monetaryTo === null)).toBe(true);
});
