import { expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { type FileExtremes, noExtremes, warningsOf } from "@keyspaces-segmentation/invoices/dist/file_extremes.js";
import { createFileLedger, type FileLedger } from "@keyspaces-segmentation/invoices/dist/file_ledger.js";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices/dist/parse.js";
import { invoiceLine, parseGenerated } from "../../../test/support/retail.js";

const now = new Date("2010-12-10T00:00:00Z");
const ledgerOf = (lines: readonly InvoiceLine[]): FileLedger => {
  const ledger = createFileLedger();
  const lineNumbers = lines.map((_, i) => i + 2);
  // In pieces, as a file comes.
  for (let at = 0; at < lines.length; at += 7) {
    const numbers = lineNumbers.slice(at, at + 7);
    ledger.add({
      lines: lines.slice(at, at + 7),
      lineNumbers: numbers,
      originals: numbers.map(() => ({ text: "" })),
      rejects: [],
    });
  }
  return ledger.report();
};
const warnings = (lines: readonly InvoiceLine[], clock = now) =>
  warningsOf(ledgerOf(lines), { now: clock, money: moneyOf("GBP") });

/** A hundred lines of 2010, at £1 to £100, and others behind them. */
const with100 = (...others: InvoiceLine[]): InvoiceLine[] => [
  ...Array.from({ length: 100 }, (_, i) =>
    invoiceLine({ invoice: String(i), quantity: 1, price: { unscaled: BigInt(i + 1), scale: 0 } }),
  ),
  ...others,
];
const dated = (date: string) => invoiceLine({ invoice: "A7", quantity: 1, invoiceDate: new Date(date) });
const worth = (pounds: number) =>
  invoiceLine({ invoice: "A7", quantity: -1, price: { unscaled: BigInt(100 * pounds), scale: 2 } });

test("an ordinary file has no warning", () => expect(warnings(with100())).toEqual([]));

test("where all invoices are in the future, dates may be read wrongly", () => {
  expect(warnings([dated("2034-01-03T10:00:00Z"), dated("2034-03-04T10:00:00Z")])).toEqual([
    expect.stringMatching(
      /^All invoices are in the future, the last, line \d+ \(invoice A7\), is of 2034-03-04: they may be read wrongly/,
    ),
  ]);
});

test("a last invoice in the future is named, with the way on", () => {
  const [future, apart, ...rest] = warnings(with100(dated("2203-03-04T10:00:00Z")));
  expect(future).toBe(
    "The last invoice is in the future: line 102 (invoice A7) is of 2203-03-04, and recency counts from there. Mend that line, or set the parameter `analysisDate` to the day that you mean: lines behind it are left out.",
  );
  expect(apart).toBe("1 line of 2203 is decades away from all others: line 102 (invoice A7).");
  expect(rest).toEqual([]);
  expect(warnings(with100(dated("2010-12-10T14:00:00Z")))).toEqual([]);
});

test("so is a line of 1970", () => {
  expect(warnings(with100(dated("1970-01-01T00:00:00Z"), dated("1970-01-01T00:00:00Z")))).toEqual([
    "2 lines of 1970 are decades away from all others: line 102 (invoice A7) is the first.",
  ]);
});

test("a span of more than 20 years is said where years follow each other", () => {
  const lines = Array.from({ length: 100 }, (_, i) => ({
    ...dated(`${1980 + Math.floor(i / 4)}-05-05`),
    invoice: String(i),
  }));
  expect(warnings(lines)).toEqual([
    "The invoices span 24 years, from 1980 to 2004: are the dates read as they are meant?",
  ]);
});

test("one line worth as much as all others together, or a thousand times the median, is named", () => {
  expect(warnings(with100(worth(5051)))).toEqual([
    "Line 102 (invoice A7) is worth −£5,051, as much as all other lines together: is it a total?",
  ]);
  expect(warnings(with100(worth(4000)))).toEqual([]);
  const small = Array.from({ length: 2000 }, (_, i) => invoiceLine({ invoice: String(i), quantity: 1 }));
  expect(warnings([...small, worth(3500)])[0]).toMatch(
    /^Line 2002 \(invoice A7\) is worth −£3,500, 1,\d{3} times what/,
  );
});

test("the median is right within a tenth, and the rest exact", async () => {
  const { lines } = await parseGenerated();
  const { extremes } = ledgerOf(lines);
  const amounts = lines
    .map(({ price, quantity }) => Number(price.unscaled * quantity.unscaled) / 10 ** (price.scale + quantity.scale))
    .filter((amount) => amount !== 0);
  const sizes = amounts.map(Math.abs).sort((a, b) => a - b);
  expect(extremes.lines).toBe(sizes.length);
  expect(extremes.medianAmount / sizes[sizes.length >> 1]!).toBeGreaterThan(0.9);
  expect(extremes.medianAmount / sizes[sizes.length >> 1]!).toBeLessThan(1.1);
  expect(Math.abs(extremes.largest!.amount)).toBe(sizes.at(-1));
  expect(extremes.years.map(({ year }) => year)).toEqual([2009, 2010]);
  expect(extremes.years.reduce((sum, year) => sum + year.lines, 0)).toBe(lines.length);
  expect(JSON.parse(JSON.stringify(extremes)) as FileExtremes).toEqual(extremes);
});

test("no lines, no warning", () =>
  expect(warningsOf({ extremes: noExtremes }, { now: now, money: moneyOf("GBP") })).toEqual([]));

test("many rejected lines are said with the reason that most have", () => {
  const rejects = (...counts: number[]) => counts.map((lines, i) => ({ reason: `reason ${i + 1}`, lines }));
  const worded = { now, money: moneyOf("GBP") };
  expect(warningsOf({ extremes: noExtremes, lines: 200, rejects: rejects(8, 4) }, worded)).toEqual([
    "12 of 200 lines (6 %) were rejected, 8 of them because: reason 1.",
  ]);
  expect(warningsOf({ extremes: noExtremes, lines: 200, rejects: rejects(8, 2) }, worded)).toEqual([]);
  expect(warningsOf({ extremes: noExtremes, lines: 4, rejects: rejects(2, 2) }, worded)).toEqual([]);
});
