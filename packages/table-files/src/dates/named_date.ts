import {
  afterDigits,
  afterLetters,
  COLON,
  COMMA,
  digitsAsNumber,
  HYPHEN,
  isBlank,
  isDigit,
  POINT,
  SLASH,
} from "../characters.js";
import { scanTime } from "./clock_time.js";
import type { DateParts } from "./date_parts.js";
import { isFiller, isWeekday, monthOf, plainWord } from "./month_names.js";
import { zoneOffset } from "./time_zone.js";

/** What has been met of a date on the way through its text. */
interface Found {
  month: number;
  /** Whether the month's word may be a day of the week: "mar" is March, mardi, martes and martedì. */
  maybeWeekday: boolean;
  numbers: number;
  one: number;
  oneLength: number;
  two: number;
  twoLength: number;
  monthBeforeDay: boolean;
}

/**
 * Reads a date whose month is a word, in any order with its day and year, with a day of the week, a time and a zone where
 * they may stand: `18-Jan-2023`, `Jan 18, 2023 9:27 AM`, `18. März 2023 um 9:27 Uhr`, `Wed Jan 18 09:27:00 UTC 2023`.
 */
export function scanNamedDate(text: string, parts: DateParts): boolean {
  const found: Found = {
    month: 0,
    maybeWeekday: false,
    numbers: 0,
    one: 0,
    oneLength: 0,
    two: 0,
    twoLength: 0,
    monthBeforeDay: false,
  };
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      at = takeNumber(text, at, found, parts);
      if (at < 0) return false;
    } else if (isSeparator(code)) {
      at += 1;
    } else if (code === 40 && text.endsWith(")")) {
      break;
    } else {
      const end = afterLetters(text, at);
      if (end === at || !takeWord(plainWord(text.slice(at, end)), found, parts)) return false;
      at = end;
    }
  }
  return found.month > 0 && found.numbers === 2 && fill(found, parts);
}

function isSeparator(code: number): boolean {
  return (
    isBlank(code) ||
    code === POINT ||
    code === COMMA ||
    code === HYPHEN ||
    code === SLASH ||
    code === COLON ||
    code === 39 ||
    code === 0x2019 ||
    code === 95 ||
    code === 0xba
  );
}

function takeNumber(text: string, at: number, found: Found, parts: DateParts): number {
  const end = afterDigits(text, at);
  const length = end - at;
  const isTime = (length <= 2 && text.charCodeAt(end) === COLON) || (found.month > 0 && found.numbers === 2);
  if (isTime) return parts.hasTime ? -1 : scanTime(text, at, parts);
  if (found.numbers === 2 || length > 4 || length === 3) return -1;
  const number = digitsAsNumber(text, at, end);
  if (found.numbers === 0) {
    found.one = number;
    found.oneLength = length;
    found.monthBeforeDay = found.month > 0;
  } else {
    found.two = number;
    found.twoLength = length;
  }
  found.numbers += 1;
  return end;
}

function takeWord(word: string, found: Found, parts: DateParts): boolean {
  const month = monthOf(word);
  if (month !== undefined && (found.month === 0 || found.maybeWeekday)) {
    found.maybeWeekday = found.month === 0 && word === "mar" && found.numbers === 0;
    found.month = month;
    return true;
  }
  if (isWeekday(word) || isFiller(word)) return true;
  const zone = parts.hasTime ? zoneOffset(word) : undefined;
  if (zone === undefined) return false;
  parts.offset = zone;
  return true;
}

function fill({ month, one, oneLength, two, twoLength, monthBeforeDay }: Found, parts: DateParts): boolean {
  const yearFirst = oneLength === 4;
  if (yearFirst ? twoLength > 2 : oneLength > 2 || twoLength === 1) return false;
  parts.form = "named";
  parts.first = yearFirst ? two : one;
  parts.second = month;
  parts.third = yearFirst ? one : two;
  parts.shortYear = !yearFirst && twoLength === 2;
  parts.monthBeforeDay = monthBeforeDay;
  return true;
}
