import { syntaxError } from "../protocol/refusal.js";
import type { Token } from "./lexer.js";

/** A name in a statement, its keyspace written or not, and where it stands in the text. */
export interface QualifiedName {
  readonly keyspace?: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Words that no table, type or keyspace is called unless in double quotes: `reserved_keywords.txt` of Cassandra, the same since 3.11. */
const reserved: ReadonlySet<string> = new Set(
  `add allow alter and apply asc authorize batch begin by columnfamily create delete desc describe drop entries execute from full
  grant if in index infinity insert into is keyspace limit materialized modify nan norecursive not null of on or order primary
  rename revoke schema select set table to token truncate unlogged update use using view where with`.split(/\s+/),
);

/** Walks over the tokens of one statement. */
export interface Cursor {
  readonly peek: (ahead?: number) => Token | undefined;
  readonly next: () => Token;
  readonly isWord: (...words: string[]) => boolean;
  readonly isSymbol: (symbol: string) => boolean;
  /** Steps over these words if all of them are next. */
  readonly accept: (...words: string[]) => boolean;
  readonly acceptSymbol: (symbol: string) => boolean;
  readonly expect: (...words: string[]) => void;
  readonly name: () => string;
  readonly qualifiedName: () => QualifiedName;
  /** Everything that is left. */
  readonly rest: () => Token[];
}

export function createCursor(tokens: readonly Token[]): Cursor {
  let at = 0;
  const peek = (ahead = 0) => tokens[at + ahead];
  const unexpected = (): never => {
    const token = tokens[at];
    throw syntaxError(token ? `mismatched input '${token.value}'` : "mismatched input '<EOF>'");
  };
  const next = () => tokens[at++] ?? unexpected();
  const wordAt = (offset: number, word: string) => peek(offset)?.kind === "word" && peek(offset)?.value === word;
  const accept = (...words: string[]) => {
    if (!words.every((word, offset) => wordAt(offset, word))) return false;
    at += words.length;
    return true;
  };
  const isSymbol = (symbol: string) => peek()?.kind === "symbol" && peek()?.value === symbol;
  const acceptSymbol = (symbol: string) => {
    if (!isSymbol(symbol)) return false;
    at++;
    return true;
  };
  const name = () => {
    const token = peek();
    if (token?.kind !== "word" && token?.kind !== "quoted") return unexpected();
    at++;
    return token.value;
  };
  const unreservedName = () => (peek()?.kind === "word" && reserved.has(peek()!.value) ? unexpected() : name());
  return {
    peek,
    next,
    isWord: (...words) => words.some((word) => wordAt(0, word)),
    isSymbol,
    accept,
    acceptSymbol,
    expect: (...words) => {
      if (!accept(...words)) unexpected();
    },
    name,
    qualifiedName: () => {
      const first = peek() ?? unexpected();
      const left = unreservedName();
      if (!acceptSymbol(".")) return { name: left, start: first.start, end: first.end };
      const last = peek() ?? unexpected();
      return { keyspace: left, name: unreservedName(), start: first.start, end: last.end };
    },
    rest: () => tokens.slice(at),
  };
}
