import { isDigit } from "../characters.js";
import { readingsOf } from "./number_body.js";
import { numberParts } from "./number_parts.js";

/** What nearly all numbers are: digits and perhaps one sign among them. */
const PLAIN = /^-?\d{1,15}(?:[.,]\d{1,15})?$/;

/** Whether a text is a number under a decimal point or comma, with a currency or a measure beside it or not. */
export function looksLikeNumber(text: string): boolean {
  if (PLAIN.test(text)) return true;
  if (!mayHaveDigit(text)) return false;
  const parts = numberParts(text.trim());
  return parts !== undefined && readingsOf(parts) !== "none";
}

/** Whether it is one below zero, whatever its decimal sign is: -5, 5-, (5), -R$ 5, 5.00 CR. */
export function looksBelowZero(text: string): boolean {
  return PLAIN.test(text) ? text.startsWith("-") : numberParts(text.trim())?.negative === true;
}

/** Arabic digits are the first behind those of ASCII. */
const FIRST_OTHER_DIGIT = 0x660;

/** Most texts that are no numbers have none. */
function mayHaveDigit(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code) || code >= FIRST_OTHER_DIGIT) return true;
  }
  return false;
}
