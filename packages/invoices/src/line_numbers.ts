import { DAY_MS } from "./days.js";
import { fingerprintOf } from "./fingerprints.js";
import { InvoiceBlocks } from "./invoice_blocks.js";
import { ENOUGH_LINES, type InvoiceHistory } from "./invoice_history.js";
import { InvoiceLineNumbers } from "./invoice_line_numbers.js";
import { NIGHT_MS } from "./invoices_of_number.js";
import { contentHasher } from "./line_content.js";
import { type Aside, LineLog } from "./line_log.js";
import type { InvoiceLine } from "./parse.js";

/** An invoice line that is to get its number. */
export type UnnumberedLine = Omit<InvoiceLine, "line"> & { line: number };

/** Numbers the lines of a file, one after the other. */
export interface LineNumbering {
  /**
   * Gives a line its number, or keeps it until those behind it tell what it is.
   *
   * @param repeats gets the lines that the file had before, by their line of the file: which of the equal lines of its invoice each is
   *   again, from 1; the line itself, or earlier ones that have waited
   */
  add(line: UnnumberedLine, lineNumber: number, repeats: Map<number, number>): void;
  /** The last lines that have no number yet. */
  waiting(): number;
  /** Behind the last line: gives those that wait their numbers. */
  end(repeats: Map<number, number>): void;
}

/** So many invoices between two places of one are no tills that write side by side. */
const FAR = 20;

/** In a file that is grouped by invoice, one in so many blocks may be of an invoice that is not done. */
const SCATTERED = 20;

/** So many invoices in a row that come again, each with all its lines and these alike, are more than the tills of a shop. */
const RUN = 5;

type Fingerprint = readonly [low: number, high: number];

/** A block of lines that may be an earlier one once more, as long as that is not known. */
interface WaitingBlock {
  readonly number: Fingerprint;
  readonly at: number;
  /** The block of its invoice before it. */
  readonly before: number;
  readonly earlier: InvoiceHistory;
  readonly lines: { readonly line: UnnumberedLine; readonly lineNumber: number; low: number; high: number }[];
}

/**
 * Numbers the lines of a file in its order, and knows again what is in it twice.
 *
 * Equal lines of an invoice are lines of their own where they lie together, as in the walkthrough's data. But where an invoice comes
 * again far from its first place, as when two exports that overlap were joined, its lines that equal earlier ones, the n-th of some
 * equal lines being the n-th of those, are the same lines: they get the same number and so are one row. Other lines of it go in beside.
 * That is what two loads of the two exports come to as well; see `createLineMatcher`.
 *
 * The lines of an invoice come in blocks, lines that follow each other; a number may name several, 6 hours apart or more. A block counts as
 * come again if
 * - the file has gone back by a day or more since the invoice was last there, or 20 other blocks lie between: tills that write side
 *   by side take turns within minutes; or it begins with all earlier lines of its invoice in their order, and either these are not all
 *   alike, or five invoices that followed each other come again like that: tills that take turns do not write the same twice; and
 * - the file is grouped by invoice so far: at most one block in 20 was of an invoice that had been there before and brought nothing that
 *   was equal. A file in order of products, or in none, says nothing by two equal lines of one invoice that are far apart.
 *
 * Memory: 45 to 60 bytes an invoice; of a file that is not grouped by number, 25 to 50 bytes a line.
 *
 * @param aside where 20 bytes a line are put of a file that is longer than some 16,000 lines; without it, they are in memory
 */
