/** What a date's text says, before anybody decides which of its numbers is the day. Reused from text to text. */
export interface DateParts {
  /**
   * - `year_last`: three numbers of which the first has at most two digits (`18/01/2023`, `23-01-18`)
   * - `year_first`: a four-digit year in front (`2023-01-18`), or eight digits (`20230118`)
   * - `named`: the month is a word
   * - `number`: a plain number, as serial and Unix times are
   */
  form: "year_last" | "year_first" | "named" | "number";
  /** The numbers of the date in the order of the text; of `named`: day, month, year; of `number`: none. */
  first: number;
  second: number;
  third: number;
  /** Whether the year is written with two digits. */
  shortYear: boolean;
  /** Code of the sign between the numbers of `year_last`. */
  separator: number;
  /** Of `named`: whether the month comes before the day. */
  monthBeforeDay: boolean;
  hasTime: boolean;
  hasSeconds: boolean;
  hour: number;
  minute: number;
  secondOfMinute: number;
  millisecond: number;
  /** Minutes east of Greenwich; NaN where the text has none. */
  offset: number;
  /** Whether a zone is named whose offset its name does not tell: CET, BST, IST. */
  hasVagueZone: boolean;
}

/** Parts to be filled by a scan. */
export function emptyParts(): DateParts {
  return {
    form: "number",
    first: 0,
    second: 0,
    third: 0,
    shortYear: false,
    separator: 0,
    monthBeforeDay: false,
    hasTime: false,
    hasSeconds: false,
    hour: 0,
    minute: 0,
    secondOfMinute: 0,
    millisecond: 0,
    offset: Number.NaN,
    hasVagueZone: false,
  };
}

/** Takes time and offset out, before a scan or after one that came to nothing. */
export function clearTime(parts: DateParts): void {
  parts.hasTime = false;
  parts.hasSeconds = false;
  parts.hour = 0;
  parts.minute = 0;
  parts.secondOfMinute = 0;
  parts.millisecond = 0;
  parts.offset = Number.NaN;
  parts.hasVagueZone = false;
}
