export const POINT = 46;
export const COMMA = 44;
export const HYPHEN = 45;
export const SLASH = 47;
export const COLON = 58;

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A blank within a line, the no-break and narrow ones included that programs put into dates and numbers. */
export function isBlank(code: number): boolean {
  return (
    code === 32 ||
    code === 9 ||
    code === 0xa0 ||
    code === 0x202f ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x3000
  );
}

/** A letter of the Latin, Greek or Cyrillic alphabet, with accents as one character or as a mark that follows. */
export function isLetter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 0xc0 && code <= 0x24f) ||
    (code >= 0x300 && code <= 0x36f) ||
    (code >= 0x370 && code <= 0x52f)
  );
}

/** Where the blanks that begin at `at` end. */
export function afterBlanks(text: string, at: number): number {
  let end = at;
  while (end < text.length && isBlank(text.charCodeAt(end))) end += 1;
  return end;
}

/** Where the letters that begin at `at` end. */
export function afterLetters(text: string, at: number): number {
  let end = at;
  while (end < text.length && isLetter(text.charCodeAt(end))) end += 1;
  return end;
}

/** Where the digits that begin at `at` end. */
export function afterDigits(text: string, at: number): number {
  let end = at;
  while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

/** The number that the digits from `at` to `end` write. */
export function digitsAsNumber(text: string, at: number, end: number): number {
  let number = 0;
  for (let i = at; i < end; i += 1) number = number * 10 + text.charCodeAt(i) - 48;
  return number;
}

const INVISIBLE = /[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * A text without what is around its value and not part of it: marks that show nothing, as Windows puts between a date's numbers
 * for the direction of writing, and the apostrophe or the formula `="…"` that keep a spreadsheet from changing a text.
 */
export function withoutGuards(text: string): string {
  const visible = text.replace(INVISIBLE, "");
  return /^="(.*)"$/.exec(visible)?.[1]?.trim() ?? visible.replace(/^'(.*)'$/, "$1").replace(/^'/, "");
}

const NOTHING = /^(?:|-+|\?+|\.|nan|null|\(null\)|none|n\/?a|#n\/a|\\n|nat|nil|#value!|#ref!|<na>|undefined)$/i;

/** The date that databases write for none. */
const DATE_OF_ZEROS = /^0+[-/.]0+[-/.]0+(?:[ T]00:00(?::00)?)?$/;

/** Whether a field says that there is no value: blank, `nan`, `NULL`, `N/A`, `\N`, `-`, `0000-00-00` and their like. */
export function saysNothing(text: string): boolean {
  if (text.length <= 10 && NOTHING.test(text.trim())) return true;
  return text.startsWith("00") && DATE_OF_ZEROS.test(text);
}
