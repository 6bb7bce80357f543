import { type Token, tokenize } from "./lexer.js";

/** A part of a text in which each bind marker is a `?`, with their numbers in the whole text. */
export interface Fragment {
  readonly text: string;
  readonly markers: readonly number[];
}

/** What an IN lists: the elements as they stand there, or those of a list that is bound to the marker of this number. */
export type Listed = readonly Fragment[] | { readonly marker: number };

/** A SELECT cut at its INs, which are left out: each list stands behind the fragment of the same index. */
export interface ListedSelect {
  readonly fragments: readonly Fragment[];
  readonly lists: readonly Listed[];
  /** Of the column of each list, or of each of several in brackets; undefined for a column that there is none of. */
  readonly types: readonly (string | readonly string[] | undefined)[];
  /** The list of what is the partition key by itself. */
  readonly keyList: number | undefined;
  /** Whether the column of each list is of the partition key, whose rows are found by its bytes. */
  readonly ofPartition: readonly boolean[];
  /** Of LIMIT: a number, or the marker that one is bound to. */
  readonly limit: number | { readonly marker: number } | undefined;
}

/**
 * IN and LIMIT are reserved: outside of brackets they are the clauses.
 *
 * @param columns the table's, with their types
 * @param partition those of the partition key
 * @returns undefined for what is no SELECT that Cassandra would take, and where an IN stands in brackets itself
 */
export function readListedSelect(
  text: string,
  columns: ReadonlyMap<string, string>,
  partition: readonly string[] = [],
): ListedSelect | undefined {
  const fragments: Fragment[] = [];
  const lists: Listed[] = [];
  const types: (string | readonly string[] | undefined)[] = [];
  const ofPartition: boolean[] = [];
  let keyList: number | undefined;
  /** Where the last bracket opened that is in no other. */
  let bracket = 0;
  let limit: ListedSelect["limit"];
  let markers = 0;
  let fragment = beginFragment(text, 0);
  /** Of the list that is open, and how deep in it we are. */
  let elements: Fragment[] | undefined;
  let depth = 0;
  const closeElement = ({ start, end }: Token) => {
    elements!.push(fragment.end(start));
    fragment = beginFragment(text, end);
  };
  const tokens = withMarkerNames(tokenize(text));
  for (const [index, token] of tokens.entries()) {
    const [before, following] = [tokens[index - 1], tokens[index + 1]];
    const isListed = depth === 0 && isWord(before, "in");
    if (isSymbol(token, ")]}")) depth--;
    if (isListed && token.kind === "marker") {
      lists.push({ marker: markers++ });
      fragment = beginFragment(text, token.end);
    } else if (isListed) {
      if (!isSymbol(token, "(")) return undefined;
      elements = [];
      fragment = beginFragment(text, token.end);
    } else if (token.kind === "marker") fragment.mark(token, markers++);
    else if (isWord(token, "in")) {
      if (depth > 0) return undefined;
      fragments.push(fragment.end(token.start));
      if (isSymbol(before, ")")) {
        const names = tokens.slice(bracket + 1, index - 1).filter(({ kind }) => kind !== "symbol");
        types.push(names.map(({ value }) => columns.get(value) ?? ""));
      } else types.push(columns.get(before?.value ?? ""));
      const isOfPartition = partition.includes(before?.value ?? "");
      if (isOfPartition && partition.length === 1) keyList = lists.length;
      ofPartition.push(isOfPartition);
      bracket = index;
    } else if (depth === 0 && isWord(token, "limit"))
      limit = following?.kind === "marker" ? { marker: markers } : Number(following?.value);
    else if (elements && depth === 1 && isSymbol(token, ",")) closeElement(token);
    else if (elements && depth === 0) {
      if (isSymbol(before, "(") && elements.length === 0) fragment = beginFragment(text, token.end);
      else closeElement(token);
      lists.push(elements);
      elements = undefined;
    }
    if (isSymbol(token, "([{")) {
      if (depth === 0) bracket = index;
      depth++;
    }
  }
  fragments.push(fragment.end(text.length));
  return fragments.length === lists.length + 1 ? { fragments, lists, types, keyList, ofPartition, limit } : undefined;
}

/** With each `:name` as one token. */
const withMarkerNames = (tokens: readonly Token[]): Token[] =>
  tokens.flatMap((token, index) => {
    if (isNamed(tokens[index - 1])) return [];
    const { kind, value, start } = token;
    return isNamed(token) ? [{ kind, value, start, end: tokens[index + 1]?.end ?? token.end }] : [token];
  });

const isNamed = (token: Token | undefined): boolean => token?.kind === "marker" && token.value === ":";

function beginFragment(text: string, start: number) {
  const markers: number[] = [];
  let [written, from] = ["", start];
  return {
    mark: ({ start: at, end }: Token, marker: number): void => {
      written += `${text.slice(from, at)}?`;
      from = end;
      markers.push(marker);
    },
    end: (at: number): Fragment => ({ text: written + text.slice(from, at), markers }),
  };
}

const isWord = (token: Token | undefined, word: string): boolean => token?.kind === "word" && token.value === word;
const isSymbol = (token: Token | undefined, symbols: string): boolean =>
  token?.kind === "symbol" && symbols.includes(token.value);
