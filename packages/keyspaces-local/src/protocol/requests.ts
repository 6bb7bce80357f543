import { type BoundValues, endOfValues, noBoundValues, readBoundValues, readNamedValues } from "./bound_values.js";
import { encodeFrame, Flag, type Frame } from "./frame.js";
import { bytesOf, createReader, hasBytesAt, intAt, intOf, longStringOf, type Reader } from "./notation.js";
import { protocolError } from "./refusal.js";

/** What the gateway must see of a client's requests; the rest of each body is left as it came (v4 spec §4.1). */

export const ParameterFlag = { values: 0x01, pageSize: 0x04, pagingState: 0x08, names: 0x40, keyspace: 0x80 } as const;

/** Where the message starts: behind the custom payload, a [bytes map], if there is one. */
function messageStart(frame: Frame): number {
  if ((frame.flags & Flag.customPayload) === 0) return 0;
  const reader = createReader(frame.body);
  for (let left = reader.short(); left > 0; left--) {
    reader.skip(reader.short());
    reader.bytes();
  }
  return reader.position();
}

/**
 * Steps over the flags behind the consistency. Version 5's keyspace of a single request is refused here: Cassandra heeds
 * it in any version, and would run the statement in another keyspace than the one that was judged.
 */
function checkFlags(reader: Reader): void {
  if (reader.byte() & ParameterFlag.keyspace) {
    throw protocolError(
      "The keyspace of a single request (flag 0x80) needs protocol version 5: write ks.table, or USE it",
    );
  }
}

export interface QueryRequest {
  readonly text: string;
  readonly consistency: number;
  /** Offset in the body of the parameters, which begin with the consistency. */
  readonly parameters: number;
}

export function readQuery(frame: Frame): QueryRequest {
  const reader = createReader(frame.body, messageStart(frame));
  const text = reader.longString();
  const parameters = reader.position();
  const consistency = reader.short();
  checkFlags(reader);
  return { text, parameters, consistency };
}

export function readPrepare(frame: Frame): string {
  return createReader(frame.body, messageStart(frame)).longString();
}

/** The events that a REGISTER asks for. */
export function readRegister(frame: Frame): string[] {
  const reader = createReader(frame.body, messageStart(frame));
  return Array.from({ length: reader.short() }, () => reader.string());
}

/** The body of a QUERY or PREPARE with its statement exchanged and everything else as it came. */
export function replaceStatement(frame: Frame, text: string): Buffer {
  const start = messageStart(frame);
  const end = start + 4 + frame.body.readInt32BE(start);
  return Buffer.concat([frame.body.subarray(0, start), longStringOf(text), frame.body.subarray(end)]);
}

export interface ExecuteRequest {
  readonly id: Buffer;
  readonly consistency: number;
  readonly parameters: number;
}

/** Runs once per row on the way in, so it reads the few bytes it needs in place. */
export function readExecute(frame: Frame): ExecuteRequest {
  const { body } = frame;
  const start = messageStart(frame);
  if (body.length < start + 2) throw protocolError("Not enough bytes to read the message");
  const parameters = start + 2 + body.readUInt16BE(start);
  if (body.length < parameters + 3) throw protocolError("Not enough bytes to read the message");
  return { id: body.subarray(start + 2, parameters), consistency: body.readUInt16BE(parameters), parameters };
}

/** Whether a QUERY or EXECUTE goes on with an earlier one. */
export function hasPagingState(body: Buffer, parameters: number): boolean {
  return (body[parameters + 2]! & ParameterFlag.pagingState) !== 0;
}

/**
 * Finds the bound values of a QUERY or EXECUTE.
 *
 * @param names the statement's markers, for values that are given by name
 */
export function locateValues(
  body: Buffer,
  parameters: number,
  names: readonly (string | undefined)[],
  into: BoundValues,
): void {
  const flags = body[parameters + 2]!;
  if ((flags & ParameterFlag.values) === 0) noBoundValues(into);
  else if ((flags & ParameterFlag.names) === 0) readBoundValues(body, parameters + 3, into);
  else readNamedValues(body, parameters + 3, names, into);
}

/** What a QUERY or EXECUTE says of pages; offsets in the body. */
export interface PageRequest {
  /** Where the flags stand; behind them the values. */
  readonly flagsAt: number;
  readonly valuesEnd: number;
  /** Undefined where all rows are wanted at once. */
  readonly size: number | undefined;
  readonly state: Buffer | undefined;
  /** Where what comes behind the paging state begins. */
  readonly rest: number;
}

