import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { looksLikeDate } from "./looks_like_date.js";
import { looksLikeNumber } from "./looks_like_number.js";
import type { RecordSplitter } from "./split_records.js";
import type { TextCounts } from "./text_format.js";

/** As many lines are looked at. */
const LOOKED_AT = 2000;
const FEWEST_LINES = 3;
/** Lines of a table for the eye are no longer. */
const WIDEST = 4000;
const FEWEST_COLUMNS = 3;
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
const BLANK_OR_RULE = /^[-=\s]*$/;

/** Where columns of a fixed width begin, and what says so. */
export interface FixedColumns {
  readonly starts: readonly number[];
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
  const starts = [...rule.matchAll(/[-=]+/g)].map(({ index }) => index);
  const filled = lines.filter((line) => !BLANK_OR_RULE.test(line));
  const fitting = filled.filter((line) => standsIn(line, starts)).length;
  if (fitting < FEWEST_LINES || filled.length - fitting > Math.max(LINES_AROUND, (1 - MOSTLY) * filled.length))
    return undefined;
  return { starts, evidence: `a line of dashes below the header shows ${formatNumber(starts.length)} columns` };
}

function blankedColumns(lines: readonly string[]): FixedColumns | undefined {
  const filled = lines.filter((line) => !BLANK_OR_RULE.test(line));
  const width = filled.reduce((most, line) => Math.max(most, line.length), 0);
  if (filled.length < FEWEST_LINES || width > WIDEST) return undefined;
  // A header stands in its columns; of other lines a few may not.
  const isBlankAt = (at: number): boolean =>
    isBlank(filled[0]!, at) && filled.filter((line) => isBlank(line, at)).length >= NEARLY_ALL * filled.length;
  const starts: number[] = [];
  let gap = true;
  for (let at = 0; at < width; at++) {
    const blank = isBlankAt(at);
    if (!blank && gap) starts.push(at);
    gap = blank;
  }
  const columns = withoutNameless(filled, withoutTimes(filled, starts));
  const fitting = filled.filter((line) => standsIn(line, columns));
  if (columns.length < FEWEST_COLUMNS || fitting.length < NEARLY_ALL * filled.length) return undefined;
  // Words that end alike in each line are no table.
  const full = fitting.filter(
    (line) => split(line, columns).filter((field) => field !== "").length > columns.length / 2,
  );
  if (full.length < MOSTLY * filled.length) return undefined;
  return {
    starts: columns,
    evidence: `its ${formatNumber(columns.length)} columns stand at the same places in ${formatNumber(fitting.length)} of ${formatPlural(filled.length, "line")}`,
  };
}

/** Columns with the time of day in that of the date, which a blank stands between in all lines. */
function withoutTimes(lines: readonly string[], starts: readonly number[]): number[] {
  const fields = lines.map((line) => split(line, starts));
  const most = (is: (of: readonly string[]) => boolean): boolean => fields.filter(is).length >= MOSTLY * fields.length;
  return starts.filter(
    (_, at) => at === 0 || !most((of) => looksLikeDate(of[at - 1]!) && !TIME.test(of[at - 1]!) && TIME.test(of[at]!)),
  );
}

/** Columns below names: one without, which words with a blank at the same place have made, is of the column that stands nearer. */
function withoutNameless(lines: readonly string[], starts: readonly number[]): number[] {
  const names = split(lines[0]!, starts);
  if (names.some((name) => looksLikeNumber(name) || looksLikeDate(name))) return [...starts];
  /** How far the fields of a column end before the next one begins. */
  const gapBefore = (at: number): number => {
    const start = starts[at] ?? Number.POSITIVE_INFINITY;
    const last = lines.reduce((most, line) => Math.max(most, line.slice(0, start).trimEnd().length), 0);
    return start - last;
  };
  // The first may be an index.
  const left = new Set<number>();
  for (let at = 1; at < starts.length; at++) {
    if (names[at] === "") left.add(gapBefore(at) <= gapBefore(at + 1) ? at : at + 1);
  }
  return starts.filter((_, at) => !left.has(at));
}

const isBlank = (line: string, at: number): boolean => at >= line.length || line[at] === " ";

/** Whether a line is blank in front of each column. */
const standsIn = (line: string, starts: readonly number[]): boolean =>
  starts.every((start) => start === 0 || isBlank(line, start - 1));

const split = (line: string, starts: readonly number[]): string[] =>
  starts.map((start, at) => line.slice(at === 0 ? 0 : start, starts[at + 1] ?? line.length).trim());

/** Splits text, which ends at line ends, into records by the places of their columns. A line of dashes and a blank one are none. */
export function fixedSplitter(starts: readonly number[], counts: TextCounts): RecordSplitter {
  let lineNumber = 0;
  return (piece) => {
    const lines = piece.split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines.flatMap((line) => {
      lineNumber++;
      const text = line.replace(/\r+$/, "");
      if (BLANK_OR_RULE.test(text)) {
        if (text !== "") counts.blankRows++;
        return [];
      }
      if (!standsIn(text, starts)) {
        return [{ lineNumber, text, fields: [], problem: "it does not stand in the columns of the others" }];
      }
      return [{ lineNumber, text, fields: split(text, starts) }];
    });
  };
}
