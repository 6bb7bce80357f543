/** One record of a CSV file. */
export interface CsvRecord {
  /** Line of the file on which the record starts; the first is 1. */
  readonly lineNumber: number;
  /** The record as it stands in the file, without its line end. */
  readonly text: string;
  /** Its fields, unquoted; none where there is a problem. */
  readonly fields: readonly string[];
  /** Why the record could not be split. */
  readonly problem?: string;
}

/** A quoted field that is longer counts as one whose closing quote was forgotten. */
const MAX_RECORD_LENGTH = 65_536;
const QUOTE = 0x22;
const COMMA = 0x2c;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

/**
 * Splits CSV text (RFC 4180) that arrives in pieces, each ending at a line end but the last.
 * Lines end with LF or CRLF; blank lines are skipped; a quote inside an unquoted field is text.
 *
 * A quoted field may run over several lines. So that a forgotten closing quote costs its own line and not the rest of the
 * file, a record over several lines must have as many fields as the first record and nothing between a closing
 * quote and the next comma; otherwise its first line alone is a problem and splitting goes on with the second.
 *
 * @returns a function that takes the next piece, and whether it is the last, and gives the records completed by it
 */
export function csvSplitter(): (piece: string, atEnd: boolean) => CsvRecord[] {
  let rest = "";
  let lineNumber = 1;
  let width: number | undefined;

  return (piece, atEnd) => {
    const text = rest + piece;
    const records: CsvRecord[] = [];
    let start = 0;
    let quote = nextQuote(text, 0);
    while (start < text.length) {
      const lineEnd = endOfLine(text, start);
      if (quote < start) quote = nextQuote(text, start);
      const split: Split =
        quote < lineEnd
          ? splitQuoted(text, start, width, atEnd)
          : { fields: splitPlain(text, start, lineEnd), end: lineEnd };
      if (split.unfinished) break;
      const record = text.slice(start, withoutReturn(text, start, split.end));
      if (record !== "") {
        const { fields, problem } = split;
        records.push(
          problem === undefined ? { lineNumber, text: record, fields } : { lineNumber, text: record, fields, problem },
        );
        if (problem === undefined) width ??= fields.length;
      }
      lineNumber += split.lines ?? 1;
      start = split.end + 1;
    }
    rest = text.slice(start);
    return records;
  };
}

interface Split {
  readonly fields: readonly string[];
  /** Index of the line feed that ends the record, or of the end of the text. */
  readonly end: number;
  /** Lines that the record takes up, where more than one. */
  readonly lines?: number;
  readonly problem?: string;
  /** The record goes on in the next piece. */
  readonly unfinished?: boolean;
}

function splitPlain(text: string, start: number, lineEnd: number): string[] {
  const end = withoutReturn(text, start, lineEnd);
  const fields: string[] = [];
  let from = start;
  for (let comma = text.indexOf(",", from); comma >= 0 && comma < end; comma = text.indexOf(",", from)) {
    fields.push(text.slice(from, comma));
    from = comma + 1;
  }
  fields.push(text.slice(from, end));
  return fields;
}

function splitQuoted(text: string, start: number, width: number | undefined, atEnd: boolean): Split {
  const fields: string[] = [];
  const problem = (reason: string): Split => ({ fields: [], end: endOfLine(text, start), problem: reason });
  let end = endOfLine(text, start);
  let lines = 1;
  for (let at = start; ; at++) {
    if (text.charCodeAt(at) === QUOTE) {
      const close = closingQuote(text, at);
      if (close < 0 || close - start > MAX_RECORD_LENGTH) {
        const mayClose = close < 0 && !atEnd && text.length - start <= MAX_RECORD_LENGTH;
        return mayClose ? { fields, end, unfinished: true } : problem("a quote is never closed");
      }
      const field = text.slice(at + 1, close);
      fields.push(field.replaceAll('""', '"'));
      for (; end < close; end = endOfLine(text, end + 1)) lines++;
      at = close + 1;
    } else {
      const comma = text.indexOf(",", at);
      const fieldEnd = comma >= 0 && comma < end ? comma : withoutReturn(text, at, end);
      fields.push(text.slice(at, fieldEnd));
      at = fieldEnd;
    }
    if (at >= withoutReturn(text, start, end)) break;
    if (text.charCodeAt(at) !== COMMA) return problem("text follows a closing quote");
  }
  if (lines > 1 && fields.length !== (width ?? fields.length)) return problem("a quote is never closed");
  return { fields, end, lines };
}

/** Index of the quote that closes the one at `open`, or −1; doubled quotes are text. */
function closingQuote(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2);
  return close;
}

function nextQuote(text: string, from: number): number {
  const quote = text.indexOf('"', from);
  return quote < 0 ? text.length : quote;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 ? text.length : newline;
}

function withoutReturn(text: string, start: number, end: number): number {
  return end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN && isLineEnd(text, end) ? end - 1 : end;
}

function isLineEnd(text: string, at: number): boolean {
  return at >= text.length || text.charCodeAt(at) === LINE_FEED;
}
