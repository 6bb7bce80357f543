import { expect, test } from "@jest/globals";
import { nameClusters } from "../../../src/clustering/names.js";

/** Hundred customers, each feature running from 1 to 100. */
const customers = Array.from({ length: 100 }, (_, i) => ({
  customerId: String(i),
  country: "France",
  recencyDays: i + 1,
  frequency: i + 1,
  monetary: i + 1,
}));
const name = (...means: [number, number, number][]) =>
  nameClusters(
    means.map(([recencyDays, frequency, monetary]) => ({ recencyDays, frequency, monetary })),
    customers,
  );

test("the words follow the fifth of the customers that the mean stands in", () => {
  expect(name([5, 95, 95], [30, 70, 70], [50, 50, 50], [70, 30, 30], [1000, 0, -7])).toEqual([
    "Very recent, very frequent, very high spend",
    "Recent, frequent, high spend",
    "Fading, regular, medium spend",
    "Lapsed, occasional, low spend",
    "Long gone, rare, very low spend",
  ]);
});

test("clusters alike in words are told apart by spend, whatever their index", () => {
  const one = "Very recent, very frequent, very high spend";
  expect(name([5, 95, 90], [5, 95, 99], [5, 95, 95])).toEqual([`${one} (3)`, one, `${one} (2)`]);
  expect(nameClusters([null, null], customers)).toEqual(["Empty", "Empty (2)"]);
});
