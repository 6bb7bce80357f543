import { LONGEST_RECORD } from "../text/decode.js";
import { quoteOf, type TextFormat } from "../text/text_format.js";

/** One record within a text. */
export interface Split {
  readonly fields: readonly string[];
  /** Index of the line feed that ends the record, or of the end of the text. */
  readonly end: number;
  /** Lines that the record takes up, where more than one. */
  readonly lines?: number;
  readonly problem?: string;
  /** No closing quote is within reach of the longest record; it may come. */
  readonly unfinished?: boolean;
}

/** Splits the record that starts at `start`, whose first line ends at `lineEnd`. */
export type FieldSplitter = (text: string, start: number, lineEnd: number) => Split;

export const NEVER_CLOSED = "a quote is never closed";
const TEXT_FOLLOWS = "text follows a closing quote";
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const CARRIAGE_RETURN = 0x0d;

/** Index of the line feed at or behind `from`, or of the end of the text. */
export function endOfLine(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 ? text.length : newline;
}

/** The end of a line without the carriage returns in front of its line feed. */
export function withoutReturns(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && text.charCodeAt(at - 1) === CARRIAGE_RETURN) at--;
  return at;
}

/**
 * The fields of the record that is being split. Records get copies: an array that is made by a literal or by `new Array` goes straight to the
 * old generation of memory once many of that place have outlived a collection, as those of a sample do, and so would those of a long file.
 */
const gathered: string[] = [];

/** Splits a line in which nothing is quoted; `end` is that of its text. */
export function splitPlain(text: string, start: number, end: number, separator: string): string[] {
  let count = 0;
  let from = start;
  for (let at = text.indexOf(separator, from); at >= 0 && at < end; at = text.indexOf(separator, from)) {
    gathered[count++] = text.slice(from, at);
    from = at + 1;
  }
  gathered[count++] = text.slice(from, end);
  return gathered.slice(0, count);
}

/** How lines that hold a quote (or a backslash, where that means something) are split in this format. */
export function quotedSplitter({ separator, quoting }: Pick<TextFormat, "separator" | "quoting">): FieldSplitter {
  const quoted = quotedFieldSplitter(separator, quoteOf(quoting), quoting === "backslash" || quoting === "single");
  if (quoting !== "whole_lines") return quoted;
  return (text, start, lineEnd) => {
    if (text.charCodeAt(start) !== QUOTE) return quoted(text, start, lineEnd);
    const close = closingQuoteNotDoubled(text, start, '"');
    if (close < 0 || close - start > LONGEST_RECORD) return { fields: [], end: lineEnd, unfinished: true };
    let lines = 1;
    let end = lineEnd;
    for (; end < close; end = endOfLine(text, end + 1)) lines++;
    // A spreadsheet may have put empty cells behind the one that holds the line, with a separator of its own.
    const behind = text.slice(close + 1, withoutReturns(text, close + 1, end));
    if (!/^[ ,;\t|]*$/.test(behind)) return quoted(text, start, lineEnd);
    const line = text.slice(start + 1, close).replaceAll('""', '"');
    const inner = quoted(line, 0, endOfLine(line, 0));
    const problem = inner.unfinished || inner.end < line.length ? NEVER_CLOSED : inner.problem;
    return problem === undefined ? { fields: inner.fields, end, lines } : { fields: [], end: lineEnd, problem };
  };
}

function quotedFieldSplitter(separator: string, quote: string, backslash: boolean): FieldSplitter {
  const separatorCode = separator.charCodeAt(0);
  const quoteCode = quote.charCodeAt(0);
  const twice = quote + quote;
  const closingQuote = backslash ? closingQuoteNotEscaped : closingQuoteNotDoubled;
  // Blanks around a quoted field are left out, unless they are what separates fields.
  const afterSpaces = separatorCode === SPACE ? (_text: string, from: number): number => from : skipSpaces;
  const escaped = backslash ? new RegExp(String.raw`\\([${quote}\\]|\u${hex(separatorCode)})`, "g") : undefined;

  const unquoted = (field: string): string => {
    const single = field.includes(twice) ? field.replaceAll(twice, quote) : field;
    return escaped && single.includes("\\") ? single.replace(escaped, "$1") : single;
  };
  const nextSeparator = (text: string, from: number, end: number): number => {
    let at = text.indexOf(separator, from);
    if (escaped) while (at > from && at < end && isEscaped(text, from, at)) at = text.indexOf(separator, at + 1);
    return at >= 0 && at < end ? at : end;
  };

  return (text, start, lineEnd) => {
    let count = 0;
    let end = lineEnd;
    let stop = withoutReturns(text, start, end);
    let lines = 1;
    for (let at = start; ; at++) {
      if (text.charCodeAt(at) === quoteCode) {
        // Nearly always, the next quote closes the field.
        const close = text.indexOf(quote, at + 1);
        const isLast = close + 1 === stop;
        const closes = close >= 0 && close < stop && (isLast || text.charCodeAt(close + 1) === separatorCode);
        if (closes && !(backslash && text.charCodeAt(close - 1) === BACKSLASH)) {
          const field = text.slice(at + 1, close);
          gathered[count++] = escaped && field.includes("\\") ? field.replace(escaped, "$1") : field;
          at = close + 1;
          if (isLast) break;
          continue;
        }
      }
      const open = afterSpaces(text, at);
      if (text.charCodeAt(open) === quoteCode) {
        const close = closingQuote(text, open, quote);
        if (close < 0 || close - start > LONGEST_RECORD)
          return { fields: gathered.slice(0, count), end, lines, unfinished: true };
        const behind = afterSpaces(text, close + 1);
        let lastLine = end;
        let passed = 0;
        for (; lastLine < close; lastLine = endOfLine(text, lastLine + 1)) passed++;
        const lastStop = withoutReturns(text, close + 1, lastLine);
        if (behind >= lastStop || text.charCodeAt(behind) === separatorCode) {
          gathered[count++] = unquoted(text.slice(open + 1, close));
          lines += passed;
          end = lastLine;
          stop = lastStop;
          at = behind;
          if (at >= stop) break;
          continue;
        }
        // A quote behind blanks opens a field only where it closes one as well.
        if (open === at) return { fields: [], end: lineEnd, problem: TEXT_FOLLOWS };
      }
      const fieldEnd = nextSeparator(text, at, stop);
      const field = text.slice(at, fieldEnd);
      gathered[count++] = escaped && field.includes("\\") ? field.replace(escaped, "$1") : field;
      at = fieldEnd;
      if (at >= stop) break;
    }
    return { fields: gathered.slice(0, count), end, lines };
  };
}

/** Index of the quote that closes the one at `open`, or −1; doubled quotes are text. */
function closingQuoteNotDoubled(text: string, open: number, quote: string): number {
  const code = quote.charCodeAt(0);
  let close = text.indexOf(quote, open + 1);
  while (close >= 0 && text.charCodeAt(close + 1) === code) close = text.indexOf(quote, close + 2);
  return close;
}

/** The same, where quotes behind a backslash are text as well. */
function closingQuoteNotEscaped(text: string, open: number, quote: string): number {
  let close = text.indexOf(quote, open + 1);
  while (close >= 0) {
    if (isEscaped(text, open + 1, close)) close = text.indexOf(quote, close + 1);
    else if (text[close + 1] === quote) close = text.indexOf(quote, close + 2);
    else break;
  }
  return close;
}

/** Whether an odd number of backslashes stands in front. */
function isEscaped(text: string, start: number, at: number): boolean {
  let first = at;
  while (first > start && text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  return at;
}

function hex(code: number): string {
  return code.toString(16).padStart(4, "0");
}
