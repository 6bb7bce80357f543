import { afterDigits, digitsAsNumber } from "../characters.js";
import { DAY_MS } from "./calendar.js";

/** 1899-12-30, day 0 of the 1900 system from its day 61 on, in days since 1970. */
const SERIAL_EPOCH = -25_569;

/** Below are the days before March 1900, which Excel counts wrongly; above is the year 10000. */
const FIRST_SERIAL = 61;
const LAST_SERIAL = 2_958_465;

/** What plain numbers in a column of dates are. */
export type PlainNumbers =
  | ("serial" | "unix_seconds" | "unix_milliseconds" | "unix_microseconds" | "unix_nanoseconds" | "ticks")
  | ("serial_1904" | "days_1960" | "seconds_1960" | "milliseconds_1960" | "days_1970");

/** From when a program counts that counts neither as Excel does nor as Unix: Excel for Mac of old; SAS and Stata; R and Arrow, in days. */
export type Since = "since_1904" | "since_1960" | "since_1970";

const DAYS_TO_1970 = 25_569;
/** From 1899-12-30 to 1904-01-01 and to 1960-01-01, and from 1960 to 1970. */
const DAYS_TO_1904 = 1462;
const DAYS_TO_1960 = 21_916;
const SECONDS_FROM_1960 = 315_619_200;
/** From the year 1 to 1970. */
const MILLISECONDS_TO_1970 = 62_135_596_800_000;

const KINDS: ReadonlySet<string> = new Set<PlainNumbers>([
  ...(["serial", "unix_seconds", "unix_milliseconds", "unix_microseconds", "unix_nanoseconds", "ticks"] as const),
  ...(["serial_1904", "days_1960", "seconds_1960", "milliseconds_1960", "days_1970"] as const),
]);

export const isPlainNumbers = (order: string): order is PlainNumbers => KINDS.has(order);

/** How the numbers of a kind are others of Excel or Unix. */
const SHIFTED: { readonly [kind in PlainNumbers]?: { readonly as: PlainNumbers; readonly by: number } } = {
  serial_1904: { as: "serial", by: DAYS_TO_1904 },
  days_1960: { as: "serial", by: DAYS_TO_1960 },
  seconds_1960: { as: "unix_seconds", by: -SECONDS_FROM_1960 },
  milliseconds_1960: { as: "unix_milliseconds", by: -SECONDS_FROM_1960 * 1000 },
  days_1970: { as: "serial", by: DAYS_TO_1970 },
};
const KINDS_SINCE: { readonly [since in Since]: readonly PlainNumbers[] } = {
  since_1904: ["serial_1904"],
  since_1960: ["days_1960", "seconds_1960", "milliseconds_1960"],
  since_1970: ["days_1970"],
};

export const SINCE: readonly Since[] = ["since_1904", "since_1960", "since_1970"];

export const isSince = (order: string | null): order is Since => SINCE.some((since) => since === order);

/** What a plain number can be by its size, if it is to be a date between 1980 and 2119 (serial) or 1985 and 2099 (Unix). */
export function plainNumberOf(text: string, since: Since | null = null): PlainNumbers | undefined {
  const digits = afterDigits(text, 0);
  if (since !== null) {
    return KINDS_SINCE[since].find((kind) => {
      const { as, by } = SHIFTED[kind]!;
      return plainNumberOf(String(digitsAsNumber(text, 0, Math.min(digits, 15)) + by)) === as;
    });
  }
  // A double does not keep all digits of nanoseconds, as pandas writes them, and a time needs none of the last.
  if (digits === 18 || digits === 19) {
    // As nanoseconds they would be of 1989 and 1990.
    if (digits === 18 && /^6[2-5]/.test(text)) return "ticks";
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
 * Reads a plain number as a time: days since 1899-12-30 as a wall clock, or seconds, milliseconds, microseconds or nanoseconds since 1970,
 * ticks of .NET, or those that count from 1904, 1960 or, in days, 1970.
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
  if (as === "ticks") {
    return wholeEnd === text.length && wholeEnd === 18 ? Number(text.slice(0, -4)) - MILLISECONDS_TO_1970 : Number.NaN;
  }
  if (wholeEnd === 0 || wholeEnd > 16) return Number.NaN;
  const shifted = SHIFTED[as];
  if (shifted !== undefined) {
    return plainNumberTime(`${digitsAsNumber(text, 0, wholeEnd) + shifted.by}${text.slice(wholeEnd)}`, shifted.as);
  }
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
