import type { Decimal } from "@keyspaces-segmentation/common";
import type { NumberParts } from "./number_parts.js";

/** First group without a leading zero, then threes; the groups of lakh and crore, as India writes them, with commas only. */
const GROUPED: { readonly [decimal: string]: RegExp } = {
  ".": /^[1-9]\d{0,2}(?:(?:,\d{3})+|(?:'\d{3})+|(?: \d{3})+)$|^[1-9]\d?(?:,\d{2})+,\d{3}$/,
  ",": /^[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:'\d{3})+|(?: \d{3})+)$/,
};

const DIGITS = /^\d*$/;

/** The number under a decimal sign, strictly: `1,23` is none under the point, `1.5` none under the comma. */
export function decimalOf(parts: NumberParts, decimal: "." | ","): Decimal | undefined {
  const { body, exponent, hasExponent, negative } = parts;
  const at = body.indexOf(decimal);
  const whole = at < 0 ? body : body.slice(0, at);
  const fraction = at < 0 ? "" : body.slice(at + 1);
  if (!DIGITS.test(fraction) || whole.length + fraction.length === 0) return undefined;
  const isPlain = DIGITS.test(whole);
  if (!isPlain && (hasExponent || !GROUPED[decimal]!.test(whole))) return undefined;
  const digits = BigInt((isPlain ? whole : whole.replace(/\D/g, "")) + fraction);
  const unscaled = negative ? -digits : digits;
  const scale = fraction.length - exponent;
  return scale >= 0 ? { unscaled, scale } : { unscaled: unscaled * 10n ** BigInt(-scale), scale: 0 };
}

/** Which decimal signs can read a number: `12.75` the point, `1.234,50` the comma, `1.234` either, `1234` is whole. */
export type Readings = "point" | "comma" | "either" | "whole" | "none";

export function readingsOf(parts: NumberParts): Readings {
  const point = decimalOf(parts, ".") !== undefined;
  const comma = decimalOf(parts, ",") !== undefined;
  if (point && comma) return /[.,]/.test(parts.body) ? "either" : "whole";
  if (point) return "point";
  return comma ? "comma" : "none";
}

/** Those whose amounts have no digits behind a decimal sign, as shops write them. */
const WITHOUT_CENTS: ReadonlySet<string> = new Set(["JPY", "KRW", "VND", "CLP", "IDR", "PYG"]);

/** Of a currency that has no cents, as of ¥1,234, a sign before three digits groups them, which proves the other sign to be the decimal one. */
export function withoutCents(parts: NumberParts): "point" | "comma" | undefined {
  const [code] = parts.currency?.currencies ?? [];
  if (code === undefined || !WITHOUT_CENTS.has(code) || readingsOf(parts) !== "either") return undefined;
  return parts.body.includes(",") ? "point" : "comma";
}
