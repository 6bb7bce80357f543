import type { RecordSplitter, TableRecord } from "../record.js";
import { LONGEST_RECORD } from "../text/decode.js";
import { noCounts, quoteOf, type TextCounts, type TextFormat } from "../text/text_format.js";
import { fixedSplitter } from "./fixed_fields.js";
import { endOfLine, NEVER_CLOSED, quotedSplitter, type Split, splitPlain, withoutReturns } from "./split_fields.js";

const TOO_LONG = "longer than 1 MiB";
/** Fewer characters than the longest record has, whatever they are. */
const SURELY_SHORT = LONGEST_RECORD / 3;
/** An open record is split again, from its beginning, when it is so many times as long: in a time that grows with its length, not its square. */
const LONGER = 2;
/** Of a record that is too long, the characters that are shown. */
const SHOWN = 1000;
const MARK = 0xfeff;
const END_OF_DOS_FILE = 0x1a;
/** The first line of a file that names its separator to Excel; its separator is the first group. */
export const SEPARATOR_LINE: RegExp = /^\uFEFF*"?sep=(\\t|[^"\r\n])"?(?:\1|\s)*$/i;

/** A record that could not be split, and how far it goes. */
interface Trouble {
  readonly lineNumber: number;
  readonly problem: string;
  text: string;
}

/**
 * Made by a constructor: what literals make goes straight to the old generation of memory once many of them have outlived a collection,
 * as the records of a sample do, and all of a long file with them.
 */
class PlainRecord implements TableRecord {
  readonly lineNumber: number;
  readonly text: string;
  readonly fields: readonly string[];

  constructor(lineNumber: number, text: string, fields: readonly string[]) {
    this.lineNumber = lineNumber;
    this.text = text;
    this.fields = fields;
  }
}

/**
 * Splits text into records. Lines end with LF or CRLF; blank lines and rows of nothing but separators are skipped and counted; a quote
 * inside an unquoted field is text.
 *
 * A quoted field may run over several lines. So that a forgotten closing quote costs its own line and not the rest of the
 * file, a record over several lines must have as many fields as records of this file usually have, or none of its lines may look like
 * such a record. What cannot be split is one record with a problem: its first line, and what follows up to the first line
 * that looks like a record. A record longer than 1 MiB, the longest row of Amazon Keyspaces, is a problem as well, and only its
 * beginning is kept.
 *
 * @param counts told how many blank rows were skipped
 */
