import { syntaxError } from "../protocol/refusal.js";
import { type Cursor, createCursor } from "./cursor.js";
import type { Token } from "./lexer.js";

/** A constant or a map of them, as the WITH clauses of CREATE and ALTER have it. Numbers and booleans stay text. */
export type Literal = string | LiteralMap;
export type LiteralMap = ReadonlyMap<string, Literal>;

/** Reads `{'a': 'b', …}`, 'text', 12, true. */
function readLiteral(cursor: Cursor, depth: number): Literal {
  if (cursor.isSymbol("{")) return readMap(cursor, depth + 1);
  const sign = cursor.acceptSymbol("-") ? "-" : "";
  const { kind, value } = cursor.next();
  if (kind === "string" || kind === "number" || kind === "word") return sign + value;
  throw syntaxError(`mismatched input '${value}'`);
}

/** AUTOSCALING_SETTINGS, the deepest there are, have four. */
const DEPTH_LIMIT = 16;

/** @param depth how many maps it is the innermost of */
export function readMap(cursor: Cursor, depth = 1): LiteralMap {
  if (depth > DEPTH_LIMIT) throw syntaxError(`maps are nested more than ${DEPTH_LIMIT} deep`);
  const map = new Map<string, Literal>();
  const open = cursor.next();
  if (open.value !== "{" || open.kind !== "symbol") throw syntaxError(`mismatched input '${open.value}' expecting '{'`);
  while (!cursor.acceptSymbol("}")) {
    const key = readLiteral(cursor, depth);
    if (typeof key !== "string" || !cursor.acceptSymbol(":")) throw syntaxError("mismatched input in a map");
    map.set(key, readLiteral(cursor, depth));
    if (!cursor.acceptSymbol(",") && !cursor.isSymbol("}")) throw syntaxError("mismatched input in a map");
  }
  return map;
}

export interface Properties {
  /** name = value, names in lower case. */
  readonly values: ReadonlyMap<string, Literal>;
  /** The tokens of CLUSTERING ORDER BY (…), if it is there. */
  readonly clustering: readonly Token[];
}

/** Reads `WITH property AND property …` to the end; no properties if there is no WITH. */
export function readProperties(tokens: readonly Token[]): Properties {
  const cursor = createCursor(tokens);
  const values = new Map<string, Literal>();
  let clustering: readonly Token[] = [];
  if (!cursor.peek()) return { values, clustering };
  cursor.expect("with");
  do {
    if (cursor.isWord("clustering")) clustering = readClustering(cursor);
    else {
      const name = cursor.name().toLowerCase();
      if (!cursor.acceptSymbol("=")) throw syntaxError(`mismatched input after '${name}' expecting '='`);
      values.set(name, readLiteral(cursor, 0));
    }
  } while (cursor.accept("and"));
  if (cursor.peek()) throw syntaxError(`mismatched input '${cursor.next().value}'`);
  return { values, clustering };
}

function readClustering(cursor: Cursor): Token[] {
  const tokens: Token[] = [];
  do tokens.push(cursor.next());
  while (!cursor.isSymbol(")"));
  return [...tokens, cursor.next()];
}

export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A CQL literal in which every leaf is a text. */
export function textLiteral(value: Literal): string {
  if (typeof value === "string") return quoteString(value);
  return `{${[...value].map(([key, item]) => `${quoteString(key)}: ${textLiteral(item)}`).join(", ")}}`;
}