export function readPageRequest(body: Buffer, parameters: number): PageRequest {
  const flagsAt = parameters + 2;
  const flags = body[flagsAt]!;
  let at = flagsAt + 1;
  if (flags & ParameterFlag.values)
    at = flags & ParameterFlag.names ? endOfNamedValues(body, at) : endOfValues(body, at);
  const valuesEnd = at;
  let size: number | undefined;
  if (flags & ParameterFlag.pageSize) {
    const wanted = intAt(body, at);
    if (wanted > 0) size = wanted;
    at += 4;
  }
  let state: Buffer | undefined;
  if (flags & ParameterFlag.pagingState) {
    const reader = createReader(body, at);
    state = reader.bytes() ?? undefined;
    at = reader.position();
  }
  return { flagsAt, valuesEnd, size, state, rest: at };
}

function endOfNamedValues(body: Buffer, start: number): number {
  const reader = createReader(body, start);
  for (let left = reader.short(); left > 0; left--) {
    reader.string();
    reader.bytes();
  }
  return reader.position();
}

/** The same request for another page, or a page of another size. */
export function withPage(
  frame: Frame,
  { flagsAt, valuesEnd, rest }: PageRequest,
  size: number | undefined,
  state: Buffer | undefined,
): Buffer {
  const { body } = frame;
  const kept = body[flagsAt]! & ~(ParameterFlag.pageSize | ParameterFlag.pagingState);
  const flags = kept | (size ? ParameterFlag.pageSize : 0) | (state ? ParameterFlag.pagingState : 0);
  const parts = [
    body.subarray(0, flagsAt),
    Buffer.from([flags]),
    body.subarray(flagsAt + 1, valuesEnd),
    ...(size ? [intOf(size)] : []),
    ...(state ? [bytesOf(state)] : []),
    body.subarray(rest),
  ];
  return encodeFrame("request", frame, Buffer.concat(parts));
}

type BatchType = "logged" | "unlogged" | "counter";
/** One statement: its text or the id of a prepared one. */
interface BatchEntry {
  readonly text: string | undefined;
  readonly id: Buffer | undefined;
  /** Where its values begin. */
  readonly values: number;
}

export interface BatchRequest {
  readonly type: BatchType;
  readonly entries: readonly BatchEntry[];
  readonly consistency: number;
}

const batchTypes: readonly BatchType[] = ["logged", "unlogged", "counter"];

/**
 * The consistency stands behind the last statement, so every value has to be stepped over: in place, as there is one for
 * every cell of every row. Neighbours that execute the same statement get the same id, also as an object.
 */
export function readBatch(frame: Frame): BatchRequest {
  const { body } = frame;
  const start = messageStart(frame);
  if (body.length < start + 3) throw protocolError("Not enough bytes to read the message");
  const type = batchTypes[body[start]!];
  if (type === undefined) throw protocolError("Invalid batch type");
  const entries: BatchEntry[] = [];
  let at = start + 3;
  let id: Buffer | undefined;
  for (let left = body.readUInt16BE(start + 1); left > 0; left--) {
    const kind = body[at++];
    let text: string | undefined;
    if (kind === 1) {
      id = readId(body, at, id);
      at += 2 + id.length;
    } else if (kind === 0) {
      const reader = createReader(body, at);
      text = reader.longString();
      at = reader.position();
    } else throw protocolError("Invalid query kind in BATCH message");
    entries.push({ text, id: kind === 1 ? id : undefined, values: at });
    at = endOfValues(body, at);
  }
  const reader = createReader(body, at);
  const consistency = reader.short();
  checkFlags(reader);
  return { type, entries, consistency };
}

/** @param expected what is returned if it is that */
function readId(body: Buffer, at: number, expected: Buffer | undefined): Buffer {
  if (body.length < at + 2) throw protocolError("Not enough bytes to read the message");
  const length = body.readUInt16BE(at);
  if (body.length < at + 2 + length) throw protocolError("Not enough bytes to read the message");
  if (expected?.length === length && hasBytesAt(body, at + 2, expected)) return expected;
  return body.subarray(at + 2, at + 2 + length);
}
