import type { Clauses, Term } from "../cql/clauses.js";
import { tokenize } from "../cql/lexer.js";
import { quoteName } from "../cql/properties.js";
import { invalid } from "../protocol/refusal.js";
import type { KeyColumn, TableRecord } from "../schema/records.js";

/** Rows that one statement writes, as its table's stream has to read them: before, and after. */
export interface ImageQuery {
  /** What stands behind WHERE. */
  readonly where: string;
  /** The numbers of the statement's markers that it binds, in their order. */
  readonly markers: readonly number[];
  /** The static columns of a partition, which have a record of their own. */
  readonly isStatic: boolean;
  /** The markers of each value that is written; nothing is where each has one that is unset. Undefined where there is more to it. */
  readonly written: readonly (readonly number[])[] | undefined;
}

/**
 * @param text the whole statement, or batch, that the clauses were read from
 * @throws Refusal where the row cannot be told from the statement
 */
export function imageQueries(clauses: Clauses, record: TableRecord, text: string): ImageQuery[] {
  const { where, changes, deletesRows } = clauses;
  const { partitionKey, clusteringKey, statics } = record;
  const isInsert = where === undefined;
  const writtenTo = (areStatic: boolean) =>
    changes.filter(({ column }) => statics.has(column) === areStatic).map(({ markers }) => markers);
  const hasRow = statics.size === 0 || namesRow(clauses, clusteringKey, text);
  const queries: ImageQuery[] = [];
  if (hasRow || deletesRows) {
    const read = isInsert
      ? keyQuery([...partitionKey, ...clusteringKey], clauses, record, text)
      : whereQuery(where, text);
    // An INSERT makes the row itself.
    const written = isInsert || deletesRows ? undefined : writtenTo(false);
    queries.push({ where: read.where, markers: read.markers, isStatic: false, written });
  }
  const statically = writtenTo(true);
  if (!hasRow || statically.length > 0) {
    const read = keyQuery(partitionKey, clauses, record, text);
    // There are none of their own where the whole partition goes.
    const written = statically.length > 0 ? statically : undefined;
    queries.push({ where: read.where, markers: read.markers, isStatic: true, written });
  }
  return queries;
}

/** Whether there is more to it than the partition, which only static columns and the whole of it are written by. */
const namesRow = ({ where, values }: Clauses, clusteringKey: readonly KeyColumn[], text: string): boolean =>
  where ? names(where, clusteringKey, text) : clusteringKey.every(({ name }) => values.has(name));

type Read = Pick<ImageQuery, "where" | "markers">;

type Where = NonNullable<Clauses["where"]>;

function whereQuery({ start, end, firstMarker, markerCount }: Where, text: string): Read {
  const markers = Array.from({ length: markerCount }, (_, index) => firstMarker + index);
  return { where: text.slice(start, end), markers };
}

/** Whether any of these columns has to do with it. */
function names({ start, end }: Where, columns: readonly KeyColumn[], text: string): boolean {
  let braces = 0;
  return tokenize(text.slice(start, end)).some(({ kind, value }, index, tokens) => {
    if (kind === "symbol" && value === "{") braces++;
    if (kind === "symbol" && value === "}") braces--;
    // `:name` and the field of a user-defined type may be called as a column is.
    const isMarker = tokens[index - 1]?.kind === "marker" && tokens[index - 1]?.value === ":";
    const isName = (kind === "word" || kind === "quoted") && !isMarker && braces === 0;
    return isName && columns.some(({ name }) => name === value);
  });
}

function keyQuery(keys: readonly KeyColumn[], { values }: Clauses, record: TableRecord, text: string): Read {
  const markers: number[] = [];
  const relations = keys.map(({ name }) => {
    const term = values.get(name);
    if (!term) throw notTold(record, name);
    if ("marker" in term) markers.push(term.marker);
    return `${quoteName(name)} = ${"marker" in term ? "?" : literalText(term, text)}`;
  });
  return { where: relations.join(" AND "), markers };
}

function literalText({ literal }: Extract<Term, { literal: unknown }>, text: string): string {
  const written = text.slice(literal.start, literal.end);
  return literal.value.startsWith("-") && !written.startsWith("-") ? `-${written}` : written;
}

const notTold = ({ keyspace, table }: TableRecord, column: string) =>
  invalid(
    `The value of ${column} has to be given by itself, not by a function or in JSON: ${keyspace}.${table} has a stream, whose records are made of it here`,
    "KL-CDC",
  );
