import { expect, test } from "@jest/globals";
import type { Preparation } from "@keyspaces-segmentation/invoices/dist/rfm.js";
import { scoreRemarks } from "@keyspaces-segmentation/invoices/dist/score_words.js";
import { scoreCustomers } from "@keyspaces-segmentation/invoices/dist/scores.js";
import { retailOracle } from "../../../test/support/oracle.js";

/** Customers of whom these many bought once, the others twice, three times and so on; all else differs. */
const shop = (customers: number, once: number) =>
  Array.from({ length: customers }, (_, i) => ({
    customerId: String(1000 + i),
    country: "Brazil",
    recencyDays: 3 * i,
    frequency: i < once ? 1 : 2 + i - once,
    monetary: 10 + ((7 * i) % customers),
  }));
const remarks = (customers: Parameters<typeof scoreCustomers>[0], preparation: Preparation) =>
  scoreRemarks(scoreCustomers(customers, preparation));

test("where nearly all bought once, the reader is told that frequency says little", () => {
  for (const preparation of ["net", "sales"] as const) {
    expect(remarks(shop(106, 97), preparation)).toEqual([
      "Frequency says little here: 97 of 106 customers have the same value, and score 1.",
    ]);
  }
});

test("as published, the reader is told that ties are broken by order, and whom that makes Champions", () => {
  expect(remarks(shop(100, 97), "as_published")).toEqual([
    "Frequency says little here: 97 of 100 customers have the same value, and score 1 to 5, as ties are broken by the order of the customers.",
  ]);
  const latestLast = shop(100, 97).map((customer, i) => ({ ...customer, recencyDays: 300 - i }));
  expect(remarks(latestLast, "as_published")[0]).toMatch(
    /by the order of the customers: 17 who bought once are among the Champions\.$/,
  );
});

test("where some bought once, that they are scored alike; where few did, nothing", () => {
  expect(remarks(shop(100, 51), "net")).toEqual([
    "Frequency tells only some apart: 51 of 100 customers have the same value, and score 1.",
  ]);
  expect(remarks(shop(100, 50), "net")).toEqual([]);
});

test("customers who are all alike", () => {
  const alike = shop(18, 18).map((customer) => ({ ...customer, recencyDays: 0, monetary: 12.75 }));
  expect(remarks(alike, "net")).toEqual([
    "Recency says little here: all 18 customers have the same value, and score 3.",
    "Frequency says little here: all 18 customers have the same value, and score 1.",
    "Monetary value says little here: all 18 customers have the same value, and score 3.",
  ]);
});

test("one customer, and nobody, are not compared with anybody", () => {
  expect(remarks(shop(1, 1), "net")).toEqual([]);
  expect(remarks([], "net")).toEqual([]);
});

test("the generated customers differ enough", () => {
  const customers = retailOracle.preparations.net.customers.map(
    ([customerId, country, recencyDays, frequency, monetary]) => ({
      customerId,
      country,
      recencyDays,
      frequency,
      monetary,
    }),
  );
  expect(remarks(customers, "net")).toEqual([]);
});
