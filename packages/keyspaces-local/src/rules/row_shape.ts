import type { Clauses, Term } from "../cql/clauses.js";
import type { Token } from "../cql/lexer.js";
import { quoteName } from "../cql/properties.js";
import type { KeyColumn, TableRecord } from "../schema/schema_store.js";

/** Where a value of a key is found: the marker of this number, or its bytes. */
type KeyValue = number | Buffer;

/** What is known of the rows that a statement reads or writes before its values are: enough to weigh each execution. */
export interface RowShape {
  readonly keyspace: string;
  readonly table: string;
  /** Where its own markers begin; not 0 only for the later statements of a BATCH given as text. */
  readonly firstMarker: number;
  readonly markerCount: number;
  /** In the key's order; undefined unless all of the partition key is given. */
  readonly partition: readonly KeyValue[] | undefined;
  /** The clustering columns that are given. */
  readonly clustering: readonly KeyValue[];
  readonly literalBytes: number;
  /** How many columns take part, for the bytes that each costs. */
  readonly columns: number;
  /** Set if a DELETE names no single row: the SELECT of as many rows as it would hit, up to one more than it may. */
  readonly range: RangeCount | undefined;
}

interface RangeCount {
  readonly text: string;
  /** The markers of the WHERE, counted within the statement. */
  readonly firstMarker: number;
}

/** How many rows one DELETE may hit. */
export const RANGE_DELETE_LIMIT = 1000;

/**
 * @param text the whole statement, or batch, that the clauses were read from
 * @param firstMarker the number of the statement's first marker in that text
 */
export function shapeOf(clauses: Clauses, record: TableRecord, text: string, firstMarker = 0): RowShape {
  const { partitionKey, clusteringKey } = record;
  const { values, markers, literalBytes, assigned } = clauses;
  const given = (columns: readonly KeyColumn[]) =>
    columns.flatMap((column) => {
      const term = values.get(column.name);
      return term === undefined ? [] : [keyValue(term, column, firstMarker)];
    });
  const partition = given(partitionKey);
  return {
    keyspace: record.keyspace,
    table: record.table,
    firstMarker,
    markerCount: markers.length,
    partition: partition.length === partitionKey.length && partition.length > 0 ? partition : undefined,
    clustering: given(clusteringKey),
    literalBytes,
    columns: Math.max(assigned.length, values.size),
    range:
      clauses.deletesRows && clusteringKey.some(({ name }) => !values.has(name))
        ? rangeCount(clauses, record, text)
        : undefined,
  };
}

function rangeCount({ where }: Clauses, { keyspace, table, partitionKey }: TableRecord, text: string) {
  if (!where) return undefined;
  const path = `${quoteName(keyspace)}.${quoteName(table)}`;
  const condition = text.slice(where.start, where.end);
  return {
    text: `SELECT ${quoteName(partitionKey[0]!.name)} FROM ${path} WHERE ${condition} LIMIT ${RANGE_DELETE_LIMIT + 1}`,
    firstMarker: where.firstMarker,
  };
}

function keyValue(term: Term, { type }: KeyColumn, firstMarker: number): KeyValue {
  return "marker" in term ? firstMarker + term.marker : encodeLiteral(term.literal, type);
}

/**
 * As it would be bound, for the types that keys mostly have. Other constants stand for themselves:
 * the same partition as long as it is always written in the same way.
 */
function encodeLiteral(literal: Token, type: string): Buffer {
  const { kind, value } = literal;
  if (kind === "string" && ["text", "ascii"].includes(type)) return Buffer.from(value);
  if (kind === "number" && type === "blob") return Buffer.from(value.slice(2), "hex");
  if (kind === "number" && ["uuid", "timeuuid"].includes(type)) return Buffer.from(value.replaceAll("-", ""), "hex");
  if (kind === "number" && type === "int" && /^-?\d+$/.test(value)) return intBytes(Number(value) | 0);
  return Buffer.from(value);
}

function intBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
