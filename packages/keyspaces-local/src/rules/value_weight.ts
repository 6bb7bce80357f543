/** What the bytes of a value count as. */
export type ValueWeight = (source: Buffer, start: number, length: number) => number;

const raw: ValueWeight = (_source, _start, length) => length;

/**
 * How the service weighs values of a type, by its guide: whole numbers by their significant digits, two to a byte, and one byte more;
 * lists, sets and maps with three bytes, and one for each element; all else by its bytes. Of decimals the guide says nothing: they are
 * taken for numbers.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/calculating-row-size.html
 */
export function valueWeight(type: string): ValueWeight {
  if (/^(tiny|small|big|var)?int$/.test(type)) return numberWeight;
  if (type === "decimal") return (source, start, length) => numberWeight(source, start + 4, length - 4);
  const elements = /^(?:list|set)<(.*)>$/.exec(type)?.[1];
  if (elements !== undefined) return elementsWeight([valueWeight(elements)]);
  const [, keys, values] = /^map<(\w+), ?(.*)>$/.exec(type) ?? [];
  return keys === undefined ? raw : elementsWeight([valueWeight(keys), valueWeight(values!)]);
}

/** That of a constant in a statement's text: a text has its bytes, a number its digits. */
export function literalWeight(kind: string, value: string, type: string): number {
  if (kind === "string") return Buffer.byteLength(value);
  if (/^-?\d*(?:\.\d*)?$/.test(value) && /int$|^decimal$/.test(type)) return weightOfDigits(value.replace(/[-.]/g, ""));
  if (/^0x/i.test(value)) return Math.ceil(value.length / 2) - 1;
  if (/^(true|false)$/i.test(value)) return 1;
  return value.length === 36 ? 16 : 8;
}

/** Without the zeros around them: by hand, as a regular expression begins anew at every zero of a number. */
function weightOfDigits(digits: string): number {
  let [start, end] = [0, digits.length];
  while (start < end && digits[start] === "0") start++;
  while (end > start && digits[end - 1] === "0") end--;
  return 1 + Math.ceil(Math.max(1, end - start) / 2);
}

/** Beyond it a number's digits are reckoned from its bytes: to write them out takes the square of their number. */
const EXACT_BYTES = 64;
const DIGITS_PER_BYTE = 8 * Math.log10(2);

/** Powers of ten that a number holds exactly. */
const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

const numberWeight: ValueWeight = (source, start, length) => {
  if (length < 1) return 1;
  if (length > EXACT_BYTES) return 1 + Math.ceil((length * DIGITS_PER_BYTE) / 2);
  if (length > 6) return weightOfDigits(bigOf(source, start, length));
  let rest = Math.abs(source.readIntBE(start, length));
  if (rest === 0) return 2;
  while (rest % 10 === 0) rest /= 10;
  let digits = 1;
  while (rest >= powers[digits]!) digits++;
  return 1 + ((digits + 1) >> 1);
};

function bigOf(source: Buffer, start: number, length: number): string {
  let value = BigInt(source.readInt8(start));
  for (let at = start + 1; at < start + length; at++) value = value * 256n + BigInt(source[at]!);
  return String(value).replace("-", "");
}

function elementsWeight(parts: readonly ValueWeight[]): ValueWeight {
  return (source, start, length) => {
    const end = start + length;
    let [weight, at] = [3, start + 4];
    for (let index = 0; at + 4 <= end; index++) {
      const size = Math.max(0, source.readInt32BE(at));
      weight += parts[index % parts.length]!(source, at + 4, size);
      // One for each pair of a map.
      if (index % parts.length === 0) weight++;
      at += 4 + size;
    }
    return weight;
  };
}
