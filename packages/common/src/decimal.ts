/** An exact decimal number, unscaled × 10^−scale: 2.95 is { unscaled: 295n, scale: 2 }. Money is never a float here. */
export interface Decimal {
  readonly unscaled: bigint;
  /** Digits after the point, 0 or more. */
  readonly scale: number;
}

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

/** Whole units of 10^−scale: a number where that is exact, a bigint where it is not. */
export type Units = number | bigint;

/** The exact product of two decimals, such as price × quantity, in units of both scales together; see {@link productScale}. */
export function timesDecimal(a: Decimal, b: Decimal): Units {
  // A factor that is rounded here makes the product unsafe, or 0, which is exact.
  const product = Number(a.unscaled) * Number(b.unscaled);
  return Number.isSafeInteger(product) ? product : a.unscaled * b.unscaled;
}

/** The scale of what {@link timesDecimal} gives. */
export const productScale = (a: Decimal, b: Decimal): number => a.scale + b.scale;

/** The same number with as few digits after the point as it has: 24.0 becomes 24, 2.50 becomes 2.5. */
export function withoutTrailingZeros({ unscaled, scale }: Decimal): Decimal {
  let [units, digits] = [unscaled, scale];
  while (digits > 0 && units % 10n === 0n) {
    units /= 10n;
    digits--;
  }
  return { unscaled: units, scale: digits };
}

/**
 * A growing sum, exact, with the largest scale of what was added.
 * Adds plain numbers as long as they stay whole and exact, which is nearly always: a bigint costs an allocation a time.
 */
export class DecimalSum {
  private scale = 0;
  private units = 0;
  private rest = 0n;

  add(units: Units, scale: number): void {
    if (scale > this.scale) this.rescale(scale);
    this.addUnits(scale < this.scale ? shifted(units, this.scale - scale) : units);
  }

  addSum({ scale, units, rest }: DecimalSum): void {
    this.add(units, scale);
    if (rest !== 0n) this.add(rest, scale);
  }

  /** What it is, in units of its scale. */
  total(): Units {
    return this.rest === 0n ? this.units : this.rest + BigInt(this.units);
  }

  /** Digits after the point. */
  get digits(): number {
    return this.scale;
  }

  value(): Decimal {
    return { unscaled: this.rest + BigInt(this.units), scale: this.scale };
  }

  private addUnits(units: Units): void {
    if (typeof units === "number") {
      const sum = this.units + units;
      if (Number.isSafeInteger(sum)) {
        this.units = sum;
        return;
      }
    }
    this.rest += BigInt(units);
  }

  private rescale(scale: number): void {
    const by = scale - this.scale;
    const before = this.units;
    this.scale = scale;
    this.units = 0;
    if (this.rest !== 0n) this.rest *= 10n ** BigInt(by);
    this.addUnits(shifted(before, by));
  }
}

/** Exact: a product of whole numbers that comes out as a safe integer has not been rounded. */
function shifted(units: Units, digits: number): Units {
  if (typeof units === "number") {
    const product = units * 10 ** digits;
    if (Number.isSafeInteger(product)) return product;
  }
  return BigInt(units) * 10n ** BigInt(digits);
}

/** The nearest number: to be taken once, of a finished sum. */
export function toNumber(decimal: Decimal): number {
  return Number(formatDecimal(decimal));
}

/** The whole part, towards zero: 2.95 gives 2, −2.95 gives −2. */
export function truncateDecimal({ unscaled, scale }: Decimal): bigint {
  return unscaled / 10n ** BigInt(scale);
}
