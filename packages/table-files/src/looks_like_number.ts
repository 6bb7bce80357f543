import { readingsOf } from "./number_body.js";
import { numberParts } from "./number_parts.js";

/** Whether a text is a number under a decimal point or comma, with a currency or a measure beside it or not. */
export function looksLikeNumber(text: string): boolean {
  const parts = numberParts(text.trim());
  return parts !== undefined && readingsOf(parts) !== "none";
}
