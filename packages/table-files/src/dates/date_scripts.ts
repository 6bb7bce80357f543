import { withoutGuards } from "../characters.js";

/** `2023年1月18日`, `2023년 1월 18일`. */
const EAST_ASIAN = /^(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]/;
/** The halves of the day before the time, in Chinese, Japanese and Korean. */
const BEFORE_TIME = /([上下]午|午[前後]|오[전후])\s?(\d{1,2}(?:[:.]\d\d){1,2})/;
const MORNING = /上午|午前|오전/;
/** And behind it in Greek. */
const AFTER_TIME = /(\d)\s?([πμ])\.?\s?μ\.?/;
const OTHER_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;
/** Signs between the numbers, in the width of Chinese letters. */
const WIDE_SIGNS = /[\uff0d-\uff0f\uff1a]/g;

const ascii = (digit: string): string => {
  const code = digit.charCodeAt(0);
  return String(code - (code < 0x6f0 ? 0x660 : code < 0xff00 ? 0x6f0 : 0xff10));
};

/** A date's text in the digits, words and signs that dates are looked at with, and without what guards it. */
export function inPlainScript(text: string): string {
  return withoutGuards(text)
    .replace(OTHER_DIGITS, ascii)
    .replace(WIDE_SIGNS, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(EAST_ASIAN, "$1-$2-$3 ")
    .replace(BEFORE_TIME, (_, half: string, time: string) => `${time} ${MORNING.test(half) ? "AM" : "PM"}`)
    .replace(AFTER_TIME, (_, digit: string, half: string) => `${digit} ${half === "π" ? "AM" : "PM"}`)
    .trim();
}
