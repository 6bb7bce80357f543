import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { prepareFeatures, scoreCustomers } from "@keyspaces-segmentation/invoices";
import { generateRetailCsv } from "../../../local/data/generate.js";
import { retailOracle } from "../../support/oracle.js";
import { aggregateLines, foldLines, generatedCsv, parseText } from "../../support/retail.js";

const csv = generateRetailCsv({ seed: 1 });
const parsed = parseText(csv);

test("the data that oracle.py looked at: a change of the generator asks for a new oracle", () => {
  expect(createHash("sha256").update(generatedCsv()).digest("hex")).toBe(retailOracle.sha256);
});

test("the same seed gives the same data, another seed others", () => {
  expect(generateRetailCsv({ seed: 1 })).toBe(csv);
  expect(generateRetailCsv({ seed: 2 })).not.toBe(csv);
});

test("the size, span and faults of the real data", async () => {
  const { lines, rejects } = await parsed;
  const share = (count: number) => count / lines.length;
  expect(lines.length).toBeGreaterThan(14_000);
  expect(lines.length).toBeLessThan(20_000);
  expect(rejects).toHaveLength(9);
  expect(new Set(rejects.map(({ reason }) => reason)).size).toBe(9);

  const days = lines.map(({ invoiceDate }) => invoiceDate.toISOString().slice(0, 10)).sort();
  expect(days[0]! >= "2009-12-01" && days.at(-1)! <= "2010-12-09").toBe(true);
  const bins = Object.fromEntries(foldLines(lines).ledger.map(({ bin, lines: count }) => [bin, count]));
  expect(share(bins.no_customer!)).toBeGreaterThan(0.005);
  expect(share(bins.cancelled!)).toBeGreaterThan(0.005);
  expect(bins.price_not_positive).toBeGreaterThan(5);
  expect(share(lines.filter(({ line }) => line > 1).length)).toBeGreaterThan(0.002);
  expect(lines.some(({ stockCode }) => stockCode === "POST")).toBe(true);
  expect(lines.some(({ description }) => description?.includes(",") && description.includes('"') === false)).toBe(true);
  expect(lines.some(({ description }) => description?.includes('"'))).toBe(true);
  expect(new Set(lines.map(({ country }) => country)).size).toBeGreaterThan(7);
});

test("customers who only return, a few who bring much of the money, and every segment", async () => {
  const aggregate = aggregateLines((await parsed).lines);
  expect(aggregate.customers).toHaveLength(250);
  expect([...aggregate.customers].some(({ purchaseInvoices }) => purchaseInvoices === 0)).toBe(true);
  const { customers } = prepareFeatures(aggregate, { preparation: "net" });
  const spend = customers.map(({ monetary }) => monetary).sort((a, b) => b - a);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  expect(sum(spend.slice(0, 5)) / sum(spend)).toBeGreaterThan(0.2);
  expect(new Set(scoreCustomers(customers, "net").map(({ segment }) => segment)).size).toBe(10);
});

test("eight customers at least, one of each habit", async () => {
  const { lines } = await parseText(generateRetailCsv({ seed: 1, customers: 1 }));
  expect(aggregateLines(lines).customers).toHaveLength(8);
});
