import type { QualifiedName } from "./cursor.js";
import type { Token } from "./lexer.js";

/** What the rules want to know of a SELECT, INSERT, UPDATE or DELETE beyond its table. */
export interface Manipulation {
  readonly conditional: boolean;
  readonly usesTtl: boolean;
  readonly usesTimestamp: boolean;
  readonly groups: boolean;
  readonly distinct: boolean;
  /** A SELECT with arithmetic, which CQL has since Cassandra 4. */
  readonly computes: boolean;
  /** A SELECT, or a condition of it, of a part of a collection, as in `m['a']`. */
  readonly selectsElements: boolean;
  /** PER PARTITION LIMIT. */
  readonly limitsPartitions: boolean;
  /** The columns whose time of writing or left to live a SELECT asks for. */
  readonly timed: readonly string[];
  /** Called functions in lower case, without repetition. */
  readonly functions: readonly string[];
  /** Calls of functions that the service has, and Cassandra since version 5 has not, under their names. */
  readonly olderCalls: readonly Token[];
  readonly inLists: readonly InList[];
  /** How deep brackets of any kind are nested; in a SELECT, `(int)(int) k` counts as nested too. */
  readonly depth: number;
}

/** `IN (…)` with this many elements, or `IN ?` with its values in the bind marker of this number. */
export type InList = { readonly size: number } | { readonly marker: number };

/** Words that may stand before an opening parenthesis without being a function. */
const notFunctions = new Set(["in", "where", "and", "values", "if", "distinct", "by", "or", "key", "set", "select"]);

/** With what they are called now. */
const olderFunctions: ReadonlyMap<string, string> = new Map([
  ["dateof", "toTimestamp"],
  ["unixtimestampof", "toUnixTimestamp"],
]);

/** A part of a text, and what is to stand there instead. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** For those functions, the names that Cassandra 5 has for them. */
export const newerNames = (calls: readonly Token[]): Replacement[] =>
  calls.map(({ start, end, value }) => ({ start, end, by: olderFunctions.get(value) ?? value }));

/** @param replacements none of which lies in another */
export function withReplaced(text: string, replacements: readonly Replacement[]): string {
  let end = text.length;
  let replaced = "";
  for (const part of replacements.toSorted((one, other) => other.start - one.start)) {
    replaced = `${part.by}${text.slice(part.end, end)}${replaced}`;
    end = part.start;
  }
  return text.slice(0, end) + replaced;
}

