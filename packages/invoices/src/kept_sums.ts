import { DecimalSum, parseDecimal } from "@keyspaces-segmentation/common";
import { CustomerSums, RetailSums } from "./aggregate.js";
import type { LinesAndMoney } from "./file_ledger.js";
import { isBin, Ledger, type LedgerBin } from "./ledger.js";
import type { LineRules } from "./line_rules.js";

/** What lines count as and which ones count: sums are only added to others that were made by the same. */
export interface SumsBasis extends LineRules {
  /** Lines of this moment and later are in no customer, as ISO text in UTC; null: all are. */
  readonly until: string | null;
}

/** What a fold came to, from a file: another fold can go on from it. */
export interface KeptSums {
  readonly basis: SumsBasis;
  readonly sums: RetailSums;
  readonly ledger: Ledger;
  readonly lines: number;
  readonly reusedNumbers: number;
  readonly later: { readonly lines: number; readonly amount: DecimalSum };
}

/** The first record of kept sums; the customers follow, one a record. */
export interface SumsHead {
  readonly basis: SumsBasis;
  readonly firstLine: number | null;
  readonly lastLine: number | null;
  readonly ledger: readonly LedgerBin[];
  readonly lines: number;
  readonly reusedNumbers: number;
  readonly later: LinesAndMoney;
  readonly customers: number;
}

/** The same sums may differ in more than their rules; this only says whether the rules are the same. */
export const isSameBasis = (a: SumsBasis, b: SumsBasis): boolean =>
  a.creditPrefix === b.creditPrefix && a.productCode === b.productCode && a.until === b.until;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isTimeOrNull = (value: unknown): value is number | null => value === null || Number.isSafeInteger(value);

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
  if (until !== null && !(typeof until === "string" && Number.isFinite(Date.parse(until))))
    throw new TypeError("it does not say which lines count");
  return { creditPrefix, productCode, until };
}

/**
 * Reads sums as `RetailFold.records` wrote them, one JSON text after the other.
 *
 * @throws SyntaxError or TypeError where they are anything else, or not complete
 */
export async function readSums(records: AsyncIterable<string>): Promise<KeptSums> {
  let head: SumsHead | undefined;
  const customers = new Map<string, CustomerSums>();
  for await (const record of records) {
    const values: unknown = JSON.parse(record);
    if (head === undefined) {
      head = Object(values) as SumsHead;
      continue;
    }
    const [customerId, ...of] = Array.isArray(values) ? (values as unknown[]) : [];
    const sums = CustomerSums.of(of);
    if (typeof customerId !== "string" || sums === undefined || customers.has(customerId))
      throw new TypeError(`record ${customers.size + 2} is not about a customer`);
    customers.set(customerId, sums);
  }
  if (head === undefined) throw new TypeError("it is empty");
  const { firstLine, lastLine, lines, reusedNumbers, later } = head;
  if (customers.size !== head.customers)
    throw new TypeError(`it has ${customers.size} customers instead of ${head.customers}`);
  if (![lines, reusedNumbers, later?.lines].every(isCount)) throw new TypeError("it does not count its lines");
  if (!isTimeOrNull(firstLine) || !isTimeOrNull(lastLine) || (firstLine === null) !== (lastLine === null))
    throw new TypeError("it does not say from when to when it goes");
  const ledger = new Ledger();
  for (const { bin, lines: inBin, amount } of head.ledger) {
    if (!isBin(bin) || !isCount(inBin)) throw new TypeError("it has no ledger");
    ledger.addSum(bin, inBin, sumOf(amount));
  }
  const sums = new RetailSums();
  sums.add(customers, firstLine ?? Number.POSITIVE_INFINITY, lastLine ?? Number.NEGATIVE_INFINITY);
  const tooLate = { lines: later.lines, amount: sumOf(later.amount) };
  return { basis: basisOf(Object(head.basis)), sums, ledger, lines, reusedNumbers, later: tooLate };
}
