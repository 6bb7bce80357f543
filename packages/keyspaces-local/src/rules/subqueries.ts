import { type Token, tokenize } from "../cql/lexer.js";
import type { Fragment, ListedSelect } from "../cql/listed_select.js";
import { comparableBytes, constantOf, isKeyValue, literalBytes } from "../cql/literal_bytes.js";
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
  /** None where nothing is listed. */
  readonly total: number;
  /** How many rows are wanted of all of them together. */
  readonly limit: number;
  at(index: number): Bound;
}

/**
 * An element that is listed twice counts once.
 *
 * @param bound what each marker is given
 * @returns undefined where a value is listed that no column may have: that answer is Cassandra's
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/in.select.html
 */
export function expandSubqueries(
  { fragments, lists, types, keyList, ofPartition, limit }: ListedSelect,
  bound: readonly BoundValue[],
): Subqueries | undefined {
  const bind = ({ text, markers }: Fragment): Bound => ({ text, values: markers.map((marker) => bound[marker]) });
  const given = lists.map((list) => {
    const elements = "marker" in list ? boundElements(bound[list.marker]) : list.map(bind);
    return elements.map(({ text, values }): Element => ({ text, values, tokens: tokenize(text) }));
  });
  if (!given.every((list, index) => list.every((element) => isSound(element, types[index], index === keyList))))
    return undefined;
  const elements = given.map((list, index) => [
    ...new Map(list.map((element) => [keyOf(element, types[index], ofPartition[index]), element])).values(),
  ]);
  const total = elements.reduce((product, { length }) => product * length, 1);
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

type ListedType = ListedSelect["types"][number];

/**
 * Whether Cassandra takes each of its values, as far as that is known before it reads them.
 *
 * @param isKey whether it is the whole partition key, which cannot be empty
 */
function isSound(element: Element, type: ListedType, isKey: boolean): boolean {
  if (!element.values.every(Boolean)) return false;
  if (typeof type !== "object") {
    const bytes = bytesOf(element, type);
    return !bytes || (isKeyValue(bytes, type) && !(isKey && bytes.length === 0));
  }
  const parts = partsOf(element, type);
  return (
    parts.length === type.length &&
    parts.every((part, index) => part === undefined || (part && isKeyValue(part, type[index]!)))
  );
}

/** Of a bound tuple, or of what stands in brackets; undefined for one that Cassandra has to read first. */
function partsOf({ tokens, values }: Element, types: readonly string[]): BoundValue[] {
  if (tokens.length === 1 && values[0]) return partsOfTuple(values[0]);
  const parts: Element[] = [];
  let [depth, from, marker] = [0, 1, 0];
  for (const [index, { kind, value }] of tokens.entries()) {
    const isSymbol = kind === "symbol";
    if (isSymbol && "([{".includes(value)) depth++;
    if (isSymbol && ")]}".includes(value)) depth--;
    if (index > 0 && (depth === 0 || (depth === 1 && isSymbol && value === ","))) {
      const own = tokens.slice(from, index);
      const bound = own.filter((token) => token.kind === "marker").length;
      parts.push({ text: "", tokens: own, values: values.slice(marker, marker + bound) });
      [from, marker] = [index + 1, marker + bound];
    }
  }
  return parts.map((part, index) => bytesOf(part, types[index]));
}

/** Those of a tuple; a null for one that is not there, or not to its end. */
function partsOfTuple(tuple: Buffer): BoundValue[] {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < tuple.length) {
    const length = at + 4 <= tuple.length ? tuple.readInt32BE(at) : -1;
    const start = at + 4;
    at = start + length;
    if (length < 0 || at > tuple.length) return [null];
    parts.push(tuple.subarray(start, at));
  }
  return parts;
}

/** Of a constant or a bound value, where they are known before Cassandra reads it. */
function bytesOf({ tokens, values }: Element, type = ""): BoundValue {
  const constant = constantOf(tokens);
  return constant?.kind === "marker" ? values[0] : constant && literalBytes(constant, type);
}

/** The same for the same value, where that is known before Cassandra reads it; otherwise for the same words. */
function keyOf(element: Element, type: ListedType, isOfPartition = false): string {
  const [types, parts] =
    typeof type === "object" ? [type, partsOf(element, type)] : [[type ?? ""], [bytesOf(element, type)]];
  if (parts.every((part) => part)) {
    const compared = parts.map((part, index) => (isOfPartition ? part! : comparableBytes(part!, types[index] ?? "")));
    return compared.map((part) => part.toString("hex")).join();
  }
  const words = element.tokens.map(({ kind, value }) => [kind, kind === "number" ? value.toLowerCase() : value]);
  return JSON.stringify([words, element.values]);
}

/** All, for one that is Cassandra's to refuse. */
function rowLimit(limit: BoundValue | number): number {
  const rows = typeof limit === "number" ? limit : limit?.length === 4 ? limit.readInt32BE() : 0;
  return rows > 0 ? rows : Number.POSITIVE_INFINITY;
}
