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
  { keyspace, table, partitionKey, clusteringKey }: TableRecord,
  text: string,
  target: QualifiedName,
  replacements: readonly Replacement[],
): Subqueries | undefined {
  const { inRelations, markerSpans, limit, values, listed } = clauses;
  if (inRelations.length === 0 || clauses.comparesTokens) return undefined;
  // Each column has one relation at most: more of them are Cassandra's to refuse.
  if (inRelations.length > partitionKey.length + clusteringKey.length) return undefined;
  if (!partitionKey.every(({ name }) => values.has(name) || listed.has(name))) return undefined;
  const path = { start: target.start, end: target.end, by: `${quoteName(keyspace)}.${quoteName(table)}` };
  return { text, replacements: [...replacements, path], relations: inRelations, markers: markerSpans, limit };
}

/** Which element a relation has in a subquery: a part of the text, or what a list has that is bound. */
type Element = Span | { readonly bound: Buffer | null };

/**
 * Those of one page, and how many there are in all.
 *
 * @param boundTo what is bound to a marker
 */
export function expand(
  plan: Subqueries,
  boundTo: (marker: number) => Buffer | null,
  { from, most }: { readonly from: number; readonly most: number },
): { readonly total: number; readonly subqueries: readonly Subquery[] } {
  const lists = plan.relations.map(({ elements }) => elementsOf(plan, elements, boundTo));
  const total = lists.reduce((product, list) => product * list.length, 1);
  const subqueries = Array.from({ length: Math.max(0, Math.min(most, total - from)) }, (_, offset) => {
    const elements: Element[] = [];
    let rest = from + offset;
    // The first of them changes last, as the service goes through them.
    for (const list of lists.toReversed()) {
      elements.unshift(list[rest % list.length]!);
      rest = Math.floor(rest / list.length);
    }
    return subqueryOf(plan, elements, boundTo);
  });
  return { total, subqueries };
}

/** Each once: a row is found once, however often its key is listed. */
function elementsOf(
  { text, markers }: Subqueries,
  elements: InRelation["elements"],
  boundTo: (marker: number) => Buffer | null,
): Element[] {
  const unique = new Map<string, Element>();
  if ("marker" in elements) {
    const reader = createReader(boundTo(elements.marker) ?? Buffer.alloc(4));
    for (let left = reader.int(); left > 0; left--) {
      const bound = reader.bytes();
      unique.set(String(bound?.toString("hex")), { bound });
    }
    return [...unique.values()];
  }
  for (const { start, end } of elements) {
    const given = markersIn(markers, { start, end }).map((marker) => boundTo(marker)?.toString("hex"));
    unique.set([given.length > 0 ? "?" : text.slice(start, end), ...given].join(), { start, end });
  }
  return [...unique.values()];
}

function subqueryOf(
  { text, replacements, relations, markers }: Subqueries,
  elements: readonly Element[],
  boundTo: (marker: number) => Buffer | null,
): Subquery {
  const replaced: Replacement[] = [...replacements];
  const values: (Buffer | null)[] = [];
  /** A part of the text with its markers as `?`, whose values follow. */
  const written = ({ start, end }: Span): string => {
    const names = markersIn(markers, { start, end }).map((marker): Replacement => {
      const span = markers[marker]!;
      values.push(boundTo(marker));
      return { start: span.start - start, end: span.end - start, by: "?" };
    });
    return withReplaced(text.slice(start, end), names);
  };
  // In the order of the text, as the values are.
  let marker = 0;
  const writeMarkers = (end: number) => {
    for (; marker < markers.length && markers[marker]!.end <= end; marker++) {
      values.push(boundTo(marker));
      replaced.push({ start: markers[marker]!.start, end: markers[marker]!.end, by: "?" });
    }
  };
  for (const [index, { start, end }] of relations.entries()) {
    writeMarkers(start);
    const element = elements[index]!;
    if ("bound" in element) values.push(element.bound);
    replaced.push({ start, end, by: "bound" in element ? "= ?" : `= ${written(element)}` });
    marker = firstBehind(markers, end);
  }
  writeMarkers(text.length);
  return { text: withReplaced(text, replaced), values };
}

/** The numbers of those in a part of the text. */
function markersIn(markers: readonly Span[], { start, end }: Span): number[] {
  const inside: number[] = [];
  for (let marker = firstBehind(markers, start); marker < markers.length && markers[marker]!.end <= end; marker++) {
    inside.push(marker);
  }
  return inside;
}

/** The first of the spans, which are in their order, that begins at that place or behind it. */
function firstBehind(spans: readonly Span[], place: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.start < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
