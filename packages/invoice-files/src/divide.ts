import type { Decimal } from "@keyspaces-segmentation/common";

/** Digits behind the point that a price gets where it has no end. */
const DIGITS = 12;

/**
 * An amount divided by a quantity other than 0: exact where the quotient ends within 12 digits behind the point, else rounded half
 * away from zero there.
 */
export function divided(amount: Decimal, quantity: Decimal): Decimal {
  // amount / quantity = (a · 10^−s) / (q · 10^−t), brought to units of 10^−DIGITS.
  const scaled = amount.unscaled * 10n ** BigInt(DIGITS + quantity.scale);
  const by = quantity.unscaled * 10n ** BigInt(amount.scale);
  const negative = scaled < 0n !== by < 0n;
  const [dividend, divisor] = [scaled < 0n ? -scaled : scaled, by < 0n ? -by : by];
  let units = (2n * dividend + divisor) / (2n * divisor);
  let scale = DIGITS;
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale--;
  }
  return { unscaled: negative ? -units : units, scale };
}
