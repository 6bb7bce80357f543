import type { Token } from "./lexer.js";

/** A token with the number of the marker that it begins, or -1. */
export interface Numbered {
  readonly token: Token;
  readonly marker: number;
}

/** A part of the text; a `:name` is one marker with both of its tokens. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** `column IN (…)`, or `(columns) IN (…)`: where the IN and what is behind it stand, and each of its elements. */
export interface InRelation extends Span {
  /** Those of a list that is bound as a whole have no place in the text. */
  readonly elements: readonly Span[] | { readonly marker: number };
}

const isSymbol = ({ token }: Numbered, symbols: string): boolean =>
  token.kind === "symbol" && symbols.includes(token.value);

/** @param relation of a WHERE, outside of all brackets; undefined for one without an IN of its own */
export function inRelationOf(relation: readonly Numbered[]): InRelation | undefined {
  let depth = 0;
  const at = relation.findIndex((item, index) => {
    if (isSymbol(item, "([{")) depth++;
    if (isSymbol(item, ")]}")) depth--;
    const before = relation[index - 1];
    const isName = before?.token.kind === "marker" && before.token.value === ":";
    return index > 0 && depth === 0 && !isName && item.token.kind === "word" && item.token.value === "in";
  });
  const [word, first] = [relation[at], relation[at + 1]];
  if (at < 0 || !word || !first) return undefined;
  const span = { start: word.token.start, end: relation.at(-1)!.token.end };
  if (first.marker >= 0) return { ...span, elements: { marker: first.marker } };
  if (!isSymbol(first, "(")) return undefined;
  return { ...span, elements: elementsOf(relation.slice(at + 2, -1)) };
}

function elementsOf(tokens: readonly Numbered[]): Span[] {
  const elements: Span[] = [];
  let depth = 0;
  let start: number | undefined;
  let end = 0;
  const close = () => {
    if (start !== undefined) elements.push({ start, end });
    start = undefined;
  };
  for (const item of tokens) {
    if (isSymbol(item, ")]}")) depth--;
    if (depth === 0 && isSymbol(item, ",")) close();
    else {
      start ??= item.token.start;
      end = item.token.end;
    }
    if (isSymbol(item, "([{")) depth++;
  }
  close();
  return elements;
}
