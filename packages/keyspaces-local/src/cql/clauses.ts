import type { QualifiedName } from "./cursor.js";
import type { Token } from "./lexer.js";
import { constantOf } from "./literal_bytes.js";

/** Where a value comes from: the bind marker of this number, or a constant in the text. */
export type Term = { readonly marker: number } | { readonly literal: Token };

/** Which columns a SELECT, INSERT, UPDATE or DELETE names, and with which values: what the limits of size depend on. */
export interface Clauses {
  /** The bind markers in their order: the name of `:name`, undefined for `?`. */
  readonly markers: readonly (string | undefined)[];
  /** What the constants in the text take as values, roughly. */
  readonly literalBytes: number;
  /** Columns with the one value they are given or compared with by `=`; undefined where that is an expression. */
  readonly values: ReadonlyMap<string, Term | undefined>;
  /** Columns compared with IN. */
  readonly listed: ReadonlySet<string>;
  /** What the relations of a WHERE compare with, words in lower case: `=`, `>=`, `in`, `not`, `like`. */
  readonly operators: ReadonlySet<string>;
  /** Whole columns that WHERE or IF compares, with what. */
  readonly comparisons: readonly { readonly column: string; readonly operator: string }[];
  /** Whether WHERE has a token(…). */
  readonly comparesTokens: boolean;
  /** Whether there is an ORDER BY. */
  readonly ordered: boolean;
  /** The value of USING TIMESTAMP. */
  readonly timestamp: Term | undefined;
  /** The columns that an INSERT or UPDATE writes; none for INSERT JSON. */
  readonly assigned: readonly string[];
  /** What an INSERT, UPDATE, or DELETE of columns does to them, in its order. */
  readonly changes: readonly ColumnChange[];
  /** What stands behind WHERE. */
  readonly where: Where | undefined;
  /** A DELETE without a list of columns. */
  readonly deletesRows: boolean;
  readonly allowsFiltering: boolean;
}

/** A column, or a part of it, that is given a value or deleted. */
interface ColumnChange {
  readonly column: string;
  /** Those of the value; nothing is changed where one of them is left unset. */
  readonly markers: readonly number[];
}

/** Offsets in the text, and which markers there are in it. */
export interface Where {
  readonly start: number;
  readonly end: number;
  readonly firstMarker: number;
  readonly markerCount: number;
}

/** A token with the number of the marker that it begins. */
interface Numbered {
  readonly token: Token;
  readonly marker: number;
}

export function readClauses(kind: string, tokens: readonly Token[], target: QualifiedName): Clauses {
  const { numbered, markers } = numberMarkers(tokens);
  const values = new Map<string, Term | undefined>();
  const listed = new Set<string>();
  const operators = new Set<string>();
  const comparisons: { column: string; operator: string }[] = [];
  let comparesTokens = false;
  const compare = (relation: readonly Numbered[]) => {
    const column = nameOf(relation);
    const operator = relation[1]?.token;
    if (column !== undefined && operator?.kind === "symbol" && comparing.has(operator.value)) {
      comparisons.push({ column, operator: operator.value });
    }
  };
  const behind = numbered.slice(numbered.findIndex(({ token }) => token.start >= target.end));
  let changes: readonly ColumnChange[] = [];
  let where: Clauses["where"];

  if (kind === "insert") {
    const [names = [], terms = []] = parenthesized(behind);
    changes = names.flatMap((name, index) => changeOf(name, terms[index]));
    for (const [index, { column }] of changes.entries()) values.set(column, termOf(terms[index] ?? []));
  } else {
    const relations = section(behind, "where", isEndOfWhere);
    if (relations.length > 0) {
      const firstMarker = relations.find(({ marker }) => marker >= 0)?.marker ?? 0;
      const markerCount = relations.filter(({ marker }) => marker >= 0).length;
      where = { start: relations[0]!.token.start, end: relations.at(-1)!.token.end, firstMarker, markerCount };
    }
    for (const relation of split(relations, ({ token }) => isWord(token, "and"))) {
      for (const operator of operatorsOf(relation)) operators.add(operator);
      compare(relation);
      comparesTokens ||= isWord(relation[0]?.token, "token") && isSymbol(relation[1]?.token, "(");
      const name = nameOf(relation);
      const operator = relation[1]?.token;
      if (name === undefined || operator === undefined) continue;
      if (isSymbol(operator, "=")) values.set(name, termOf(relation.slice(2)));
      else if (isWord(operator, "in")) listed.add(name);
    }
    if (kind !== "select") {
      const conditions = section(behind, "if", () => false);
      for (const condition of split(conditions, ({ token }) => isWord(token, "and"))) compare(condition);
    }
    const assignments = split(
      section(behind, "set", ({ token }) => isWord(token, "where")),
      isComma,
    );
    if (kind === "update") changes = assignments.flatMap((assignment) => changeOf(assignment));
    if (kind === "delete") changes = deletedColumns(numbered, target);
  }
  return {
    markers,
    literalBytes: tokens.reduce((sum, token) => sum + literalSize(token), 0),
    values,
    listed,
    operators,
    comparisons,
    comparesTokens,
    ordered:
      kind === "select" &&
      behind.some(({ token }, index) => isWord(token, "order") && isWord(behind[index + 1]?.token, "by")),
    timestamp: kind === "select" ? undefined : usingTerm(behind, "timestamp"),
    assigned: kind === "delete" ? [] : [...new Set(changes.map(({ column }) => column))],
    changes,
    where,
    deletesRows: kind === "delete" && isWord(tokens[1], "from"),
    allowsFiltering: kind === "select" && isWord(tokens.at(-1), "filtering") && isWord(tokens.at(-2), "allow"),
  };
}

