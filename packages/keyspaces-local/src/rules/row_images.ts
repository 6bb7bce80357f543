import type { Clauses, Term } from "../cql/clauses.js";
import { quoteName } from "../cql/properties.js";
import { invalid } from "../protocol/refusal.js";
import type { TableRecord } from "../schema/records.js";

/** The rows that one statement writes, as its table's stream has to read them: before, and after. */
export interface ImageQuery {
  /** What stands behind WHERE. */
  readonly where: string;
  /** The numbers of the statement's markers that it binds, in their order. */
  readonly markers: readonly number[];
  /** Of static columns alone, which no single row is written with. */
  readonly isStatic: boolean;
}

/**
 * @param text the whole statement, or batch, that the clauses were read from
 * @throws Refusal where the row cannot be told from the statement
 */
export function imageQuery(clauses: Clauses, record: TableRecord, text: string): ImageQuery {
  const { where, values, deletesRows } = clauses;
  const hasRow = record.clusteringKey.every(({ name }) => values.has(name));
  const isStatic = !hasRow && !deletesRows;
  if (where) {
    const markers = Array.from({ length: where.markerCount }, (_, index) => where.firstMarker + index);
    return { where: text.slice(where.start, where.end), markers, isStatic };
  }
  const keys = [...record.partitionKey, ...(hasRow ? record.clusteringKey : [])];
  const terms = keys.map(({ name }) => ({ name, term: values.get(name) }));
  const markers: number[] = [];
  const relations = terms.map(({ name, term }) => {
    if (!term) throw notTold(record, name);
    if ("marker" in term) markers.push(term.marker);
    return `${quoteName(name)} = ${"marker" in term ? "?" : literalText(term, text)}`;
  });
  return { where: relations.join(" AND "), markers, isStatic };
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
