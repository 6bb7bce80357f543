import {
  afterBlanks,
  afterDigits,
  afterLetters,
  COLON,
  COMMA,
  digitsAsNumber,
  HYPHEN,
  isBlank,
  isDigit,
  isLetter,
  POINT,
  SLASH,
} from "../characters.js";
import { scanTime } from "./clock_time.js";
import { clearTime, type DateParts } from "./date_parts.js";
import { inPlainScript } from "./date_scripts.js";
import { isFiller, isWeekday, plainWord } from "./month_names.js";
import { scanNamedDate } from "./named_date.js";

/** Longer than any date is written, with its zone's name in brackets. */
const MAX_LENGTH = 80;

/**
 * Takes a date's text apart without deciding which of its numbers is the day or the month.
 *
 * @param text without blanks around it
 * @returns whether it has the form of a date; `parts` is filled where it has
 */
export function scanDate(text: string, parts: DateParts): boolean {
  if (text.length > MAX_LENGTH) return false;
  clearTime(parts);
  if (isDigit(text.charCodeAt(0)) && scanNumericDate(text, 0, parts)) return true;
  const start = afterWeekday(text);
  clearTime(parts);
  if (start > 0 && scanNumericDate(text, start, parts)) return true;
  clearTime(parts);
  if (scanNamedDate(text, parts)) return true;
  const bare = inPlainScript(text);
  return bare !== text && scanDate(bare, parts);
}

/** `Wed, `, `Mi. `: 0 where the text does not begin with a day of the week. */
function afterWeekday(text: string): number {
  const end = afterLetters(text, 0);
  if (end < 2 || !isWeekday(plainWord(text.slice(0, end)))) return 0;
  let at = end;
  while (text.charCodeAt(at) === COMMA || text.charCodeAt(at) === POINT || isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

function scanNumericDate(text: string, at: number, parts: DateParts): boolean {
  const firstEnd = afterDigits(text, at);
  const length = firstEnd - at;
  if (length > 4) return scanUnseparated(text, at, firstEnd, parts);
  if (length === 3 || length === 0) return false;
  const separator = text.charCodeAt(firstEnd);
  if (separator !== HYPHEN && separator !== SLASH && separator !== POINT && !isBlank(separator)) return false;
  const secondAt = afterSeparator(text, firstEnd);
  const secondEnd = afterDigits(text, secondAt);
  if (secondEnd === secondAt || secondEnd - secondAt > 2) return false;
  const closing = text.charCodeAt(secondEnd);
  if (closing !== separator && !(isBlank(closing) && isBlank(separator))) return false;
  const thirdAt = afterSeparator(text, secondEnd);
  const thirdEnd = afterDigits(text, thirdAt);
  const thirdLength = thirdEnd - thirdAt;
  if (length === 4) {
    if (thirdLength !== 1 && thirdLength !== 2) return false;
    parts.form = "year_first";
  } else {
    if (thirdLength !== 2 && thirdLength !== 4) return false;
    parts.form = "year_last";
  }
  parts.first = digitsAsNumber(text, at, firstEnd);
  parts.second = digitsAsNumber(text, secondAt, secondEnd);
  parts.third = digitsAsNumber(text, thirdAt, thirdEnd);
  parts.shortYear = length !== 4 && thirdLength === 2;
  parts.separator = isBlank(separator) ? 32 : separator;
  // Hungarian, Korean and Croatian have a point behind the last number as well.
  const end = separator === POINT && text.charCodeAt(thirdEnd) === POINT ? thirdEnd + 1 : thirdEnd;
  return end === text.length || scanTimeAfterDate(text, end, parts);
}

/** The German `18. 1. 2023` has a blank after each point. */
function afterSeparator(text: string, at: number): number {
  return text.charCodeAt(at) === POINT ? afterBlanks(text, at + 1) : at + 1;
}

/** `230118`, `20230118`, `18012023`, `202301180927`, `20230118092700`, `20230118T0927`; else a plain number. */
function scanUnseparated(text: string, at: number, end: number, parts: DateParts): boolean {
  const length = end - at;
  if (length === 6 && at === 0 && end === text.length) {
    parts.form = "year_last";
    parts.first = digitsAsNumber(text, 0, 2);
    parts.second = digitsAsNumber(text, 2, 4);
    parts.third = digitsAsNumber(text, 4, 6);
    parts.shortYear = true;
    parts.separator = 0;
    return true;
  }
  // A spreadsheet has dropped the zero in front: 8012023.
  if (length === 7 && at === 0 && end === text.length && /(?:19|20)\d\d$/.test(text)) {
    return scanUnseparated(`0${text}`, 0, 8, parts);
  }
  const timed = end === text.length && (length === 12 || length === 14);
  if (length === 8 || timed) {
    const year = digitsAsNumber(text, at, at + 4);
    const month = digitsAsNumber(text, at + 4, at + 6);
    const day = digitsAsNumber(text, at + 6, at + 8);
    // Where the year is last, its first two digits stand where a month would: 19 and 20 are none.
    if (year >= 1900 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31) {
      parts.form = "year_first";
      parts.first = year;
      parts.second = month;
      parts.third = day;
    } else {
      parts.form = "year_last";
      parts.first = digitsAsNumber(text, at, at + 2);
      parts.second = digitsAsNumber(text, at + 2, at + 4);
      parts.third = digitsAsNumber(text, at + 4, at + 8);
    }
    parts.shortYear = false;
    parts.separator = 0;
    // A day that a program has taken for a number: 20230118.0.
    if (!timed) return end === text.length || text.slice(end) === ".0" || scanTimeAfterDate(text, end, parts);
    if (scanTime(text.slice(at + 8), 0, parts) === length - 8 && parts.form === "year_first") return true;
    clearTime(parts);
  }
  const fraction = text.charCodeAt(end);
  const fractionEnd = fraction === POINT || fraction === COMMA ? afterDigits(text, end + 1) : end;
  parts.form = "number";
  return fractionEnd === text.length && at === 0;
}

/** A time after the date, with a blank, `T`, a comma, a hyphen, an underscore or a word such as "um" between. */
function scanTimeAfterDate(text: string, dateEnd: number, parts: DateParts): boolean {
  let at = dateEnd;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) break;
    if ((code === 84 || code === 116) && isDigit(text.charCodeAt(at + 1))) continue;
    if (isBlank(code) || code === COMMA || code === HYPHEN || code === 95 || code === COLON || code === 0x2013)
      continue;
    if (!isLetter(code)) return false;
    const wordEnd = afterLetters(text, at);
    if (!isFiller(plainWord(text.slice(at, wordEnd)))) return false;
    at = wordEnd - 1;
  }
  if (at === dateEnd || at === text.length) return false;
  const end = scanTime(text, at, parts);
  return end === text.length || (end > 0 && isTail(text, end));
}

/** "Uhr", "h", or a zone's name in brackets: what may follow a time and says nothing new. */
function isTail(text: string, at: number): boolean {
  let end = afterBlanks(text, at);
  const wordEnd = afterLetters(text, end);
  if (wordEnd > end) {
    if (!isFiller(plainWord(text.slice(end, wordEnd)))) return false;
    end = wordEnd;
    if (text.charCodeAt(end) === POINT) end += 1;
    end = afterBlanks(text, end);
  }
  return end === text.length || (text.charCodeAt(end) === 40 && text.endsWith(")"));
}
