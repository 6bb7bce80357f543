import { syntaxError } from "../protocol/refusal.js";

/**
 * CQL cut into tokens as Cassandra's own lexer cuts it (Lexer.g): what the gateway reads in a statement must be what
 * the database behind it reads.
 */
export interface Token {
  /** `word` is an unquoted identifier or keyword; `marker` is `?` or `:name`. */
  readonly kind: "word" | "quoted" | "string" | "number" | "marker" | "symbol";
  /** A word in lower case, a quoted name or string without its quotes, anything else as written. */
  readonly value: string;
  /** Offsets in the statement, end exclusive. */
  readonly start: number;
  readonly end: number;
}

const skipped = /(?:[ \t\n\r]|(?:--|\/\/)[^\n\r]*|\/\*[\s\S]*?\*\/)+/y;
const patterns: readonly [Token["kind"], RegExp][] = [
  ["string", /'[^']*(?:''[^']*)*'/y],
  ["string", /\$\$[\s\S]*?\$\$/y],
  ["quoted", /"(?:[^"]|"")[^"]*(?:""[^"]*)*"/y],
  ["number", /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/iy],
  ["number", /0x[0-9a-f]*/iy],
  ["number", /[0-9]+(?:\.(?!\.)[0-9]*)?(?:e[+-]?[0-9]+)?/iy],
  ["word", /[a-z][a-z0-9_]*/iy],
  ["marker", /\?|:(?=[a-z"])/iy],
  ["symbol", /<=|>=|!=|\+=|-=|\.\.|[-+*/%=<>(){}[\],;.:]/y],
];

const clean: Record<Token["kind"], (text: string) => string> = {
  word: (text) => text.toLowerCase(),
  quoted: (text) => text.slice(1, -1).replaceAll('""', '"'),
  string: (text) => (text.startsWith("$") ? text.slice(2, -2) : text.slice(1, -1).replaceAll("''", "'")),
  number: (text) => text,
  marker: (text) => text,
  symbol: (text) => text,
};

/** A row of 1 MB can be written with about as many: a set of single digits. */
const TOKEN_LIMIT = 2 ** 20;

/** @throws Refusal (syntax error) at what is no token: an unclosed string or comment, a stray character; for too many */
export function tokenize(statement: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    skipped.lastIndex = at;
    if (skipped.test(statement)) at = skipped.lastIndex;
    if (at === statement.length) return tokens;
    const token = tokenAt(statement, at);
    if (!token) throw syntaxError(`no viable alternative at character '${statement[at]}' (position ${at})`);
    if (tokens.length === TOKEN_LIMIT) throw syntaxError(`the statement has more than ${TOKEN_LIMIT} tokens`);
    tokens.push(token);
    at = token.end;
  }
}

function tokenAt(statement: string, start: number): Token | undefined {
  // An unclosed comment would otherwise be read as a division and a multiplication.
  if (statement.startsWith("/*", start)) return undefined;
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    if (!pattern.test(statement)) continue;
    const end = pattern.lastIndex;
    return { kind, value: clean[kind](statement.slice(start, end)), start, end };
  }
  return undefined;
}
