/** An exact decimal number, unscaled × 10^−scale: 2.95 is { unscaled: 295n, scale: 2 }. Money is never a float here. */
export interface Decimal {
  readonly unscaled: bigint;
  /** Digits after the point, 0 or more. */
  readonly scale: number;
}

export const ZERO: Decimal = { unscaled: 0n, scale: 0 };

/** More digits than any price has; keeps a hostile field from costing quadratic time. */
const MAX_LENGTH = 40;

/**
 * Reads plain decimal notation and keeps the digits as given: "2.50" has scale 2.
 *
 * @returns undefined where the text is anything else: an exponent, a currency sign, a thousands separator, nothing
 */
export function parseDecimal(text: string): Decimal | undefined {
  if (text.length > MAX_LENGTH || !/^-?(\d+(\.\d*)?|\.\d+)$/.test(text)) return undefined;
  const point = text.indexOf(".");
  if (point < 0) return { unscaled: BigInt(text), scale: 0 };
  return { unscaled: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** @example formatDecimal({ unscaled: -5n, scale: 2 }) // "-0.05" */
export function formatDecimal({ unscaled, scale }: Decimal): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
  const point = digits.length - scale;
  const sign = unscaled < 0n ? "-" : "";
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The exact sum, with the larger scale of the two. */
export function addDecimal(a: Decimal, b: Decimal): Decimal {
  if (a.scale === b.scale) return { unscaled: a.unscaled + b.unscaled, scale: a.scale };
  const scale = Math.max(a.scale, b.scale);
  return { unscaled: rescaled(a, scale) + rescaled(b, scale), scale };
}

/** The exact product with a whole number, such as price × quantity. */
export function multiplyByInteger({ unscaled, scale }: Decimal, factor: number): Decimal {
  return { unscaled: unscaled * BigInt(factor), scale };
}

/** The nearest number: to be taken once, of a finished sum. */
export function toNumber(decimal: Decimal): number {
  return Number(formatDecimal(decimal));
}

/** The whole part, towards zero: 2.95 gives 2, −2.95 gives −2. */
export function truncateDecimal({ unscaled, scale }: Decimal): number {
  return Number(unscaled / 10n ** BigInt(scale));
}

function rescaled({ unscaled, scale }: Decimal, wanted: number): bigint {
  return unscaled * 10n ** BigInt(wanted - scale);
}
