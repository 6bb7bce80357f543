import { ArgumentError, type Decimal } from "@keyspaces-segmentation/common";
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

/** How values of a CQL type are written. */
interface CellFormat<T> {
  /** As many bytes at most. */
  most(value: T): number;
  /** Writes them from a place on, and returns where they end. */
  write(value: T, slab: Buffer, at: number): number;
}

/** By the CQL type of a column. */
const cellFormats: Readonly<Record<string, CellFormat<never>>> = {
  text: { most: mostOfText, write: writeText },
  int: { most: () => 4, write: writeWholeInt },
  timestamp: { most: () => 8, write: writeTimestamp },
  decimal: { most: ({ unscaled }: Decimal) => 4 + bytesOf(unscaled), write: writeDecimal },
};

/**
 * Encodes the values of rows, in the order of a table's columns, one row behind the other in slabs.
 *
 * @throws ArgumentError for a column of another type than text, int, timestamp or decimal
 * @see https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec, sections 4.1.7 and 6
 */
export function rowEncoder(table: TableDefinition): (values: readonly CellValue[]) => EncodedRow {
  const formats = Object.entries(table.columns).map(([column, type]) => {
    const format = cellFormats[type];
    if (format === undefined) throw new ArgumentError(column, "a text, int, timestamp or decimal", type);
    return format as CellFormat<CellValue>;
  });
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  let free = 0;
  return (values) => {
    let most = LENGTH_BYTES * formats.length;
    for (let i = 0; i < formats.length; i++) {
      const value = values[i];
      if (value !== null && value !== undefined) most += formats[i]!.most(value);
    }
    if (free + most > slab.length) {
      slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, most));
      free = 0;
    }
    const start = free;
    let at = start;
    for (let i = 0; i < formats.length; i++) {
      const value = values[i];
      const from = at + LENGTH_BYTES;
      const isUnset = value === null || value === undefined;
      const end = isUnset ? from : formats[i]!.write(value, slab, from);
      writeInt(isUnset ? UNSET : end - from, slab, at);
      at = end;
    }
    free = at;
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

/** Longer texts are measured and written by native code; for a few characters a call into it takes longer than a loop. */
const SHORT_TEXT = 100;

function mostOfText(text: string): number {
  return text.length <= SHORT_TEXT ? 3 * text.length : Buffer.byteLength(text);
}

function writeText(text: string, slab: Buffer, at: number): number {
  if (text.length > SHORT_TEXT) return at + slab.write(text, at);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return at + slab.write(text, at);
    slab[at + i] = code;
  }
  return at + text.length;
}

/** @throws RangeError for a number that is none of 32 bits */
function writeWholeInt(value: number, slab: Buffer, at: number): number {
  if (value !== (value | 0)) throw new RangeError(`Expected a whole number of 32 bits, got ${value}`);
  return writeInt(value, slab, at);
}

function writeInt(value: number, slab: Buffer, at: number): number {
  slab[at] = value >>> 24;
  slab[at + 1] = value >>> 16;
  slab[at + 2] = value >>> 8;
  slab[at + 3] = value;
  return at + 4;
}

function writeTimestamp(moment: Date, slab: Buffer, at: number): number {
  const time = moment.getTime();
  if (Number.isNaN(time)) throw new RangeError("Expected a date, got an invalid one");
  return writeInt(time >>> 0, slab, writeInt(Math.floor(time / 2 ** 32), slab, at));
}

/** How many bytes a whole number takes in two's complement. */
function bytesOf(unscaled: bigint): number {
  const number = Number(unscaled);
  if (number >= -0x80 && number < 0x80) return 1;
  if (number >= -0x8000 && number < 0x8000) return 2;
  let bytes = 3;
  while (BigInt.asIntN(8 * bytes, unscaled) !== unscaled) bytes++;
  return bytes;
}

/** The scale, and the unscaled value in as few bytes as hold it and its sign. */
function writeDecimal({ unscaled, scale }: Decimal, slab: Buffer, at: number): number {
  const from = writeWholeInt(scale, slab, at);
  const end = from + bytesOf(unscaled);
  if (end - from <= 2) {
    const number = Number(unscaled);
    if (end - from === 2) slab[from] = number >> 8;
    slab[end - 1] = number;
    return end;
  }
  let rest = unscaled;
  for (let place = end - 1; place >= from; place--) {
    slab[place] = Number(BigInt.asUintN(8, rest));
    rest >>= 8n;
  }
  return end;
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
