import type { Decimal } from "@keyspaces-segmentation/common";
import { isDigit } from "../characters.js";
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
  const readAny = (text: string): Decimal | undefined => readAnyNotation(text, format, sign);
  const read = format.unit === null ? (text: string) => readPlain(text, sign) ?? readAny(text) : readAny;
  return (text) => {
    const number = read(text);
    return number === undefined || number.scale < FEWEST_DECIMALS ? number : withoutNoise(number);
  };
}

/** With fewer decimals a number is no double with all its digits. */
const FEWEST_DECIMALS = 11;
/** Fewer digits have no noise, and more has no double. */
const [FEWEST_DIGITS, MOST_DIGITS] = [13, 17] as const;
/** Digits that were meant, then zeros or nines, and what a double adds behind them. */
const NOISE = /^(0*[1-9]\d*?)(?:0{7,}|(9{7,}))\d{0,4}$/;

/** The number of which a program has written the double with all its digits: 2.55 for `2.5500000000001`, 267.5 for `267.49999999999994`. */
function withoutNoise(number: Decimal): Decimal {
  const { unscaled, scale } = number;
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const [, meant = "", nines] = NOISE.exec(digits) ?? [];
  const decimals = meant.length - (digits.length - scale);
  const { length } = digits.replace(/^0+/, "");
  if (meant === "" || decimals < 0 || length < FEWEST_DIGITS || length > MOST_DIGITS) return number;
  const rounded = BigInt(meant) + (nines === undefined ? 0n : 1n);
  return { unscaled: unscaled < 0n ? -rounded : rounded, scale: decimals };
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

function readAnyNotation(
  text: string,
  { decimal, unit, measures, hasSides }: NumberFormat,
  sign: number,
): Decimal | undefined {
  const clean = text.length > MAX_LENGTH ? "" : text.trim();
  const parts = numberParts(clean);
  if (parts === undefined || (parts.side !== "" && !hasSides)) return undefined;
  if (parts.unit !== (unit ?? "") && !measures?.includes(parts.unit)) return undefined;
  if (decimal === null && readingsOf(parts) === "either") return undefined;
  const plain = parts.hasExponent ? undefined : readPlain(parts.body, sign);
  if (plain === undefined) return decimalOf(parts, decimal ?? ".");
  return parts.negative ? { unscaled: -plain.unscaled, scale: plain.scale } : plain;
}
