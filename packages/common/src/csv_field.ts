/** A text as a field of a CSV file: in quotes where RFC 4180 asks for them. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a spreadsheet takes for the beginning of a formula, with any apostrophes before it. The wide signs are those of East Asian keyboards. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/u;

/**
 * A text as a field of a CSV file that people open in a spreadsheet: what would be run as a formula there gets an apostrophe before it
 * (https://owasp.org/www-community/attacks/CSV_Injection). {@link unguarded} takes it off again.
 */
export function guardedField(text: string): string {
  return csvField(FORMULA.test(text) ? `'${text}` : text);
}

/** The text that {@link guardedField} was given, from the field's content. */
export function unguarded(content: string): string {
  return content.startsWith("'") && FORMULA.test(content) ? content.slice(1) : content;
}
