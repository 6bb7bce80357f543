import { types } from "cassandra-driver";
import type { EncodedRow } from "../row_encoding.js";

/** Is told what goes to and comes from user tables, each time that it does: what the service bills. */
export interface Traffic {
  /** A request that writes is sent. */
  onWrite(written: {
    table: string;
    inserts: boolean;
    /** What the statement binds, in its order; `[ttl]` for the seconds of `USING TTL ?`. */
    columns: readonly string[];
    /** The bound values of each row. */
    rows: readonly EncodedRow[];
    logged: boolean;
  }): void;
  /** A page has come; `bytes` are those of its values, 0 where they are left packed. */
  onRead(page: { table: string; rows: number; bytes: number; localOne: boolean }): void;
}

/** A statement on a user table, prepared or not. */
interface Statement {
  readonly table: string;
  readonly verb: "select" | "insert" | "update" | "delete";
}

const name = '(?:"((?:[^"]|"")+)"|(\\w+))';
const statementPattern = new RegExp(
  `^\\s*(?:(select|insert|delete)\\b[^]*?\\b(?:from|into)|(update))\\s+(?:${name}\\s*\\.\\s*)?${name}`,
  "i",
);

const known = new Map<string, Statement | undefined>();
/** Statements are few, unless their values are written into them. */
const MOST_KNOWN = 1000;

/** Undefined for a statement on tables of the service, or none that reads or writes rows. */
export function statementOf(query: string): Statement | undefined {
  if (known.has(query)) return known.get(query);
  const [, first, update, quotedKeyspace, keyspace = quotedKeyspace, quotedTable, table = quotedTable] =
    statementPattern.exec(query) ?? [];
  const verb = first ?? update;
  const isUsers = verb !== undefined && table !== undefined && !/^system/.test(keyspace ?? "");
  const statement = isUsers
    ? { table: table.replaceAll('""', '"'), verb: verb.toLowerCase() as Statement["verb"] }
    : undefined;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(query, statement);
  return statement;
}

/** A prepared statement as the driver has it when it is sent. */
export interface PreparedItem {
  readonly query?: string;
  readonly meta?: { readonly columns: readonly unknown[] } | undefined;
}

const UNLOGGED = 1;
const HAS_VALUES = 0x01;
const HEADER_BYTES = 9;

/** Behind a count, so many values, each with its length. */
function valuesAt(frame: Buffer, at: number): EncodedRow {
  const start = at + 2;
  let end = start;
  for (let left = frame.readUInt16BE(at); left > 0; left--) end += 4 + Math.max(0, frame.readInt32BE(end));
  return { slab: frame, start, end };
}

/**
 * Tells of the rows that an EXECUTE writes.
 *
 * @see https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec, sections 4.1.4 and 4.1.6
 */
export function tellOfExecute(traffic: Traffic, { query = "", meta }: PreparedItem, frame: Buffer): void {
  const statement = statementOf(query);
  if (statement === undefined || statement.verb === "select") return;
  const flagsAt = HEADER_BYTES + 2 + frame.readUInt16BE(HEADER_BYTES) + 2;
  const none: EncodedRow = { slab: frame, start: 0, end: 0 };
  const row = frame[flagsAt]! & HAS_VALUES ? valuesAt(frame, flagsAt + 1) : none;
  tell(traffic, statement, meta, [row], false);
}

/** Tells of the rows that a BATCH writes, of statements that are prepared. */
export function tellOfBatch(traffic: Traffic, items: readonly PreparedItem[], frame: Buffer): void {
  const logged = frame[HEADER_BYTES] !== UNLOGGED;
  const count = frame.readUInt16BE(HEADER_BYTES + 1);
  let at = HEADER_BYTES + 3;
  const groups = new Map<PreparedItem, EncodedRow[]>();
  for (let index = 0; index < count; index++) {
    // All rows of `insertRows` are of its one statement.
    const item = items[Math.min(index, items.length - 1)]!;
    const row = valuesAt(frame, at + 3 + frame.readUInt16BE(at + 1));
    at = row.end;
    const rows = groups.get(item);
    if (rows === undefined) groups.set(item, [row]);
    else rows.push(row);
  }
  for (const [{ query = "", meta }, rows] of groups) {
    const statement = statementOf(query);
    if (statement !== undefined) tell(traffic, statement, meta, rows, logged);
  }
}

function tell(
  traffic: Traffic,
  { table, verb }: Statement,
  meta: PreparedItem["meta"],
  rows: readonly EncodedRow[],
  logged: boolean,
): void {
  const columns = (meta?.columns ?? []).map((column) => (column as { name?: string }).name ?? "");
  traffic.onWrite({ table, inserts: verb === "insert", columns, rows, logged });
}

/** Tells of the page that a SELECT was answered with. */
export function tellOfPage(
  traffic: Traffic,
  query: string,
  { rows, info }: { rows?: { length: number } | readonly object[]; info?: { achievedConsistency?: number } },
): void {
  const statement = statementOf(query);
  if (statement?.verb !== "select" || rows === undefined) return;
  const { one, localOne } = types.consistencies;
  const level = info?.achievedConsistency;
  const bytes = Array.isArray(rows) ? rows.reduce((sum: number, row: object) => sum + bytesOf(row), 0) : 0;
  traffic.onRead({ table: statement.table, rows: rows.length, bytes, localOne: level === one || level === localOne });
}

/** Text is all that is long in rows that come as objects. */
function bytesOf(row: object): number {
  let bytes = 0;
  for (const value of Object.values(row)) if (typeof value === "string") bytes += Buffer.byteLength(value);
  return bytes;
}
