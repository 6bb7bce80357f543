import type { Decimal } from "@keyspaces-segmentation/common";
import { DAY_MS } from "./days.js";
import {
  FingerprintTable,
  HIGH_PRIME,
  HIGH_SEED,
  hashed,
  LOW_PRIME,
  LOW_SEED,
  mixed,
  repeatCounter,
} from "./fingerprints.js";
import { LineLog } from "./line_log.js";
import type { InvoiceLine } from "./parse.js";

/** An invoice line before it has its number. */
export type UnnumberedLine = Omit<InvoiceLine, "line">;

/** What a line becomes in the table. */
export interface LineNumber {
  /** Counts the lines of the same invoice and stock code in file order: 1, 2, … */
  readonly line: number;
  /** Where it is a line that the file had before: which of the equal lines of its invoice it is again, from 1; else 0. */
  readonly repeats: number;
}

/** Used for each character; see `fingerprints`. */
const { imul } = Math;

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
 * Memory: 12 bytes a line, 16 to 32 a stock code of an invoice and an invoice.
 */
export function lineNumbering(): (line: UnnumberedLine) => LineNumber {
  const nextLine = repeatCounter();
  /** By invoice, the number of its last block. */
  const lastBlockOf = new FingerprintTable();
  const log = new LineLog();
  const contentOf = contentHasher();

  let invoice: string | undefined;
  let time = Number.NaN;
  let block = 0;
  let lastReturn = 0;
  let [fresh, scattered] = [0, 0];
  /** The numbers of the invoice's earlier lines by their content, where the block is one that has come again. */
  let earlier: Map<string, number[]> | null = null;
  let hasEqual = false;
  const seen = new Map<string, number>();

  const beginBlock = (of: string, at: number): void => {
    if (earlier !== null && !hasEqual) scattered++;
    invoice = of;
    if (at <= time - DAY_MS) lastReturn = block + 1;
    const low = mixed(hashed(of, LOW_SEED, LOW_PRIME) ^ of.length);
    const high = mixed(hashed(of, HIGH_SEED, HIGH_PRIME) ^ of.length);
    const before = lastBlockOf.get(low, high);
    block = log.begin(before);
    lastBlockOf.add(low, high, block - before);
    earlier = null;
    hasEqual = false;
    if (before === 0) {
      fresh++;
      return;
    }
    const isFar = before < lastReturn || block - before > FAR;
    if (isFar && scattered * SCATTERED <= fresh) {
      earlier = log.linesBefore(block);
      seen.clear();
    } else scattered++;
  };

  return (line) => {
    const at = line.invoiceDate.getTime();
    if (line.invoice !== invoice) beginBlock(line.invoice, at);
    time = at;
    const hash = contentOf(line);
    const [low, high] = [hash[0]!, hash[1]!];
    if (earlier !== null) {
      const content = LineLog.keyOf(low, high);
      const which = (seen.get(content) ?? 0) + 1;
      seen.set(content, which);
      const number = earlier.get(content)?.[which - 1];
      if (number !== undefined) {
        hasEqual = true;
        return { line: number, repeats: which };
      }
    }
    const number = nextLine(line.invoice, line.stockCode);
    log.add(low, high, number);
    return number === 1 ? FIRST : { line: number, repeats: 0 };
  };
}

/** What nearly all lines become. */
const FIRST: LineNumber = { line: 1, repeats: 0 };

const POWERS = Array.from({ length: 41 }, (_, scale) => 10 ** scale);

/** Gives the two halves of the fingerprint of all that a line says but its invoice, in the same array each time; 2.5 and 2.50 are one price. */
function contentHasher(): (line: UnnumberedLine) => Uint32Array {
  const bits = new Uint32Array(2);
  const double = new Float64Array(bits.buffer);
  // Numbers of 32 bits that functions share cost an allocation each time they change; those in an array do not.
  const hash = new Uint32Array(2);
  const takeNumber = (value: number): void => {
    double[0] = value;
    const [first, second] = [bits[0]!, bits[1]!];
    hash[0] = mixed(imul(hash[0]! ^ first, LOW_PRIME) ^ second);
    hash[1] = mixed(imul(hash[1]! ^ second, HIGH_PRIME) ^ first);
  };
  const takeText = (text: string | null): void => {
    let low = hash[0]! | 0;
    let high = hash[1]! | 0;
    if (text !== null) {
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        low = imul(low ^ code, LOW_PRIME);
        high = imul(high ^ code, HIGH_PRIME);
      }
    }
    // Ends with what no character is, and with something else where there is no text.
    const end = text === null ? 0x110001 : 0x110000;
    hash[0] = imul(low ^ end, LOW_PRIME);
    hash[1] = imul(high ^ end, HIGH_PRIME);
  };
  return ({ invoiceDate, price, quantity, stockCode, description, customerId, country }) => {
    hash[0] = LOW_SEED;
    hash[1] = HIGH_SEED;
    takeNumber(invoiceDate.getTime());
    takeNumber(nearestOf(price));
    takeNumber(nearestOf(quantity));
    takeText(stockCode);
    takeText(description);
    takeText(customerId);
    takeText(country);
    hash[0] = mixed(hash[0]!);
    hash[1] = mixed(hash[1]!);
    return hash;
  };
}

const nearestOf = ({ unscaled, scale }: Decimal): number => Number(unscaled) / (POWERS[scale] ?? 10 ** scale);
