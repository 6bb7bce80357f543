import { afterBlanks, afterDigits, afterLetters, COLON, COMMA, digitsAsNumber, isDigit, POINT } from "../characters.js";
import type { DateParts } from "./date_parts.js";
import { isDateWord, plainWord } from "./month_names.js";
import { zoneOffset } from "./time_zone.js";

/** Java and ISO 8601 know none that is larger. */
const LARGEST_OFFSET = 18 * 60;

/**
 * Reads a time of day, its AM or PM and its offset: `9:27`, `09.27.05`, `9h27`, `0927`, `09:27:05,250 -0500`, `9 PM`, `23:30 PM`.
 *
 * @param at where its first digit is
 * @returns where it ends; −1 where it is no time
 */
export function scanTime(text: string, at: number, parts: DateParts): number {
  const hourEnd = afterDigits(text, at);
  const digits = hourEnd - at;
  let end = hourEnd;
  parts.minute = 0;
  parts.secondOfMinute = 0;
  parts.millisecond = 0;
  if (digits === 4 || digits === 6) {
    parts.hour = digitsAsNumber(text, at, at + 2);
    parts.minute = digitsAsNumber(text, at + 2, at + 4);
    if (digits === 6) {
      parts.hasSeconds = true;
      parts.secondOfMinute = digitsAsNumber(text, at + 4, at + 6);
      end = afterFraction(text, end, parts);
    }
  } else if (digits === 1 || digits === 2) {
    parts.hour = digitsAsNumber(text, at, hourEnd);
    end = afterMinutes(text, hourEnd, parts);
  } else {
    return -1;
  }
  if (end < 0 || parts.minute > 59 || parts.secondOfMinute > 59) return -1;
  parts.hasTime = true;
  if (end === text.length) return digits >= 1 && end === hourEnd && digits <= 2 ? -1 : inDay(parts, end);
  const afterHalf = afterMeridiem(text, end, parts);
  // An hour alone is a time only with AM or PM.
  if (afterHalf === end && end === hourEnd && digits <= 2) return -1;
  return afterHalf < 0 ? -1 : inDay(parts, afterOffset(text, afterHalf, parts));
}

function inDay({ hour, minute, secondOfMinute, millisecond }: DateParts, end: number): number {
  return hour < 24 || (hour === 24 && minute + secondOfMinute + millisecond === 0) ? end : -1;
}

function twoDigits(text: string, at: number): boolean {
  return isDigit(text.charCodeAt(at)) && isDigit(text.charCodeAt(at + 1)) && !isDigit(text.charCodeAt(at + 2));
}

/** `h27`, ` h 27 min 05 s`, `h27m05s`, `h`: how French writes a time. */
const AFTER_HOUR = /\s?h(?:\s?(\d\d)(?!\d)(?:\s?m(?:in)?\.?)?(?:\s?(\d\d)\s?s)?)?/iy;

/** Minutes, seconds and their fraction after the hour; `hourEnd` itself where there are none. */
function afterMinutes(text: string, hourEnd: number, parts: DateParts): number {
  const sign = text.charCodeAt(hourEnd);
  if (sign !== COLON && sign !== POINT) return afterHourWord(text, hourEnd, parts);
  const at = hourEnd + 1;
  if (!twoDigits(text, at)) return -1;
  parts.minute = digitsAsNumber(text, at, at + 2);
  const end = at + 2;
  const next = text.charCodeAt(end);
  if (next !== COLON && (next !== POINT || sign !== POINT)) return end;
  if (!twoDigits(text, end + 1)) return -1;
  parts.hasSeconds = true;
  parts.secondOfMinute = digitsAsNumber(text, end + 1, end + 3);
  return afterFraction(text, end + 3, parts);
}

function afterHourWord(text: string, hourEnd: number, parts: DateParts): number {
  AFTER_HOUR.lastIndex = hourEnd;
  const found = AFTER_HOUR.exec(text);
  if (found === null) return hourEnd;
  parts.minute = Number(found[1] ?? 0);
  parts.secondOfMinute = Number(found[2] ?? 0);
  parts.hasSeconds = found[2] !== undefined;
  return AFTER_HOUR.lastIndex;
}

