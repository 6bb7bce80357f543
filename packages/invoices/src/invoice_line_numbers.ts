import { BlockChains } from "./block_chains.js";
import { FingerprintTable, HIGH_PRIME, HIGH_SEED, hashed, LOW_PRIME, LOW_SEED, mixed } from "./fingerprints.js";
import type { LineLog } from "./line_log.js";

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
  /** By number. */
  private readonly chains: BlockChains;
  private readonly ofBlock = new FingerprintTable(CODE_SLOTS);
  /** Of the invoice's blocks before, where these have many lines; null where they have few, which are then with those of the block. */
  private earlier: FingerprintTable | null = null;
  private ofAll: FingerprintTable | null = null;
  private invoiceLow = 0;
  private invoiceHigh = 0;

  constructor(log: LineLog) {
    this.chains = new BlockChains(log);
  }

  /**
   * Goes on to the log's last block, of a number that is given as its fingerprint, before there is a line in it.
   *
   * @param isGrouped whether the file is grouped by number so far
   * @returns whether there was one of that number before
   */
  begin(low: number, high: number, block: number, isGrouped: boolean): boolean {
    const before = this.chains.last(low, high);
    if (!isGrouped && before !== 0) this.ofAll ??= this.countAll();
    this.chains.add(low, high, block);
    this.invoiceLow = low;
    this.invoiceHigh = high;
    if (this.ofAll !== null) return before !== 0;
    this.ofBlock.clear();
    this.earlier = null;
    if (before === 0) return false;
    const history = this.chains.upTo(before);
    this.earlier = history.codes();
    if (this.earlier === null)
      for (const { codeLow, codeHigh } of history.first) this.ofBlock.add(codeLow, codeHigh, 1);
    return true;
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
    for (const [low, high, block] of this.chains.entries()) {
      this.invoiceLow = low;
      this.invoiceHigh = high;
      const history = this.chains.upTo(block);
      const codes = history.codes();
      if (codes === null) for (const { codeLow, codeHigh } of history.first) this.addTo(all, codeLow, codeHigh, 1);
      else for (const [codeLow, codeHigh, lines] of codes.entries()) this.addTo(all, codeLow, codeHigh, lines);
    }
    return all;
  }
}
