import { DAY_MS } from "./calendar.js";
import { afterDigits, digitsAsNumber } from "./characters.js";

/** 1899-12-30, day 0 of the 1900 system from its day 61 on, in days since 1970. */
const SERIAL_EPOCH = -25_569;

/** Below are the days before March 1900, which Excel counts wrongly; above is the year 10000. */
const FIRST_SERIAL = 61;
const LAST_SERIAL = 2_958_465;

/** What plain numbers in a column of dates are. */
export type PlainNumbers = "serial" | "unix_seconds" | "unix_milliseconds" | "unix_microseconds" | "unix_nanoseconds";

/** What a plain number can be by its size, if it is to be a date between 1980 and 2119 (serial) or 1985 and 2099 (Unix). */
export function plainNumberOf(text: string): PlainNumbers | undefined {
  const digits = afterDigits(text, 0);
  // A double does not keep all digits of nanoseconds, as pandas writes them, and a time needs none of the last.
  if (digits === 18 || digits === 19) {
    return plainNumberOf(text.slice(0, digits - 3)) === "unix_microseconds" ? "unix_nanoseconds" : undefined;
  }
  const whole = digitsAsNumber(text, 0, Math.min(digits, 16));
  if (whole >= 29_221 && whole <= 80_000) return "serial";
  if (whole >= 480_000_000 && whole <= 4_102_444_800) return "unix_seconds";
  if (whole >= 480_000_000_000 && whole <= 4_102_444_800_000) return "unix_milliseconds";
  if (whole >= 480_000_000_000_000 && whole <= 4_102_444_800_000_000) return "unix_microseconds";
  return undefined;
}

/**
 * Reads a plain number as a time: days since 1899-12-30 as a wall clock, or seconds, milliseconds, microseconds or nanoseconds since 1970.
 * Serial numbers with five decimals or fewer, which cannot tell half a second, are rounded to the second, others to the millisecond.
 *
 * @returns milliseconds since 1970; NaN where the text is no plain number or out of what the system can write
 */
export function plainNumberTime(text: string, as: PlainNumbers): number {
  const wholeEnd = afterDigits(text, 0);
  if (as === "unix_nanoseconds") {
    const isWhole = wholeEnd === text.length && wholeEnd > 3;
    return isWhole ? plainNumberTime(text.slice(0, -3), "unix_microseconds") : Number.NaN;
  }
  if (wholeEnd === 0 || wholeEnd > 16) return Number.NaN;
  const whole = digitsAsNumber(text, 0, wholeEnd);
  let decimals = 0;
  let fraction = 0;
  if (wholeEnd < text.length) {
    const sign = text[wholeEnd];
    const end = afterDigits(text, wholeEnd + 1);
    decimals = end - wholeEnd - 1;
    if ((sign !== "." && sign !== ",") || end !== text.length) return Number.NaN;
    fraction = Number(`0.${text.slice(wholeEnd + 1) || "0"}`);
  }
  if (as === "unix_microseconds") return whole <= 253_402_300_799_999_000 ? Math.floor(whole / 1000) : Number.NaN;
  if (as === "unix_milliseconds") return whole <= 253_402_300_799_999 ? whole : Number.NaN;
  if (as === "unix_seconds") {
    return whole <= 253_402_300_799 ? whole * 1000 + Math.floor(fraction * 1000 + 1e-6) : Number.NaN;
  }
  if (whole < FIRST_SERIAL || whole > LAST_SERIAL) return Number.NaN;
  const time = decimals <= 5 ? Math.round(fraction * 86_400) * 1000 : Math.round(fraction * DAY_MS);
  return (whole + SERIAL_EPOCH) * DAY_MS + time;
}
