/** How many bytes a value counts as, from its bytes in the native protocol. */
export type ValueSize = (bytes: Buffer, start: number, length: number) => number;

const asItIs: ValueSize = (_bytes, _start, length) => length;

/**
 * The rule for values of a CQL type.
 *
 * By the guide: texts and blobs have their bytes; whole numbers a byte for two significant digits, zeros at both ends left out, and one
 * more; a boolean has one byte; a list, set or map three, and one more for each element or pair. It is silent about the others. Here a decimal counts
 * as the number that it is, and what is left (timestamp, date, time, uuid, float, double, inet, counter, frozen types) as the bytes
 * that the protocol writes: AWS's own script counts the characters of their text, which no store would.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/calculating-row-size.html
 */
export function valueSize(type: string): ValueSize {
  const plain = type.toLowerCase().replaceAll(" ", "");
  const [, collection, elements] = /^(list|set|map)<(.*)>$/.exec(plain) ?? [];
  if (collection !== undefined) return collectionSize(topLevelParts(elements!).map(valueSize));
  if (["tinyint", "smallint", "int", "bigint", "varint"].includes(plain)) return wholeNumberSize;
  if (plain === "decimal")
    return (bytes, start, length) => wholeNumberSize(bytes, start + SCALE_BYTES, length - SCALE_BYTES);
  return asItIs;
}

/** A decimal begins with its scale. */
const SCALE_BYTES = 4;
/** What `readIntBE` takes. */
const MOST_INT_BYTES = 6;

const wholeNumberSize: ValueSize = (bytes, start, length) => {
  if (length <= 0) return 1;
  const digits =
    length <= MOST_INT_BYTES ? digitsOf(Math.abs(bytes.readIntBE(start, length))) : manyDigits(bytes, start, length);
  return Math.ceil(digits / 2) + 1;
};

/** Significant digits, without the zeros at the end; 0 has one. */
function digitsOf(number: number): number {
  if (number === 0) return 1;
  let rest = number;
  while (rest % 10 === 0) rest /= 10;
  let digits = 0;
  for (; rest >= 1; rest = Math.floor(rest / 10)) digits++;
  return digits;
}

function manyDigits(bytes: Buffer, start: number, length: number): number {
  const value = BigInt.asIntN(8 * length, BigInt(`0x${bytes.toString("hex", start, start + length)}`));
  const text = String(value < 0n ? -value : value).replace(/0+$/, "");
  return Math.max(1, text.length);
}

const COLLECTION_BYTES = 3;

/** @param parts of the elements, or of keys and values */
function collectionSize(parts: readonly ValueSize[]): ValueSize {
  return (bytes, start) => {
    let size = COLLECTION_BYTES;
    let at = start + 4;
    for (let left = bytes.readInt32BE(start); left > 0; left--) {
      for (const part of parts) {
        const length = bytes.readInt32BE(at);
        size += length < 0 ? 1 : part(bytes, at + 4, length);
        at += 4 + Math.max(0, length);
      }
      size++;
    }
    return size;
  };
}

/** Cut at the commas outside of brackets. */
function topLevelParts(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "<") depth++;
    if (character === ">") depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts.push(parts.pop()! + character);
  }
  return parts;
}
