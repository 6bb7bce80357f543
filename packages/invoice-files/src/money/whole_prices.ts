import { formatPlural } from "@keyspaces-segmentation/common";
import { saysNothing } from "@keyspaces-segmentation/table-files";
import type { ReadingRow } from "../reading_row.js";

/** Those whose prices have no hundredths. */
const WITHOUT_CENTS: ReadonlySet<string> = new Set([
  "JPY",
  "KRW",
  "VND",
  "CLP",
  "IDR",
  "PYG",
  "ISK",
  "UGX",
  "HUF",
  "COP",
]);
/** Of fewer different prices all may be whole. */
const FEWEST = 5;
/** Prices in hundredths are rarely below it. */
const ONE = 100;

/**
 * What is said of prices that are all whole numbers and may be cents, as of a shop's own interface: nothing but the name of their column
 * tells.
 */
export function wholePricesOf(
  values: ReadonlyMap<string, number>,
  { what, name, currency }: { what: string; name: string; currency: string | null },
): ReadingRow[] {
  if (currency !== null && WITHOUT_CENTS.has(currency)) return [];
  const prices = new Set<string>();
  for (const value of values.keys()) {
    if (saysNothing(value)) continue;
    if (!/^[-+]?\d+$/.test(value)) return [];
    prices.add(value.replace(/^[-+]/, ""));
  }
  const all = [...prices];
  const large = all.filter((price) => Number(price) >= ONE).length;
  const isPadded = all.every((price) => price.startsWith("0"));
  if (all.length < FEWEST || (!isPadded && 2 * large < all.length)) return [];
  return [
    {
      what,
      readAs: `${name} in whole units of the currency`,
      because: `none of ${formatPlural(all.length, "different value")} of the sample has a fraction (${all[0]}): where they are in cents, a name such as ${JSON.stringify(`${name} (cents)`)} for the column says so`,
      confidence: "likely",
    },
  ];
}
