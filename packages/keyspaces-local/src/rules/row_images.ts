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
}

/**
 * @param text the whole statement, or batch, that the clauses were read from
 * @throws Refusal where the row cannot be told from the statement
 */
export function imageQueries(clauses: Clauses, record: TableRecord, text: string): ImageQuery[] {
  const { where, values, assigned, deletesRows } = clauses;
  const { partitionKey, clusteringKey, statics } = record;
  const hasRow = clusteringKey.every(({ name }) => values.has(name));
  const deletesPartition = deletesRows && where !== undefined && !names(where, clusteringKey, text);
  const queries: ImageQuery[] = [];
  if (hasRow || deletesRows || statics.size === 0) {
    queries.push(
      where ? whereQuery(where, text) : keyQuery([...partitionKey, ...clusteringKey], clauses, record, text),
    );
  }
  const writesStatics = !hasRow || deletesPartition || assigned.some((name) => statics.has(name));
  if (statics.size > 0 && writesStatics && (deletesPartition || !deletesRows)) {
    queries.push({ ...keyQuery(partitionKey, clauses, record, text), isStatic: true });
  }
  return queries;
}

type Where = NonNullable<Clauses["where"]>;

function whereQuery({ start, end, firstMarker, markerCount }: Where, text: string): ImageQuery {
  const markers = Array.from({ length: markerCount }, (_, index) => firstMarker + index);
  return { where: text.slice(start, end), markers, isStatic: false };
}

/** Whether any of these columns has to do with it. */
const names = ({ start, end }: Where, columns: readonly KeyColumn[], text: string): boolean =>
  tokenize(text.slice(start, end)).some(({ kind, value }, index, tokens) => {
    // `:name` may be called as a column is.
    const isMarker = tokens[index - 1]?.kind === "marker" && tokens[index - 1]?.value === ":";
    return (kind === "word" || kind === "quoted") && !isMarker && columns.some(({ name }) => name === value);
  });

function keyQuery(keys: readonly KeyColumn[], { values }: Clauses, record: TableRecord, text: string): ImageQuery {
  const markers: number[] = [];
  const relations = keys.map(({ name }) => {
    const term = values.get(name);
    if (!term) throw notTold(record, name);
    if ("marker" in term) markers.push(term.marker);
    return `${quoteName(name)} = ${"marker" in term ? "?" : literalText(term, text)}`;
  });
  return { where: relations.join(" AND "), markers, isStatic: false };
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