export function lineNumbering(aside: Aside | null = null): LineNumbering {
  const log = new LineLog(aside);
  const blocks = new InvoiceBlocks(log);
  const numbers = new InvoiceLineNumbers(blocks);
  const contentOf = contentHasher();

  let invoice: string | undefined;
  let fingerprint: Fingerprint = [0, 0];
  /** The first of the blocks that have had that number since there was another. */
  let firstOfRun = 0;
  let time = Number.NaN;
  let lastReturn = 0;
  /** Numbers that came with a new invoice, those of them that had had one, and blocks of invoices that had been there without a line that was equal. */
  let [fresh, reused, scattered] = [0, 0, 0];
  const isGrouped = (): boolean => scattered * SCATTERED <= fresh;
  const isGroupedByNumber = (): boolean => (scattered + reused) * SCATTERED <= fresh - reused;
  /** The numbers of the invoice's earlier lines by their content, where the block is one that has come again. */
  let earlier: ReadonlyMap<string, readonly number[]> | null = null;
  let hasEqual = false;
  const seen = new Map<string, number>();
  /** The block under way, and whole ones before it that stood together, of which is not known whether they have come again. */
  let waiting: WaitingBlock | null = null;
  let prior: WaitingBlock[] = [];
  /** Where the last block that came again near its first place was before. */
  let lastAgain = Number.NaN;

  /** The last block of an invoice, by the last one of its number; of the number alone where the file does not tell invoices apart. */
  const blockAround = (last: number, at: number): number =>
    isGrouped() ? blocks.around(last, at) : blocks.lastNear(last, at);
  const begin = (of: Fingerprint, at: number): void => {
    // Blocks that waited together may be of one invoice, so not as it was when they began.
    const last = blocks.last(...of);
    numbers.begin(of, last, isGroupedByNumber());
    blocks.add(of, log.begin(), blockAround(last, at), at);
  };
  const takeFresh = (line: UnnumberedLine, low: number, high: number): void => {
    blocks.reach(line.invoiceDate.getTime());
    line.line = numbers.next(line.stockCode);
    log.add(numbers.codeLow, numbers.codeHigh, low, high, line.line);
  };
  /** Whether the line is an earlier one of its invoice. */
  const takeAgain = (
    line: UnnumberedLine,
    lineNumber: number,
    content: string,
    repeats: Map<number, number>,
  ): boolean => {
    const which = (seen.get(content) ?? 0) + 1;
    seen.set(content, which);
    const number = earlier!.get(content)?.[which - 1];
    if (number === undefined) return false;
    hasEqual = true;
    line.line = number;
    repeats.set(lineNumber, which);
    return true;
  };
  const settleFresh = ({ number: of, at, lines }: WaitingBlock): void => {
    begin(of, at);
    scattered++;
    earlier = null;
    for (const { line, low, high } of lines) takeFresh(line, low, high);
  };
  const settleAgain = (block: WaitingBlock, repeats: Map<number, number>): void => {
    begin(block.number, block.at);
    lastAgain = block.before;
    earlier = block.earlier.numbers();
    seen.clear();
    for (const { line, lineNumber, low, high } of block.lines) {
      takeAgain(line, lineNumber, LineLog.keyOf(low, high), repeats);
    }
  };
  const settlePrior = (repeats: Map<number, number> | null): void => {
    for (const block of prior) {
      if (repeats === null) settleFresh(block);
      else settleAgain(block, repeats);
    }
    prior = [];
  };
  const followsPrior = (block: WaitingBlock): boolean => prior.at(-1)?.before === block.before - 1;
  /** The block under way has ended; it has waited, so what it has are earlier lines in their order. */
  const endWaiting = (repeats: Map<number, number>): void => {
    const block = waiting!;
    waiting = null;
    const isWhole = block.lines.length === block.earlier.lines;
    if (!isWhole || !followsPrior(block)) settlePrior(null);
    if (!isWhole) settleFresh(block);
    else if (block.before === lastAgain + 1) settleAgain(block, repeats);
    else prior.push(block);
    if (prior.length === RUN) settlePrior(repeats);
  };

  const beginBlock = (of: string, at: number, repeats: Map<number, number>): void => {
    if (waiting !== null) endWaiting(repeats);
    else if (earlier !== null && !hasEqual) scattered++;
    const block = log.count() + prior.length + 1;
    const isOtherNumber = of !== invoice;
    if (isOtherNumber) {
      invoice = of;
      fingerprint = fingerprintOf(of);
      firstOfRun = block;
      if (seen.size > 0) seen.clear();
    }
    const last = blocks.last(...fingerprint);
    const before = blockAround(last, at);
    const isOfRun = before >= firstOfRun;
    // The lines of one invoice may go back.
    if (at <= time - DAY_MS && (isOtherNumber || (before !== 0 && !isOfRun))) lastReturn = block;
    earlier = null;
    hasEqual = isOfRun;
    const mayComeAgain = isGrouped();
    const isFar = isOfRun || before < lastReturn || block - before > FAR;
    if (before !== 0 && mayComeAgain && !isFar) {
      waiting = { number: fingerprint, at, before, earlier: blocks.invoiceUpTo(before), lines: [] };
      return;
    }
    settlePrior(null);
    begin(fingerprint, at);
    if (isOtherNumber && before === 0) {
      fresh++;
      if (last !== 0) reused++;
    }
    const known = blocks.lastBefore(before, firstOfRun);
    if (known === 0) return;
    if (mayComeAgain) earlier = blocks.earlierOf(last, known, firstOfRun).numbers();
    else if (!isOfRun) scattered++;
  };

  const keep = (
    { lines, earlier: before }: WaitingBlock,
    next: WaitingBlock["lines"][number],
    repeats: Map<number, number>,
  ): void => {
    const block = waiting!;
    const isSame = before.keyOf(lines.length) === LineLog.keyOf(next.low, next.high);
    lines.push(next);
    if (!isSame) {
      waiting = null;
      settlePrior(null);
      settleFresh(block);
    } else if (before.isVaried && lines.length === Math.min(ENOUGH_LINES, before.lines)) {
      waiting = null;
      settlePrior(followsPrior(block) ? repeats : null);
      settleAgain(block, repeats);
    }
  };

  return {
    add(line, lineNumber, repeats) {
      const at = line.invoiceDate.getTime();
      // The next invoice may have the same number.
      if (line.invoice !== invoice || Math.abs(at - time) >= NIGHT_MS) beginBlock(line.invoice, at, repeats);
      time = at;
      const hash = contentOf(line);
      const [low, high] = [hash[0]!, hash[1]!];
      if (waiting !== null) keep(waiting, { line, lineNumber, low, high }, repeats);
      else if (earlier === null || !takeAgain(line, lineNumber, LineLog.keyOf(low, high), repeats)) {
        takeFresh(line, low, high);
      }
    },
    waiting: () => prior.reduce((lines, block) => lines + block.lines.length, waiting?.lines.length ?? 0),
    end(repeats) {
      if (waiting !== null) endWaiting(repeats);
      settlePrior(null);
      invoice = undefined;
    },
  };
}
