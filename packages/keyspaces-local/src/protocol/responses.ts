import type { RuleCode } from "../catalogue/catalogue.js";
import { encodeFrame, Flag, type Frame, frameAt, Opcode } from "./frame.js";
import { createReader, intOf, type Reader, shortBytesOf, shortOf, stringOf } from "./notation.js";
import { ErrorCode, Refusal } from "./refusal.js";
import type { SchemaChange } from "./schema_change.js";

/** Bodies of responses: those that the gateway writes and the few that it reads (native_protocol_v4.spec §4.2). */

export const ResultKind = { void: 1, rows: 2, setKeyspace: 3, prepared: 4, schemaChange: 5 } as const;

export function errorBody(refusal: Refusal): Buffer {
  return Buffer.concat([intOf(refusal.code), stringOf(refusal.text), refusal.extra]);
}

export function unprepared(id: Buffer): Refusal {
  const text = `Prepared query with ID ${id.toString("hex")} not found`;
  return new Refusal(ErrorCode.unprepared, text, shortBytesOf(id));
}

/** @param table empty for a keyspace */
export function alreadyExists(keyspace: string, table = ""): Refusal {
  const text = table
    ? `Cannot add already existing table "${table}" to keyspace "${keyspace}"`
    : `Cannot add existing keyspace "${keyspace}"`;
  return new Refusal(ErrorCode.alreadyExists, text, Buffer.concat([stringOf(keyspace), stringOf(table)]));
}

/** The nodes that the service waits for at LOCAL_QUORUM, and names at any level. */
const REQUIRED_ANSWERS = 2;

/** What the service says to more than it has capacity for, a BATCH too: there is no error of its own for that. */
export function throttled(writes: boolean, consistency: number, rule: RuleCode = "KL-CAPACITY"): Refusal {
  const text = "Operation timed out - received only 0 responses.";
  const answers = Buffer.concat([shortOf(consistency), intOf(0), intOf(REQUIRED_ANSWERS)]);
  return writes
    ? new Refusal(ErrorCode.writeTimeout, text, Buffer.concat([answers, stringOf("SIMPLE")]), rule)
    : new Refusal(ErrorCode.readTimeout, text, Buffer.concat([answers, Buffer.from([0])]), rule);
}

export const voidResult: Buffer = intOf(ResultKind.void);

/** Of the RESULT to a definition. */
export const schemaChangeBody = (change: SchemaChange): Buffer =>
  Buffer.concat([intOf(ResultKind.schemaChange), ...changeBytes(change)]);

/** Of the EVENT that tells others of it. */
export const schemaEventBody = (change: SchemaChange): Buffer =>
  Buffer.concat([stringOf("SCHEMA_CHANGE"), ...changeBytes(change)]);

function changeBytes({ change, object, keyspace, name }: SchemaChange): Buffer[] {
  const names = object === "keyspace" ? [keyspace] : [keyspace, name];
  return [change, object.toUpperCase(), ...names].map(stringOf);
}

/** A reader at the message itself, behind tracing id, warnings and custom payload. */
export function readResponse(frame: Frame): Reader {
  const reader = createReader(frame.body);
  if (frame.flags & Flag.tracing) reader.skip(TRACING_ID_BYTES);
  if (frame.flags & Flag.warnings) for (let left = reader.short(); left > 0; left--) reader.skip(reader.short());
  if (frame.flags & Flag.customPayload) {
    for (let left = reader.short(); left > 0; left--) {
      reader.skip(reader.short());
      reader.bytes();
    }
  }
  return reader;
}

const TRACING_ID_BYTES = 16;

export function readWarnings({ flags, body }: Frame): string[] {
  if ((flags & Flag.warnings) === 0) return [];
  const reader = createReader(body, flags & Flag.tracing ? TRACING_ID_BYTES : 0);
  return Array.from({ length: reader.short() }, () => reader.string());
}

/** The same response with these warnings in place of its own. */
export function withWarnings(frame: Frame, warnings: readonly string[]): Frame {
  if (warnings.length === 0) return frame;
  const { version, stream, opcode, body } = frame;
  const traced = frame.flags & Flag.tracing;
  const changed = Buffer.concat([
    body.subarray(0, traced ? TRACING_ID_BYTES : 0),
    shortOf(warnings.length),
    ...warnings.map(stringOf),
    body.subarray(readResponse(frame).position()),
  ]);
  const bytes = encodeFrame("response", { version, stream, opcode, flags: traced | Flag.warnings }, changed);
  return frameAt(bytes, 0, bytes.length);
}

/** The id of a Prepared result; undefined for any other response. */
export function readPreparedId(frame: Frame): Buffer | undefined {
  if (frame.opcode !== Opcode.result) return undefined;
  const reader = readResponse(frame);
  return reader.int() === ResultKind.prepared ? Buffer.from(reader.shortBytes()) : undefined;
}

export function isSetKeyspace(frame: Frame): boolean {
  return frame.opcode === Opcode.result && readResponse(frame).int() === ResultKind.setKeyspace;
}

/** Whether a statement that may do nothing (IF NOT EXISTS) did something. */
export function isSchemaChange(frame: Frame): boolean {
  return frame.opcode === Opcode.result && readResponse(frame).int() === ResultKind.schemaChange;
}

/** The refusal that an ERROR frame carries, told apart no further. */
export function readError(frame: Frame): Refusal {
  const reader = readResponse(frame);
  return new Refusal(reader.int(), reader.string());
}
