import { ENOUGH_LINES, InvoiceHistory } from "./invoice_history.js";
import { doubled, type LineLog } from "./line_log.js";

const FIRST_BLOCKS = 1 << 12;
/** Lines of invoices that have come again whose histories are kept: as many, and of long ones this share of all, as they cost most to make. */
const KNOWN_LINES = 20_000;
const KNOWN_SHARE = 1 / 16;

/** Which block of a file's lines each one goes on from, and what they have had so far. In memory are 4 bytes a block. */
export class BlockChain {
  private readonly log: LineLog;
  /** By block, counted from 1, 0 for none. */
  private befores: Uint32Array = new Uint32Array(FIRST_BLOCKS);
  private readonly known = new KnownHistories();
  private readonly knownLong = new KnownHistories();

  constructor(log: LineLog) {
    this.log = log;
  }

  /** The block that one goes on from; 0 for none. */
  before(block: number): number {
    return this.befores[block]!;
  }

  add(block: number, before: number): void {
    if (block >= this.befores.length) this.befores = doubled(this.befores);
    this.befores[block] = before;
  }

  /** What was had in a block, which has ended, and those that it goes on from. It grows with the next block that is asked for. */
  upTo(block: number): InvoiceHistory {
    const blocks: number[] = [];
    let at = block;
    let known: InvoiceHistory | undefined;
    for (; at !== 0; at = this.befores[at]!) {
      known = this.known.get(at) ?? this.knownLong.get(at);
      if (known !== undefined) break;
      blocks.push(at);
    }
    const history = known ?? new InvoiceHistory();
    if (blocks.length === 0) return history;
    this.known.forget(at);
    this.knownLong.forget(at);
    for (const each of blocks.reverse()) for (const line of this.log.linesOf(each)) history.add(line);
    if (history.lines <= ENOUGH_LINES) this.known.keep(block, history, KNOWN_LINES);
    else this.knownLong.keep(block, history, Math.max(KNOWN_LINES, KNOWN_SHARE * this.log.size()));
    return history;
  }
}

/** Histories that were asked for, by the block up to which they reach; the one asked for last at the end. */
class KnownHistories {
  readonly #histories = new Map<number, InvoiceHistory>();
  #lines = 0;

  get(block: number): InvoiceHistory | undefined {
    return this.#histories.get(block);
  }

  /** Keeps one, and forgets the oldest where there are more lines. */
  keep(block: number, history: InvoiceHistory, most: number): void {
    this.#histories.set(block, history);
    this.#lines += history.lines;
    for (const oldest of this.#histories.keys()) {
      // What was asked for last stays, however long: the next block of its invoice asks for it again.
      if (this.#lines <= most || oldest === block) break;
      this.forget(oldest);
    }
  }

  forget(block: number): void {
    this.#lines -= this.#histories.get(block)?.lines ?? 0;
    this.#histories.delete(block);
  }
}
