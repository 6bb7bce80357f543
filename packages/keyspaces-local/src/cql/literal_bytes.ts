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

/** With its sign, where it has one; undefined for what is no constant by itself. */
export function constantOf([first, second, third]: readonly Token[]): Token | undefined {
  if (first?.value === "-" && second?.kind === "number" && !third) return { ...second, value: `-${second.value}` };
  return second ? undefined : first;
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

function floating(number: number, width: number): Buffer {
  const bytes = Buffer.alloc(width);
  if (width === 4) bytes.writeFloatBE(number);
  else bytes.writeDoubleBE(number);
  return bytes;
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

/** The same bytes for all that a column holds for equal, which decimals are whatever zeros they end with. */
export function comparableBytes(bytes: Buffer, type: string): Buffer {
  if (type !== "decimal" || bytes.length < 5 || bytes.length > NUMBER_LENGTH) return bytes;
  let scale = bytes.readInt32BE();
  let unscaled = BigInt.asIntN(8 * (bytes.length - 4), BigInt(`0x${bytes.toString("hex", 4)}`));
  if (unscaled === 0n) scale = 0;
  for (; unscaled !== 0n && unscaled % 10n === 0n; scale--) unscaled /= 10n;
  return withScale(unscaled, scale);
}
