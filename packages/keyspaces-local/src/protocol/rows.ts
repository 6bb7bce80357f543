import { type Frame, Opcode } from "./frame.js";
import { bytesOf, createReader, intAt, intOf, type Reader, shortAt, shortOf, stringOf } from "./notation.js";
import { ResultKind, readResponse } from "./responses.js";

/** Rows results: those of SELECTs and of writes with conditions (native_protocol_v4.spec §4.2.5.2). */

const RowsFlag = { globalTable: 0x01, morePages: 0x02, noMetadata: 0x04 } as const;

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
export const emptyPage = (frame: Frame, page: Page, state: Buffer): Buffer[] =>
  withRows(frame, page, { count: 0, bytes: [] }, state);

/** Rows as they go over the wire. */
export interface EncodedRows {
  readonly count: number;
  readonly bytes: readonly Buffer[];
}

export function rowsOf(frame: Frame, page: Page): { readonly count: number; readonly bytes: Buffer } {
  const at = endOfColumns(frame, page);
  return { count: intAt(frame.body, at), bytes: frame.body.subarray(at + 4) };
}

/** A page with the columns of this one and other rows, in pieces; without a paging state, the last one. */
export function withRows(frame: Frame, page: Page, { count, bytes }: EncodedRows, state: Buffer | undefined): Buffer[] {
  return pageFrame(frame, page, state, [columnsOf(frame, page), intOf(count), ...bytes]);
}

export const columnsOf = (frame: Frame, page: Page): Buffer =>
  frame.body.subarray(page.columns, endOfColumns(frame, page));

function pageFrame(frame: Frame, page: Page, state: Buffer | undefined, rest: readonly Buffer[]): Buffer[] {
  const headerBytes = frame.bytes.length - frame.body.length;
  const flags = state ? page.flags | RowsFlag.morePages : page.flags & ~RowsFlag.morePages;
  const start = Buffer.concat([
    frame.bytes.subarray(0, headerBytes + page.start),
    intOf(flags),
    intOf(page.columnCount),
    ...(state ? [bytesOf(state)] : []),
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
