import { addDecimal, type Decimal, ZERO } from "./decimal.js";
import { amountOf, binOf } from "./ledger.js";
import type { InvoiceLine } from "./parse.js";

/** What the lines of one customer come to, for every preparation; see `prepareFeatures`. */
export interface CustomerTally {
  readonly customerId: string;
  /** Of their last line that names one; "Unspecified" where none does. */
  readonly country: string;
  /** Distinct invoices with a purchase line. */
  readonly purchaseInvoices: number;
  readonly lastPurchase: Date | null;
  /** Σ quantity × price over their purchase lines, exact. */
  readonly salesAmount: Decimal;
  /** Σ quantity × price over all their lines, exact. */
  readonly netAmount: Decimal;
  /** As a table keyed by (invoice, stock code) has it; null where such a table keeps no line of theirs. */
  readonly merged: MergedTally | null;
}

/** Of lines that repeat (invoice, stock code), only the last counts; credit notes count like invoices. */
interface MergedTally {
  readonly invoices: number;
  readonly lastLine: Date;
  readonly amount: Decimal;
}

/** The lines of a data set, folded. */
export interface RetailTally {
  /** Ordered by customer id, numbers by value and before other text. */
  readonly customers: readonly CustomerTally[];
  /** The date of the last line, with a customer or without; null where there are no lines. */
  readonly lastInvoice: Date | null;
}

/**
 * Folds invoice lines, in any order, into one tally per customer. Lines without a customer count only for `lastInvoice`.
 * O(lines); keeps the last line of each (invoice, stock code).
 */
export function tallyCustomers(lines: Iterable<InvoiceLine>): RetailTally {
  const purses = new Map<string, Purse>();
  const kept = new Map<string, Map<string, InvoiceLine>>();
  let lastInvoice: Date | null = null;
  for (const line of lines) {
    if (lastInvoice === null || line.invoiceDate > lastInvoice) lastInvoice = line.invoiceDate;
    keepLast(kept, line);
    if (line.customerId !== null) addLine(entry(purses, line.customerId, emptyPurse), line);
  }

  const mergedPurses = new Map<string, MergedPurse>();
  for (const ofInvoice of kept.values()) {
    for (const line of ofInvoice.values()) {
      if (line.customerId !== null) addMerged(entry(mergedPurses, line.customerId, emptyMergedPurse), line);
    }
  }
  const customers = [...purses].map(([customerId, purse]) => tallyOf(customerId, purse, mergedPurses.get(customerId)));
  return { customers: customers.sort((a, b) => compareIds(a.customerId, b.customerId)), lastInvoice };
}

interface Purse {
  readonly invoices: Set<string>;
  lastPurchase: Date | null;
  sales: Decimal;
  net: Decimal;
  lastWithCountry: InvoiceLine | null;
}
const emptyPurse = (): Purse => ({
  invoices: new Set(),
  lastPurchase: null,
  sales: ZERO,
  net: ZERO,
  lastWithCountry: null,
});

interface MergedPurse {
  readonly invoices: Set<string>;
  lastLine: Date;
  amount: Decimal;
}
const emptyMergedPurse = (): MergedPurse => ({ invoices: new Set(), lastLine: new Date(-8.64e15), amount: ZERO });

function addLine(purse: Purse, line: InvoiceLine): void {
  const amount = amountOf(line);
  purse.net = addDecimal(purse.net, amount);
  if (line.country !== null && (purse.lastWithCountry === null || isLater(line, purse.lastWithCountry))) {
    purse.lastWithCountry = line;
  }
  if (binOf(line) !== "purchase") return;
  purse.sales = addDecimal(purse.sales, amount);
  purse.invoices.add(line.invoice);
  if (purse.lastPurchase === null || line.invoiceDate > purse.lastPurchase) purse.lastPurchase = line.invoiceDate;
}

function addMerged(purse: MergedPurse, line: InvoiceLine): void {
  purse.invoices.add(line.invoice);
  purse.amount = addDecimal(purse.amount, amountOf(line));
  if (line.invoiceDate > purse.lastLine) purse.lastLine = line.invoiceDate;
}

function tallyOf(customerId: string, purse: Purse, merged: MergedPurse | undefined): CustomerTally {
  return {
    customerId,
    country: purse.lastWithCountry?.country ?? "Unspecified",
    purchaseInvoices: purse.invoices.size,
    lastPurchase: purse.lastPurchase,
    salesAmount: purse.sales,
    netAmount: purse.net,
    merged: merged ? { invoices: merged.invoices.size, lastLine: merged.lastLine, amount: merged.amount } : null,
  };
}

function keepLast(kept: Map<string, Map<string, InvoiceLine>>, line: InvoiceLine): void {
  const ofInvoice = entry(kept, line.invoice, () => new Map<string, InvoiceLine>());
  const before = ofInvoice.get(line.stockCode);
  if (before === undefined || line.line > before.line) ofInvoice.set(line.stockCode, line);
}

/** Order of lines in time; lines of the same minute by invoice, stock code and line, so that every order of reading agrees. */
function isLater(a: InvoiceLine, b: InvoiceLine): boolean {
  const byDate = a.invoiceDate.getTime() - b.invoiceDate.getTime();
  if (byDate !== 0) return byDate > 0;
  if (a.invoice !== b.invoice) return a.invoice > b.invoice;
  return a.stockCode === b.stockCode ? a.line > b.line : a.stockCode > b.stockCode;
}

function compareIds(a: string, b: string): number {
  const [aNumber, bNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aNumber !== bNumber) return aNumber ? -1 : 1;
  const byValue = aNumber ? Number(a) - Number(b) : 0;
  if (byValue !== 0) return byValue;
  return a < b ? -1 : Number(a > b);
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
