import { Flag, type Frame } from "./frame.js";
import { createReader, intOf, longStringOf, type Reader } from "./notation.js";
import { protocolError } from "./refusal.js";

/** What the gateway must see of a client's requests; the rest of each body is left as it came (v4 spec §4.1). */

const ParameterFlag = { values: 0x01, pagingState: 0x08, names: 0x40, keyspace: 0x80 } as const;

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

/** The bound values of a QUERY or EXECUTE in their order; null if they are given by name. */
export function readValues(body: Buffer, parameters: number): (Buffer | null)[] | null {
  const reader = createReader(body, parameters);
  reader.short();
  const flags = reader.byte();
  if ((flags & ParameterFlag.values) === 0) return [];
  if ((flags & ParameterFlag.names) !== 0) return null;
  return Array.from({ length: reader.short() }, () => reader.bytes());
}

type BatchType = "logged" | "unlogged" | "counter";
type BatchEntry = { readonly text: string } | { readonly id: Buffer };

export interface BatchRequest {
  readonly type: BatchType;
  readonly entries: readonly BatchEntry[];
  readonly consistency: number;
}

const batchTypes: readonly BatchType[] = ["logged", "unlogged", "counter"];

/** The consistency stands behind the last statement, so every value has to be stepped over. */
export function readBatch(frame: Frame): BatchRequest {
  const { body } = frame;
  const reader = createReader(body, messageStart(frame));
  const type = batchTypes[reader.byte()];
  if (type === undefined) throw protocolError("Invalid batch type");
  const entries: BatchEntry[] = [];
  for (let left = reader.short(); left > 0; left--) {
    const kind = reader.byte();
    if (kind > 1) throw protocolError("Invalid query kind in BATCH message");
    entries.push(kind === 0 ? { text: reader.longString() } : { id: reader.shortBytes() });
    for (let values = reader.short(); values > 0; values--) {
      const length = reader.int();
      if (length > 0) reader.skip(length);
    }
  }
  const consistency = reader.short();
  checkFlags(reader);
  return { type, entries, consistency };
}

/** A QUERY body: what the gateway itself asks of Cassandra. Values are given as they go over the wire. */
export function queryBody(text: string, consistency: number, values: readonly (Buffer | null)[]): Buffer {
  const parameters = Buffer.from([consistency >> 8, consistency & 0xff, values.length > 0 ? ParameterFlag.values : 0]);
  if (values.length === 0) return Buffer.concat([longStringOf(text), parameters]);
  const count = Buffer.from([values.length >> 8, values.length & 0xff]);
  const cells = values.flatMap((value) => (value === null ? [intOf(-1)] : [intOf(value.length), value]));
  return Buffer.concat([longStringOf(text), parameters, count, ...cells]);
}
