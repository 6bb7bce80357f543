import { ArgumentError, DecimalSum, formatDecimal } from "@keyspaces-segmentation/common";
import { CustomerSums } from "./aggregate.js";
import { type CustomerRoom, tooManyCustomers } from "./customer_room.js";
import { DAY_MS } from "./days.js";
import type { LinesAndMoney } from "./file_ledger.js";
import { type FoldedLine, invoicesOf } from "./invoices_of_number.js";
import { isSameBasis, type KeptSums, type SumsHead, sumsBasis } from "./kept_sums.js";
import { binOf, Ledger, type LedgerBin } from "./ledger.js";
import { lineAmount } from "./line_amount.js";
import { type LineRules, onlineRetailRules } from "./line_rules.js";
import type { RetailAggregate } from "./retail_sums.js";
import { RetailSums } from "./retail_sums.js";

/** What all lines together come to. */
export interface RetailTotals {
  /** Per customer, for every preparation. */
  readonly aggregate: RetailAggregate;
  /** The moment at which the lines were cut in two; null where they were not. */
  readonly cut: Date | null;
  /** The same as `aggregate` of the invoices before the cut alone: those whose last line is earlier. */
  readonly beforeCut: RetailAggregate | null;
  /** All lines by what they count as. */
  readonly ledger: LedgerBin[];
  readonly lines: number;
  /** Invoice numbers that name more than one invoice. */
  readonly reusedNumbers: number;
  /** Lines that are in the ledger and in no customer, as they are too late. */
  readonly later: LinesAndMoney;
}

/** Takes the lines of whole invoice numbers, one after the other. */
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
  /** The same as JSON texts, from which `readSums` makes what another fold can go on from: the first about all, then one a customer. */
  records(): Generator<string>;
}

export interface FoldOptions {
  /** Tally the invoices before this moment apart as well. */
  readonly cut?: Date | null;
  /** What lines count as; by default, as in *Online Retail*. */
  readonly rules?: LineRules;
  /** Lines of this moment and later are in the ledger, and in no customer. */
  readonly until?: Date | null;
  /** What a fold of other invoice numbers came to, which this one goes on from; taken over, so of use once. With a `cut`, it has the same. */
  readonly from?: KeptSums | null;
  /** For how many customers there is room; default for any number. */
  readonly room?: CustomerRoom | null;
}

/**
 * Folds the lines of a data set into ledger and customers, in one pass. The lines of an invoice number come in one piece and in the
 * order of the table's key, so that nothing need be remembered of them once they are complete: memory grows with the customers, and
 * with the lines of one number.
 *
 * A number may name several invoices, where numbers begin again each day or year or in each branch; see {@link invoicesOf}.
 *
 * @throws ArgumentError when `cut` or `until` is no date, or `from` was made by other rules or has another `cut`;
 *   what takes lines throws a StepError where there is no `room` for their customers
 */
