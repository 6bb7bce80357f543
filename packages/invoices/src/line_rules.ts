import { formatNumber, formatPlural, formatShare } from "@keyspaces-segmentation/common";
import type { InvoiceLine } from "./parse.js";

/** How the lines of a shop say what they are. */
export interface LineRules {
  /** Invoices numbered with this letter, large or small, and a digit behind it are credit notes; null: the quantity alone decides. */
  readonly creditPrefix: "C" | null;
  /** Whose stock codes are no such thing stand for postage, fees, corrections; null: every code is a product. */
  readonly productCode: "five_digits" | null;
}

/**
 * Those of *Online Retail*.
 *
 * @see https://doi.org/10.24432/C5CG6D, "InvoiceNo" and "StockCode"
 */
export const onlineRetailRules: LineRules = { creditPrefix: "C", productCode: "five_digits" };

/** Lines whose invoice begins with the same letters. */
export interface NumberPrefix {
  /** In capitals, up to the first digit: `C`, `CN-`. */
  readonly prefix: string;
  readonly lines: number;
  /** Those of them with a quantity or price below zero. */
  readonly belowZero: number;
}

/** What a file's lines say about its rules, counted; counts of several files add up. */
export interface LineEvidence {
  readonly lines: number;
  /** Lines of invoices numbered C and a digit. */
  readonly creditNumbers: number;
  /** Those of them with a quantity or price below zero. */
  readonly creditsBelowZero: number;
  /** Lines whose stock code begins with five digits. */
  readonly fiveDigits: number;
  readonly prefixes: readonly NumberPrefix[];
}

/** The rules that fit some lines, and why. */
export interface FoundRules extends LineRules {
  readonly evidence: LineEvidence;
}

const [C, SMALL_C, ZERO, NINE] = [0x43, 0x63, 0x30, 0x39];

/** Whether an invoice is numbered as a credit note of *Online Retail*: C, large or small, and a digit. */
export function isCreditNumber(invoice: string): boolean {
  const first = invoice.charCodeAt(0);
  if (first !== C && first !== SMALL_C) return false;
  const second = invoice.charCodeAt(1);
  return second >= ZERO && second <= NINE;
}

/** Whether a stock code is a product of *Online Retail*: five digits, then perhaps letters. */
export function isFiveDigits(stockCode: string): boolean {
  for (let at = 0; at < 5; at++) {
    const code = stockCode.charCodeAt(at);
    // NaN behind the end of the text is no digit either.
    if (!(code >= ZERO && code <= NINE)) return false;
  }
  return true;
}

/** Half of a shop's own codes may begin with five digits by chance; of Online Retail's but a few do not. */
const MOST = 2 / 3;

/**
 * The rules that fit a file. Invoices numbered C and a digit are credit notes if at least half of their lines are below zero: in a shop
 * whose every number begins so, none is one. Where a file has no such number, nothing speaks against the rule. Codes of five digits
 * are products if most lines have one; else the rule is another shop's, and all codes are products.
 */
export function rulesOf(evidence: LineEvidence): FoundRules {
  const { lines, creditNumbers, creditsBelowZero, fiveDigits } = evidence;
  return {
    creditPrefix: 2 * creditsBelowZero >= creditNumbers ? "C" : null,
    productCode: fiveDigits >= MOST * lines ? "five_digits" : null,
    evidence,
  };
}

/** Of no lines at all. */
export const noEvidence: LineEvidence = {
  lines: 0,
  creditNumbers: 0,
  creditsBelowZero: 0,
  fiveDigits: 0,
  prefixes: [],
};

/** As many prefixes are kept; a file with more has numbers that begin with words. */
const MOST_PREFIXES = 50;

/** Counts the beginnings of invoice numbers. */
export class PrefixCounter {
  private readonly counts = new Map<string, { lines: number; belowZero: number }>();
  private last = "";
  private lastPrefix: string | null = null;

  add(invoice: string, belowZero: boolean): void {
    if (invoice !== this.last) {
      this.last = invoice;
      this.lastPrefix = prefixOf(invoice);
    }
    if (this.lastPrefix === null) return;
    let count = this.counts.get(this.lastPrefix);
    if (count === undefined) {
      if (this.counts.size >= MOST_PREFIXES) return;
      count = { lines: 0, belowZero: 0 };
      this.counts.set(this.lastPrefix, count);
    }
    count.lines++;
    if (belowZero) count.belowZero++;
  }

  prefixes(): NumberPrefix[] {
    return sortedPrefixes(this.counts);
  }
}

function prefixOf(invoice: string): string | null {
  const first = invoice.charCodeAt(0);
  if (first >= ZERO && first <= NINE) return null;
  return /^(\p{L}[^\d]{0,7})\d/u.exec(invoice)?.[1]?.toUpperCase() ?? null;
}

function sortedPrefixes(counts: ReadonlyMap<string, { lines: number; belowZero: number }>): NumberPrefix[] {
  return [...counts]
    .map(([prefix, { lines, belowZero }]) => ({ prefix, lines, belowZero }))
    .sort((a, b) => b.lines - a.lines || (a.prefix < b.prefix ? -1 : 1));
}

