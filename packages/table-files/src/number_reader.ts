import type { Decimal } from "@keyspaces-segmentation/common";
import { isDigit } from "./characters.js";
import { decimalOf, readingsOf } from "./number_body.js";
import type { NumberFormat } from "./number_format.js";
import { MAX_LENGTH, numberParts } from "./number_parts.js";

/** As many digits as a number holds exactly, whatever they are. */
const EXACT_DIGITS = 15;

/**
 * Compiles a format into a reader of its numbers: exact, digits kept as given ("2.50" has scale 2). Negative are `-2`, `2-`,
 * `(2)` and those with a dash for the hyphen; a currency's sign or code may stand before or after.
 *
 * @returns undefined for what does not fit the format: digits not grouped by threes (or as in India), another measure, nothing,
 * a percentage, more than 40 characters, a power of ten beyond 40
 */
export function numberReader(format: NumberFormat): (text: string) => Decimal | undefined {
  const sign = format.decimal === null ? NO_SIGN : format.decimal.charCodeAt(0);
  if (format.unit !== null) return (text) => readAnyNotation(text, format, sign);
  return (text) => readPlain(text, sign) ?? readAnyNotation(text, format, sign);
}

/** Whether a text that does not fit a format is a number with the other decimal sign only: `1.234,50` where the point is decimal. */
export function hasOtherDecimal(text: string, { decimal }: NumberFormat): boolean {
  const parts = numberParts(text.trim());
  if (parts === undefined || decimal === null) return false;
  return readingsOf(parts) === (decimal === "." ? "comma" : "point");
}

const NO_SIGN = -1;

/** The notation that nearly all files have, without a slice: a hyphen, digits, one decimal sign. Undefined for any other. */
function readPlain(text: string, sign: number): Decimal | undefined {
  const { length } = text;
  const start = text.charCodeAt(0) === 45 ? 1 : 0;
  if (length - start > EXACT_DIGITS || length === start) return undefined;
  let number = 0;
  let point = -1;
  for (let at = start; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) number = number * 10 + code - 48;
    else if (code === sign && point < 0) point = at;
    else return undefined;
  }
  if (length - start === 1 && point >= 0) return undefined;
  return { unscaled: BigInt(start === 1 ? -number : number), scale: point < 0 ? 0 : length - point - 1 };
}

function readAnyNotation(text: string, { decimal, unit, hasSides }: NumberFormat, sign: number): Decimal | undefined {
  const clean = text.length > MAX_LENGTH ? "" : text.trim();
  const parts = numberParts(clean);
  if (parts === undefined || parts.unit !== (unit ?? "") || (parts.side !== "" && !hasSides)) return undefined;
  if (decimal === null && readingsOf(parts) === "either") return undefined;
  const plain = parts.hasExponent ? undefined : readPlain(parts.body, sign);
  if (plain === undefined) return decimalOf(parts, decimal ?? ".");
  return parts.negative ? { unscaled: -plain.unscaled, scale: plain.scale } : plain;
}
