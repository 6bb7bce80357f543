import { addDecimal, type Decimal, formatDecimal, multiplyByInteger, ZERO } from "./decimal.js";
import type { InvoiceLine } from "./parse.js";

/** The bins of the ledger, in the order in which a line is tried against them. */
const BINS = ["no_customer", "cancelled", "quantity_not_positive", "price_not_positive", "purchase"] as const;
export type Bin = (typeof BINS)[number];

/** One bin of the ledger. */
export interface LedgerBin {
  readonly bin: Bin;
  readonly lines: number;
  /** Σ quantity × price, exact decimal text. */
  readonly amount: string;
}

/**
 * The one bin that a line belongs to. Credit notes are known by their invoice number, which starts with C;
 * invoices that start with another letter (A: adjustments) go by quantity and price like all others.
 */
export function binOf({ customerId, invoice, quantity, price }: InvoiceLine): Bin {
  if (customerId === null) return "no_customer";
  if (invoice.startsWith("C")) return "cancelled";
  if (quantity <= 0) return "quantity_not_positive";
  if (price.unscaled <= 0n) return "price_not_positive";
  return "purchase";
}

/** What a line is worth: quantity × price, exact. */
export function amountOf({ quantity, price }: InvoiceLine): Decimal {
  return multiplyByInteger(price, quantity);
}

/**
 * Accounts for every line: what it counts as, and its money. The bins sum to the lines given, to the penny.
 *
 * @returns all bins, also those without lines
 */
export function buildLedger(lines: Iterable<InvoiceLine>): LedgerBin[] {
  const bins = new Map<Bin, { lines: number; amount: Decimal }>(BINS.map((bin) => [bin, { lines: 0, amount: ZERO }]));
  for (const line of lines) {
    const bin = bins.get(binOf(line))!;
    bin.lines++;
    bin.amount = addDecimal(bin.amount, amountOf(line));
  }
  return BINS.map((bin) => ({ bin, lines: bins.get(bin)!.lines, amount: formatDecimal(bins.get(bin)!.amount) }));
}
