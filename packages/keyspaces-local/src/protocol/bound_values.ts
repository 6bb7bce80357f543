import { createReader } from "./notation.js";
import { invalid, protocolError } from "./refusal.js";

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
  reserve(into, count);
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

function reserve(values: BoundValues, count: number): void {
  if (count <= values.starts.length) return;
  values.starts = new Int32Array(count);
  values.lengths = new Int32Array(count);
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

/**
 * Reads the values of `:name` markers, which are given with their names and in any order. One that is not given, as that of a `?`, is
 * missing; one with several markers is there for each of them.
 *
 * @param names the statement's markers, undefined for `?`
 */
export function readNamedValues(
  source: Buffer,
  start: number,
  names: readonly (string | undefined)[],
  into: BoundValues,
): void {
  const reader = createReader(source, start);
  const given = new Map<string | undefined, { start: number; length: number }>();
  for (let left = reader.short(); left > 0; left--) {
    const name = reader.string();
    const length = reader.int();
    given.set(name, { start: reader.position(), length });
    reader.skip(Math.max(0, length));
  }
  reserve(into, names.length);
  into.source = source;
  into.count = names.length;
  into.bytes = 0;
  for (const [index, name] of names.entries()) {
    const value = given.get(name);
    into.starts[index] = value?.start ?? 0;
    into.lengths[index] = value?.length ?? MISSING;
    into.bytes += Math.max(0, value?.length ?? 0);
  }
}

/**
 * How many elements the list has that is bound to a marker: a count, and then each with its length. One for a value that is null, unset or
 * missing, which is Cassandra's to refuse.
 *
 * @throws Refusal (invalid) for what is no list
 */
export function countElements({ source, starts, lengths, count }: BoundValues, marker: number): number {
  if (marker >= count || lengths[marker]! < 0) return 1;
  const start = starts[marker]!;
  const end = start + lengths[marker]!;
  if (end < start + 4) throw invalid("Not enough bytes to read a list");
  const elements = source.readInt32BE(start);
  if (elements < 0) throw invalid(`A list cannot have ${elements} elements`);
  let at = start + 4;
  for (let left = elements; left > 0; left--) {
    if (at + 4 > end) throw invalid("Not enough bytes to read a list");
    at += 4 + Math.max(0, source.readInt32BE(at));
  }
  if (at > end) throw invalid("Not enough bytes to read a list");
  if (at < end) throw invalid("Unexpected extraneous bytes after list value");
  return elements;
}

/** Whether a marker is given neither a value nor null. */
export const isLeftUnset = ({ lengths, count }: BoundValues, marker: number): boolean =>
  marker < count && lengths[marker] === UNSET;

/** The length of a value that is not set (v4 spec §3). */
export const UNSET = -2;

/** That of a name that no value is given for; no request has it. */
const MISSING = -3;

/** Whether there is one value for each marker. */
export const hasEach = ({ lengths, count }: BoundValues, { length }: readonly unknown[]): boolean =>
  count === length && !lengths.subarray(0, count).includes(MISSING);

/** @throws Refusal (invalid) in Cassandra's words, unless there is one value for each marker */
export function requireEach({ lengths, count }: BoundValues, names: readonly (string | undefined)[]): void {
  if (count !== names.length)
    throw invalid(`There were ${names.length} markers(?) in CQL but ${count} bound variables`);
  for (const [marker, name] of names.entries()) {
    if (lengths[marker] !== MISSING) continue;
    throw invalid(`There is no value for the marker ${name === undefined ? "?" : `:${name}`}`);
  }
}

/** What a marker is given, as it goes over the wire; undefined where it is left unset. */
export function boundTo({ source, starts, lengths }: BoundValues, marker: number): Buffer | null | undefined {
  const length = lengths[marker]!;
  if (length < 0) return length === UNSET ? undefined : null;
  return source.subarray(starts[marker]!, starts[marker]! + length);
}

/** For a request without values. */
export function noBoundValues(into: BoundValues): void {
  into.count = 0;
  into.bytes = 0;
}

const tooShort = () => protocolError("Not enough bytes to read the message");
