import { isIPv6 } from "node:net";

/**
 * Scalars as the records of a stream have them: texts, but for booleans, each under the name of its type.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/StreamsAPIReference/API_KeyspacesCellValue.html
 * @see https://github.com/aws/keyspaces-streams-kinesis-adapter tst/resources, for the form of dates, times and floats
 */
export const scalarValues: Readonly<Record<string, (bytes: Buffer) => Readonly<Record<string, unknown>>>> = {
  ascii: (bytes) => ({ asciiT: bytes.toString("utf8") }),
  bigint: (bytes) => ({ bigintT: String(bytes.readBigInt64BE()) }),
  blob: (bytes) => ({ blobT: bytes.toString("base64") }),
  boolean: (bytes) => ({ boolT: bytes[0] !== 0 }),
  counter: (bytes) => ({ counterT: String(bytes.readBigInt64BE()) }),
  date: (bytes) => ({ dateT: dateText(bytes.readUInt32BE() - 2 ** 31) }),
  decimal: (bytes) => ({ decimalT: decimalText(integerOf(bytes.subarray(4)), bytes.readInt32BE()) }),
  double: (bytes) => ({ doubleT: javaNumber(bytes.readDoubleBE(), String) }),
  float: (bytes) => ({ floatT: javaNumber(bytes.readFloatBE(), shortestFloat) }),
  inet: (bytes) => ({ inetT: addressText(bytes) }),
  int: (bytes) => ({ intT: String(bytes.readInt32BE()) }),
  smallint: (bytes) => ({ smallintT: String(bytes.readInt16BE()) }),
  text: (bytes) => ({ textT: bytes.toString("utf8") }),
  time: (bytes) => ({ timeT: timeText(bytes.readBigInt64BE()) }),
  timestamp: (bytes) => ({ timestampT: String(bytes.readBigInt64BE()) }),
  timeuuid: (bytes) => ({ timeuuidT: uuidText(bytes) }),
  tinyint: (bytes) => ({ tinyintT: String(bytes.readInt8()) }),
  uuid: (bytes) => ({ uuidT: uuidText(bytes) }),
  varchar: (bytes) => ({ varcharT: bytes.toString("utf8") }),
  varint: (bytes) => ({ varintT: String(integerOf(bytes)) }),
};

const DAY_MS = 86_400_000;

/** Years of more than four digits have a sign, as ISO 8601 wants it. */
function dateText(days: number): string {
  const time = new Date(days * DAY_MS);
  return Number.isNaN(time.getTime()) ? `${days}` : time.toISOString().slice(0, -14);
}

/** Nanoseconds of a day; fractions in groups of three digits, as far as there are any. */
function timeText(nanoseconds: bigint): string {
  const two = (value: bigint) => String(value).padStart(2, "0");
  const seconds = nanoseconds / 1_000_000_000n;
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map(two).join(":");
  const fraction = String(nanoseconds % 1_000_000_000n).padStart(9, "0");
  return fraction === "000000000" ? clock : `${clock}.${fraction.replace(/(000)+$/, "")}`;
}

/** Of two's complement of any length. */
function integerOf(bytes: Buffer): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString("hex")}`));
}

function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** As Java writes it: `1.0`, `3.4028235E38`. */
function javaNumber(value: number, shortest: (value: number) => string): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return withPoint(shortest(value));
  const [mantissa = "", exponent = "0"] = Number(shortest(value)).toExponential().split("e");
  return `${withPoint(mantissa)}E${Number(exponent)}`;
}

const withPoint = (text: string): string => (text.includes(".") ? text : `${text}.0`);

/** The fewest digits that give the same number of 32 bits. */
function shortestFloat(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

function uuidText(bytes: Buffer): string {
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  const text = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16)).join(":");
  return isIPv6(text) ? text : bytes.toString("hex");
}
