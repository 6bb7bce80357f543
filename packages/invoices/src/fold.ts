import { ArgumentError, productScale, timesDecimal, type Units } from "@keyspaces-segmentation/common";
import { binOf, Ledger, type LedgerBin } from "./ledger.js";
import { type LineRules, onlineRetailRules } from "./line_rules.js";
import type { InvoiceLine } from "./parse.js";
import { CustomerSums, type RetailTally, TallySums } from "./tally.js";

/** The part of an invoice line that the fold looks at. */
export type FoldedLine = Omit<InvoiceLine, "line" | "description">;

/** What all lines together come to. */
export interface RetailTotals {
  /** Per customer, for every preparation. */
  readonly tally: RetailTally;
  /** The moment at which the lines were cut in two; null where they were not. */
  readonly cut: Date | null;
  /** The same as `tally` of the invoices before the cut alone: those whose last line is earlier. */
  readonly beforeCut: RetailTally | null;
  /** All lines by what they count as. */
  readonly ledger: LedgerBin[];
  readonly lines: number;
}

/** Takes whole invoices, one after the other. */
interface InvoiceFold {
  /** Takes the next line of the invoice; lines come by stock code, repeats of one in the order of `line`. */
  add(line: FoldedLine): void;
  /** The invoice is complete: it counts from now on. */
  end(): void;
  /** Forgets the lines of the invoice that is not complete. */
  drop(): void;
}

/** Folds invoices into customers. */
export interface RetailFold {
  /** A place to bring invoices to; any number of them work side by side, and it does not matter which gets which invoice. */
  invoices(): InvoiceFold;
  /** Of the invoices complete so far. */
  totals(): RetailTotals;
}

export interface FoldOptions {
  /** Tally the invoices before this moment apart as well. */
  readonly cut?: Date | null;
  /** What lines count as; by default, as in *Online Retail*. */
  readonly rules?: LineRules;
}

/**
 * Folds the lines of a data set into ledger and customers, in one pass. Each invoice comes in one piece and in the order of the
 * table's key, so that nothing need be remembered of it once it is complete: memory grows with the customers, not with the lines.
 *
 * @throws ArgumentError when the cut is no date
 */
export function foldInvoices({ cut = null, rules = onlineRetailRules }: FoldOptions = {}): RetailFold {
  if (cut !== null && !Number.isFinite(cut.getTime())) throw new ArgumentError("cut", "a date", cut);
  const before = new TallySums();
  // Without a cut, all invoices are on one side of it.
  const after = cut === null ? before : new TallySums();
  const cutTime = cut?.getTime() ?? Number.POSITIVE_INFINITY;
  const ledger = new Ledger();
  let lines = 0;

  return {
    invoices: () => {
      let invoice = new InvoiceSums(rules);
      return {
        add: (line) => invoice.add(line),
        end: () => {
          const side = invoice.lastLine < cutTime ? before : after;
          side.add(invoice.finish(), invoice.firstLine, invoice.lastLine);
          ledger.addLedger(invoice.ledger);
          lines += invoice.lines;
          invoice = new InvoiceSums(rules);
        },
        drop: () => {
          invoice = new InvoiceSums(rules);
        },
      };
    },
    totals: () => ({
      tally: cut === null ? before.tally() : before.with(after).tally(),
      cut,
      beforeCut: cut === null ? null : before.tally(),
      ledger: ledger.bins(rules),
      lines,
    }),
  };
}

/** What the lines of one invoice come to. One customer is the rule; that there are several is possible. */
class InvoiceSums {
  readonly ledger: Ledger = new Ledger();
  lines = 0;
  firstLine: number = Number.POSITIVE_INFINITY;
  lastLine: number = Number.NEGATIVE_INFINITY;
  private readonly customers = new Map<string, CustomerSums>();
  private before: FoldedLine | null = null;
  private amountBefore: Units = 0;
  private readonly rules: LineRules;

  constructor(rules: LineRules) {
    this.rules = rules;
  }

  add(line: FoldedLine): void {
    const bin = binOf(line, this.rules);
    const amount = timesDecimal(line.price, line.quantity);
    const scale = productScale(line.price, line.quantity);
    this.lines++;
    const time = line.invoiceDate.getTime();
    this.firstLine = Math.min(this.firstLine, time);
    this.lastLine = Math.max(this.lastLine, time);
    this.ledger.add(bin, amount, scale);
    if (this.before !== null && this.before.stockCode !== line.stockCode) this.merge(this.before);
    this.before = line;
    this.amountBefore = amount;
    if (line.customerId !== null) this.sumsOf(line.customerId).addLine(line, amount, scale, bin);
  }

  finish(): ReadonlyMap<string, CustomerSums> {
    if (this.before !== null) this.merge(this.before);
    this.before = null;
    return this.customers;
  }

  /** A line that no other follows with the same stock code: the one that a table keyed by (invoice, stock code) keeps. */
  private merge(line: FoldedLine): void {
    if (line.customerId === null) return;
    this.sumsOf(line.customerId).addMerged(line, this.amountBefore, productScale(line.price, line.quantity));
  }

  private sumsOf(customerId: string): CustomerSums {
    let sums = this.customers.get(customerId);
    if (sums === undefined) {
      sums = new CustomerSums();
      this.customers.set(customerId, sums);
    }
    return sums;
  }
}
