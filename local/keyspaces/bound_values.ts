import { protocolError } from "./refusal.js";

/**
 * Where the values of one statement lie in a request, found without copying them: start and length of each. Made once and
 * filled again for every row. The length of a null or unset value is negative.
 */
export interface BoundValues {
  /** What the offsets refer to. */
  source: Buffer;
  count: number;
  starts: Int32Array;
  lengths: Int32Array;
  /** Of all values together. */
  bytes: number;
}

export function createBoundValues(): BoundValues {
  return { source: Buffer.alloc(0), count: 0, starts: new Int32Array(256), lengths: new Int32Array(256), bytes: 0 };
}

/**
 * Reads a [short] count and that many [value]s.
 *
 * @returns the offset behind them
 */
export function readBoundValues(source: Buffer, start: number, into: BoundValues): number {
  let at = start;
  if (at + 2 > source.length) throw tooShort();
  const count = source.readUInt16BE(at);
  at += 2;
  if (count > into.starts.length) {
    into.starts = new Int32Array(count);
    into.lengths = new Int32Array(count);
  }
  into.source = source;
  into.count = count;
  into.bytes = 0;
  for (let index = 0; index < count; index++) {
    if (at + 4 > source.length) throw tooShort();
    const length = source.readInt32BE(at);
    at += 4;
    into.starts[index] = at;
    into.lengths[index] = length;
    if (length <= 0) continue;
    into.bytes += length;
    at += length;
  }
  if (at > source.length) throw tooShort();
  return at;
}

/** Only steps over them: where {@link readBoundValues} would end. */
export function endOfValues(source: Buffer, start: number): number {
  let at = start + 2;
  if (at > source.length) throw tooShort();
  for (let left = source.readUInt16BE(start); left > 0; left--) {
    if (at + 4 > source.length) throw tooShort();
    const length = source.readInt32BE(at);
    at += length > 0 ? 4 + length : 4;
  }
  if (at > source.length) throw tooShort();
  return at;
}

/** For a request without values. */
export function noBoundValues(into: BoundValues): void {
  into.count = 0;
  into.bytes = 0;
}

const tooShort = () => protocolError("Not enough bytes to read the message");