/** What a constant takes as a value: exact for texts and blobs, which are the ones that can be large. */
function literalSize({ kind, value }: Token): number {
  if (kind === "string") return Buffer.byteLength(value);
  if (kind !== "number") return 0;
  if (/^0x/i.test(value)) return Math.ceil(value.length / 2) - 1;
  return value.length === 36 ? 16 : Math.ceil(value.length / 2) + 1;
}

function numberMarkers(tokens: readonly Token[]): { numbered: Numbered[]; markers: (string | undefined)[] } {
  const markers: (string | undefined)[] = [];
  const numbered = tokens.map((token, index) => {
    if (token.kind !== "marker") return { token, marker: -1 };
    markers.push(token.value === ":" ? tokens[index + 1]?.value : undefined);
    return { token, marker: markers.length - 1 };
  });
  return { numbered, markers };
}

const isWord = (token: Token | undefined, word: string): boolean => token?.kind === "word" && token.value === word;
const isSymbol = (token: Token | undefined, symbol: string): boolean =>
  token?.kind === "symbol" && token.value === symbol;
const isComma = ({ token }: Numbered): boolean => isSymbol(token, ",");

/** The words behind WHERE that end it. They are reserved, but for PER, and GROUP, which is refused elsewhere. */
const endsOfWhere = ["order", "limit", "allow", "if"];
const isEndOfWhere = ({ token }: Numbered, following: Numbered | undefined): boolean =>
  endsOfWhere.some((word) => isWord(token, word)) ||
  (isWord(token, "per") && following !== undefined && isWord(following.token, "partition"));

const comparing = new Set(["=", "<", ">", "<=", ">=", "!=", "in", "contains", "like", "between", "is", "not"]);

/** Of one relation, outside of its brackets; it begins with what is compared. */
function operatorsOf(relation: readonly Numbered[]): string[] {
  let depth = 0;
  return relation.flatMap(({ token: { kind, value } }, index) => {
    if (kind === "symbol" && "([{".includes(value)) depth++;
    if (kind === "symbol" && ")]}".includes(value)) depth--;
    const mayBe = kind === "symbol" || (kind === "word" && !isNamedMarker(relation, index));
    return index > 0 && depth === 0 && mayBe && comparing.has(value) ? [value] : [];
  });
}

/** What stands behind a reserved word, up to what ends it. */
function section(
  tokens: readonly Numbered[],
  word: string,
  isEnd: (token: Numbered, following: Numbered | undefined) => boolean,
): Numbered[] {
  const start = tokens.findIndex(({ token }, index) => isWord(token, word) && !isNamedMarker(tokens, index));
  if (start < 0) return [];
  const rest = tokens.slice(start + 1);
  const end = rest.findIndex((token, index) => !isNamedMarker(rest, index) && isEnd(token, rest[index + 1]));
  return end < 0 ? rest : rest.slice(0, end);
}

/** Of `USING name value [AND name value]`. */
function usingTerm(tokens: readonly Numbered[], name: string): Term | undefined {
  const using = section(tokens, "using", ({ token }) => ["set", "where", "if"].some((word) => isWord(token, word)));
  const [found] = split(using, ({ token }) => isWord(token, "and")).filter(([first]) => isWord(first?.token, name));
  return found && termOf(found.slice(1));
}

/** Whether the token is the name in `:name`, which may be a reserved word. */
const isNamedMarker = (tokens: readonly Numbered[], index: number): boolean => {
  const before = tokens[index - 1]?.token;
  return before?.kind === "marker" && before.value === ":";
};

/** Cut at separators outside all brackets. */
function split(tokens: readonly Numbered[], isSeparator: (token: Numbered) => boolean): Numbered[][] {
  const parts: Numbered[][] = [[]];
  let depth = 0;
  for (const [index, item] of tokens.entries()) {
    const { kind, value } = item.token;
    if (kind === "symbol" && "([{".includes(value)) depth++;
    if (kind === "symbol" && ")]}".includes(value)) depth--;
    if (depth === 0 && isSeparator(item) && !isNamedMarker(tokens, index)) parts.push([]);
    else parts.at(-1)!.push(item);
  }
  return parts;
}

/** The two lists of `(…) VALUES (…)`, each cut at its commas. */
function parenthesized(tokens: readonly Numbered[]): Numbered[][][] {
  const lists: Numbered[][] = [];
  let depth = 0;
  for (const item of tokens) {
    if (isSymbol(item.token, ")")) depth--;
    if (depth > 0) lists.at(-1)!.push(item);
    if (isSymbol(item.token, "(") && depth++ === 0) lists.push([]);
  }
  return lists.map((list) => split(list, isComma));
}

function nameOf(tokens: readonly Numbered[]): string | undefined {
  const token = tokens[0]?.token;
  return token?.kind === "word" || token?.kind === "quoted" ? token.value : undefined;
}

/** @param value where it does not stand behind the column */
function changeOf(column: readonly Numbered[], value: readonly Numbered[] = column): ColumnChange[] {
  const name = nameOf(column);
  const markers = value.flatMap(({ marker }) => (marker < 0 ? [] : [marker]));
  return name === undefined ? [] : [{ column: name, markers }];
}

/** What stands between DELETE and FROM. */
function deletedColumns(tokens: readonly Numbered[], target: QualifiedName): ColumnChange[] {
  const from = tokens.findLastIndex(({ token }) => token.end <= target.start);
  return split(tokens.slice(1, Math.max(1, from)), isComma).flatMap((column) => changeOf(column));
}

function termOf(tokens: readonly Numbered[]): Term | undefined {
  const [first] = tokens;
  if (first && first.marker >= 0) return tokens.length === (first.token.value === ":" ? 2 : 1) ? first : undefined;
  const literal = constantOf(tokens.slice(0, 3).map(({ token }) => token));
  return literal && { literal };
}