export function recordSplitter(format: TextFormat, counts: TextCounts = noCounts()): RecordSplitter {
  const { separator, quoting, columns } = format;
  if (columns !== undefined) return fixedSplitter(columns, counts);
  const separatorCode = separator.charCodeAt(0);
  const splitQuoted = quotedSplitter(format);
  const quote = quoteOf(quoting);
  const nextQuote = quoting === "none" ? (text: string): number => text.length : finder(quote);
  const nextBackslash = quoting === "backslash" ? finder("\\") : undefined;
  let widths = format.widths;
  /** A record whose closing quote is not there yet, and how long it is when it is split again. */
  let rest = "";
  let enough = 0;
  let lineNumber = 1;
  let trouble: Trouble | undefined;

  /** Whether a line has as many fields as records have, or is the first of a record over several lines. */
  const looksLikeRecord = (text: string, start: number, end: number): boolean => {
    const line = text.slice(start, withoutReturns(text, start, end));
    if (line.trim() === "") return false;
    if (widths === undefined) return true;
    const { fields, problem, unfinished } =
      quoting !== "none" && (line.includes(quote) || line.includes("\\"))
        ? splitQuoted(line, 0, line.length)
        : { fields: splitPlain(line, 0, line.length, separator) };
    if (problem) return false;
    if (unfinished) return fields.length > 0 && widths.some((width) => width > fields.length);
    return widths.includes(fields.length) && !isBlank(fields);
  };
  /** Whether a record over several lines is rather a line whose closing quote was forgotten, and other records behind it. */
  const holdsRecords = (text: string, lineEnd: number, end: number, width: number): boolean => {
    if (widths === undefined || widths.includes(width)) return false;
    for (let start = lineEnd + 1; start < end; ) {
      const next = endOfLine(text, start);
      if (looksLikeRecord(text, start, next)) return true;
      start = next + 1;
    }
    return false;
  };
  /** Undefined where the record may go on in the next piece. */
  const splitWithQuotes = (text: string, start: number, lineEnd: number, atEnd: boolean): Split | undefined => {
    const split = splitQuoted(text, start, lineEnd);
    if (split.unfinished && !atEnd && text.length - start <= LONGEST_RECORD) return undefined;
    const isForgotten =
      split.unfinished ||
      (split.end > lineEnd &&
        (split.end - start > LONGEST_RECORD || holdsRecords(text, lineEnd, split.end, split.fields.length)));
    return isForgotten ? { fields: [], end: lineEnd, problem: NEVER_CLOSED } : split;
  };

  return (piece, atEnd) => {
    if (rest !== "" && !atEnd && rest.length + piece.length <= LONGEST_RECORD) {
      if (rest.length + piece.length < enough || !piece.includes(quote)) {
        rest += piece;
        return [];
      }
    }
    const text = rest + piece;
    rest = "";
    const records: TableRecord[] = [];
    let start = 0;
    let quoteAt = nextQuote(text, 0);
    let backslash = nextBackslash ? nextBackslash(text, 0) : text.length;
    while (start < text.length) {
      const lineEnd = endOfLine(text, start);
      if (trouble !== undefined) {
        if (!looksLikeRecord(text, start, lineEnd)) {
          if (trouble.text.length <= LONGEST_RECORD) trouble.text += text.slice(start, lineEnd + 1);
          lineNumber++;
          start = lineEnd + 1;
          continue;
        }
        records.push(finish(trouble));
        trouble = undefined;
      }
      if (quoteAt < start) quoteAt = nextQuote(text, start);
      if (nextBackslash && backslash < start) backslash = nextBackslash(text, start);
      const first = text.charCodeAt(start);
      if (first === MARK) {
        // Of a file that was put behind another one.
        start++;
        continue;
      }
      const stop = withoutReturns(text, start, lineEnd);
      const isPlain = quoteAt >= lineEnd && backslash >= lineEnd;
      if (isPlain && first > 0x20 && first < 0xa0 && first !== separatorCode && stop - start < SURELY_SHORT) {
        if (lineNumber > 1 || !format.separatorLine) {
          const fields = splitPlain(text, start, stop, separator);
          records.push(new PlainRecord(lineNumber, text.slice(start, stop), fields));
          widths ??= [fields.length];
          lineNumber++;
          start = lineEnd + 1;
          continue;
        }
      }
      const split = isPlain
        ? { fields: splitPlain(text, start, stop, separator), end: lineEnd }
        : splitWithQuotes(text, start, lineEnd, atEnd);
      if (split === undefined) break;
      const { fields, problem, lines = 1 }: Split = split;
      const record = text.slice(start, lines === 1 ? stop : withoutReturns(text, start, split.end));
      if (problem !== undefined) {
        trouble = { lineNumber, problem, text: text.slice(start, split.end + 1) };
      } else if (lineNumber === 1 && format.separatorLine && SEPARATOR_LINE.test(record)) {
        // It is no record.
      } else if (mayBeBlank(first, separatorCode) && isBlank(fields)) {
        if (record !== "") counts.blankRows++;
      } else if (isTooLong(record)) {
        records.push({ lineNumber, text: record.slice(0, SHOWN), fields: [], problem: TOO_LONG });
      } else {
        records.push(new PlainRecord(lineNumber, record, fields));
        widths ??= [fields.length];
      }
      lineNumber += lines;
      start = split.end + 1;
    }
    rest = text.slice(start);
    enough = LONGER * rest.length;
    if (atEnd && trouble !== undefined) {
      records.push(finish(trouble));
      trouble = undefined;
    }
    return records;
  };
}

/** What could not be split, as a record. */
function finish({ lineNumber, problem, text }: Trouble): TableRecord {
  const whole = text.replace(/[\r\n]+$/, "");
  return isTooLong(whole)
    ? { lineNumber, text: whole.slice(0, SHOWN), fields: [], problem: TOO_LONG }
    : { lineNumber, text: whole, fields: [], problem };
}

/** Finds the next place of a character, or the length of the text. */
function finder(character: string): (text: string, from: number) => number {
  return (text, from) => {
    const at = text.indexOf(character, from);
    return at < 0 ? text.length : at;
  };
}

function isTooLong(record: string): boolean {
  return record.length >= SURELY_SHORT && Buffer.byteLength(record) > LONGEST_RECORD;
}

/** Whether a row can be blank that begins with this character: a separator, a quote, or what `trim()` takes away. */
function mayBeBlank(code: number, separatorCode: number): boolean {
  return code === separatorCode || code === 0x22 || code === 0x27 || code <= 0x20 || code >= 0xa0 || Number.isNaN(code);
}

function isBlank(fields: readonly string[]): boolean {
  return fields.every(
    (field) => field.trim() === "" || (field.charCodeAt(0) === END_OF_DOS_FILE && field.length === 1),
  );
}
