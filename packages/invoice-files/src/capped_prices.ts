import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { differs, mostDo, type NumberedLine } from "./money_columns.js";
import type { ReadingRow } from "./reading_row.js";

/** Fewer lines, and fewer different shares by which they differ, tell nothing. */
const FEWEST = 3;

/**
 * What is said of prices that are cut off at a highest one, as a field that is too short does: the lines whose amounts are more than quantity
 * × price are those at that price. Their amounts are what was sold. Null for none.
 */
export function cappedPrices(
  lines: readonly NumberedLine[],
  { price, amount }: { price: number; amount: number },
  named: (at: number) => string,
): ReadingRow | null {
  const differing = lines.filter((line) => differs(line, price, amount));
  const highest = lines.reduce((most, { numbers }) => Math.max(most, numbers[price]!), 0);
  const isCapped = ({ pieces, numbers }: NumberedLine): boolean =>
    numbers[price] === highest && Math.abs(numbers[amount]!) > Math.abs(pieces) * highest;
  const agreeing = lines.filter(({ numbers }) => numbers[price]! < highest).length;
  // One tax on the dearest article makes all its amounts as much more.
  const shares = new Set(differing.map(({ pieces, numbers }) => (numbers[amount]! / pieces / highest).toFixed(2)));
  if (shares.size < FEWEST || agreeing < FEWEST || !mostDo(differing, isCapped)) return null;
  return {
    what: "amounts of lines",
    readAs: `${named(amount)} counts, since ${named(price)} is never above ${highest}`,
    because: `it is more than quantity × ${named(price)} in ${formatPlural(differing.length, "line")} of ${formatNumber(lines.length)} of the sample, nearly all of them at that price, and the same elsewhere`,
    confidence: "likely",
  };
}
