import { isAscii, isUtf8 } from "node:buffer";
import type { Token } from "./lexer.js";

/** How many bytes a value has, of the types of which all have the same. */
const typeWidths: ReadonlyMap<string, number> = new Map([
  ...["tinyint", "boolean"].map((type) => [type, 1] as const),
  ["smallint", 2],
  ...["int", "date", "float"].map((type) => [type, 4] as const),
  ...["bigint", "timestamp", "time", "double"].map((type) => [type, 8] as const),
  ...["uuid", "timeuuid"].map((type) => [type, 16] as const),
]);

const neverEmpty = new Set(["tinyint", "smallint", "date", "time"]);
/** What Cassandra has for the length of a key. */
const KEY_LIMIT = 0xffff;

/** Whether Cassandra takes the bytes for a value of a key's type; of those that hold others, as far as that shows from outside. */
export function isKeyValue(bytes: Buffer, type = ""): boolean {
  const { length } = bytes;
  if (length > KEY_LIMIT) return false;
  if (length === 0) return !neverEmpty.has(type);
  if (type === "ascii") return isAscii(bytes);
  if (type === "text" || type === "varchar") return isUtf8(bytes);
  if (type === "inet") return length === 4 || length === 16;
  if (type === "decimal") return length >= 4;
  if (type === "timeuuid") return length === 16 && bytes[6]! >> 4 === 1;
  return length === (typeWidths.get(type) ?? length);
}

/** Constants of these may be written as whole numbers, and go over the wire as such. */
const whole = new Set(["tinyint", "smallint", "int", "bigint", "timestamp"]);

const numbersInWords: ReadonlyMap<string, number> = new Map([
  ...["nan", "-nan"].map((word) => [word, Number.NaN] as const),
  ["infinity", Number.POSITIVE_INFINITY],
  ["-infinity", Number.NEGATIVE_INFINITY],
]);

/** With its sign, where it has one; undefined for what is no constant by itself. */
export function constantOf([first, second, third]: readonly Token[]): Token | undefined {
  if (!second) return first;
  const signed = { ...second, value: `-${second.value}` };
  const isNumber = second.kind === "number" || (second.kind === "word" && numbersInWords.has(signed.value));
  return first?.value === "-" && isNumber && !third ? signed : undefined;
}

/**
 * A constant as it would be bound, for the types that keys mostly have.
 *
 * @returns undefined for those of other types, and what Cassandra would refuse
 */
export function literalBytes({ kind, value }: Token, type: string): Buffer | undefined {
  if (kind === "string") return ["text", "varchar", "ascii"].includes(type) ? Buffer.from(value) : undefined;
  if (type === "boolean" && kind === "word" && ["true", "false"].includes(value)) {
    return Buffer.from([value === "true" ? 1 : 0]);
  }
  const inWords = kind === "word" ? numbersInWords.get(value) : undefined;
  if (inWords !== undefined && ["double", "float"].includes(type)) return floating(inWords, typeWidths.get(type)!);
  if (kind !== "number") return undefined;
  if (type === "blob") return Buffer.from(value.slice(2), "hex");
  if (["uuid", "timeuuid"].includes(type)) return Buffer.from(value.replaceAll("-", ""), "hex");
  if (value.length > NUMBER_LENGTH || !/^-?\d[\d.]*(?:e[+-]?\d+)?$/i.test(value)) return undefined;
  if (type === "double" || type === "float") return floating(Number(value), typeWidths.get(type)!);
  if (type === "decimal") return decimalBytes(value);
  if (!/^-?\d+$/.test(value)) return undefined;
  if (type === "varint") return varintBytes(BigInt(value));
  if (!whole.has(type)) return undefined;
  const width = typeWidths.get(type)!;
  const digits = BigInt.asUintN(8 * width, BigInt(value)).toString(16);
  return Buffer.from(digits.padStart(2 * width, "0"), "hex");
}

/** Longer ones would take their time. */
const NUMBER_LENGTH = 64;

/** Undefined for what lies half-way between two floats: digits that it has no place for tell which of them is meant. */
function floating(number: number, width: number): Buffer | undefined {
  if (width === 4 && isHalfway(number)) return undefined;
  const bytes = Buffer.alloc(width);
  if (width === 4) bytes.writeFloatBE(number);
  else bytes.writeDoubleBE(number);
  return bytes;
}

function isHalfway(number: number): boolean {
  const nearest = Math.fround(number);
  // Those that are larger than all are as far from the largest as from the next one, if there were one.
  const float = Number.isFinite(nearest) ? nearest : Math.sign(number) * 2 ** 128;
  const opposite = 2 * number - float;
  return Number.isFinite(opposite) && opposite !== number && Math.fround(opposite) === opposite;
}

/** In as few bytes as hold it with its sign. */
function varintBytes(number: bigint): Buffer {
  let width = 1;
  while (BigInt.asIntN(8 * width, number) !== number) width++;
  const digits = BigInt.asUintN(8 * width, number).toString(16);
  return Buffer.from(digits.padStart(2 * width, "0"), "hex");
}

/** As many digits behind the point as are written. */
function decimalBytes(text: string): Buffer {
  const [digits = "", exponent = "0"] = text.toLowerCase().split("e");
  const [integer = "", fraction = ""] = digits.split(".");
  return withScale(BigInt(`${integer}${fraction}`), fraction.length - Number(exponent));
}

function withScale(unscaled: bigint, scale: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeInt32BE(scale | 0);
  return Buffer.concat([head, varintBytes(unscaled)]);
}

/**
 * The same bytes for all that a column holds for equal: decimals with zeros behind them, whole numbers of more bytes than they take, all
 * that is no number, and truth in any byte but zero.
 */
export function comparableBytes(bytes: Buffer, type: string): Buffer {
  if (bytes.length === 0) return bytes;
  if (type === "boolean") return Buffer.from([bytes[0] === 0 ? 0 : 1]);
  if (type === "varint") return withoutSigns(bytes);
  if (type === "float" || type === "double") {
    const number = type === "float" ? bytes.readFloatBE() : bytes.readDoubleBE();
    return (Number.isNaN(number) && floating(Number.NaN, bytes.length)) || bytes;
  }
  if (type !== "decimal" || bytes.length < 5 || bytes.length > NUMBER_LENGTH) return bytes;
  let scale = bytes.readInt32BE();
  let unscaled = BigInt.asIntN(8 * (bytes.length - 4), BigInt(`0x${bytes.toString("hex", 4)}`));
  if (unscaled === 0n) scale = 0;
  for (; unscaled !== 0n && unscaled % 10n === 0n; scale--) unscaled /= 10n;
  return withScale(unscaled, scale);
}

/** Without bytes that only repeat the sign. */
function withoutSigns(bytes: Buffer): Buffer {
  let from = 0;
  while (from + 1 < bytes.length && bytes[from] === (bytes[from + 1]! < 0x80 ? 0 : 0xff)) from++;
  return bytes.subarray(from);
}
