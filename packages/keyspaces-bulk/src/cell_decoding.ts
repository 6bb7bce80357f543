import { type Decimal, fnv1a } from "@keyspaces-segmentation/common";
import type { RowCursor } from "./driver/packed_rows.js";

/** Gives the value of a column in the cursor's current row; null where the row has none. */
export type CellReader<T> = (row: RowCursor, column: number) => T | null;

/** More bytes than a repeated value has. */
const longest = 64;
/** In place of a length: nothing is remembered here. */
const free = 255;

/**
 * A reader that answers repeated values from memory, known by their bytes. Those it holds are few, so each must fit into one of
 * `slots` places, a power of two, where a newer one replaces it.
 *
 * The bytes are copied into one piece of memory: as objects of their own, those of values that do not come again would fill the old
 * generation, one a row.
 */
function remembering<T>(decode: (bytes: Buffer, start: number, end: number) => T, slots: number): CellReader<T> {
  const keys = new Uint8Array(slots * longest);
  const keyLengths = new Uint8Array(slots).fill(free);
  const values = new Array<T | undefined>(slots).fill(undefined);
  return (row, column) => {
    const length = row.lengths[column] as number;
    if (length < 0) return null;
    const { bytes } = row;
    const start = row.starts[column] as number;
    const end = start + length;
    if (length > longest) return decode(bytes, start, end);
    const slot = slots === 1 ? 0 : slotOf(fnv1a(bytes, start, end), slots);
    const keyStart = slot * longest;
    if (keyLengths[slot] === length) {
      // Values that follow each other differ in their last bytes.
      let i = length - 1;
      while (i >= 0 && bytes[start + i] === keys[keyStart + i]) i--;
      if (i < 0) return values[slot] as T;
    }
    const value = decode(bytes, start, end);
    for (let i = 0; i < length; i++) keys[keyStart + i] = bytes[start + i] as number;
    keyLengths[slot] = length;
    values[slot] = value;
    return value;
  };
}

/** The better bits of a hash are the higher ones. */
const slotOf = (hash: number, slots: number): number => (hash ^ (hash >>> 15)) & (slots - 1);

const manySlots = 4096;

const textAt = (bytes: Buffer, start: number, end: number): string => bytes.toString("utf8", start, end);

/** Of a column whose values come again in any order. */
export const textReader = (): CellReader<string> => remembering(textAt, manySlots);

/** Of a column whose equal values follow each other, and may be as many as there are partitions: only the last one is remembered. */
export const runningTextReader = (): CellReader<string> => remembering(textAt, 1);

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
  const read = remembering(decimalAt, manySlots);
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
