import type { types } from "cassandra-driver";
import { Parser } from "./internals.js";

/**
 * The rows of one page, as the bytes that came over the wire: per cell its length (4 bytes, negative for null) and its value.
 *
 * The driver makes an object of every row and a value of every cell, and sends each row through two streams. For a scan that only adds
 * numbers up, this takes six times as much processor time as all the rest. So a SELECT whose first column goes by the
 * name {@link packedAlias} is answered with the bytes instead.
 */
export class PackedRows {
  length: number;
  bytes: Buffer;
  /** Where in `bytes` the first row starts. */
  readonly start: number;

  constructor(length: number, bytes: Buffer, start: number) {
    this.length = length;
    this.bytes = bytes;
    this.start = start;
  }

  /**
   * Lets go of the bytes once they are read: some of what the driver makes for an answer is in the old generation of memory from the start,
   * and would keep them until that is collected.
   */
  release(): void {
    this.length = 0;
    this.bytes = NO_BYTES;
  }
}

const NO_BYTES = Buffer.alloc(0);

/** The alias that asks for packed rows: `SELECT invoice AS rows_as_bytes, …`. */
export const packedAlias = "rows_as_bytes";

const unpacked = Parser.prototype.parseRows;

/** Touches only results that ask for it. */
Parser.prototype.parseRows = function (frame, reader) {
  if (frame.byRow || frame.meta.columns[0]?.name !== packedAlias) return unpacked.call(this, frame, reader);
  const length = reader.readInt();
  // As the driver itself answers when there are no rows: the result in one piece.
  const rows = new PackedRows(length, reader.buf, reader.offset);
  this.push({ header: frame.header, result: { rows, meta: frame.meta, flags: frame.flagsInfo } });
};

/** The rows of a SELECT that asked for them with {@link packedAlias}. */
export function packedRowsOf({ rows }: Pick<types.ResultSet, "rows">): PackedRows {
  const found: unknown = rows;
  if (found instanceof PackedRows) return found;
  throw new TypeError("the driver did not leave the rows packed; is there a second copy of cassandra-driver?");
}

/** Walks over packed rows. Reads where the cells are; what they hold is for the readers of `cell_decoding`. */
export class RowCursor {
  readonly bytes: Buffer;
  /** Per column, where in `bytes` the current row's value starts, and how long it is; −1 for null. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  private at: number;
  private left: number;

  constructor({ length, bytes, start }: Pick<PackedRows, "length" | "bytes" | "start">, columns: number) {
    this.bytes = bytes;
    this.starts = new Int32Array(columns);
    this.lengths = new Int32Array(columns);
    this.at = start;
    this.left = length;
  }

  /** Goes to the next row, at first to the first one; false when there is none. */
  next(): boolean {
    if (this.left === 0) return false;
    this.left--;
    const { bytes, starts, lengths } = this;
    let { at } = this;
    for (let column = 0; column < starts.length; column++) {
      const length = bytes.readInt32BE(at);
      starts[column] = at + 4;
      lengths[column] = Math.max(length, -1);
      at += 4 + Math.max(length, 0);
    }
    if (at > bytes.length) throw new RangeError("a row goes on behind the end of its page");
    this.at = at;
    return true;
  }

  /** Whether the value of the current row consists of these bytes. Keys that follow each other differ in their last bytes. */
  holds(column: number, value: Uint8Array): boolean {
    const length = this.lengths[column] as number;
    if (length !== value.length) return false;
    const start = this.starts[column] as number;
    for (let i = length - 1; i >= 0; i--) if (this.bytes[start + i] !== value[i]) return false;
    return true;
  }

  /** The bytes of a value of the current row, copied; not to be kept for long: copies share memory. */
  copyOf(column: number): Buffer {
    const start = this.starts[column] as number;
    return Buffer.from(this.bytes.subarray(start, start + Math.max(0, this.lengths[column] as number)));
  }
}
