import { DecimalSum, formatPlural, parseDecimal } from "@keyspaces-segmentation/common";
import { CustomerSums, type LineSpan } from "./aggregate.js";
import type { LinesAndMoney } from "./file_ledger.js";
import { isBin, Ledger, type LedgerBin } from "./ledger.js";
import type { LineRules } from "./line_rules.js";
import { RetailSums } from "./retail_sums.js";

/** What lines count as and which ones count: sums are only added to others that were made by the same. */
export interface SumsBasis extends LineRules {
  /** Lines of this moment and later are in no customer, as ISO text in UTC; null: all are. */
  readonly until: string | null;
}

/** What a fold came to, from a file: another fold can go on from it. */
export interface KeptSums {
  readonly basis: SumsBasis;
  /** Where they were cut in two, as ISO text in UTC; null: they were not. */
  readonly cut: string | null;
  /** Of the invoices before the cut; of all where there is none. */
  readonly before: RetailSums;
  /** Of the others; null where there is no cut. */
  readonly after: RetailSums | null;
  readonly ledger: Ledger;
  readonly lines: number;
  readonly reusedNumbers: number;
  readonly later: { readonly lines: number; readonly amount: DecimalSum };
}

/** How many customers one side of the cut has, and from when to when it goes. */
interface Side {
  readonly customers: number;
  readonly span: LineSpan;
}

/** The first record of kept sums; the customers of each side follow, one a record. */
export interface SumsHead {
  readonly basis: SumsBasis;
  readonly cut: string | null;
  /** One where there is no cut, else two. */
  readonly sides: readonly Side[];
  readonly ledger: readonly LedgerBin[];
  readonly lines: number;
  readonly reusedNumbers: number;
  readonly later: LinesAndMoney;
}

/** What lines count as, and up to when they do. */
export const sumsBasis = ({ creditPrefix, productCode }: LineRules, until: Date | null): SumsBasis => {
  return { creditPrefix, productCode, until: until?.toISOString() ?? null };
};

const areRulesAlike = (a: LineRules, b: LineRules): boolean =>
  a.creditPrefix === b.creditPrefix && a.productCode === b.productCode;

/** The same sums may differ in more than their rules; this only says whether the rules are the same. */
export const isSameBasis = (a: SumsBasis, b: SumsBasis): boolean => areRulesAlike(a, b) && a.until === b.until;

/**
 * Sums as they would be had they been made on another basis: where nothing lay behind their end, a later end leaves them as they are.
 *
 * @returns in a clause, why that cannot be known of them
 */
export function sumsOn(basis: SumsBasis, sums: KeptSums): KeptSums | string {
  const { before, after, cut, ledger, lines, reusedNumbers, later } = sums;
  const { until } = sums.basis;
  if (!areRulesAlike(sums.basis, basis)) return "the last read counted lines by other rules";
  if (until === basis.until) return sums;
  if (later.lines > 0)
    return `the last read counted lines to another analysis date, and left out ${formatPlural(later.lines, "line")} behind it`;
  if (until === null || (basis.until !== null && basis.until < until))
    return "the last read may have counted lines that are behind the analysis date";
  return { basis, before, after, cut, ledger, lines, reusedNumbers, later };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isMoment = (value: unknown): value is string => typeof value === "string" && Number.isFinite(Date.parse(value));

function sumOf(amount: unknown): DecimalSum {
  const decimal = typeof amount === "string" ? parseDecimal(amount) : undefined;
  if (decimal === undefined) throw new TypeError(`${JSON.stringify(amount)} is no amount`);
  const sum = new DecimalSum();
  sum.add(decimal.unscaled, decimal.scale);
  return sum;
}

function basisOf({ creditPrefix, productCode, until }: Partial<SumsBasis>): SumsBasis {
  if (creditPrefix !== null && creditPrefix !== "C") throw new TypeError("it has no rule for credit notes");
  if (productCode !== null && productCode !== "five_digits") throw new TypeError("it has no rule for products");
  if (until !== null && !isMoment(until)) throw new TypeError("it does not say which lines count");
  return { creditPrefix, productCode, until };
}

/** A cut, and as many sides as it makes. */
function sidesOf({ cut, sides }: SumsHead): readonly Side[] {
  if (cut !== null && !isMoment(cut)) throw new TypeError("it does not say where it is cut");
  const isSide = ({ customers, span }: Side): boolean =>
    isCount(customers) && (span === null || (span.length === 2 && span.every(Number.isSafeInteger)));
  if (sides.length !== (cut === null ? 1 : 2) || !sides.every(isSide))
    throw new TypeError("it does not say from when to when it goes");
  return sides;
}

/** The customers of one side. */
async function readSide(records: AsyncIterator<string>, { customers: count, span }: Side): Promise<RetailSums> {
  const all = new RetailSums();
  const [first, last] = span ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  all.add([], first, last);
  while (all.size < count) {
    const next = await records.next();
    if (next.done) throw new TypeError(`it has ${all.size} customers instead of ${count}`);
    const record: unknown = JSON.parse(next.value);
    const [customerId, ...values] = Array.isArray(record) ? (record as unknown[]) : [];
    const sums = CustomerSums.of(values);
    if (typeof customerId !== "string" || sums === undefined || all.has(customerId))
      throw new TypeError("one of its records is not about a customer");
    all.add([[customerId, sums]], first, last);
  }
  return all;
}

/**
 * Reads sums as `RetailFold.records` wrote them, one JSON text after the other.
 *
 * @throws SyntaxError or TypeError where they are anything else, or not complete
 */
export async function readSums(of: AsyncIterable<string>): Promise<KeptSums> {
  const records = of[Symbol.asyncIterator]();
  const first = await records.next();
  if (first.done) throw new TypeError("it is empty");
  const head = Object(JSON.parse(first.value)) as SumsHead;
  const { cut, lines, reusedNumbers, later } = head;
  if (![lines, reusedNumbers, later?.lines].every(isCount)) throw new TypeError("it does not count its lines");
  const ledger = new Ledger();
  for (const { bin, lines: inBin, amount } of head.ledger) {
    if (!isBin(bin) || !isCount(inBin)) throw new TypeError("it has no ledger");
    ledger.addSum(bin, inBin, sumOf(amount));
  }
  const [sideBefore, sideAfter] = sidesOf(head);
  const before = await readSide(records, sideBefore!);
  const after = sideAfter === undefined ? null : await readSide(records, sideAfter);
  if (!(await records.next()).done) throw new TypeError("it goes on behind its end");
  const tooLate = { lines: later.lines, amount: sumOf(later.amount) };
  return { basis: basisOf(Object(head.basis)), cut, before, after, ledger, lines, reusedNumbers, later: tooLate };
}