/** `.25`, `,250` or, as SQL Server writes milliseconds, `:250`; what is finer than a millisecond is cut off. */
function afterFraction(text: string, at: number, parts: DateParts): number {
  const sign = text.charCodeAt(at);
  if (sign !== POINT && sign !== COMMA && sign !== COLON) return at;
  const end = afterDigits(text, at + 1);
  const digits = end - at - 1;
  if (digits === 0 || (sign === COLON && digits !== 3)) return -1;
  const kept = Math.min(digits, 3);
  parts.millisecond = digitsAsNumber(text, at + 1, at + 1 + kept) * 10 ** (3 - kept);
  return end;
}

/** `AM`, `pm`, `a.m.`, `p. m.`, or `p` at the end, after any blank or none. Beside an hour above 12, PM says what is known already. */
function afterMeridiem(text: string, end: number, parts: DateParts): number {
  let at = afterBlanks(text, end);
  const half = text.charCodeAt(at) | 32;
  if (half !== 97 && half !== 112) return end;
  at += 1;
  if (text.charCodeAt(at) === POINT) at = afterBlanks(text, at + 1);
  const isAlone = at === text.length;
  if (!isAlone) {
    if ((text.charCodeAt(at) | 32) !== 109) return end;
    at += 1;
    if (afterLetters(text, at) !== at) return end;
    if (text.charCodeAt(at) === POINT) at += 1;
  }
  if (half === 97) {
    // A letter alone is another mark then.
    if (parts.hour > 12) return isAlone ? end : -1;
    if (parts.hour === 12) parts.hour = 0;
  } else if (parts.hour < 12) {
    parts.hour += 12;
  }
  return at;
}

const ZONE_NAME = /^[A-Z]{3,5}$/;

/** `Z`, `-0500`, `+01:00`, `+01`, `UTC`, `GMT+0100`, `EST`, `+0000 UTC`, `+01:00[Europe/Paris]`; `end` where there is none. */
function afterOffset(text: string, end: number, parts: DateParts): number {
  if (end === text.length) return end;
  const at = afterBlanks(text, end);
  const wordEnd = afterLetters(text, at);
  if (wordEnd === at) return afterSignedOffset(text, at, end, parts);
  const word = text.slice(at, wordEnd);
  const zone = zoneOffset(word.toLowerCase());
  if (zone === undefined) {
    parts.hasVagueZone = ZONE_NAME.test(word) && !isDateWord(plainWord(word));
    return parts.hasVagueZone ? wordEnd : end;
  }
  parts.offset = zone;
  return zone === 0 ? afterSignedOffset(text, wordEnd, wordEnd, parts) : wordEnd;
}

function afterSignedOffset(text: string, at: number, otherwise: number, parts: DateParts): number {
  const sign = text.charCodeAt(at);
  if (sign !== 43 && sign !== 45 && sign !== 0x2212) return otherwise;
  const hoursEnd = afterDigits(text, at + 1);
  const digits = hoursEnd - at - 1;
  let hours = 0;
  let minutes = 0;
  let end = hoursEnd;
  if (digits === 4) {
    hours = digitsAsNumber(text, at + 1, at + 3);
    minutes = digitsAsNumber(text, at + 3, hoursEnd);
  } else if (digits === 1 || digits === 2) {
    hours = digitsAsNumber(text, at + 1, hoursEnd);
    if (text.charCodeAt(hoursEnd) === COLON) {
      if (!twoDigits(text, hoursEnd + 1)) return otherwise;
      minutes = digitsAsNumber(text, hoursEnd + 1, hoursEnd + 3);
      end = hoursEnd + 3;
    }
  } else {
    return otherwise;
  }
  const offset = hours * 60 + minutes;
  if (minutes > 59 || offset > LARGEST_OFFSET) return otherwise;
  parts.offset = sign === 43 ? offset : -offset;
  return afterZoneName(text, end);
}

/** After an offset in figures, the name of its zone adds nothing: Go's `+0100 CET`, Java's `[Europe/Paris]`. */
function afterZoneName(text: string, end: number): number {
  if (end === text.length) return end;
  if (text.charCodeAt(end) === 91 && text.endsWith("]")) return text.length;
  const at = afterBlanks(text, end);
  const wordEnd = afterLetters(text, at);
  return at > end && ZONE_NAME.test(text.slice(at, wordEnd)) ? wordEnd : end;
}
