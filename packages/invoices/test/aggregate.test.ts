import { expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import { aggregateLines, invoiceLine } from "../../../test/support/retail.js";

test("no lines, no customers and no last invoice", () => {
  const { customers, ...dates } = aggregateLines([]);
  expect([customers.length, ...customers]).toEqual([0]);
  expect(dates).toEqual({ firstInvoice: null, lastInvoice: null });
});

test("a purchase, a repeat of its line, a return", () => {
  const day = (date: string) => ({ invoiceDate: new Date(`${date}T12:00:00Z`) });
  const { customers, firstInvoice, lastInvoice } = aggregateLines([
    invoiceLine({ ...day("2010-01-01"), quantity: 10 }),
    invoiceLine({ ...day("2010-01-01"), quantity: 1, line: 2 }),
    invoiceLine({ ...day("2010-02-01"), invoice: "C700002", quantity: -4, country: "Spain" }),
    invoiceLine({ ...day("2010-03-01"), invoice: "700003", customerId: null }),
  ]);
  const [customer] = customers;
  const { salesAmount, netAmount, merged, ...rest } = customer!;
  expect(rest).toEqual({
    customerId: "50001",
    country: "Spain",
    purchaseInvoices: 1,
    lastPurchase: new Date("2010-01-01T12:00:00Z"),
  });
  expect([salesAmount, netAmount, merged!.amount].map(formatDecimal)).toEqual(["32.45", "20.65", "-8.85"]);
  expect(merged).toMatchObject({ invoices: 2, lastLine: new Date("2010-02-01T12:00:00Z") });
  expect(firstInvoice).toEqual(new Date("2010-01-01T12:00:00Z"));
  expect(lastInvoice).toEqual(new Date("2010-03-01T12:00:00Z"));
});

test("a line that another customer's repeat replaces counts for neither merged aggregate twice", () => {
  const { customers } = aggregateLines([invoiceLine(), invoiceLine({ line: 2, customerId: "50002" })]);
  expect([...customers].map(({ customerId, merged }) => [customerId, merged?.invoices ?? null])).toEqual([
    ["50001", null],
    ["50002", 1],
  ]);
});

test("the country is that of the last line that names one; in the same minute, of the higher invoice", () => {
  const countryOf = (...lines: Parameters<typeof invoiceLine>[0][]) =>
    [...aggregateLines(lines.map(invoiceLine)).customers][0]!.country;
  const later = new Date("2011-01-01T00:00:00Z");
  expect(countryOf({ country: null })).toBe("Unspecified");
  expect(countryOf({ country: "Spain" }, { country: null, invoiceDate: later })).toBe("Spain");
  expect(countryOf({ country: "Spain", invoiceDate: later }, { country: "Italy" })).toBe("Spain");
  expect(countryOf({ country: "Spain", invoice: "9" }, { country: "Italy", invoice: "8" })).toBe("Spain");
  expect(countryOf({ country: "Spain", line: 2 }, { country: "Italy" })).toBe("Spain");
});

test("customers come in order, numbers by value", () => {
  const ids = ["b", "10", "9", "a", "012", "12"];
  const { customers } = aggregateLines(ids.map((customerId) => invoiceLine({ customerId })));
  expect([...customers].map(({ customerId }) => customerId)).toEqual(["9", "10", "012", "12", "a", "b"]);
});
