import type { RuleCode } from "../catalogue/catalogue.js";
import { Flag, type Frame, Opcode } from "./frame.js";
import {
  bytesOf,
  createReader,
  intAt,
  intOf,
  type Reader,
  shortAt,
  shortBytesOf,
  shortOf,
  stringOf,
} from "./notation.js";
import { ErrorCode, Refusal } from "./refusal.js";
import type { SchemaChange } from "./schema_change.js";

/** Bodies of responses: those that the gateway writes and the few that it reads (native_protocol_v4.spec §4.2). */

const ResultKind = { void: 1, rows: 2, setKeyspace: 3, prepared: 4, schemaChange: 5 } as const;
const RowsFlag = { globalTable: 0x01, morePages: 0x02, noMetadata: 0x04 } as const;

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
function readResponse(frame: Frame): Reader {
  const reader = createReader(frame.body);
  if (frame.flags & Flag.tracing) reader.skip(16);
  if (frame.flags & Flag.warnings) for (let left = reader.short(); left > 0; left--) reader.skip(reader.short());
  if (frame.flags & Flag.customPayload) {
    for (let left = reader.short(); left > 0; left--) {
      reader.skip(reader.short());
      reader.bytes();
    }
  }
  return reader;
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

export type Row = ReadonlyMap<string, Buffer | null>;

/** The rows of a Rows result with their cells as they came over the wire; no rows for any other result. */
export function readRows(frame: Frame): Row[] {
  const page = readPage(frame);
  if (!page) return [];
  const reader = createReader(frame.body, page.columns);
  const names = readColumns(reader, frame.body, page);
  // Without columns any number of rows fits into no bytes.
  if (names.length === 0) return [];
  return Array.from({ length: reader.int() }, () => new Map(names.map((name) => [name, reader.bytes()])));
}

/** Whether a write with a condition was done; undefined for any other answer. */
export function isApplied(frame: Frame): boolean | undefined {
  const applied = readRows(frame)[0]?.get("[applied]");
  return applied ? applied[0] !== 0 : undefined;
}

/** Of the RESULT to a write with conditions. */
export const appliedBody = (applied: boolean, keyspace: string, table: string): Buffer =>
  Buffer.concat([
    ...[ResultKind.rows, RowsFlag.globalTable, 1].map(intOf),
    ...[keyspace, table, "[applied]"].map(stringOf),
    shortOf(BOOLEAN),
    intOf(1),
    bytesOf(Buffer.from([applied ? 1 : 0])),
  ]);

/** The option of that type. */
const BOOLEAN = 0x04;

/** A Rows result up to its columns; offsets in the body. */
export interface Page {
  /** Where the flags stand, and behind them the number of columns. */
  readonly start: number;
  readonly flags: number;
  readonly columnCount: number;
  /** Cassandra's; undefined on the last page. */
  readonly state: Buffer | undefined;
  /** Where the columns stand, and behind them the number of rows. */
  readonly columns: number;
}

/** Undefined for any other response. Runs for every answer to a SELECT, so it reads the few bytes it needs in place. */
export function readPage(frame: Frame): Page | undefined {
  if (frame.opcode !== Opcode.result) return undefined;
  const { body } = frame;
  const message = frame.flags === 0 ? 0 : readResponse(frame).position();
  if (intAt(body, message) !== ResultKind.rows) return undefined;
  const start = message + 4;
  const flags = intAt(body, start);
  const columnCount = intAt(body, start + 4);
  let columns = start + 8;
  let state: Buffer | undefined;
  if (flags & RowsFlag.morePages) {
    const length = intAt(body, columns);
    columns += 4;
    if (length >= 0) state = body.subarray(columns, columns + length);
    columns += Math.max(0, length);
  }
  return { start, flags, columnCount, state, columns };
}

/** Steps over the columns, to the number of rows; no names where the client has the columns already. */
function readColumns(reader: Reader, body: Buffer, { flags, columnCount }: Page): string[] {
  if (flags & RowsFlag.noMetadata) return [];
  const isOfOneTable = (flags & RowsFlag.globalTable) !== 0;
  const names: string[] = [];
  const skipTableName = () => {
    reader.string();
    reader.string();
  };
  if (isOfOneTable) skipTableName();
  for (let left = columnCount; left > 0; left--) {
    if (!isOfOneTable) skipTableName();
    names.push(reader.string());
    reader.skip(endOfType(body, reader.position()) - reader.position());
  }
  return names;
}

/** Where the number of rows stands. */
function endOfColumns({ body }: Frame, { flags, columnCount, columns }: Page): number {
  if (flags & RowsFlag.noMetadata) return columns;
  const isOfOneTable = (flags & RowsFlag.globalTable) !== 0;
  let at = columns;
  if (isOfOneTable) at = endOfTableName(body, at);
  for (let left = columnCount; left > 0; left--) {
    if (!isOfOneTable) at = endOfTableName(body, at);
    at = endOfType(body, endOfString(body, at));
  }
  return at;
}

const endOfString = (body: Buffer, at: number): number => at + 2 + shortAt(body, at);
const endOfTableName = (body: Buffer, at: number): number => endOfString(body, endOfString(body, at));

export function countRows(frame: Frame, page: Page): number {
  return intAt(frame.body, endOfColumns(frame, page));
}

/** The same page with another paging state, in pieces: its rows are not copied. */
export function withPagingState(frame: Frame, page: Page, state: Buffer): Buffer[] {
  return pageFrame(frame, page, state, [frame.body.subarray(page.columns)]);
}

/** A page with the columns of this one, no rows, and the promise of more; in pieces. */
export function emptyPage(frame: Frame, page: Page, state: Buffer): Buffer[] {
  const columns = frame.body.subarray(page.columns, endOfColumns(frame, page));
  return pageFrame(frame, page, state, [columns, intOf(0)]);
}

function pageFrame(frame: Frame, page: Page, state: Buffer, rest: readonly Buffer[]): Buffer[] {
  const headerBytes = frame.bytes.length - frame.body.length;
  const flags = intOf(page.flags | RowsFlag.morePages);
  const start = Buffer.concat([
    frame.bytes.subarray(0, headerBytes + page.start),
    flags,
    intOf(page.columnCount),
    bytesOf(state),
  ]);
  const bytes = rest.reduce((sum, piece) => sum + piece.length, start.length);
  start.writeInt32BE(bytes - headerBytes, headerBytes - 4);
  return [start, ...rest];
}

/** Where the type that begins at `at` ends. */
function endOfType(body: Buffer, at: number): number {
  const type = shortAt(body, at);
  let end = at + 2;
  if (type === 0x00) return endOfString(body, end);
  if (type === 0x20 || type === 0x22) return endOfType(body, end);
  if (type === 0x21) return endOfType(body, endOfType(body, end));
  if (type === 0x30) {
    end = endOfTableName(body, end);
    const fields = shortAt(body, end);
    end += 2;
    for (let left = fields; left > 0; left--) end = endOfType(body, endOfString(body, end));
  } else if (type === 0x31) {
    const members = shortAt(body, end);
    end += 2;
    for (let left = members; left > 0; left--) end = endOfType(body, end);
  }
  return end;
}
