import { scanDate } from "./date_forms.js";
import { emptyParts } from "./date_parts.js";
import { inPlainScript } from "./date_scripts.js";
import type { PlainNumbers } from "./serial_dates.js";

/** Order of day, month and year where a date is three numbers. */
export type DateOrder = "day_first" | "month_first" | "year_first";

/** How all dates of a column are written. Where months are words, and where a four-digit year is in front, dates are read in every format but plain numbers. */
export interface DateFormat {
  /** `month_named`: no date of the column is three numbers; `serial`: Excel's days since 1899-12-30. */
  readonly order: DateOrder | "month_named" | PlainNumbers;
  /** Signs that stand between the numbers of dates whose year is last or has two digits, "" of `18012023`: others do not fit. */
  readonly separators: readonly string[];
  /** Whether it is yyyy-dd-mm where a four-digit year is in front. */
  readonly yearThenDay: boolean;
  /** How the first date is written, for a reader: "dd-mm-yyyy hh:mm". */
  readonly pattern: string;
  /** IANA zone of the clock that times without an offset are of; null: they are taken as UTC as they stand. */
  readonly timeZone: string | null;
  /**
   * Without a `timeZone`: whether all times have an offset from UTC, or none has. One that differs does not fit: it would be hours away
   * from the others. Undefined: either fits.
   */
  readonly hasOffsets?: boolean | undefined;
}

const WORDS: { readonly [order in DateFormat["order"]]: string } = {
  day_first: "day first",
  month_first: "month first",
  year_first: "year first",
  month_named: "months by name",
  serial: "Excel serial numbers, days since 1899-12-30",
  unix_seconds: "Unix time, seconds since 1970-01-01 UTC",
  unix_milliseconds: "Unix time, milliseconds since 1970-01-01 UTC",
  unix_microseconds: "Unix time, microseconds since 1970-01-01 UTC",
  unix_nanoseconds: "Unix time, nanoseconds since 1970-01-01 UTC",
  ticks: "ticks of .NET, 10,000,000 a second since 0001-01-01",
  serial_1904: "serial numbers, days since 1904-01-01",
  days_1960: "days since 1960-01-01",
  seconds_1960: "seconds since 1960-01-01",
  milliseconds_1960: "milliseconds since 1960-01-01",
  days_1970: "days since 1970-01-01",
};

/** @example describeDates(format) // "day first, dd-mm-yyyy hh:mm, clock of Europe/Berlin" */
export function describeDates({ order, yearThenDay, pattern, timeZone }: DateFormat): string {
  const words = order === "year_first" && yearThenDay ? "year first, then the day" : WORDS[order];
  return [words, pattern, timeZone === null ? "" : `clock of ${timeZone}`].filter((part) => part !== "").join(", ");
}

/** How a date is written, for a reader who compares it with the file: "dd/mm/yyyy hh:mm AM/PM". Blank for a plain number. */
export function patternOf(text: string, order: DateFormat["order"], yearThenDay: boolean): string {
  const parts = emptyParts();
  if (!scanDate(text, parts) || parts.form === "number") return "";
  const year = parts.shortYear ? "yy" : "yyyy";
  let date: string;
  if (parts.form === "named") {
    date = parts.monthBeforeDay ? `month dd ${year}` : `dd month ${year}`;
  } else {
    const sign = /^\D*\d+([^\d]?)/.exec(inPlainScript(text))?.[1] ?? "";
    const between = sign === "T" || parts.separator === 0 ? "" : sign;
    date = inOrder(parts.form === "year_first" ? (yearThenDay ? "ydm" : "ymd") : ORDERS[order]!, year).join(between);
  }
  if (!parts.hasTime) return date;
  const seconds = parts.hasSeconds ? ":ss" : "";
  const plain = inPlainScript(text);
  const hasHalf = /\d\s*[ap](?:\.?\s?m\b|$)/i.test(plain) && !(parts.hour > 12 && /a$/i.test(plain));
  const half = hasHalf ? " AM/PM" : "";
  return `${date} hh:mm${seconds}${half}${Number.isNaN(parts.offset) ? "" : " with offset"}`;
}

const ORDERS: { readonly [order: string]: string } = { day_first: "dmy", month_first: "mdy", year_first: "ymd" };

function inOrder(letters: string, year: string): string[] {
  return Array.from(letters, (letter) => (letter === "y" ? year : letter + letter));
}
