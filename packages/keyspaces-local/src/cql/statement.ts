import { type Refusal, syntaxError } from "../protocol/refusal.js";
import { type Clauses, readClauses } from "./clauses.js";
import { type Condition, readCondition } from "./condition.js";
import { type Cursor, createCursor, type QualifiedName } from "./cursor.js";
import { type Token, tokenize } from "./lexer.js";
import { lookAt, type Manipulation } from "./manipulation.js";

/** What a statement is: just enough of CQL to apply the service's rules; Cassandra parses the rest. */
export type Statement =
  | DataStatement
  | { readonly kind: "batch"; readonly batch: "logged" | "unlogged" | "counter"; readonly statements: DataStatement[] }
  | { readonly kind: "use"; readonly keyspace: string }
  | DefinitionStatement
  | { readonly kind: "unsupported"; readonly what: string };

export interface DataStatement extends Manipulation {
  readonly kind: "select" | "insert" | "update" | "delete";
  readonly target: QualifiedName;
  readonly clauses: Clauses;
  readonly condition: Condition | undefined;
  /** Where it stands in the text, which may have others beside it. */
  readonly extent: { readonly start: number; readonly end: number };
}

/** A statement that changes the schema; its tail is read in ddl.ts. */
export interface DefinitionStatement {
  readonly kind: "create" | "alter" | "drop";
  readonly object: "keyspace" | "table" | "type";
  /** IF NOT EXISTS or IF EXISTS. */
  readonly tolerant: boolean;
  readonly target: QualifiedName;
  /** The tokens behind the name. */
  readonly tail: readonly Token[];
}

/**
 * Classifies one statement.
 *
 * @throws Refusal (syntax error) for what is no statement, and for more than one
 */
export function parseStatement(text: string): Statement {
  const tokens = tokenize(text);
  while (isSymbol(tokens.at(-1), ";")) tokens.pop();
  if (tokens.length === 0) throw syntaxError("no viable alternative at input '<EOF>'");
  const cursor = createCursor(tokens);
  if (cursor.isWord("begin")) return parseBatch(cursor);
  const second = tokens.find((token) => isSymbol(token, ";"));
  if (second) throw syntaxError(`missing EOF at ';' (position ${second.start})`);
  if (cursor.isWord("select", "insert", "update", "delete")) return parseData(tokens);
  if (cursor.accept("use")) return parseUse(cursor);
  if (cursor.isWord("create", "alter", "drop")) return parseDefinition(cursor);
  if (!cursor.isWord(...unsupported)) throw noStatement(cursor);
  return { kind: "unsupported", what: cursor.next().value.toUpperCase() };
}

/** Words that begin statements of Cassandra, or of the service, that are not carried out. */
const unsupported = ["truncate", "grant", "revoke", "list", "describe", "desc", "restore"];
/** What else Cassandra creates, alters and drops. */
const unsupportedObjects = [
  "index",
  "custom",
  "materialized",
  "trigger",
  "function",
  "or",
  "aggregate",
  "role",
  "user",
];

const noStatement = (cursor: Cursor): Refusal =>
  syntaxError(`no viable alternative at input '${cursor.peek()?.value ?? "<EOF>"}'`);

function parseUse(cursor: Cursor): Statement {
  const keyspace = cursor.name();
  if (cursor.peek()) throw syntaxError(`missing EOF at '${cursor.next().value}'`);
  return { kind: "use", keyspace };
}

function parseData(tokens: readonly Token[]): DataStatement {
  const cursor = createCursor(tokens);
  const kind = cursor.next().value as DataStatement["kind"];
  if (kind === "insert") cursor.expect("into");
  // FROM is reserved: unquoted it can stand nowhere else in either of the two.
  if (kind === "select" || kind === "delete") while (!cursor.accept("from")) cursor.next();
  const target = cursor.qualifiedName();
  const extent = { start: tokens[0]!.start, end: tokens.at(-1)!.end };
  const condition = readCondition(kind, tokens);
  return {
    kind,
    target,
    ...lookAt(kind, tokens, target),
    clauses: readClauses(kind, tokens, target),
    condition,
    extent,
  };
}

/** BEGIN [UNLOGGED | COUNTER] BATCH [USING …] statement; … APPLY BATCH. The semicolons are optional. */
function parseBatch(cursor: Cursor): Statement {
  cursor.expect("begin");
  const batch = cursor.accept("unlogged") ? "unlogged" : cursor.accept("counter") ? "counter" : "logged";
  cursor.expect("batch");
  const inner: Token[][] = [];
  const preamble: Token[] = [];
  while (!cursor.isWord("apply")) {
    const token = cursor.next();
    if (token.kind === "word" && ["insert", "update", "delete"].includes(token.value)) inner.push([token]);
    else if (!isSymbol(token, ";")) (inner.at(-1) ?? preamble).push(token);
  }
  cursor.expect("apply", "batch");
  if (cursor.peek()) throw syntaxError(`missing EOF at '${cursor.next().value}'`);
  const statements = inner.map(parseData);
  // BATCH USING TIMESTAMP stamps every statement in it.
  const stamp = preamble.findIndex(({ kind, value }) => kind === "word" && value === "timestamp");
  const literal = preamble[stamp + 1];
  const timestamp = stamp >= 0 && literal?.kind === "number" ? { literal } : undefined;
  return {
    kind: "batch",
    batch,
    statements:
      stamp < 0
        ? statements
        : statements.map((statement) => ({
            ...statement,
            usesTimestamp: true,
            clauses: { ...statement.clauses, timestamp: timestamp ?? statement.clauses.timestamp },
          })),
  };
}

const definable = new Map<string, DefinitionStatement["object"]>([
  ["keyspace", "keyspace"],
  ["schema", "keyspace"],
  ["table", "table"],
  ["columnfamily", "table"],
  ["type", "type"],
]);

function parseDefinition(cursor: Cursor): Statement {
  const kind = cursor.next().value as DefinitionStatement["kind"];
  if (!cursor.isWord(...definable.keys(), ...unsupportedObjects)) throw noStatement(cursor);
  const word = cursor.next().value;
  const object = definable.get(word);
  if (!object) return { kind: "unsupported", what: describeUnsupported(kind, word, cursor) };
  // ALTER has had it since Cassandra 4.1 only.
  const tolerant =
    kind === "create" ? cursor.accept("if", "not", "exists") : kind === "drop" && cursor.accept("if", "exists");
  const target = cursor.qualifiedName();
  if (object === "keyspace" && target.keyspace !== undefined) throw syntaxError("mismatched input '.'");
  return { kind, object, tolerant, target, tail: cursor.rest() };
}

/** CREATE OR REPLACE FUNCTION, CREATE CUSTOM INDEX and CREATE MATERIALIZED VIEW name their object late. */
function describeUnsupported(kind: string, first: string, cursor: Cursor): string {
  const words = [kind, first];
  const prefix = { or: 2, custom: 1, materialized: 1 }[first] ?? 0;
  for (let left = prefix; left > 0 && cursor.peek()?.kind === "word"; left--) words.push(cursor.next().value);
  return words.join(" ").toUpperCase();
}

function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === "symbol" && token.value === symbol;
}
