import type { Decimal } from "@keyspaces-segmentation/common";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices";

/** The values of a row as the protocol writes them, each with its length before it: bytes of a slab that rows share. */
export interface EncodedRow {
  readonly slab: Buffer;
  readonly start: number;
  readonly end: number;
}

/** The length of a value that is left unset, which costs nothing, where null would write a tombstone. */
const UNSET = -2;
const LENGTH_BYTES = 4;
const SLAB_BYTES = 64 * 1024;

/** As many distinct values of a column are kept; a shop has few thousand articles and prices. */
const REMEMBERED = 20_000;

/**
 * Encodes invoice lines as rows of the table `online_retail`, in the order of its columns. A value that comes again, as most do, is
 * encoded once.
 *
 * @see https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec, sections 4.1.7 and 6
 */
export function lineEncoder(): (line: InvoiceLine) => EncodedRow {
  const invoice = remembered(textCell, 1);
  const stockCode = remembered(textCell);
  const description = remembered(textCell);
  const customerId = remembered(textCell);
  const country = remembered(textCell);
  const count = remembered(intCell);
  // The parser gives equal prices and dates as the same object.
  const price = remembered(decimalCell);
  const invoiceDate = remembered(timestampCell);
  const write = rowWriter();
  return (line) =>
    write([
      invoice(line.invoice),
      stockCode(line.stockCode),
      count(line.line),
      line.description === null ? undefined : description(line.description),
      count(line.quantity),
      invoiceDate(line.invoiceDate),
      price(line.price),
      line.customerId === null ? undefined : customerId(line.customerId),
      line.country === null ? undefined : country(line.country),
    ]);
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
    return { slab, start, end: at };
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

function remembered<T>(encode: (value: T) => Buffer, limit = REMEMBERED): (value: T) => Buffer {
  const known = new Map<T, Buffer>();
  return (value) => {
    let cell = known.get(value);
    if (cell === undefined) {
      if (known.size >= limit) known.clear();
      cell = encode(value);
      known.set(value, cell);
    }
    return cell;
  };
}

function textCell(text: string): Buffer {
  return Buffer.from(text, "utf8");
}

function intCell(value: number): Buffer {
  const cell = Buffer.alloc(4);
  cell.writeInt32BE(value);
  return cell;
}

function timestampCell(moment: Date): Buffer {
  const cell = Buffer.alloc(8);
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

/** The key of a row: invoice, stock code, line. */
export function keyOf({ slab, start }: EncodedRow): [string, string, number] {
  let at = start;
  const next = (): Buffer => {
    const length = slab.readInt32BE(at);
    at += LENGTH_BYTES + length;
    return slab.subarray(at - length, at);
  };
  return [String(next()), String(next()), next().readInt32BE()];
}
