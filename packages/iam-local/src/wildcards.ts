import type { RequestValues } from "./request.js";

/** Text with `*`, `?` and policy variables, read once and compared often. */
export interface Pattern {
  readonly text: string;
  /** Whether what it matches depends on the request. */
  readonly hasVariables: boolean;
  matches(text: string, values: RequestValues): boolean;
}

export interface PatternOptions {
  /** Whether `*` and `?` stand for other characters than themselves. */
  readonly wildcards: boolean;
  /** Whether `${…}` stands for something: in policies of version 2012-10-17. */
  readonly variables: boolean;
  readonly ignoreCase?: boolean;
}

/** `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`. */
const variable = /\$\{([^}]*)\}/g;
const withDefault = /^([^,]+?)\s*(?:,\s*'([^']*)')?$/;
/** The three characters that can be had literally. */
const literals = new Set(["*", "?", "$"]);

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
const withWildcards = (text: string): string => escaped(text).replaceAll("\\*", ".*").replaceAll("\\?", ".");

/** A piece of a regular expression, or the value that it is made of. */
type Part = string | { readonly key: string; readonly otherwise: string | undefined };

/** Compiles a pattern. */
export function compilePattern(text: string, { wildcards, variables, ignoreCase = false }: PatternOptions): Pattern {
  const flags = ignoreCase ? "is" : "s";
  const plain = wildcards ? withWildcards : escaped;
  const parts: Part[] = [];
  let end = 0;
  for (const found of variables ? text.matchAll(variable) : []) {
    parts.push(plain(text.slice(end, found.index)));
    const name = found[1] ?? "";
    const [, key = "", otherwise] = withDefault.exec(name) ?? [];
    parts.push(literals.has(name) ? escaped(name) : { key: key.toLowerCase(), otherwise });
    end = found.index + found[0].length;
  }
  parts.push(plain(text.slice(end)));
  const hasVariables = parts.some((part) => typeof part !== "string");
  if (hasVariables) {
    const matches = (against: string, values: RequestValues): boolean => {
      const filled = parts.map((part) => (typeof part === "string" ? part : filledWith(part, values)));
      return !filled.includes(undefined) && new RegExp(`^${filled.join("")}$`, flags).test(against);
    };
    return { text, hasVariables, matches };
  }
  if (text === "*" && wildcards) return { text, hasVariables, matches: () => true };
  // Most have none, and an ARN compared is cheaper than an expression run.
  if (parts.length === 1 && !ignoreCase && !(wildcards && /[*?]/.test(text))) {
    return { text, hasVariables, matches: (against) => against === text };
  }
  const expression = new RegExp(`^${parts.join("")}$`, flags);
  return { text, hasVariables, matches: (against) => expression.test(against) };
}

/** A variable stands for one value, taken literally; without one there is nothing that the pattern matches. */
function filledWith({ key, otherwise }: Exclude<Part, string>, values: RequestValues): string | undefined {
  const value = values.get(key);
  if (value === undefined) return otherwise === undefined ? undefined : escaped(otherwise);
  return typeof value === "string" ? escaped(value) : undefined;
}
