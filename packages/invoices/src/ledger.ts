import { DecimalSum, formatDecimal, type Units } from "@keyspaces-segmentation/common";
import { isCreditNumber, isFiveDigits, type LineRules, onlineRetailRules } from "./line_rules.js";
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

/** Whether it is the name of a bin. */
export const isBin = (name: unknown): name is Bin => (BINS as readonly unknown[]).includes(name);

/** Whether lines of a bin count as purchases; postage and the like are bought as well, and only shown apart. */
export const isPurchase = (bin: Bin): boolean => bin === "purchase" || bin === "not_a_product";

/** One bin of the ledger. */
export interface LedgerBin {
  readonly bin: Bin;
  readonly lines: number;
  /** Σ quantity × price, exact decimal text. */
  readonly amount: string;
}

/** The part of an invoice line that decides what it counts as. */
export type BinnedLine = Pick<InvoiceLine, "customerId" | "invoice" | "stockCode" | "quantity" | "price">;

/**
 * The one bin that a line belongs to. Without a rule for credit notes, they go by their quantity like all others; without one for
 * products, no line is anything else.
 */
export function binOf(line: BinnedLine, rules: LineRules = onlineRetailRules): Bin {
  const { customerId, invoice, stockCode, quantity, price } = line;
  if (customerId === null) return "no_customer";
  if (rules.creditPrefix !== null && isCreditNumber(invoice)) return "cancelled";
  if (quantity.unscaled <= 0n) return "quantity_not_positive";
  if (price.unscaled <= 0n) return "price_not_positive";
  return rules.productCode === null || isFiveDigits(stockCode) ? "purchase" : "not_a_product";
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
    for (const [bin, { lines, amount }] of other.sums) this.addSum(bin, lines, amount);
  }

  /** Adds what some lines of a bin come to. */
  addSum(bin: Bin, lines: number, amount: DecimalSum): void {
    const sum = this.sumOf(bin);
    sum.lines += lines;
    sum.amount.addSum(amount);
  }

  /** All bins that have lines, whatever the rules. */
  filled(): LedgerBin[] {
    return [...this.sums].map(([bin, { lines, amount }]) => ({ bin, lines, amount: formatDecimal(amount.value()) }));
  }

  /** All bins that the rules know, also those without lines. */
  bins({ productCode }: LineRules = onlineRetailRules): LedgerBin[] {
    const known = BINS.filter((bin) => bin !== "not_a_product" || productCode !== null);
    return known.map((bin) => {
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
