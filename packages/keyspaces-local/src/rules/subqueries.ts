import type { Clauses, Term } from "../cql/clauses.js";
import type { QualifiedName } from "../cql/cursor.js";
import type { InRelation, Span } from "../cql/in_relation.js";
import { type Replacement, withReplaced } from "../cql/manipulation.js";
import { quoteName } from "../cql/properties.js";
import { createReader } from "../protocol/notation.js";
import type { TableRecord } from "../schema/records.js";

/** A SELECT with IN as the service carries it out: one subquery for each combination of what its lists have, in their order. */
export interface Subqueries {
  readonly text: string;
  /** What else is to stand in the text of each. */
  readonly replacements: readonly Replacement[];
  readonly relations: readonly InRelation[];
  /** Of all bind markers, in their order. */
  readonly markers: readonly Span[];
  /** Of rows, in all of them together. */
  readonly limit: Term | undefined;
}

/** One of them: a statement, and what is bound to its markers. */
export interface Subquery {
  readonly text: string;
  readonly values: readonly (Buffer | null)[];
}

/** @param replacements besides what the table is called; undefined where the rows of a partition cannot be asked for by themselves */
export function planSubqueries(
  clauses: Clauses,
  { keyspace, table, partitionKey }: TableRecord,
  text: string,
  target: QualifiedName,
  replacements: readonly Replacement[],
): Subqueries | undefined {
  const { inRelations, markerSpans, limit, values, listed } = clauses;
  if (inRelations.length === 0 || clauses.comparesTokens) return undefined;
  if (!partitionKey.every(({ name }) => values.has(name) || listed.has(name))) return undefined;
  const path = { start: target.start, end: target.end, by: `${quoteName(keyspace)}.${quoteName(table)}` };
  return { text, replacements: [...replacements, path], relations: inRelations, markers: markerSpans, limit };
}

/** Which element a relation has in a subquery: a part of the text, or a value of a list that is bound. */
type Element = Span | Buffer;

/** @param boundTo what is bound to a marker */
export function expand(plan: Subqueries, boundTo: (marker: number) => Buffer | null): Subquery[] {
  const lists = plan.relations.map(({ elements }) => elementsOf(plan.text, elements, boundTo));
  let combinations: Element[][] = [[]];
  // The first of them changes last, as the service goes through them.
  for (const list of lists) combinations = combinations.flatMap((one) => list.map((element) => [...one, element]));
  return combinations.map((elements) => subqueryOf(plan, elements, boundTo));
}

/** Each once: a row is found once, however often its key is listed. */
function elementsOf(
  text: string,
  elements: InRelation["elements"],
  boundTo: (marker: number) => Buffer | null,
): Element[] {
  const unique = new Map<string, Element>();
  if ("marker" in elements) {
    const reader = createReader(boundTo(elements.marker) ?? Buffer.alloc(4));
    for (let left = reader.int(); left > 0; left--) {
      const element = reader.bytes() ?? Buffer.alloc(0);
      unique.set(element.toString("hex"), element);
    }
  } else for (const [index, span] of elements.entries()) unique.set(keyOf(text, span, index), span);
  return [...unique.values()];
}

/** Of two markers none knows whether they are given the same. */
const keyOf = (text: string, { start, end }: Span, index: number): string => {
  const written = text.slice(start, end);
  return /[?:]/.test(written) ? `${index}` : `=${written}`;
};

function subqueryOf(
  { text, replacements, relations, markers }: Subqueries,
  elements: readonly Element[],
  boundTo: (marker: number) => Buffer | null,
): Subquery {
  const replaced: Replacement[] = [...replacements];
  const values: (Buffer | null)[] = [];
  /** A part of the text with its markers as `?`, whose values follow. */
  const written = ({ start, end }: Span): string => {
    const inside = [...markers.entries()].filter(([, span]) => span.start >= start && span.end <= end);
    for (const [marker] of inside) values.push(boundTo(marker));
    const names = inside.map(([, span]) => ({ start: span.start - start, end: span.end - start, by: "?" }));
    return withReplaced(text.slice(start, end), names);
  };
  // In the order of the text, as the values are.
  const parts = [
    ...relations.map((relation, index) => ({ span: relation, element: elements[index]! })),
    ...markers
      .filter((span) => !relations.some(({ start, end }) => span.start >= start && span.end <= end))
      .map((span) => ({ span, element: undefined })),
  ].toSorted((one, other) => one.span.start - other.span.start);
  for (const { span, element } of parts) {
    const { start, end } = span;
    if (element === undefined) replaced.push({ start, end, by: written(span) });
    else if (Buffer.isBuffer(element)) {
      values.push(element);
      replaced.push({ start, end, by: "= ?" });
    } else replaced.push({ start, end, by: `= ${written(element)}` });
  }
  return { text: withReplaced(text, replaced), values };
}
