import { protocolError } from "./refusal.js";

/** The protocol's notation: [short], [int], [string], [bytes] … (native_protocol_v4.spec §3). */

/** Reads a body from front to back. Running past its end is a {@link protocolError}. */
export interface Reader {
  readonly position: () => number;
  readonly byte: () => number;
  readonly short: () => number;
  readonly int: () => number;
  readonly string: () => string;
  readonly longString: () => string;
  readonly shortBytes: () => Buffer;
  /** null for -1 (null) and for -2 (unset). */
  readonly bytes: () => Buffer | null;
  readonly skip: (count: number) => void;
  readonly stringMap: () => Map<string, string>;
}

export function createReader(body: Buffer, start = 0): Reader {
  let at = start;
  const take = (count: number): number => {
    const from = at;
    if (count < 0 || from + count > body.length) throw protocolError("Not enough bytes to read the message");
    at += count;
    return from;
  };
  const slice = (count: number): Buffer => {
    const from = take(count);
    return body.subarray(from, from + count);
  };
  const short = () => body.readUInt16BE(take(2));
  const int = () => body.readInt32BE(take(4));
  const string = () => slice(short()).toString("utf8");
  return {
    position: () => at,
    byte: () => body[take(1)]!,
    short,
    int,
    string,
    longString: () => slice(int()).toString("utf8"),
    shortBytes: () => slice(short()),
    bytes: () => {
      const length = int();
      return length < 0 ? null : slice(length);
    },
    skip: (count) => {
      take(count);
    },
    stringMap: () => {
      const map = new Map<string, string>();
      for (let left = short(); left > 0; left--) map.set(string(), string());
      return map;
    },
  };
}

const tooShort = () => protocolError("Not enough bytes to read the message");

/** An [int] in place. Beyond the end it is a {@link protocolError}. */
export function intAt(body: Buffer, at: number): number {
  if (at + 4 > body.length) throw tooShort();
  return body.readInt32BE(at);
}

/** A [short] in place, as {@link intAt}. */
export function shortAt(body: Buffer, at: number): number {
  if (at + 2 > body.length) throw tooShort();
  return (body[at]! << 8) | body[at + 1]!;
}

/** Whether `expected` stands at this place; made for the few bytes of an id. */
export function hasBytesAt(bytes: Buffer, start: number, expected: Buffer): boolean {
  for (let at = 0; at < expected.length; at++) if (bytes[start + at] !== expected[at]) return false;
  return true;
}

export function shortOf(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function intOf(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** Cut to what a [string] can hold: an error text may quote a whole statement. */
export function stringOf(text: string): Buffer {
  let bytes = Buffer.from(text, "utf8");
  if (bytes.length > 0xffff) bytes = Buffer.from(bytes.subarray(0, 0xff00).toString("utf8"), "utf8");
  return Buffer.concat([shortOf(bytes.length), bytes]);
}

export function longStringOf(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([intOf(bytes.length), bytes]);
}

export function bytesOf(value: Uint8Array | null): Buffer {
  return value === null ? intOf(-1) : Buffer.concat([intOf(value.length), value]);
}

export function shortBytesOf(value: Uint8Array): Buffer {
  return Buffer.concat([shortOf(value.length), value]);
}

export function stringMapOf(entries: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(entries);
  return Buffer.concat([shortOf(pairs.length), ...pairs.flatMap(([key, value]) => [stringOf(key), stringOf(value)])]);
}

export function stringMultimapOf(entries: Readonly<Record<string, readonly string[]>>): Buffer {
  const pairs = Object.entries(entries);
  return Buffer.concat([
    shortOf(pairs.length),
    ...pairs.flatMap(([key, values]) => [stringOf(key), shortOf(values.length), ...values.map(stringOf)]),
  ]);
}

/** [consistency]: the levels by their code. */
export const consistencyLevels = [
  "ANY",
  "ONE",
  "TWO",
  "THREE",
  "QUORUM",
  "ALL",
  "LOCAL_QUORUM",
  "EACH_QUORUM",
  "SERIAL",
  "LOCAL_SERIAL",
  "LOCAL_ONE",
] as const;

export const LOCAL_QUORUM: number = consistencyLevels.indexOf("LOCAL_QUORUM");
