import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { looksLikeDate } from "../dates/looks_like_date.js";
import { looksLikeNumber } from "../numbers/looks_like_number.js";
import type { FixedColumn } from "../text/text_format.js";
import { BLANK_OR_RULE, fieldsOf, HUNDREDS, isBlank, isBlankBetween, SIGN, split, THOUSANDS } from "./fixed_fields.js";

/** As many lines are looked at. */
const LOOKED_AT = 2000;
const FEWEST_LINES = 3;
/** Lines of a table for the eye are no longer. */
const WIDEST = 4000;
const FEWEST_COLUMNS = 3;
const MOST_COLUMNS = 500;
/** A few lines, such as a count of the rows, do not stand in the columns. */
const NEARLY_ALL = 0.98;
const MOSTLY = 0.9;
/** A title and a count of the rows, in a file however short. */
const LINES_AROUND = 2;
/** Below the header, and a title perhaps. */
const LINES_ABOVE = 10;

/** Nothing but dashes, as many as each column is wide. */
const RULE = /^\s*(?:[-=]+\s+){2,}[-=]+\s*$/;
const TIME = /^\d{1,2}:\d\d/;

/** Columns of a fixed width, and what says so. */
export interface FixedColumns {
  readonly columns: readonly FixedColumn[];
  readonly evidence: string;
}

/**
 * The columns of a table that is padded with blanks: those that a line of dashes below the header shows, as of sqlite3 and SQL Server; else
 * what stands between places that are blank in all lines. Undefined where lines do not stand in such columns.
 */
export function fixedColumns(text: string): FixedColumns | undefined {
  const lines = text.split("\n", LOOKED_AT).map((line) => line.replace(/\r+$/, ""));
  return ruledColumns(lines) ?? blankedColumns(lines);
}

