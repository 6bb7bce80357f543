import type { LoggedLine } from "./invoice_history.js";

/** Where bytes are put aside that are not to stay in memory, one piece behind the other. */
export interface Aside {
  /** Puts bytes behind those that are there; they may be changed afterwards. */
  append(bytes: Uint8Array): void;
  /** Fills `into` with the bytes from `at` on. */
  read(at: number, into: Uint8Array): void;
}

/** Of a line: stock code and content, 64 bits each, and the number. */
const WORDS = 5;
const WORD_BYTES = 4;
/** As many lines are in memory; others are put aside. */
const NEAR_LINES = 1 << 14;
const FIRST_BLOCKS = 1 << 12;

/**
 * What a file's lines say, as fingerprints, and their numbers, in its order and in blocks. In memory are 4 bytes a block; 20 bytes a line
 * are put aside, or stay in memory where there is no such place.
 */
export class LineLog {
  private readonly aside: Aside | null;
  /** The last lines, and how many are put aside before them. */
  private near: Uint32Array = new Uint32Array(WORDS * NEAR_LINES);
  private far = 0;
  private lines = 0;
  /** By block, counted from 1: where it begins. */
  private starts: Uint32Array = new Uint32Array(FIRST_BLOCKS);
  private blocks = 0;

  constructor(aside: Aside | null = null) {
    this.aside = aside;
  }

  /** Begins a block. @returns its number, from 1 */
  begin(): number {
    const block = ++this.blocks;
    // The next one's start is the end of this one.
    if (block + 1 >= this.starts.length) this.starts = doubled(this.starts);
    this.starts[block] = this.lines;
    this.starts[block + 1] = this.lines;
    return block;
  }

  /** Adds a line to the last block. */
  add(codeLow: number, codeHigh: number, low: number, high: number, number: number): void {
    let at = WORDS * (this.lines - this.far);
    if (at === this.near.length) {
      if (this.aside === null) this.near = doubled(this.near);
      else {
        this.aside.append(new Uint8Array(this.near.buffer));
        this.far = this.lines;
        at = 0;
      }
    }
    this.near[at] = codeLow;
    this.near[at + 1] = codeHigh;
    this.near[at + 2] = low;
    this.near[at + 3] = high;
    this.near[at + 4] = number;
    this.lines++;
    this.starts[this.blocks + 1] = this.lines;
  }

  /** How many lines there are. */
  size(): number {
    return this.lines;
  }

  /** As many blocks have begun. */
  count(): number {
    return this.blocks;
  }

  /** The lines of a block. */
  linesOf(block: number): LoggedLine[] {
    const words = this.wordsOf(this.starts[block]!, this.starts[block + 1]!);
    const lines: LoggedLine[] = [];
    for (let at = 0; at < words.length; at += WORDS) {
      const key = LineLog.keyOf(words[at + 2]!, words[at + 3]!);
      lines.push({ key, codeLow: words[at]!, codeHigh: words[at + 1]!, number: words[at + 4]! });
    }
    return lines;
  }

  private wordsOf(from: number, to: number): Uint32Array {
    const nearFrom = Math.max(from, this.far);
    const near = this.near.subarray(WORDS * (nearFrom - this.far), WORDS * Math.max(0, to - this.far));
    if (nearFrom === from || from === to) return near;
    const words = new Uint32Array(WORDS * (to - from));
    const farWords = WORDS * (Math.min(to, this.far) - from);
    this.aside!.read(WORDS * WORD_BYTES * from, new Uint8Array(words.buffer, 0, WORD_BYTES * farWords));
    words.set(near, farWords);
    return words;
  }

  static keyOf(low: number, high: number): string {
    return `${low},${high}`;
  }
}

/** The same values, and room for as many again. */
export function doubled(array: Uint32Array): Uint32Array {
  const longer = new Uint32Array(2 * array.length);
  longer.set(array);
  return longer;
}
