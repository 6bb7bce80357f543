/** How a number format shows a number: as a date, as a time of day, or as a number. */
export type ShownAs = "date" | "time" | "number";

/** Seconds and milliseconds of a day. */
const DAY = 86_400_000;
/** Day 0 of the two date systems, such that its serial number 61 (or any, from 1904) is the right day. */
const DAY_ZERO_1900 = Date.UTC(1899, 11, 30);
const DAY_ZERO_1904 = Date.UTC(1904, 0, 1);
/** Serial number of the first day of March 1900, before which the system of 1900 is one day off: it has a 29 February 1900. */
const MARCH_1900 = 61;
const LAST_DAY = Date.UTC(9999, 11, 31) + DAY - 1;

/**
 * A serial number as Excel shows it: `2023-01-18T09:27:00`, or `09:27:00` of a time of day without a date; fractions of a second where there are any.
 * A binary fraction of a day is no whole number of seconds; it is rounded to the millisecond.
 * Day 0 and the 29 February 1900, days that there were not, stay what they are (`1900-01-00`), so that no reader takes them for others.
 * Undefined where Excel shows no date: before day 0, and after the year 9999.
 */
export function dateOfSerial(serial: number, shownAs: "date" | "time", from1904: boolean): string | undefined {
  const milliseconds = Math.round(serial * DAY);
  if (!(milliseconds >= 0)) return undefined;
  const day = Math.floor(milliseconds / DAY);
  const ofDay = timeOfDay(milliseconds - day * DAY);
  if (shownAs === "time" && day === 0) return ofDay;
  if (!from1904 && day === 0) return `1900-01-00T${ofDay}`;
  if (!from1904 && day === MARCH_1900 - 1) return `1900-02-29T${ofDay}`;
  const zero = from1904 ? DAY_ZERO_1904 : day < MARCH_1900 ? DAY_ZERO_1900 + DAY : DAY_ZERO_1900;
  const at = zero + day * DAY;
  return at > LAST_DAY ? undefined : `${dayText(at)}T${ofDay}`;
}

let lastDay = Number.NaN;
let lastDayText = "";

/** Rows that follow each other are mostly of one day. */
function dayText(at: number): string {
  if (at !== lastDay) {
    lastDay = at;
    lastDayText = new Date(at).toISOString().slice(0, 10);
  }
  return lastDayText;
}

function timeOfDay(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const fraction = milliseconds % 1000;
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(3, "0").replace(/0+$/, "")}`;
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** A date that the file has as ISO 8601 text (cells of type `d`), written as {@link dateOfSerial} writes it. */
export function dateOfIsoText(text: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?(\.\d+)?)?Z?$/.exec(text.trim());
  if (!parts) return text;
  const [, day, time = "00:00", seconds = ":00", fraction = ""] = parts;
  return `${day}T${time}${seconds}${fraction.replace(/\.?0+$/, "")}`;
}

/**
 * The number formats that a file names by number only (ECMA-376 part 1, 18.8.30): 14 to 22 and 45 to 47 everywhere, 27 to 36 and 50 to 58 in the East Asian editions.
 */
export function shownByBuiltIn(format: number): ShownAs {
  if ((format >= 18 && format <= 21) || (format >= 45 && format <= 47) || format === 32 || format === 33) return "time";
  if ((format >= 14 && format <= 22) || (format >= 27 && format <= 36) || (format >= 50 && format <= 58)) return "date";
  return "number";
}

/** What a format's own code shows, whatever its language: `[$-407]d. mmmm yyyy`, `yyyy"年"m"月"`, `[h]:mm`. */
export function shownByCode(code: string): ShownAs {
  const section = withoutTexts(code).split(";")[0] ?? "";
  const letters = section.replace(/general|standard/gi, "").replace(/s[.,]0+/gi, "s");
  // A digit's place beside the letters: a number with a unit, such as 0.0 M.
  if (/[0#?@]/.test(letters)) return "number";
  if (/[ydb]|g*e/i.test(letters)) return "date";
  if (/[hs]/i.test(letters)) return "time";
  return /m/i.test(letters) ? "date" : "number";
}

/** The code without what stands in quotes or brackets, for itself, or for a width; hours and the like that are counted on, `[h]`, stay. */
function withoutTexts(code: string): string {
  return code.replace(/"[^"]*"|\\.|[_*].|\[([^\]]*)\]/gsu, (_all, inBrackets: string | undefined) =>
    inBrackets !== undefined && /^(h+|m+|s+)$/i.test(inBrackets) ? inBrackets : "",
  );
}

/** The currency sign or code that a format puts beside a number: `[$€-407]`, `"£"#,##0.00`, `$#,##0`, `#,##0.00\ "CHF"`. */
export function currencyOfCode(code: string): string | undefined {
  const marked = /\[\$([^\]-]+)(?:-[^\]]*)?\]/u.exec(code)?.[1]?.trim();
  if (marked) return marked;
  const found = /(\p{Sc})|"\s*([A-Z]{3})\s*"/u.exec(code.replace(/\[[^\]]*\]/gu, ""));
  return found?.[1] ?? found?.[2];
}