/** The columns that a line of dashes shows; undefined for none. */
export function ruledColumns(lines: readonly string[]): FixedColumns | undefined {
  const rule = lines.slice(0, LINES_ABOVE).find((line) => RULE.test(line));
  if (rule === undefined) return undefined;
  const columns = [...rule.matchAll(/[-=]+/g)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
  if (columns.length > MOST_COLUMNS) return undefined;
  const filled = lines.filter((line) => !BLANK_OR_RULE.test(line));
  const fitting = filled.flatMap((line) => {
    const fields = fieldsOf(line, columns);
    return fields === undefined ? [] : [fields];
  });
  if (
    fitting.length < FEWEST_LINES ||
    filled.length - fitting.length > Math.max(LINES_AROUND, (1 - MOSTLY) * filled.length)
  )
    return undefined;
  if (areSeparated(fitting)) return undefined;
  return { columns, evidence: `a line of dashes below the header shows ${formatNumber(columns.length)} columns` };
}

/** Whether all fields but the last end with the same separator, as where a CSV file is padded for the eye. */
function areSeparated(lines: readonly (readonly string[])[]): boolean {
  const inner = lines.flatMap((fields) => fields.slice(0, -1));
  return [",", ";", "|"].some(
    (separator) => inner.filter((field) => field.endsWith(separator)).length >= MOSTLY * inner.length,
  );
}

function blankedColumns(lines: readonly string[]): FixedColumns | undefined {
  const filled = lines.filter((line) => !BLANK_OR_RULE.test(line));
  const width = filled.reduce((most, line) => Math.max(most, line.length), 0);
  if (filled.length < FEWEST_LINES || width > WIDEST) return undefined;
  // A header stands in its columns; of other lines a few may not.
  const isBlankAt = (at: number): boolean =>
    isBlank(filled[0]!, at) && filled.filter((line) => isBlank(line, at)).length >= NEARLY_ALL * filled.length;
  const seen: FixedColumn[] = [];
  let start: number | undefined;
  for (let at = 0; at <= width; at++) {
    const blank = at === width || isBlankAt(at);
    if (!blank) start ??= at;
    else if (start !== undefined) {
      seen.push({ start, end: at });
      start = undefined;
    }
  }
  if (seen.length > MOST_COLUMNS) return undefined;
  const columns = withoutEmpty(filled, withoutNameless(filled, withoutTimes(filled, seen)));
  const fitting = filled.flatMap((line) => {
    const fields = fieldsOf(line, columns);
    return fields === undefined ? [] : [fields];
  });
  if (columns.length < FEWEST_COLUMNS || fitting.length < NEARLY_ALL * filled.length) return undefined;
  // Words that end alike in each line are no table.
  const full = fitting.filter((fields) => fields.filter((field) => field !== "").length > columns.length / 2);
  if (full.length < MOSTLY * filled.length || isProse(fitting) || hasSeveralInOne(fitting)) return undefined;
  return {
    columns,
    evidence: `its ${formatNumber(columns.length)} columns stand at the same places in ${formatNumber(fitting.length)} of ${formatPlural(filled.length, "line")}`,
  };
}

/** Whether half of the columns or more have the same word in nearly all lines, the first among them. */
export function isProse(lines: readonly (readonly string[])[]): boolean {
  const [first = []] = lines;
  const alike = first.filter(
    (word, at) => /\p{L}/u.test(word) && lines.filter((fields) => fields[at] === word).length >= MOSTLY * lines.length,
  );
  return 2 * alike.length >= first.length;
}

/** Whether a column has several numbers and dates in nearly all lines, which blanks separate as they separate the columns. */
function hasSeveralInOne(lines: readonly (readonly string[])[]): boolean {
  const areSeveral = (text: string): boolean => {
    const words = text.split(/ +/);
    if (words.length < FEWEST_COLUMNS || looksLikeDate(text) || looksLikeNumber(text)) return false;
    return words.filter((word) => looksLikeDate(word) || looksLikeNumber(word)).length >= FEWEST_COLUMNS - 1;
  };
  return (lines[0] ?? []).some(
    (_, at) => lines.filter((fields) => areSeveral(fields[at]!)).length >= MOSTLY * lines.length,
  );
}

/** The columns without those that belong to the one before; the first belongs to none. */
const joined = (columns: readonly FixedColumn[], isPart: (at: number) => boolean): FixedColumn[] => {
  const whole: FixedColumn[] = [];
  for (const [at, { start, end }] of columns.entries()) {
    const before = at > 0 && isPart(at) ? whole.pop() : undefined;
    whole.push({ start: before?.start ?? start, end });
  }
  return whole;
};

/** Columns with the time of day in that of the date, which a blank stands between in all lines. */
function withoutTimes(lines: readonly string[], columns: readonly FixedColumn[]): FixedColumn[] {
  const fields = lines.map((line) => split(line, columns));
  const most = (is: (of: readonly string[]) => boolean): boolean => fields.filter(is).length >= MOSTLY * fields.length;
  return joined(columns, (at) =>
    most((of) => looksLikeDate(of[at - 1]!) && !TIME.test(of[at - 1]!) && TIME.test(of[at]!)),
  );
}

/**
 * Columns below names. One without, which words with a blank at the same place have made, is of the column that stands nearer; but what may
 * be the front of a number, its sign or its thousands, is of the column behind it.
 */
function withoutNameless(lines: readonly string[], columns: readonly FixedColumn[]): FixedColumn[] {
  const names = split(lines[0]!, columns);
  if (names.some((name) => looksLikeNumber(name) || looksLikeDate(name))) return [...columns];
  const fields = lines.map((line) => split(line, columns));
  const ends = endsBefore(lines, columns);
  /** How far the texts in front of a column end before it begins. */
  const gapBefore = (at: number): number => (columns[at]?.start ?? Number.POSITIVE_INFINITY) - ends[at]!;
  const isFront = (at: number): boolean =>
    at + 1 < columns.length &&
    fields.every(
      ({ [at]: text = "", [at + 1]: number = "" }) =>
        text === "" || SIGN.test(text) || (THOUSANDS.test(text) && HUNDREDS.test(number)),
    );
  // The first may be an index.
  const parts = new Set<number>();
  for (let at = 1; at < columns.length; at++) {
    if (names[at] === "") parts.add(!isFront(at) && gapBefore(at) <= gapBefore(at + 1) ? at : at + 1);
  }
  return joined(columns, (at) => parts.has(at));
}

/** Where the longest of the texts in front of each column, and of the end of the lines, ends. */
function endsBefore(lines: readonly string[], columns: readonly FixedColumn[]): number[] {
  const ends = Array.from({ length: columns.length + 1 }, () => 0);
  for (const line of lines) {
    let last = 0;
    for (let at = 1; at < ends.length; at++) {
      const start = columns[at - 1]!.start;
      const text = line.slice(start, columns[at]?.start).trimEnd();
      if (text !== "") last = start + text.length;
      ends[at] = Math.max(ends[at]!, last);
    }
  }
  return ends;
}

/** Columns with something below their names: one without has the second word of a name that a blank stands before. */
function withoutEmpty(lines: readonly string[], columns: readonly FixedColumn[]): FixedColumn[] {
  const [header, ...below] = lines;
  const isNext = (at: number): boolean => columns[at] !== undefined && header![columns[at].start - 2] !== " ";
  const isEmpty = (at: number): boolean =>
    below.every((line) => isBlankBetween(line, columns[at]!.start, columns[at + 1]?.start ?? line.length));
  const parts = new Set<number>();
  for (let at = 0; at < columns.length; at++) {
    if (!isEmpty(at)) continue;
    if (at > 0 && isNext(at)) parts.add(at);
    else if (isNext(at + 1)) parts.add(at + 1);
  }
  return joined(columns, (at) => parts.has(at));
}
