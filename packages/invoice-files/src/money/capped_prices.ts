import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { differs, mostDo, type NumberedLine } from "./numbered_lines.js";

/** Fewer lines and products tell nothing. */
const FEWEST = 3;
/** A tax or a fee makes amounts less different than so many times. */
const SPREAD = 1.5;
/** The most that a field of so many digits holds, 99.99, or the number behind it, 100. */
const ENDS_OF_FIELDS = /^(?:10+|9+(?:\.9+)?)$/;

/**
 * What is said of prices that are cut off at a highest one, as a field that is too short does: the lines whose amounts are more than quantity
 * × price are those at that price, all of them, and of several products. Their amounts are what was sold. Null for none.
 */
export function cappedPrices(
  table: Table,
  lines: readonly NumberedLine[],
  { price, amount }: { price: number; amount: number },
): ReadingRow | null {
  const differing = lines.filter((line) => differs(line, price, amount));
  const highest = lines.reduce((most, { number }) => Math.max(most, number(price)), 0);
  const isCapped = ({ pieces, number }: NumberedLine): boolean =>
    number(price) === highest && Math.abs(number(amount)) > Math.abs(pieces) * highest;
  const atHighest = lines.filter(({ number }) => number(price) === highest);
  const agreeing = lines.length - atHighest.length;
  const products = new Set(atHighest.map(({ product }) => product));
  const shares = differing
    .map(({ pieces, number }) => Math.abs(number(amount) / pieces / highest))
    .sort((one, other) => one - other);
  const isSpread = shares[Math.floor(0.9 * shares.length)]! >= SPREAD * shares[Math.floor(0.1 * shares.length)]!;
  if (!ENDS_OF_FIELDS.test(String(highest)) || products.size < FEWEST || agreeing < FEWEST || !isSpread) return null;
  if (![differing, atHighest].every((some) => mostDo(some, isCapped))) return null;
  return {
    what: "amounts of lines",
    readAs: `${table.nameOf(amount)} counts, since ${table.nameOf(price)} is never above ${highest}`,
    because: `it is more than quantity × ${table.nameOf(price)} in ${formatPlural(differing.length, "line")} of ${formatNumber(lines.length)} of the sample, nearly all of them at that price, and the same elsewhere`,
    confidence: "likely",
  };
}