/** What some lines, such as a sample of a file, say about its rules. */
export function evidenceOf(
  lines: Iterable<Pick<InvoiceLine, "invoice" | "stockCode" | "quantity" | "price">>,
): LineEvidence {
  const prefixes = new PrefixCounter();
  let [count, creditNumbers, creditsBelowZero, fiveDigits] = [0, 0, 0, 0];
  for (const line of lines) {
    const belowZero = isBelowZero(line);
    count++;
    prefixes.add(line.invoice, belowZero);
    if (isFiveDigits(line.stockCode)) fiveDigits++;
    if (!isCreditNumber(line.invoice)) continue;
    creditNumbers++;
    if (belowZero) creditsBelowZero++;
  }
  return { lines: count, creditNumbers, creditsBelowZero, fiveDigits, prefixes: prefixes.prefixes() };
}

export const isBelowZero = ({ quantity, price }: Pick<InvoiceLine, "quantity" | "price">): boolean =>
  quantity.unscaled < 0n || price.unscaled < 0n;

/** The rules of a table that several files have gone into, which are those of all their lines together. */
export interface CombinedRules extends FoundRules {
  /** In sentences, where files alone would have had other rules. */
  readonly conflicts: readonly string[];
}

/** Combines what files say about the rules: two files have the rules that one with the lines of both would have. */
export function combineRules(files: readonly FoundRules[]): CombinedRules {
  const evidence = files.map((file) => file.evidence).reduce(addEvidence, noEvidence);
  const rules = rulesOf(evidence);
  const conflicts: string[] = [];
  const ofCredits = files.filter((file) => file.evidence.creditNumbers > 0);
  if (new Set(ofCredits.map((file) => file.creditPrefix)).size > 1) {
    conflicts.push(
      `The files differ in what an invoice numbered C and a digit is: of all their lines, ${creditWords(rules)}`,
    );
  }
  const ofCodes = files.filter((file) => file.evidence.lines > 0);
  if (new Set(ofCodes.map((file) => file.productCode)).size > 1) {
    conflicts.push(`The files differ in their stock codes: of all their lines, ${codeWords(rules)}`);
  }
  return { ...rules, conflicts };
}

function addEvidence(a: LineEvidence, b: LineEvidence): LineEvidence {
  const counts = new Map<string, { lines: number; belowZero: number }>();
  for (const { prefix, lines, belowZero } of [...a.prefixes, ...b.prefixes]) {
    const known = counts.get(prefix) ?? { lines: 0, belowZero: 0 };
    counts.set(prefix, { lines: known.lines + lines, belowZero: known.belowZero + belowZero });
  }
  return {
    lines: a.lines + b.lines,
    creditNumbers: a.creditNumbers + b.creditNumbers,
    creditsBelowZero: a.creditsBelowZero + b.creditsBelowZero,
    fiveDigits: a.fiveDigits + b.fiveDigits,
    prefixes: sortedPrefixes(counts),
  };
}

/** Beginnings of numbers that shops give to credit notes: C, CN, Gutschrift, Storno, avoir, nota de crédito, return, RMA. */
const CREDIT_LIKE = /^(?:C|GS|GU|ST|AV|NC|NDC|RET|RTN|REF|RF|RMA|RINV|KR|KF|KOR)/;

/** Nearly all. */
const MOSTLY = 0.9;

/** What a line counts as, in a sentence for each rule that fits the lines, or does not. */
export function rulesText(rules: FoundRules): string[] {
  const { creditNumbers, lines, prefixes } = rules.evidence;
  const others = prefixes.filter(({ prefix }) => prefix !== "C");
  const negative = others.filter((each) => each.belowZero >= MOSTLY * each.lines);
  const positive = others.filter((each) => CREDIT_LIKE.test(each.prefix) && each.belowZero < MOSTLY * each.lines);
  return [
    ...(creditNumbers > 0 ? [`Credit notes: ${creditWords(rules)}`] : []),
    ...negative.map(
      (each) =>
        `${formatPlural(each.lines, "line")} of invoices that begin with ${each.prefix} are below zero (${formatShare(each.belowZero / each.lines)}): returns, by their quantity.`,
    ),
    ...positive.map(
      (each) =>
        `${formatPlural(each.lines - each.belowZero, "line")} of invoices that begin with ${each.prefix} have a quantity above zero: sales, unless the parameter \`creditNotes\` names ${each.prefix}.`,
    ),
    ...(lines > 0 && rules.productCode === null ? [`Products: ${codeWords(rules)}`] : []),
  ];
}

function creditWords({ creditPrefix, evidence }: FoundRules): string {
  const { creditNumbers, creditsBelowZero } = evidence;
  const found = `${formatNumber(creditsBelowZero)} of ${formatPlural(creditNumbers, "line")} of invoices numbered C and a digit are below zero`;
  return creditPrefix === null
    ? `${found}, so the number says nothing and a quantity below zero alone is a return.`
    : `${found}, so such invoices are credit notes.`;
}

function codeWords({ productCode, evidence }: FoundRules): string {
  const { fiveDigits, lines } = evidence;
  const found = `${formatNumber(fiveDigits)} of ${formatPlural(lines, "line")} have a stock code that begins with five digits`;
  return productCode === null
    ? `${found}, so every code counts as a product.`
    : `${found}, and only those are products.`;
}
