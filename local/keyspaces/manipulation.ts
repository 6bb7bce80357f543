import type { Token } from "./cql_lexer.js";
import type { QualifiedName } from "./cursor.js";

/** What the rules want to know of a SELECT, INSERT, UPDATE or DELETE beyond its table. */
export interface Manipulation {
  readonly conditional: boolean;
  readonly usesTtl: boolean;
  readonly usesTimestamp: boolean;
  readonly groups: boolean;
  /** Called functions in lower case, without repetition. */
  readonly functions: readonly string[];
  readonly inLists: readonly InList[];
}

/** `IN (…)` with this many elements, or `IN ?` with its values in the bind marker of this number. */
export type InList = { readonly size: number } | { readonly marker: number };

/** Words that may stand before an opening parenthesis without being a function. */
const notFunctions = new Set(["in", "where", "and", "values", "if", "distinct", "by", "or", "key", "set", "select"]);

export function lookAt(kind: string, tokens: readonly Token[], target: QualifiedName): Manipulation {
  const functions = new Set<string>();
  const inLists: InList[] = [];
  const using = new Set<string>();
  let conditional = false;
  let groups = false;
  let markers = 0;
  let inUsing = false;

  tokens.forEach((token, index) => {
    const following = tokens[index + 1];
    const calls = following?.kind === "symbol" && following.value === "(" && token.end !== target.end;
    if (token.kind === "marker") markers++;
    // The name of a marker may be any word: `USING TTL :timestamp`.
    if (isMarkerName(tokens, index)) return;
    if (token.kind === "quoted" && calls) functions.add(token.value.toLowerCase());
    if (token.kind !== "word") return;
    const word = token.value;
    if (calls && !notFunctions.has(word)) functions.add(word);
    if (word === "in") inLists.push(readInList(tokens, index + 1, markers));
    if (kind === "select") groups ||= word === "group" && following?.value === "by";
    else {
      // IF and USING are reserved words, so an unquoted one is the clause itself.
      conditional ||= word === "if";
      if (inUsing && (word === "ttl" || word === "timestamp")) using.add(word);
      inUsing = word === "using" || (inUsing && !["set", "where", "if"].includes(word));
    }
  });
  return {
    conditional,
    usesTtl: using.has("ttl"),
    usesTimestamp: using.has("timestamp"),
    groups,
    functions: [...functions],
    inLists,
  };
}

function isMarkerName(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return before?.kind === "marker" && before.value === ":";
}

/** Counts the elements between the parentheses; commas of tuples and of calls within do not separate elements. */
function readInList(tokens: readonly Token[], start: number, markersBefore: number): InList {
  if (tokens[start]?.kind === "marker") return { marker: markersBefore };
  let depth = 0;
  let size = 0;
  for (let at = start; at < tokens.length; at++) {
    const { kind, value } = tokens[at]!;
    if (kind === "symbol" && "([{".includes(value)) depth++;
    else if (kind === "symbol" && ")]}".includes(value)) depth--;
    else if (kind === "symbol" && value === "," && depth === 1) size++;
    if (depth === 0) return { size: at === start + 1 ? 0 : size + 1 };
  }
  return { size };
}