export function lookAt(kind: string, tokens: readonly Token[], target: QualifiedName): Manipulation {
  const { inLists, depth } = readBrackets(tokens);
  const functions = new Set<string>();
  const olderCalls: Token[] = [];
  const using = new Set<string>();
  let conditional = false;
  let groups = false;
  let limitsPartitions = false;
  let inUsing = false;

  tokens.forEach((token, index) => {
    const following = tokens[index + 1];
    const calls = following?.kind === "symbol" && following.value === "(" && token.end !== target.end;
    // The name of a marker may be any word: `USING TTL :timestamp`.
    if (isMarkerName(tokens, index)) return;
    if (token.kind === "quoted" && calls) functions.add(token.value.toLowerCase());
    if (token.kind !== "word") return;
    const word = token.value;
    if (calls && !notFunctions.has(word)) functions.add(word);
    if (calls && olderFunctions.has(word)) olderCalls.push(token);
    if (kind === "select") {
      groups ||= word === "group" && following?.value === "by";
      limitsPartitions ||= word === "per" && following?.value === "partition" && token.start >= target.end;
    } else {
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
    distinct: kind === "select" && isDistinct(tokens),
    computes:
      kind === "select" && tokens.some((token, index) => isOperator(token, tokens[index - 1], tokens[index - 2])),
    selectsElements:
      kind === "select" && tokens.some((token, index) => isElement(token, tokens[index - 1], tokens[index - 2])),
    limitsPartitions,
    timed: tokens.flatMap((token, index) =>
      kind === "select" && isTimed(token, tokens[index + 1]) ? [tokens[index + 2]?.value ?? ""] : [],
    ),
    functions: [...functions],
    olderCalls,
    inLists,
    depth: depth + (kind === "select" ? countCasts(tokens, target) : 0),
  };
}

/** Not a column of that name: something that is selected follows. */
function isDistinct([, ...selected]: readonly Token[]): boolean {
  const isJson = selected[0]?.value === "json" && selected[1]?.value === "distinct";
  const [word, following] = isJson ? selected.slice(1) : selected;
  if (word?.kind !== "word" || word.value !== "distinct" || !following) return false;
  return following.kind === "symbol" ? following.value === "*" : !["from", "as"].includes(following.value);
}

/** Between two operands: neither the sign of a number nor the `*` of all columns. */
function isOperator({ kind, value }: Token, before: Token | undefined, second: Token | undefined): boolean {
  if (kind !== "symbol" || !["+", "-", "*", "/", "%"].includes(value) || !before) return false;
  if (before.kind === "symbol") return [")", "]", "}"].includes(before.value);
  if (before.kind !== "word") return true;
  const isKey = before.value === "key" && second?.kind === "word" && second.value === "contains";
  return !isKey && !["limit", "contains", "select", "json", "distinct"].includes(before.value);
}

const isTimed = ({ kind, value }: Token, following: Token | undefined): boolean =>
  kind === "word" && (value === "ttl" || value === "writetime") && following?.value === "(";

/** A bracket behind a name; one behind anything else begins a list. */
function isElement({ kind, value }: Token, before: Token | undefined, second: Token | undefined): boolean {
  if (kind !== "symbol" || value !== "[" || !before) return false;
  if (before.kind !== "word") return before.kind === "quoted";
  // Columns may be called so.
  const behind = beforeListBehind[before.value];
  if (behind !== undefined) return !(second?.kind === "word" && behind.includes(second.value));
  return !beforeList.has(before.value);
}

const beforeList = new Set(["select", "in", "contains", "like", "between", "and", "of"]);
const beforeListBehind: Readonly<Record<string, readonly string[]>> = {
  key: ["contains"],
  json: ["select"],
  distinct: ["select", "json"],
};

function isMarkerName(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return before?.kind === "marker" && before.value === ":";
}

/** How many brackets in a SELECT clause are followed by what can only be their operand. */
function countCasts(tokens: readonly Token[], target: QualifiedName): number {
  let casts = 0;
  for (const [index, { start, kind, value }] of tokens.entries()) {
    if (start >= target.start) break;
    const before = tokens[index - 1];
    const isOperand = kind === "symbol" ? "([{".includes(value) : !(kind === "word" && ["as", "from"].includes(value));
    if (isOperand && before?.kind === "symbol" && before.value === ")") casts++;
  }
  return casts;
}

/** The IN lists in the order of their words, and the depth, in one pass, whatever is nested in what. */
function readBrackets(tokens: readonly Token[]): Pick<Manipulation, "inLists" | "depth"> {
  const lists: InList[] = [];
  const isIn = (index: number) => {
    const token = tokens[index];
    return token?.kind === "word" && token.value === "in" && !isMarkerName(tokens, index);
  };
  /** The brackets that are open; `list` is the place in `lists` of what they hold, or -1. */
  const open: { list: number; from: number; commas: number }[] = [];
  let depth = 0;
  let markers = 0;
  for (const [index, { kind, value }] of tokens.entries()) {
    if (kind === "marker") markers++;
    else if (isIn(index)) lists.push(tokens[index + 1]?.kind === "marker" ? { marker: markers } : { size: 1 });
    if (kind !== "symbol") continue;
    depth = Math.max(depth, open.length);
    const innermost = open.at(-1);
    if ("([{".includes(value)) open.push({ list: isIn(index - 1) ? lists.length - 1 : -1, from: index, commas: 0 });
    else if (value === "," && innermost) innermost.commas++;
    else if (")]}".includes(value) && innermost) {
      open.pop();
      if (innermost.list >= 0)
        lists[innermost.list] = { size: index === innermost.from + 1 ? 0 : innermost.commas + 1 };
    }
  }
  // Of what is never closed: Cassandra will refuse it.
  for (const { list, commas } of open) if (list >= 0) lists[list] = { size: commas };
  return { inLists: lists, depth: Math.max(depth, open.length) };
}
