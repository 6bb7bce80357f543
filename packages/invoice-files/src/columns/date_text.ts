import { type ColumnValues, fullYear } from "@keyspaces-segmentation/table-files";
import type { Positions } from "./map_columns.js";
import { fieldAt, type Table, trimmedAt } from "./table.js";

/** The text of a line's date; year and month of their own columns stand in front of the day, and a time behind it. */
export function dateText(fields: readonly string[], positions: Positions): string {
  const { invoiceDate, year, month, time } = positions;
  const text = trimmedAt(fields, invoiceDate);
  const day =
    text === "" || year === undefined || month === undefined
      ? text
      : dayInYear(text, trimmedAt(fields, month), trimmedAt(fields, year));
  if (time === undefined || day === "") return day;
  const hour = trimmedAt(fields, time);
  if (hour === "" || day.includes(":")) return day;
  // Both are of a spreadsheet, which counts days and parts of them.
  return SERIAL.test(day) && PART_OF_DAY.test(hour) ? day.slice(0, 5) + partOf(hour) : `${day} ${clockOf(hour)}`;
}

/** The texts of the dates of all lines that have one, and how many have each. */
export function dateTexts(table: Table): ColumnValues {
  const { lines, positions } = table;
  // Of one column, blanks around it aside, they are counted for others as well.
  if (positions.year === undefined && positions.month === undefined && positions.time === undefined)
    return table.countsOf("invoiceDate");
  return lines.map(({ fields }) => dateText(fields, positions)).filter((text) => text !== "");
}

const SERIAL = /^\d{5}(?:[.,]0*)?$/;
const PART_OF_DAY = /^(?:0|0?[.,]\d+|[1-9][.,]\d+E-\d{1,2})$/i;
/** Finer than a spreadsheet tells times apart. */
const PART_DECIMALS = 12;

/** A part of a day with the decimal sign in front: `.5` for `0.5`, `.000694` for `6.94E-04`, and none for midnight. */
function partOf(hour: string): string {
  if (!/e/i.test(hour)) return hour.replace(/^0/, "");
  return Number(hour.replace(",", ".")).toFixed(PART_DECIMALS).slice(1);
}

const withoutZeros = (number: string): string => number.replace(/\.0*$/, "");

/** A month may be a number or a name; a year may have two digits, of which a program may leave out a zero. */
function dayInYear(day: string, month: string, year: string): string {
  const of = withoutZeros(year);
  const full = /^\d\d?$/.test(of) ? String(fullYear(Number(of))) : of;
  const parts = [full, twoDigits(month), twoDigits(day)];
  return /^\d/.test(month) ? parts.join("-") : parts.reverse().join(" ");
}

const twoDigits = (number: string): string => withoutZeros(number).padStart(2, "0");

const DAY_OF_MONTH = /^(?:0?[1-9]|[12]\d|3[01])(?:\.0*)?$/;
const NEARLY_ALL = 0.9;
const WEEK = 7;

/**
 * Which column is which, without those of year and month where the date does not need them: it is more than the day of a month.
 * Numbers up to 7 may be days of the week, but for one that is the same throughout: a list of months.
 */
export function withoutDateParts({ lines, positions }: Table): Positions {
  const { year, month, ...others } = positions;
  if (year === undefined && month === undefined) return positions;
  const days = lines
    .map(({ fields }) => fieldAt(fields, positions.invoiceDate))
    .filter((text) => DAY_OF_MONTH.test(text));
  const numbers = new Set(days.map((day) => Number.parseInt(day, 10)));
  const areOfMonths = days.length >= NEARLY_ALL * lines.length && (numbers.size === 1 || Math.max(...numbers) > WEEK);
  return year !== undefined && month !== undefined && areOfMonths ? positions : others;
}

/** Midnight of a spreadsheet's first days, which it puts before times that have no date. */
const NO_DAY = /^(?:1899-12-3[01]|1900-01-0[01]|(?:30|31)[./]12[./](?:18)?99|12[./]3[01][./](?:18)?99)[T ](?=\d)/;
const DAY_SECONDS = 86_400;

/** A time of day as a clock shows it: `927` is 09:27, `92700` with seconds, `0.39375` of a day as well, and so is `1899-12-30 09:27`. */
function clockOf(time: string): string {
  if (/^\d{1,3}(?:\.0)?$/.test(time)) return time.replace(/\.0$/, "").padStart(4, "0");
  if (/^\d{5}(?:\.0)?$/.test(time)) return time.replace(/\.0$/, "").padStart(6, "0");
  if (/^0?\.\d+$/.test(time)) {
    const seconds = Math.round(Number(time) * DAY_SECONDS) % DAY_SECONDS;
    return new Date(seconds * 1000).toISOString().slice(11, 19);
  }
  return time.replace(NO_DAY, "");
}
