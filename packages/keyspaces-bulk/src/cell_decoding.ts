import { type Decimal, fnv1a } from "@keyspaces-segmentation/common";
import type { RowCursor } from "./driver/packed_rows.js";

/** Gives the value of a column in the cursor's current row; null where the row has none. */
export type CellReader<T> = (row: RowCursor, column: number) => T | null;

/** More bytes than a repeated value has. */
const longest = 64;
const slots = 4096;

/**
 * A reader that answers repeated values from memory, known by their bytes. Those it holds are few, so each must fit into one of
 * {@link slots} places, where a newer one replaces it.
 */
function remembering<T>(decode: (bytes: Buffer, start: number, end: number) => T): CellReader<T> {
  const keys = new Array<Uint8Array | undefined>(slots).fill(undefined);
  const values = new Array<T | undefined>(slots).fill(undefined);
  return (row, column) => {
    const length = row.lengths[column] as number;
    if (length < 0) return null;
    const { bytes } = row;
    const start = row.starts[column] as number;
    const end = start + length;
    if (length > longest) return decode(bytes, start, end);
    const hash = fnv1a(bytes, start, end);
    // Its better bits are the higher ones.
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const key = keys[slot];
    if (key !== undefined && row.holds(column, key)) return values[slot] as T;
    const value = decode(bytes, start, end);
    // As short as it is, it lies with the object itself: a Buffer would keep the 8 KiB of Node's pool that it is cut from.
    keys[slot] = new Uint8Array(bytes.subarray(start, end));
    values[slot] = value;
    return value;
  };
}

export const textReader = (): CellReader<string> =>
  remembering((bytes, start, end) => bytes.toString("utf8", start, end));

/** Of an `int`. An empty value, which Cassandra allows for every type, counts as none. */
export const readInt: CellReader<number> = ({ bytes, starts, lengths }, column) =>
  (lengths[column] as number) < 4 ? null : bytes.readInt32BE(starts[column]);

/** Of a `timestamp`. */
export function timestampReader(): CellReader<Date> {
  let last = new Date(Number.NaN);
  return ({ bytes, starts, lengths }, column) => {
    if ((lengths[column] as number) < 8) return null;
    const start = starts[column] as number;
    const time = bytes.readInt32BE(start) * 2 ** 32 + bytes.readUInt32BE(start + 4);
    // The lines of an invoice have one date; a Date is costly to make.
    if (time !== last.getTime()) last = new Date(time);
    return last;
  };
}

/** Larger scales (1e-1000000) only cost time. */
const largestScale = 1000;

/** Of a `decimal`: its scale, an int, and the unscaled value, a varint. */
export function decimalReader(): CellReader<Decimal> {
  const read = remembering(decimalAt);
  // Most quantities are whole numbers of one byte, which need no search.
  const ofOneByte = Array.from({ length: 256 }, (_, byte) => ({ unscaled: BigInt((byte << 24) >> 24), scale: 0 }));
  return (row, column) => {
    const { bytes } = row;
    const start = row.starts[column] as number;
    const isSmall = row.lengths[column] === 5 && bytes.readInt32BE(start) === 0;
    return isSmall ? (ofOneByte[bytes[start + 4] as number] as Decimal) : read(row, column);
  };
}

function decimalAt(bytes: Buffer, start: number, end: number): Decimal {
  if (end - start < 5) throw new TypeError("a decimal has no digits");
  const scale = bytes.readInt32BE(start);
  if (Math.abs(scale) > largestScale) throw new TypeError(`a decimal has the scale ${scale}`);
  const unscaled = varint(bytes, start + 4, end);
  return scale >= 0 ? { unscaled, scale } : { unscaled: unscaled * 10n ** BigInt(-scale), scale: 0 };
}

/** Two's complement, the highest byte first. */
function varint(bytes: Buffer, start: number, end: number): bigint {
  const length = end - start;
  if (length <= 6) return BigInt(bytes.readIntBE(start, length));
  return BigInt.asIntN(8 * length, BigInt(`0x${bytes.toString("hex", start, end)}`));
}
