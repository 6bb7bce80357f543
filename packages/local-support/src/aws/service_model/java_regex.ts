/** POSIX classes of Java that JavaScript does not have, as the inside of a character class. */
const posix: Readonly<Record<string, string>> = { Alnum: "a-zA-Z0-9", ASCII: "\\x00-\\x7F", Print: "\\x20-\\x7E" };

/** What a backslash in front of keeps its meaning for in JavaScript's Unicode mode; any other escape is the character. */
const kept = /[dDwWsSbBnrtfvxu\d^$\\.*+?()[\]{}|/]/;

const quantifier = /^\{\d+(,\d*)?\}/;

/** The escape at the start of `rest`, translated, and how much of `rest` it is. */
function translateEscape(rest: string, inClass: boolean): [translated: string, length: number] {
  const [property, name = ""] = /^\\[pP]\{(\w+)\}/.exec(rest) ?? [];
  if (property) {
    const inside = posix[name];
    if (inside === undefined) return [property, property.length];
    return [inClass ? inside : `[${inside}]`, property.length];
  }
  const character = rest.charAt(1);
  if (!inClass && character === "A") return ["^", 2];
  if (!inClass && character === "z") return ["$", 2];
  if (kept.test(character) || (inClass && character === "-")) return [rest.slice(0, 2), 2];
  return [character, 2];
}

/**
 * A pattern of an AWS service model, which is Java's, as a regular expression that the whole text has to match, as the
 * services' own check has it.
 *
 * @throws SyntaxError for what has no counterpart in JavaScript: possessive quantifiers, intersections of classes
 * @see https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html
 */
export function fromJavaRegex(pattern: string): RegExp {
  let translated = "";
  let inClass = false;
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const character = rest.charAt(0);
    if (character === "\\") {
      const [escaped, length] = translateEscape(rest, inClass);
      translated += escaped;
      at += length;
      continue;
    }
    if (inClass) {
      if (character === "[" || rest.startsWith("&&")) throw new SyntaxError(`nested class in ${pattern}`);
      if (character === "]") inClass = false;
    } else {
      const [times] = quantifier.exec(rest) ?? [];
      if (times) {
        // Java lets an anchor be repeated, which says no more than the anchor.
        if (!/(^|[^\\])[\^$]$/.test(translated)) translated += times;
        at += times.length;
        continue;
      }
      if (character === "[") inClass = true;
      else if ("{}]".includes(character)) translated += "\\";
      else if (/^[*+?]\+/.test(rest)) throw new SyntaxError(`possessive quantifier in ${pattern}`);
    }
    translated += character;
    at += 1;
  }
  return new RegExp(`^(?:${translated})$`, "u");
}
