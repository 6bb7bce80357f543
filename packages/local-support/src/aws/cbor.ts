import { AwsError } from "./errors.js";

/** CBOR (RFC 8949) as far as Smithy's RPC protocol has it: no big numbers, no tags but that of timestamps. */

const Major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;
const Simple = { false: 20, true: 21, null: 22, undefined: 23, half: 25, single: 26, double: 27 } as const;
const INDEFINITE = 31;
const BREAK = 0xff;
/** Seconds since 1970. */
const TIMESTAMP_TAG = 1;
/** Requests of AWS have far less. */
const DEPTH_LIMIT = 64;

/** A value without what is undefined; dates become timestamps. */
export function encodeCbor(value: unknown): Buffer {
  if (value === null || value === undefined) return simple(Simple.null);
  if (typeof value === "boolean") return simple(value ? Simple.true : Simple.false);
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "string") {
    const bytes = Buffer.from(value);
    return Buffer.concat([head(Major.text, bytes.length), bytes]);
  }
  if (value instanceof Date) {
    return Buffer.concat([head(Major.tag, TIMESTAMP_TAG), encodeNumber(value.getTime() / 1000)]);
  }
  if (Buffer.isBuffer(value)) return Buffer.concat([head(Major.bytes, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(Major.array, value.length), ...value.map(encodeCbor)]);
  const entries = Object.entries(value as object).filter(([, each]) => each !== undefined);
  return Buffer.concat([head(Major.map, entries.length), ...entries.flat().map(encodeCbor)]);
}

const simple = (code: number): Buffer => Buffer.from([(Major.simple << 5) | code]);

function head(major: number, value: number): Buffer {
  const type = major << 5;
  if (value < 24) return Buffer.from([type | value]);
  const size = value < 2 ** 8 ? 1 : value < 2 ** 16 ? 2 : value < 2 ** 32 ? 4 : 8;
  const bytes = Buffer.alloc(1 + size);
  bytes[0] = type | (24 + Math.log2(size));
  if (size === 8) bytes.writeBigUInt64BE(BigInt(value), 1);
  else bytes.writeUIntBE(value, 1, size);
  return bytes;
}

function encodeNumber(value: number): Buffer {
  if (Number.isSafeInteger(value)) return value >= 0 ? head(Major.unsigned, value) : head(Major.negative, -1 - value);
  const bytes = Buffer.alloc(9);
  bytes[0] = (Major.simple << 5) | Simple.double;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

const malformed = (): AwsError => new AwsError("SerializationException", "The request is not CBOR.");

/**
 * One value; timestamps are the seconds.
 *
 * @throws AwsError `SerializationException`
 */
export function decodeCbor(bytes: Buffer): unknown {
  const decoder = new Decoder(bytes);
  const value = decoder.value(0);
  if (!decoder.isAtEnd()) throw malformed();
  return value;
}

class Decoder {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > DEPTH_LIMIT) throw malformed();
    const first = this.#take(1)[0]!;
    const major = first >> 5;
    const info = first & 0x1f;
    switch (major) {
      case Major.unsigned:
        return this.#length(info);
      case Major.negative:
        return -1 - this.#length(info);
      case Major.bytes:
        return Buffer.concat(this.#chunks(major, info));
      case Major.text:
        return Buffer.concat(this.#chunks(major, info)).toString("utf8");
      case Major.array:
        return this.#items(info, () => this.value(depth + 1));
      case Major.map:
        return Object.fromEntries(this.#items(info, () => [String(this.value(depth + 1)), this.value(depth + 1)]));
      case Major.tag:
        this.#length(info);
        return this.value(depth + 1);
      default:
        return this.#simple(info);
    }
  }

  #take(count: number): Buffer {
    const from = this.#at;
    if (count > this.#bytes.length - from) throw malformed();
    this.#at += count;
    return this.#bytes.subarray(from, this.#at);
  }

  #length(info: number): number {
    if (info < 24) return info;
    if (info > 27) throw malformed();
    const bytes = this.#take(2 ** (info - 24));
    return bytes.length === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, bytes.length);
  }

  /** Of a text or bytes, in one piece or in several. */
  #chunks(major: number, info: number): Buffer[] {
    if (info !== INDEFINITE) return [this.#take(this.#length(info))];
    return this.#untilBreak(() => {
      const first = this.#take(1)[0]!;
      if (first >> 5 !== major) throw malformed();
      return this.#take(this.#length(first & 0x1f));
    });
  }

  #items<T>(info: number, read: () => T): T[] {
    if (info === INDEFINITE) return this.#untilBreak(read);
    const items: T[] = [];
    // As they come: the count alone is no reason to take memory.
    for (let left = this.#length(info); left > 0; left--) items.push(read());
    return items;
  }

  #untilBreak<T>(read: () => T): T[] {
    const items: T[] = [];
    while (this.#bytes[this.#at] !== BREAK) items.push(read());
    this.#at++;
    return items;
  }

  #simple(info: number): unknown {
    if (info === Simple.false || info === Simple.true) return info === Simple.true;
    if (info === Simple.null || info === Simple.undefined) return null;
    if (info === Simple.half) return halfFloat(this.#take(2).readUInt16BE());
    if (info === Simple.single) return this.#take(4).readFloatBE();
    if (info === Simple.double) return this.#take(8).readDoubleBE();
    throw malformed();
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
