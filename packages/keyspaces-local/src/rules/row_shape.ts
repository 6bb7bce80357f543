import type { Clauses, Term } from "../cql/clauses.js";
import { literalBytes } from "../cql/literal_bytes.js";
import { quoteName } from "../cql/properties.js";
import type { DataStatement } from "../cql/statement.js";
import type { KeyColumn, TableRecord } from "../schema/records.js";
import { type BatchPart, batchPart } from "./batch_part.js";
import { type ImageQuery, imageQueries } from "./row_images.js";
import { literalWeight, type ValueWeight, valueWeight } from "./value_weight.js";

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
  /** The columns whose value is a marker or a constant. */
  readonly terms: readonly WeighedTerm[];
  /** How many more columns take part. */
  readonly otherColumns: number;
  /** What each column costs for its name: by how many the table has. */
  readonly idBytes: number;
  /** The markers of varints, which the service limits. */
  readonly varints: readonly number[];
  /** The marker of USING TIMESTAMP. */
  readonly timestamp: number | undefined;
  /** Whether its rows are given a time to live. */
  readonly expires: boolean;
  /** Whether it puts something into the row, which a DELETE does not. */
  readonly stores: boolean;
  /** Set if a DELETE names no single row: the SELECT of as many rows as it would hit, up to one more than it may. */
  readonly range: RangeCount | undefined;
  /** How a stream of its table reads the rows that it writes. @throws Refusal where it cannot */
  readonly images: () => readonly ImageQuery[];
  /** How it is carried out in a batch with conditions on several partitions. @throws Refusal where it cannot */
  readonly part: () => BatchPart;
}

/** A value that is given to a column, and how it is weighed. */
export interface WeighedTerm {
  /** The number of its marker; undefined for a constant, whose weight is `constant`. */
  readonly marker: number | undefined;
  readonly constant: number;
  readonly weight: ValueWeight;
  readonly part: "partition" | "clustering" | "regular";
}

interface RangeCount {
  readonly text: string;
  /** The markers of the WHERE, counted within the statement. */
  readonly firstMarker: number;
}

/** How many rows one DELETE may hit. */
export const RANGE_DELETE_LIMIT = 1000;

export interface ShapeOptions {
  /** The number of the statement's first marker in the text. */
  readonly firstMarker?: number;
  readonly expires?: boolean;
  readonly stores?: boolean;
}

/** @param text the whole statement, or batch, that it was read from */
export function shapeOf(
  statement: DataStatement,
  record: TableRecord,
  text: string,
  { firstMarker = 0, expires = false, stores = false }: ShapeOptions = {},
): RowShape {
  const { clauses } = statement;
  const { partitionKey, clusteringKey } = record;
  const { values, markers, literalBytes, assigned } = clauses;
  const given = (columns: readonly KeyColumn[]) =>
    columns.flatMap((column) => {
      const term = values.get(column.name);
      return term === undefined ? [] : [keyValue(term, column, firstMarker)];
    });
  const partition = given(partitionKey);
  const terms = [...values].flatMap(([name, term]) => (term ? [weighedTerm(name, term, record, firstMarker)] : []));
  return {
    keyspace: record.keyspace,
    table: record.table,
    firstMarker,
    markerCount: markers.length,
    partition: partition.length === partitionKey.length && partition.length > 0 ? partition : undefined,
    clustering: given(clusteringKey),
    literalBytes,
    terms,
    otherColumns: Math.max(0, new Set([...assigned, ...values.keys()]).size - terms.length),
    idBytes: Math.max(1, Math.ceil(record.columns.size / COLUMNS_PER_ID_BYTE)),
    varints: [...values].flatMap(([name, term]) =>
      record.columns.get(name) === "varint" && term && "marker" in term ? [firstMarker + term.marker] : [],
    ),
    timestamp: clauses.timestamp && "marker" in clauses.timestamp ? firstMarker + clauses.timestamp.marker : undefined,
    expires,
    stores,
    range:
      clauses.deletesRows && clusteringKey.some(({ name }) => !values.has(name))
        ? rangeCount(clauses, record, text)
        : undefined,
    images: () => imageQueries(clauses, record, text),
    part: () => batchPart(statement, record, text),
  };
}

const COLUMNS_PER_ID_BYTE = 62;

function weighedTerm(name: string, term: Term, record: TableRecord, firstMarker: number): WeighedTerm {
  const type = record.columns.get(name) ?? "blob";
  const isIn = (columns: readonly KeyColumn[]) => columns.some((column) => column.name === name);
  const part = isIn(record.partitionKey) ? "partition" : isIn(record.clusteringKey) ? "clustering" : "regular";
  const isMarker = "marker" in term;
  return {
    marker: isMarker ? firstMarker + term.marker : undefined,
    constant: isMarker ? 0 : literalWeight(term.literal.kind, term.literal.value, type),
    weight: valueWeight(type),
    part,
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

/** Constants of other types stand for themselves: the same partition as long as it is always written in the same way. */
function keyValue(term: Term, { type }: KeyColumn, firstMarker: number): KeyValue {
  if ("marker" in term) return firstMarker + term.marker;
  return literalBytes(term.literal, type) ?? Buffer.from(term.literal.value);
}
