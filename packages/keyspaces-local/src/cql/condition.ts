import type { Where } from "./clauses.js";
import type { Token } from "./lexer.js";

/** What stands behind the target of an INSERT, UPDATE or DELETE as IF …. */
export interface Condition extends Where {
  /** IF [NOT] EXISTS; undefined for conditions on columns. */
  readonly exists: boolean | undefined;
}

/** Undefined where there is none. IF is reserved: unquoted it can be nothing else, but for the name in `:if`. */
export function readCondition(kind: string, tokens: readonly Token[]): Condition | undefined {
  const isMarker = (token: Token) => token.kind === "marker";
  const isNamed = (index: number) => tokens[index - 1]?.kind === "marker" && tokens[index - 1]?.value === ":";
  const isWord = (index: number, word: string) => tokens[index]?.kind === "word" && tokens[index]?.value === word;
  const from = tokens.findIndex((_, index) => isWord(index, "if") && !isNamed(index));
  if (kind === "select" || from < 0) return undefined;
  // USING stands behind that of an INSERT.
  const behind = kind === "insert" ? from + "if not exists".split(" ").length : tokens.length;
  const part = tokens.slice(from, behind);
  const not = isWord(from + 1, "not");
  return {
    start: part[0]!.start,
    end: part.at(-1)!.end,
    firstMarker: tokens.slice(0, from).filter(isMarker).length,
    markerCount: part.filter(isMarker).length,
    exists: isWord(from + (not ? 2 : 1), "exists") ? !not : undefined,
  };
}