export function foldInvoices({
  cut = null,
  rules = onlineRetailRules,
  until = null,
  from = null,
  room = null,
}: FoldOptions = {}): RetailFold {
  for (const [name, moment] of Object.entries({ cut, until })) {
    if (moment !== null && !Number.isFinite(moment.getTime())) throw new ArgumentError(name, "a date", moment);
  }
  const basis = sumsBasis(rules, until);
  const isCutAlike = cut === null || from?.cut === cut.toISOString();
  if (from !== null && !(isCutAlike && isSameBasis(from.basis, basis)))
    throw new ArgumentError("from", "sums made by the same rules, with the same cut", JSON.stringify(from.basis));
  const before = from === null ? new RetailSums() : startOf(from, cut);
  // Without a cut, all invoices are on one side of it.
  const after = cut === null ? before : (from?.after ?? new RetailSums());
  const cutTime = cut?.getTime() ?? Number.POSITIVE_INFINITY;
  const end = until?.getTime() ?? Number.POSITIVE_INFINITY;
  const ledger = from?.ledger ?? new Ledger();
  const later = { lines: from?.later.lines ?? 0, amount: from?.later.amount ?? new DecimalSum() };
  let lines = from?.lines ?? 0;
  let reusedNumbers = from?.reusedNumbers ?? 0;
  let customers = before.countWith(after);

  const take = (invoice: InvoiceSums): void => {
    const [side, other] = invoice.lastLine < cutTime ? [before, after] : [after, before];
    customers += side.add(invoice.customers, invoice.firstLine, invoice.lastLine, other);
    if (room !== null && customers > room.customers) throw tooManyCustomers(room);
    ledger.addLedger(invoice.ledger);
  };
  const takeNumber = (numbered: readonly FoldedLine[]): void => {
    const invoice = new InvoiceSums(rules);
    for (const [i, line] of numbered.entries()) invoice.add(line, isLastOfCode(numbered, i));
    const invoices = invoice.lastLine - invoice.firstLine < DAY_MS ? [] : invoicesOf(numbered, rules);
    if (invoices.length <= 1) {
      take(invoice);
      return;
    }
    reusedNumbers++;
    for (const lines of invoices) {
      const one = new InvoiceSums(rules);
      for (const line of lines) one.add(line, false);
      take(one);
    }
    // The table that the walkthrough makes knows a number once.
    const merged = new InvoiceSums(rules);
    for (const [i, line] of numbered.entries()) if (isLastOfCode(numbered, i)) merged.addMerged(line);
    (invoice.lastLine < cutTime ? before : after).add(merged.customers, invoice.firstLine, invoice.lastLine);
  };
  const leaveOut = (line: FoldedLine): void => {
    const { units, scale } = lineAmount(line);
    ledger.add(binOf(line, rules), units, scale);
    later.lines++;
    later.amount.add(units, scale);
  };

  const laterLines = (): LinesAndMoney => ({ lines: later.lines, amount: formatDecimal(later.amount.value()) });

  return {
    invoices: () => {
      let numbered: FoldedLine[] = [];
      return {
        add: (line) => {
          numbered.push(line);
        },
        end: () => {
          lines += numbered.length;
          const isEarly = (line: FoldedLine): boolean => line.invoiceDate.getTime() < end;
          for (const line of until === null ? [] : numbered) if (!isEarly(line)) leaveOut(line);
          const early = until === null ? numbered : numbered.filter(isEarly);
          if (early.length > 0) takeNumber(early);
          numbered = [];
        },
        drop: () => {
          numbered = [];
        },
      };
    },
    totals: () => ({
      aggregate: cut === null ? before.aggregate() : before.aggregate(after),
      cut,
      beforeCut: cut === null ? null : before.aggregate(),
      ledger: ledger.bins(rules),
      lines,
      reusedNumbers,
      later: laterLines(),
    }),
    *records() {
      const sides = cut === null ? [before] : [before, after];
      const head: SumsHead = {
        basis,
        cut: cut?.toISOString() ?? null,
        ledger: ledger.filled(),
        lines,
        reusedNumbers,
        later: laterLines(),
        sides: sides.map((side) => ({ customers: side.size, span: side.span() })),
      };
      yield JSON.stringify(head);
      for (const side of sides)
        for (const [customerId, values] of side.values()) yield JSON.stringify([customerId, ...values]);
    },
  };
}

/** The sums to go on from: those before the cut, or of both sides where they are not to be cut. */
const startOf = ({ before, after }: KeptSums, cut: Date | null): RetailSums =>
  cut === null && after !== null ? before.with(after) : before;

/** Whether no later line of the number has the same stock code: the one that a table keyed by (invoice, stock code) keeps. */
const isLastOfCode = (numbered: readonly FoldedLine[], at: number): boolean =>
  numbered[at + 1]?.stockCode !== numbered[at]!.stockCode;

/** What the lines of one invoice come to. One customer is the rule; that there are several is possible. */
class InvoiceSums {
  readonly ledger: Ledger = new Ledger();
  firstLine: number = Number.POSITIVE_INFINITY;
  lastLine: number = Number.NEGATIVE_INFINITY;
  readonly customers: Map<string, CustomerSums> = new Map();
  private readonly rules: LineRules;

  constructor(rules: LineRules) {
    this.rules = rules;
  }

  /** Adds a line, with whether it is the one that a table keyed by (invoice, stock code) keeps. */
  add(line: FoldedLine, isMerged: boolean): void {
    const bin = binOf(line, this.rules);
    const { units, scale } = lineAmount(line);
    const time = line.invoiceDate.getTime();
    this.firstLine = Math.min(this.firstLine, time);
    this.lastLine = Math.max(this.lastLine, time);
    this.ledger.add(bin, units, scale);
    if (line.customerId === null) return;
    const sums = this.sumsOf(line.customerId);
    sums.addLine(line, units, scale, bin);
    if (isMerged) sums.addMerged(line, units, scale);
  }

  addMerged(line: FoldedLine): void {
    if (line.customerId === null) return;
    const { units, scale } = lineAmount(line);
    this.sumsOf(line.customerId).addMerged(line, units, scale);
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
