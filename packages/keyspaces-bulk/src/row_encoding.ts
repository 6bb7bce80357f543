import { ArgumentError, type Decimal, Recurring } from "@keyspaces-segmentation/common";
import { keyOf, type TableDefinition } from "./statements.js";

/** A value as the column's type has it: text, int, timestamp or decimal. Null leaves the column unset. */
export type CellValue = string | number | Date | Decimal | null;

/** A table, and how what is read from a file becomes a row of it. */
export interface RowTable<Line> extends TableDefinition {
  /** The values of a row, in the order of the columns. */
  values(line: Line): readonly CellValue[];
}

/** The values of a row as the protocol writes them, each with its length before it: bytes of a slab that rows share. */
export interface EncodedRow {
  readonly slab: Buffer;
  readonly start: number;
  readonly end: number;
}

/** By a constructor, as `BatchRow` is. */
class RowOfSlab implements EncodedRow {
  readonly slab: Buffer;
  readonly start: number;
  readonly end: number;

  constructor(slab: Buffer, start: number, end: number) {
    this.slab = slab;
    this.start = start;
    this.end = end;
  }
}

/** The length of a value that is left unset, which costs nothing, where null would write a tombstone. */
const UNSET = -2;
const LENGTH_BYTES = 4;
/** A row that is under way for long keeps its slab. */
const SLAB_BYTES = 4 * 1024;

/** By the CQL type of a column. */
const cellEncoders: Readonly<Record<string, (value: never) => Buffer>> = {
  text: textCell,
  int: intCell,
  timestamp: timestampCell,
  decimal: decimalCell,
};

/**
 * Encodes the values of rows, in the order of a table's columns. A value that comes again, as most do, is encoded once: a date or
 * decimal that is the same object, a text or number that is equal.
 *
 * @throws ArgumentError for a column of another type than text, int, timestamp or decimal
 * @see https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec, sections 4.1.7 and 6
 */
export function rowEncoder(table: TableDefinition): (values: readonly CellValue[]) => EncodedRow {
  const { columns: key, partition } = keyOf(table);
  const encoders = Object.entries(table.columns).map(([column, type]) => {
    const encode = cellEncoders[type] as ((value: unknown) => Buffer) | undefined;
    if (encode === undefined) throw new ArgumentError(column, "a text, int, timestamp or decimal", type);
    // The rows of a partition follow each other, and those of a moment, which seldom comes again later.
    const isInOrder = type === "timestamp" || key.slice(0, partition).includes(column);
    return isInOrder ? lastRemembered(encode) : remembered(encode);
  });
  const write = rowWriter();
  const cells: (Buffer | undefined)[] = encoders.map(() => undefined);
  return (values) => {
    for (let i = 0; i < cells.length; i++) {
      const value = values[i];
      cells[i] = value === null || value === undefined ? undefined : encoders[i]!(value);
    }
    return write(cells);
  };
}

/** Puts the values of rows into slabs, one row behind the other. */
function rowWriter(): (cells: readonly (Buffer | undefined)[]) => EncodedRow {
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  let at = 0;
  return (cells) => {
    let length = LENGTH_BYTES * cells.length;
    for (const cell of cells) if (cell !== undefined) length += cell.length;
    if (at + length > slab.length) {
      slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length));
      at = 0;
    }
    const start = at;
    for (const cell of cells) {
      if (cell === undefined) at = slab.writeInt32BE(UNSET, at);
      else {
        at = slab.writeInt32BE(cell.length, at);
        at = copyBytes(cell, 0, cell.length, slab, at);
      }
    }
    return new RowOfSlab(slab, start, at);
  };
}

/** Copies a row's bytes into another buffer and returns where they end there. */
export function copyRow({ slab, start, end }: EncodedRow, target: Buffer, at: number): number {
  return copyBytes(slab, start, end, target, at);
}

/** For a few bytes a loop is faster than a call into native code. */
function copyBytes(source: Buffer, start: number, end: number, target: Buffer, at: number): number {
  if (end - start > 200) return at + source.copy(target, at, start, end);
  for (let i = start; i < end; i++) target[at++] = source[i]!;
  return at;
}

function lastRemembered<T>(encode: (value: T) => Buffer): (value: T) => Buffer {
  let last: T | undefined;
  let lastCell: Buffer | undefined;
  return (value) => {
    if (value === last && lastCell !== undefined) return lastCell;
    lastCell = encode(value);
    last = value;
    return lastCell;
  };
}

function remembered<T>(encode: (value: T) => Buffer): (value: T) => Buffer {
  const known = new Recurring<T, Buffer>();
  return lastRemembered((value) => {
    let cell = known.get(value);
    if (cell === undefined) {
      cell = encode(value);
      if (known.hasRoom()) known.set(value, cell);
    }
    return cell;
  });
}

/** Of its own: one cut from Node's pool would keep 8 KiB of it as long as it is remembered. */
function textCell(text: string): Buffer {
  const cell = Buffer.alloc(Buffer.byteLength(text));
  cell.write(text);
  return cell;
}

function intCell(value: number): Buffer {
  const cell = Buffer.alloc(4);
  cell.writeInt32BE(value);
  return cell;
}

function timestampCell(moment: Date): Buffer {
  const cell = Buffer.allocUnsafe(8);
  cell.writeBigInt64BE(BigInt(moment.getTime()));
  return cell;
}

/** The scale, and the unscaled value in two's complement with as few bytes as hold it and its sign. */
function decimalCell({ unscaled, scale }: Decimal): Buffer {
  let bytes = 1;
  while (BigInt.asIntN(8 * bytes, unscaled) !== unscaled) bytes++;
  const cell = Buffer.alloc(4 + bytes);
  cell.writeInt32BE(scale);
  let rest = unscaled;
  for (let at = cell.length - 1; at >= 4; at--) {
    cell[at] = Number(BigInt.asUintN(8, rest));
    rest >>= 8n;
  }
  return cell;
}

/** A value of a key, as JSON and the driver take it; a timestamp in milliseconds. */
export type KeyValue = string | number;

const keyReaders: Readonly<Record<string, (cell: Buffer) => KeyValue>> = {
  text: String,
  int: (cell) => cell.readInt32BE(),
  timestamp: (cell) => Number(cell.readBigInt64BE()),
};

/**
 * Reads back the primary key of an encoded row.
 *
 * @throws ArgumentError for a key column of another type than text, int or timestamp
 */
export function keyReader(table: TableDefinition): (row: EncodedRow) => KeyValue[] {
  const columns = Object.keys(table.columns);
  const key = keyOf(table).columns.map((column) => {
    const read = keyReaders[table.columns[column] ?? ""];
    if (read === undefined) throw new ArgumentError(column, "a text, int or timestamp", table.columns[column]);
    return { at: columns.indexOf(column), read };
  });
  return ({ slab, start, end }) => {
    const cells: Buffer[] = [];
    for (let at = start; at < end; ) {
      const length = Math.max(0, slab.readInt32BE(at));
      at += LENGTH_BYTES + length;
      cells.push(slab.subarray(at - length, at));
    }
    return key.map(({ at, read }) => read(cells[at]!));
  };
}
