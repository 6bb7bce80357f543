const FIRST_LENGTH = 1 << 12;

/** What a line says, as a fingerprint, and its number. */
export interface LoggedLine {
  readonly key: string;
  readonly number: number;
}

/**
 * What a file's lines say, as fingerprints of 64 bits, and their numbers, in its order: 12 bytes a line. They are in blocks, which know
 * the block before them of the same invoice.
 */
export class LineLog {
  private low = new Uint32Array(FIRST_LENGTH);
  private high = new Uint32Array(FIRST_LENGTH);
  private numbers = new Uint32Array(FIRST_LENGTH);
  private lines = 0;
  /** By block, counted from 1: where it begins, and the number of the one before of its invoice, 0 for none. */
  private starts = new Uint32Array(FIRST_LENGTH);
  private befores = new Uint32Array(FIRST_LENGTH);
  private blocks = 0;

  /** Begins a block of an invoice whose block before was that one. @returns the block's number, from 1 */
  begin(before: number): number {
    const block = ++this.blocks;
    // The next one's start is the end of this one.
    if (block + 1 >= this.starts.length) {
      this.starts = doubled(this.starts);
      this.befores = doubled(this.befores);
    }
    this.starts[block] = this.lines;
    this.befores[block] = before;
    return block;
  }

  /** Adds a line to the last block. */
  add(low: number, high: number, number: number): void {
    const at = this.lines++;
    if (at >= this.low.length) {
      this.low = doubled(this.low);
      this.high = doubled(this.high);
      this.numbers = doubled(this.numbers);
    }
    this.low[at] = low;
    this.high[at] = high;
    this.numbers[at] = number;
    this.starts[this.blocks + 1] = this.lines;
  }

  /** As many blocks have begun. */
  count(): number {
    return this.blocks;
  }

  /** The lines of an invoice in one of its blocks and those before it, in the order of the file. */
  linesUpTo(block: number): LoggedLine[] {
    const blocks: number[] = [];
    for (let at = block; at !== 0; at = this.befores[at]!) blocks.push(at);
    const lines: LoggedLine[] = [];
    for (const each of blocks.reverse()) {
      for (let at = this.starts[each]!; at < this.starts[each + 1]!; at++) {
        lines.push({ key: LineLog.keyOf(this.low[at]!, this.high[at]!), number: this.numbers[at]! });
      }
    }
    return lines;
  }

  /** The numbers of some lines by what they say, in their order. */
  static byContent(lines: readonly LoggedLine[]): Map<string, number[]> {
    const numbers = new Map<string, number[]>();
    for (const { key, number } of lines) {
      const known = numbers.get(key);
      if (known) known.push(number);
      else numbers.set(key, [number]);
    }
    return numbers;
  }

  static keyOf(low: number, high: number): string {
    return `${low},${high}`;
  }
}

function doubled(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(2 * array.length);
  longer.set(array);
  return longer;
}
