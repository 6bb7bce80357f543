import { FingerprintTable, HIGH_PRIME, HIGH_SEED, hashed, LOW_PRIME, LOW_SEED, mixed } from "./fingerprints.js";
import type { InvoiceBlocks } from "./invoice_blocks.js";

/** Used for each line; see `fingerprints`. */
const { imul } = Math;

/** Of an invoice's stock codes, in most cases. */
const CODE_SLOTS = 64;

/**
 * Counts how often a stock code has come on its invoice: 1 for the first time, 2 for the second, and so on.
 *
 * In a file that is grouped by invoice, an invoice's own lines are all that is needed for it, and earlier ones are in the log. Once it is
 * not, each line would need its invoice's earlier ones: then the counts of all pairs of invoice and stock code are kept, 16 to 32 bytes each.
 *
 * Codes are kept as fingerprints of 64 bits. Should two share one, they share a count: a number is then left out for either, but none is
 * given twice.
 */
export class InvoiceLineNumbers {
  /** The fingerprint of the code that was counted last. */
  codeLow = 0;
  codeHigh = 0;
  private readonly blocks: InvoiceBlocks;
  private readonly ofBlock = new FingerprintTable(CODE_SLOTS);
  /** Of the invoice's blocks before, where these have many lines; null where they have few, which are then with those of the block. */
  private earlier: FingerprintTable | null = null;
  private ofAll: FingerprintTable | null = null;
  private invoiceLow = 0;
  private invoiceHigh = 0;

  constructor(blocks: InvoiceBlocks) {
    this.blocks = blocks;
  }

  /**
   * Goes on to a block of a number that is given as its fingerprint, before it is there.
   *
   * @param last the last block of that number, 0 for none
   * @param isGrouped whether the file is grouped by number so far
   */
  begin([low, high]: readonly [low: number, high: number], last: number, isGrouped: boolean): void {
    if (!isGrouped && last !== 0) this.ofAll ??= this.countAll();
    const isSame = last !== 0 && low === this.invoiceLow && high === this.invoiceHigh;
    this.invoiceLow = low;
    this.invoiceHigh = high;
    // What is counted of the number's last block are all of its lines, where these are few.
    if (this.ofAll !== null || (isSame && this.earlier === null)) return;
    this.ofBlock.clear();
    this.earlier = null;
    if (last === 0) return;
    const history = this.blocks.numberUpTo(last);
    this.earlier = history.codes();
    if (this.earlier === null)
      for (const { codeLow, codeHigh } of history.first) this.ofBlock.add(codeLow, codeHigh, 1);
  }

  /** The number of the next line with that stock code. */
  next(stockCode: string): number {
    this.codeLow = mixed(hashed(stockCode, LOW_SEED, LOW_PRIME));
    this.codeHigh = mixed(hashed(stockCode, HIGH_SEED, HIGH_PRIME));
    if (this.ofAll !== null) return this.addTo(this.ofAll, this.codeLow, this.codeHigh, 1);
    const before = this.earlier?.get(this.codeLow, this.codeHigh) ?? 0;
    return before + this.ofBlock.add(this.codeLow, this.codeHigh, 1);
  }

  private addTo(all: FingerprintTable, codeLow: number, codeHigh: number, lines: number): number {
    const low = mixed(imul(codeLow, LOW_PRIME) ^ this.invoiceLow);
    const high = mixed(imul(codeHigh, HIGH_PRIME) ^ this.invoiceHigh);
    return all.add(low, high, lines);
  }

  private countAll(): FingerprintTable {
    const all = new FingerprintTable();
    for (const [low, high, block] of this.blocks.numbers()) {
      this.invoiceLow = low;
      this.invoiceHigh = high;
      const history = this.blocks.numberUpTo(block);
      const codes = history.codes();
      if (codes === null) for (const { codeLow, codeHigh } of history.first) this.addTo(all, codeLow, codeHigh, 1);
      else for (const [codeLow, codeHigh, lines] of codes.entries()) this.addTo(all, codeLow, codeHigh, lines);
    }
    return all;
  }
}
