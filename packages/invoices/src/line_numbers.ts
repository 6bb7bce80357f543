import { FingerprintTable, HIGH_PRIME, HIGH_SEED, hashed, LOW_PRIME, LOW_SEED, mixed } from "./fingerprints.js";
import type { InvoiceLine } from "./parse.js";
import { repeatCounter } from "./repeats.js";

/** An invoice line before it has its number. */
export type UnnumberedLine = Omit<InvoiceLine, "line">;

/** What a line becomes in the table. */
export interface LineNumber {
  /** Counts the lines of the same invoice and stock code in file order: 1, 2, … */
  readonly line: number;
  /** Where it is a line that the file had before: which of the equal lines of its invoice it is again, from 1; else 0. */
  readonly repeats: number;
}

const DAY_MS = 86_400_000;

/** So many invoices between two places of one are no tills that write side by side. */
const FAR = 20;

/** In a file that is grouped by invoice, one in so many blocks may be of an invoice that is not done. */
const SCATTERED = 20;

/**
 * Numbers the lines of a file in its order, and knows again what is in it twice.
 *
 * Equal lines of an invoice are lines of their own where they lie together, as in the walkthrough's data. But where an invoice comes
 * again far from its first place, as when two exports that overlap were joined, its lines that equal earlier ones, the n-th of some
 * equal lines being the n-th of those, are the same lines: they get the same number and so are one row. Other lines of it go in beside.
 * That is what two loads of the two exports come to as well; see `createLineMatcher`.
 *
 * The lines of an invoice come in blocks, lines that follow each other. A block counts as come again if
 * - the file has gone back by a day or more since the invoice was last there, or 20 other blocks lie between: tills that write side
 *   by side take turns within minutes; and
 * - the file is grouped by invoice so far: at most one block in 20 was of an invoice that had been there before and brought nothing that
 *   was equal. A file in order of products, or in none, says nothing by two equal lines of one invoice that are far apart.
 *
 * Memory: fingerprints, 32 to 64 bytes a line.
 */
export function lineNumbering(): (line: UnnumberedLine) => LineNumber {
  const nextLine = repeatCounter();
  /** By invoice, the number of its last block. */
  const placeOf = new FingerprintTable();
  /** By invoice and content, and which of some equal lines: its number. And how many there are, where more than one. */
  const numberOf = new FingerprintTable();
  const bits = new Uint32Array(2);
  const double = new Float64Array(bits.buffer);

  let invoice: string | undefined;
  let [lowSeed, highSeed] = [0, 0];
  let time = Number.NaN;
  let block = 0;
  let lastReturn = 0;
  let [fresh, scattered] = [0, 0];
  let isAgain = false;
  let hasEqual = false;
  const seenInBlock = new Map<number, number>();

  const beginBlock = (of: string, at: number): void => {
    if (isAgain && !hasEqual) scattered++;
    invoice = of;
    block++;
    if (at <= time - DAY_MS) lastReturn = block;
    lowSeed = mixed(hashed(of, LOW_SEED, LOW_PRIME) ^ of.length);
    highSeed = mixed(hashed(of, HIGH_SEED, HIGH_PRIME) ^ of.length);
    const before = placeOf.get(lowSeed, highSeed);
    placeOf.add(lowSeed, highSeed, block - before);
    isAgain = false;
    hasEqual = false;
    if (before === 0) {
      fresh++;
      return;
    }
    seenInBlock.clear();
    const isFar = before < lastReturn || block - before > FAR;
    isAgain = isFar && scattered * SCATTERED <= fresh;
    if (!isAgain) scattered++;
  };

  let [low, high] = [0, 0];
  const takeNumber = (value: number): void => {
    double[0] = value;
    low = mixed(low ^ bits[0]! ^ Math.imul(bits[1]!, LOW_PRIME));
    high = mixed(high ^ bits[1]! ^ Math.imul(bits[0]!, HIGH_PRIME));
  };
  const takeText = (text: string | null): void => {
    // Ends with what no character is, and with something else where there is no text.
    const end = text === null ? 0x110001 : 0x110000;
    low = Math.imul(hashed(text ?? "", low, LOW_PRIME) ^ end, LOW_PRIME);
    high = Math.imul(hashed(text ?? "", high, HIGH_PRIME) ^ end, HIGH_PRIME);
  };

  return (line) => {
    const at = line.invoiceDate.getTime();
    if (line.invoice !== invoice) beginBlock(line.invoice, at);
    time = at;
    low = lowSeed;
    high = highSeed;
    takeNumber(at);
    takeNumber(Number(line.price.unscaled) / 10 ** line.price.scale);
    takeNumber(Number(line.quantity.unscaled) / 10 ** line.quantity.scale);
    takeText(line.stockCode);
    takeText(line.description);
    takeText(line.customerId);
    takeText(line.country);
    low = mixed(low);
    high = mixed(high);

    const first = numberOf.get(low, high);
    const equal = first === 0 ? 0 : 1 + numberOf.get(low ^ COUNT, high);
    if (isAgain && equal > 0) {
      const seen = (seenInBlock.get(low) ?? 0) + 1;
      seenInBlock.set(low, seen);
      if (seen <= equal) {
        hasEqual = true;
        return { line: seen === 1 ? first : numberOf.get(...nth(low, high, seen)), repeats: seen };
      }
    }
    const number = nextLine(line.invoice, line.stockCode);
    if (equal === 0) {
      numberOf.add(low, high, number);
      if (isAgain) seenInBlock.set(low, 1);
    } else {
      numberOf.add(low ^ COUNT, high, 1);
      numberOf.add(...nth(low, high, equal + 1), number);
    }
    return { line: number, repeats: 0 };
  };
}

/** Turns the fingerprint of a line into that of the count of its equals. */
const COUNT = 0x5bf03635;

/** The fingerprint of the n-th of some equal lines. */
const nth = (low: number, high: number, n: number): [number, number] => [
  mixed(low ^ Math.imul(n, 0x9e3779b1)),
  mixed(high ^ Math.imul(n, 0x85ebca6b)),
];
