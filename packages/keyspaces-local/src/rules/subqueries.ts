import { type Token, tokenize } from "../cql/lexer.js";
import type { Fragment, ListedSelect } from "../cql/listed_select.js";
import { constantOf, literalBytes, typeWidths } from "../cql/literal_bytes.js";
import { createReader } from "../protocol/notation.js";
import type { BoundValue } from "../protocol/own_query.js";

/** A part of a statement, and what is bound to its markers. */
export interface Bound {
  readonly text: string;
  readonly values: readonly BoundValue[];
}

interface Element extends Bound {
  readonly tokens: readonly Token[];
}

/** What the service makes of a SELECT with IN: a query for each combination of what is listed, the last list changing first. */
export interface Subqueries {
  /** One at least. */
  readonly total: number;
  /** How many rows are wanted of all of them together. */
  readonly limit: number;
  at(index: number): Bound;
}

/**
 * An element that is listed twice counts once.
 *
 * @param bound what each marker is given
 * @returns undefined where nothing is listed, or what no list may have: that answer is Cassandra's
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/in.select.html
 */
export function expandSubqueries(
  { fragments, lists, types, limit }: ListedSelect,
  bound: readonly BoundValue[],
): Subqueries | undefined {
  const bind = ({ text, markers }: Fragment): Bound => ({ text, values: markers.map((marker) => bound[marker]) });
  const given = lists.map((list) => {
    const elements = "marker" in list ? boundElements(bound[list.marker]) : list.map(bind);
    return elements.map(({ text, values }): Element => ({ text, values, tokens: tokenize(text) }));
  });
  if (!given.every((list, index) => list.every((element) => isWhole(element, types[index])))) return undefined;
  const elements = given.map((list, index) => [
    ...new Map(list.map((element) => [keyOf(element, types[index]), element])).values(),
  ]);
  const total = elements.reduce((product, { length }) => product * length, 1);
  if (total === 0) return undefined;
  return {
    total,
    limit: rowLimit(typeof limit === "object" ? bound[limit.marker] : limit),
    at: (index) => {
      let rest = index;
      const chosen = elements.toReversed().map((list) => {
        const element = list[rest % list.length]!;
        rest = Math.floor(rest / list.length);
        return element;
      });
      const parts = fragments.flatMap((fragment, place): Bound[] => {
        const element = chosen.at(-1 - place);
        return element ? [bind(fragment), { text: ` = ${element.text} `, values: element.values }] : [bind(fragment)];
      });
      return { text: parts.map(({ text }) => text).join(""), values: parts.flatMap(({ values }) => values) };
    },
  };
}

function boundElements(list: BoundValue): Bound[] {
  if (!list) return [];
  const reader = createReader(list);
  return Array.from({ length: reader.int() }, () => ({ text: "?", values: [reader.bytes()] }));
}

/** Whether each of its values is there, and one that is an element by itself as long as those of its type. */
const isWhole = ({ tokens, values }: Element, type = ""): boolean =>
  values.every((value) => value && (tokens.length > 1 || value.length === (typeWidths.get(type) ?? value.length)));

/** The same for the same value, where that is known before Cassandra reads it; otherwise for the same words. */
function keyOf({ tokens, values }: Element, type = ""): string {
  const constant = constantOf(tokens);
  const bytes = constant?.kind === "marker" ? values[0] : constant && literalBytes(constant, type);
  if (bytes) return bytes.toString("hex");
  const words = tokens.map(({ kind, value }) => [kind, kind === "number" ? value.toLowerCase() : value]);
  return JSON.stringify([words, values]);
}

/** All, for one that is Cassandra's to refuse. */
function rowLimit(limit: BoundValue | number): number {
  const rows = typeof limit === "number" ? limit : limit?.length === 4 ? limit.readInt32BE() : 0;
  return rows > 0 ? rows : Number.POSITIVE_INFINITY;
}
