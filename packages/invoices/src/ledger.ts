import { DecimalSum, formatDecimal, type Units } from "@keyspaces-segmentation/common";
import type { InvoiceLine } from "./parse.js";

/** The bins of the ledger, in the order in which a line is tried against them. */
const BINS = [
  "no_customer",
  "cancelled",
  "quantity_not_positive",
  "price_not_positive",
  "not_a_product",
  "purchase",
] as const;
export type Bin = (typeof BINS)[number];

/** Whether lines of a bin count as purchases; postage and the like are bought as well, and only shown apart. */
export const isPurchase = (bin: Bin): boolean => bin === "purchase" || bin === "not_a_product";

/**
 * A product's code: five digits, then perhaps letters. Others stand for postage, fees, samples, corrections by hand.
 *
 * @see https://doi.org/10.24432/C5CG6D, "StockCode"
 */
const PRODUCT_CODE = /^\d{5}/;

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
export function binOf({
  customerId,
  invoice,
  stockCode,
  quantity,
  price,
}: Pick<InvoiceLine, "customerId" | "invoice" | "stockCode" | "quantity" | "price">): Bin {
  if (customerId === null) return "no_customer";
  if (invoice.startsWith("C")) return "cancelled";
  if (quantity.unscaled <= 0n) return "quantity_not_positive";
  if (price.unscaled <= 0n) return "price_not_positive";
  return PRODUCT_CODE.test(stockCode) ? "purchase" : "not_a_product";
}

/** Accounts for every line: what it counts as, and its money. The bins sum to the lines added, to the penny. */
export class Ledger {
  private readonly sums = new Map<Bin, { lines: number; amount: DecimalSum }>();

  add(bin: Bin, amount: Units, scale: number): void {
    const sum = this.sumOf(bin);
    sum.lines++;
    sum.amount.add(amount, scale);
  }

  addLedger(other: Ledger): void {
    for (const [bin, { lines, amount }] of other.sums) {
      const sum = this.sumOf(bin);
      sum.lines += lines;
      sum.amount.addSum(amount);
    }
  }

  /** All bins, also those without lines. */
  bins(): LedgerBin[] {
    return BINS.map((bin) => {
      const { lines, amount } = this.sumOf(bin);
      return { bin, lines, amount: formatDecimal(amount.value()) };
    });
  }

  private sumOf(bin: Bin): { lines: number; amount: DecimalSum } {
    let sum = this.sums.get(bin);
    if (sum === undefined) {
      sum = { lines: 0, amount: new DecimalSum() };
      this.sums.set(bin, sum);
    }
    return sum;
  }
}
