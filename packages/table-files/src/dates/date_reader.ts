import { isBlank } from "../characters.js";
import { DAY_MS, daysSinceEpoch, fullYear, isDay } from "./calendar.js";
import type { DateFormat, DateOrder } from "./date_format.js";
import { scanDate } from "./date_forms.js";
import { type DateParts, emptyParts } from "./date_parts.js";
import { isPlainNumbers, plainNumberTime } from "./serial_dates.js";
import { wallClockReader } from "./time_zone.js";

/**
 * Compiles a format into a reader of its dates. What does not fit the format is undefined, and so is a day that the calendar
 * does not have; 24:00 is the start of the next day, two-digit years are 1969 to 2068.
 *
 * @returns the instant: by the offset that the text has, else by the format's time zone. A time that comes twice when clocks go
 * back is the first of the two, one that is skipped when they go forward is moved on by what was skipped
 * @throws ArgumentError where the format's time zone is unknown
 */
export function dateReader(format: DateFormat): (text: string) => Date | undefined {
  const timeOf = timeReader(format);
  return (text) => {
    const time = timeOf(text);
    return Number.isNaN(time) ? undefined : new Date(time);
  };
}

/** As {@link dateReader}, in milliseconds since 1970; NaN for what does not fit. */
function timeReader(format: DateFormat): (text: string) => number {
  const { order, timeZone, hasOffsets } = format;
  const isUtc = timeZone === null || timeZone === "UTC";
  const fromWall = isUtc ? (wall: number) => wall : wallClockReader(timeZone);
  if (isPlainNumbers(order)) {
    if (order.startsWith("unix")) return (text) => plainNumberTime(trimmed(text), order);
    return (text) => fromWallOrNaN(plainNumberTime(trimmed(text), order), fromWall);
  }
  const parts = emptyParts();
  const dayOf = dayReader(format);
  return (text) => {
    if (!scanDate(trimmed(text), parts)) return Number.NaN;
    if (parts.hasVagueZone && timeZone === null) return Number.NaN;
    if (hasOffsets !== undefined && hasOffsets === Number.isNaN(parts.offset)) return Number.NaN;
    const day = dayOf(parts);
    if (Number.isNaN(day)) return day;
    const { hour, minute, secondOfMinute, millisecond, offset } = parts;
    const wall = day * DAY_MS + hour * 3_600_000 + minute * 60_000 + secondOfMinute * 1000 + millisecond;
    return Number.isNaN(offset) ? fromWall(wall) : wall - offset * 60_000;
  };
}

function fromWallOrNaN(wall: number, fromWall: (wall: number) => number): number {
  return Number.isNaN(wall) ? wall : fromWall(wall);
}

/** Days since 1970-01-01 of scanned parts; NaN for what does not fit. */
function dayReader({ order, separators, yearThenDay }: DateFormat): (parts: DateParts) => number {
  const allowed = new Uint8Array(128);
  for (const separator of separators) allowed[separator === "" ? 0 : separator.charCodeAt(0)] = 1;
  return ({ form, first, second, third, shortYear, separator }) => {
    switch (form) {
      case "year_first":
        return yearThenDay ? dayNumber(first, third, second) : dayNumber(first, second, third);
      case "named":
        return dayNumber(shortYear ? fullYear(third) : third, second, first);
      case "number":
        return Number.NaN;
      default: {
        if (allowed[separator] !== 1) return Number.NaN;
        const year = shortYear ? fullYear(third) : third;
        if (order === "day_first") return dayNumber(year, second, first);
        if (order === "month_first") return dayNumber(year, first, second);
        return order === "year_first" && shortYear ? dayNumber(fullYear(first), second, third) : Number.NaN;
      }
    }
  };
}

function dayNumber(year: number, month: number, day: number): number {
  return isDay(year, month, day) ? daysSinceEpoch(year, month, day) : Number.NaN;
}

function trimmed(text: string): string {
  const isClean = !isBlank(text.charCodeAt(0)) && !isBlank(text.charCodeAt(text.length - 1));
  return isClean ? text : text.trim();
}

/** Why a text is no date in a column's format, though it would be one in another. */
export type DateMisfit = "order" | "offset";

const OTHER_ORDER: { readonly [order in DateFormat["order"]]?: DateOrder } = {
  day_first: "month_first",
  month_first: "day_first",
};

/**
 * Tells of texts that do not fit a format whether they contradict it: whether only the other order of day and month reads them (`order`),
 * or whether they have an offset from UTC where the column has none, or none where it has (`offset`). Undefined for all others.
 */
export function dateMisfit(format: DateFormat): (text: string) => DateMisfit | undefined {
  const { order, separators, pattern, timeZone, yearThenDay, hasOffsets } = format;
  const read = dateReader(format);
  const turned = OTHER_ORDER[order] ?? order;
  const readTurned = dateReader({
    order: turned,
    separators,
    pattern,
    timeZone,
    yearThenDay: !yearThenDay,
    hasOffsets,
  });
  const readAnyOffset = dateReader({ order, separators, pattern, timeZone, yearThenDay });
  return (text) => {
    if (read(text) !== undefined) return undefined;
    if (readAnyOffset(text) !== undefined) return "offset";
    return readTurned(text) === undefined ? undefined : "order";
  };
}
