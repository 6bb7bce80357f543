import { BlockChain } from "./block_chain.js";
import { FingerprintTable } from "./fingerprints.js";
import type { InvoiceHistory } from "./invoice_history.js";
import { NIGHT_MS } from "./invoices_of_number.js";
import type { LineLog } from "./line_log.js";

const FIRST_BLOCKS = 1 << 12;
/** Of a block: from when to when the lines of its invoice go so far, and those of its number. */
const MOMENTS = 4;
const [EARLIEST, LATEST, OLDEST, NEWEST] = [0, 1, 2, 3];
/** An invoice is looked for among so many of the last blocks of its number: half a year of numbers that begin again each day. */
const LOOKED_AT = 200;
/** All that a number has had is looked at where it has so few blocks, as equal lines of it are of one invoice. */
const FEW_BLOCKS = 16;

/**
 * Which blocks of a file's lines are of one number, and which of those of one invoice: less than a night lies between a block and some of the
 * others. So each day has its own where numbers begin again, and in whatever order they come: an overlap finds the invoice that it is of.
 *
 * In memory are 24 bytes a block, with moments to the minute or two, and 16 to 32 bytes a number.
 */
export class InvoiceBlocks {
  /** By number, given as its fingerprint. */
  private readonly lastOf = new FingerprintTable();
  private readonly ofNumber: BlockChain;
  private readonly ofInvoice: BlockChain;
  private moments = new Float32Array(MOMENTS * FIRST_BLOCKS);
  private block = 0;

  constructor(log: LineLog) {
    this.ofNumber = new BlockChain(log);
    this.ofInvoice = new BlockChain(log);
  }

  /** The last block of a number; 0 for none. */
  last(low: number, high: number): number {
    return this.lastOf.get(low, high);
  }

  /** Of the invoices of a number, of which the last block is given, the last block of the one that has lines around a moment; 0 for none. */
  around(last: number, at: number): number {
    if (this.lastNear(last, at) === 0) return 0;
    let left = LOOKED_AT;
    for (let block = last; block !== 0 && left > 0; block = this.ofNumber.before(block)) {
      if (this.isNear(block, at, EARLIEST, LATEST)) return block;
      left--;
    }
    return 0;
  }

  /** The last block of a number that is given, where a moment lies within all that the number has had; otherwise 0. */
  lastNear(last: number, at: number): number {
    return this.isNear(last, at, OLDEST, NEWEST) ? last : 0;
  }

  private isNear(block: number, at: number, from: number, to: number): boolean {
    if (block === 0) return false;
    const { moments } = this;
    const time = Math.fround(at);
    return time > moments[MOMENTS * block + from]! - NIGHT_MS && time < moments[MOMENTS * block + to]! + NIGHT_MS;
  }

  /** The last block of an invoice that was there before some block; 0 for none. */
  lastBefore(of: number, limit: number): number {
    let block = of;
    while (block >= limit) block = this.ofInvoice.before(block);
    return block;
  }

  /** Makes a block, which begins at a moment, the last of its number and of the invoice that had that block before, 0 for none. */
  add([low, high]: readonly [low: number, high: number], block: number, before: number, at: number): void {
    const last = this.lastOf.get(low, high);
    this.lastOf.add(low, high, block - last);
    this.ofNumber.add(block, last);
    this.ofInvoice.add(block, before);
    if (MOMENTS * block >= this.moments.length) {
      const longer = new Float32Array(2 * this.moments.length);
      longer.set(this.moments);
      this.moments = longer;
    }
    this.block = block;
    this.begin(EARLIEST, before, at);
    this.begin(OLDEST, last, at);
  }

  private begin(from: number, before: number, at: number): void {
    const { moments, block } = this;
    const [to, own, other] = [from + 1, MOMENTS * block, MOMENTS * before];
    moments[own + from] = before === 0 ? at : Math.min(at, moments[other + from]!);
    moments[own + to] = before === 0 ? at : Math.max(at, moments[other + to]!);
  }

  /** The block that was added last has a line of that moment. */
  reach(at: number): void {
    const { moments } = this;
    const own = MOMENTS * this.block;
    if (at < moments[own + EARLIEST]!) {
      moments[own + EARLIEST] = at;
      if (at < moments[own + OLDEST]!) moments[own + OLDEST] = at;
    } else if (at > moments[own + LATEST]!) {
      moments[own + LATEST] = at;
      if (at > moments[own + NEWEST]!) moments[own + NEWEST] = at;
    }
  }

  /** All numbers and their last blocks, in no order. */
  numbers(): Generator<readonly [low: number, high: number, block: number]> {
    return this.lastOf.entries();
  }

  /** What a number has had up to one of its blocks, which has ended. */
  numberUpTo(block: number): InvoiceHistory {
    return this.ofNumber.upTo(block);
  }

  /**
   * What an invoice has had before some block, in which equal lines are looked for.
   *
   * @param last the last block of its number
   * @param known its own last one before
   */
  earlierOf(last: number, known: number, limit: number): InvoiceHistory {
    let block = last;
    while (block >= limit) block = this.ofNumber.before(block);
    let left = FEW_BLOCKS;
    for (let each = block; each !== 0 && left >= 0; each = this.ofNumber.before(each)) left--;
    return left >= 0 ? this.ofNumber.upTo(block) : this.invoiceUpTo(known);
  }

  /** What an invoice has had up to one of its blocks, which has ended. */
  invoiceUpTo(block: number): InvoiceHistory {
    const { moments } = this;
    const own = MOMENTS * block;
    const isOnlyOne =
      moments[own + EARLIEST] === moments[own + OLDEST] && moments[own + LATEST] === moments[own + NEWEST];
    return (isOnlyOne ? this.ofNumber : this.ofInvoice).upTo(block);
  }
}
