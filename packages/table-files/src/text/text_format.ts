import { ArgumentError } from "@keyspaces-segmentation/common";
import { codePageNamed } from "./code_pages.js";

/**
 * How a file quotes fields: a quote inside a quoted field is `doubled` (RFC 4180), or has a `backslash` before it; `whole_lines` are in
 * quotes, each a field that holds the record; `single` ones are apostrophes, doubled or with a backslash before them within; with `none` a
 * quote is text.
 */
export type Quoting = "doubled" | "backslash" | "whole_lines" | "single" | "none";

/** The character that stands around quoted fields. */
export const quoteOf = (quoting: Quoting): '"' | "'" => (quoting === "single" ? "'" : '"');

/** `lf` and `crlf` lines end with LF, whatever carriage returns stand before it; with `cr` a carriage return alone ends a line as well. */
export type LineEnd = "lf" | "crlf" | "cr";

/** Where a column of a fixed width begins, and where its texts end in nearly all lines. */
export interface FixedColumn {
  readonly start: number;
  readonly end: number;
}

/** All that it takes to split the bytes of a text file into records. */
export interface TextFormat {
  /** `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`, `ibm850`, or another name that `TextDecoder` knows. */
  readonly encoding: string;
  /** One character. */
  readonly separator: string;
  readonly quoting: Quoting;
  readonly lineEnd: LineEnd;
  /** The first line only names the separator (`sep=;`). */
  readonly separatorLine: boolean;
  /** Columns of a fixed width, which then no separator splits. */
  readonly columns?: readonly FixedColumn[];
  /** How many fields the records of the file usually have; where unknown, as many as the first. */
  readonly widths?: readonly number[];
}

/** RFC 4180 in UTF-8, as this project writes its own files. */
export const RFC_4180: TextFormat = {
  encoding: "utf-8",
  separator: ",",
  quoting: "doubled",
  lineEnd: "lf",
  separatorLine: false,
};

/** What was left out or read otherwise on the way; a reader adds to it. */
export interface TextCounts {
  /** Rows with nothing in them but separators and blanks. */
  blankRows: number;
  nulBytes: number;
  /** Lines of a UTF-8 file that are none, and were read as Windows-1252. */
  linesInWindows1252: number;
  /** Lines of a file in an encoding of eight bits that are UTF-8, and were read as such. */
  linesInUtf8: number;
  /** Lines of a UTF-8 file that fit neither, in which U+FFFD stands for what could not be read. */
  damagedLines: number;
}

/** Counts that begin at nothing. */
export function noCounts(): TextCounts {
  return { blankRows: 0, nulBytes: 0, linesInWindows1252: 0, linesInUtf8: 0, damagedLines: 0 };
}

/** Separators that are looked for in a file, and their names. */
export const SEPARATORS: ReadonlyMap<string, string> = new Map([
  [",", "comma"],
  [";", "semicolon"],
  ["\t", "tab"],
  ["|", "pipe"],
  ["│", "line"],
  ["\u0001", "control-a"],
]);

/** `comma`, `tab`, … or the character itself in quotes. */
export function separatorName(separator: string): string {
  return SEPARATORS.get(separator) ?? JSON.stringify(separator);
}

/** What a parameter may say of a separator. */
export const SEPARATOR_RULE: string =
  "comma, semicolon, tab, pipe, control-a or one character that is no letter or digit";

function separatorMeant(given: string): string | undefined {
  if (given === "\\t") return "\t";
  const word = given.trim().toLowerCase();
  for (const [separator, name] of SEPARATORS) if (word === name) return separator;
  return given.length === 1 && !/[\p{L}\p{N}"\\\r\n.-]/u.test(given) ? given : undefined;
}

/** Whether a text is the name of a separator (`tab`, `\t`, `comma`, …) or one itself. */
export const isSeparator = (given: string): boolean => separatorMeant(given) !== undefined;

/**
 * The separator that a parameter means: a name or the character itself.
 *
 * @throws ArgumentError for anything else
 */
export function separatorNamed(given: string): string {
  const separator = separatorMeant(given);
  if (separator === undefined) throw new ArgumentError("separator", SEPARATOR_RULE, given);
  return separator;
}

/**
 * The canonical name of the encoding that a parameter means: any label of the WHATWG Encoding Standard, and what Python and spreadsheets say.
 *
 * @throws ArgumentError for one that cannot be read
 */
export function encodingNamed(given: string): string {
  const word = given.trim().toLowerCase();
  const named = codePageNamed(word);
  if (named !== undefined) return named;
  try {
    return new TextDecoder(word).encoding;
  } catch {
    throw new ArgumentError(
      "encoding",
      "utf-8, utf-16le, utf-16be, windows-1252 or another name of an encoding",
      given,
    );
  }
}
