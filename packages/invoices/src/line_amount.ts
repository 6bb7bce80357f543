import {
  type Decimal,
  productScale,
  timesDecimal,
  type Units,
  withoutTrailingZeros,
} from "@keyspaces-segmentation/common";

/** As many digits behind the point has the price of one piece that is an amount divided by a quantity without end, and hardly any other. */
const QUOTIENT_DIGITS = 18;
/**
 * Of such a price times its quantity, what is behind these digits is the rest of the division: a quantity is below 2³¹, and the price is
 * less than 2 × 10⁻¹⁸ from the quotient.
 */
const AMOUNT_DIGITS = 8;
/** As money is written. */
const CENTS = 2;

/** What a line comes to: units of 10^−scale. */
export interface LineAmount {
  readonly units: Units;
  readonly scale: number;
}

/** Quantity × price, exact; of a price that {@link pricePerPiece} has made, the amount that it was made of. */
export function lineAmount({ price, quantity }: { readonly price: Decimal; readonly quantity: Decimal }): LineAmount {
  const units = timesDecimal(price, quantity);
  const scale = productScale(price, quantity);
  if (price.scale <= AMOUNT_DIGITS) return { units, scale };
  const product = BigInt(units);
  const written = withoutTrailingZeros(price);
  if (written.scale <= AMOUNT_DIGITS) return asMoney({ unscaled: product, scale });
  const unit = 10n ** BigInt(scale - AMOUNT_DIGITS);
  const nearest = quotientOf(product, unit);
  // A quotient may end in zeros, which may have been left out: it is one where the product is as near to the amount as it can be.
  const least = 10n ** BigInt(Math.max(0, QUOTIENT_DIGITS - price.scale));
  const isNear = absolute(product - nearest * unit) * least <= 2n * absolute(quantity.unscaled) * atQuotient(price);
  const isQuotient = isNear || written.scale >= QUOTIENT_DIGITS;
  return asMoney(isQuotient ? { unscaled: nearest, scale: AMOUNT_DIGITS } : { unscaled: product, scale });
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
/** The last digit of a quotient in units of a price's. */
const atQuotient = ({ scale }: Decimal): bigint => 10n ** BigInt(Math.max(0, scale - QUOTIENT_DIGITS));

/** The same amount without zeros at its end, but for those of the cents. */
function asMoney(amount: Decimal): LineAmount {
  const { unscaled, scale } = withoutTrailingZeros(amount);
  const fewest = Math.max(scale, CENTS);
  const units = unscaled * 10n ** BigInt(fewest - scale);
  const nearest = Number(units);
  return { units: Number.isSafeInteger(nearest) ? nearest : units, scale: fewest };
}

/**
 * The price of one piece of an amount and a quantity other than 0, such that {@link lineAmount} gives the amount back: exact where
 * the quotient ends within 18 digits behind the point, else with 18 of them, the last of which is not 0. Of an amount with more than 8
 * digits behind the point these come back.
 */
export function pricePerPiece(amount: Decimal, quantity: Decimal): Decimal {
  // amount / quantity = (a · 10^−s) / (q · 10^−t), brought to units of 10^−QUOTIENT_DIGITS.
  const scaled = amount.unscaled * 10n ** BigInt(QUOTIENT_DIGITS + quantity.scale);
  const by = quantity.unscaled * 10n ** BigInt(amount.scale);
  const units = quotientOf(scaled, by);
  if (units * by === scaled) return withoutTrailingZeros({ unscaled: units, scale: QUOTIENT_DIGITS });
  // A zero at the end may be left out by who stores or reads it, and with it what tells such a price from others.
  const unscaled = units % 10n === 0n ? units + (scaled < 0n === by < 0n ? 1n : -1n) : units;
  return { unscaled, scale: QUOTIENT_DIGITS };
}

/** Rounded half away from zero. */
function quotientOf(dividend: bigint, divisor: bigint): bigint {
  const [above, below] = [absolute(dividend), absolute(divisor)];
  const quotient = (2n * above + below) / (2n * below);
  return dividend < 0n === divisor < 0n ? quotient : -quotient;
}
