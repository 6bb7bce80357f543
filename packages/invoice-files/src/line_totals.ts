import { type Decimal, formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { type NumberFormat, numberReader, type TableRecord } from "@keyspaces-segmentation/table-files";
import { listed, type Positions } from "./map_columns.js";
import type { ReadingRow } from "./reading_row.js";

/** How the amounts of lines compare with quantity × price, where a file has all three. */
export interface LineTotals {
  /** Whether what is called a price is the amount of the line, so that the amount is to be used. */
  readonly isPriceTotal: boolean;
  /** To be shown; null where amounts are what one expects. */
  readonly row: ReadingRow | null;
}

/** Prices have been rounded to cents. */
const CENT = 0.011;
const NEARLY_ALL = 0.9;
/** Fewer lines of several pieces tell nothing. */
const FEWEST = 3;
/** Lines that differ, as share of all: fewer are slips. */
const FEW = 0.01;

/** Looks whether amounts of lines are quantity × price. */
export function lineTotalsOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
  formats: { readonly quantity: NumberFormat; readonly price: NumberFormat },
): LineTotals {
  const { quantity, price, amount } = positions;
  if (quantity === undefined || price === undefined || amount === undefined) return { isPriceTotal: false, row: null };
  const readQuantity = numberReader(formats.quantity);
  const readPrice = numberReader(formats.price);
  const nearest = (value: Decimal | undefined): number =>
    value === undefined ? Number.NaN : Number(value.unscaled) / 10 ** value.scale;
  let [lines, differing, several, totals] = [0, 0, 0, 0];
  for (const { fields } of body) {
    const text = (at: number): string => fields[at + shift]?.trim() ?? "";
    const [pieces, each, all] = [
      nearest(readQuantity(text(quantity))),
      nearest(readPrice(text(price))),
      nearest(readPrice(text(amount))),
    ];
    if (Number.isNaN(pieces + each + all)) continue;
    lines++;
    // Signs of returns may stand in any of the three.
    const isProduct = Math.abs(Math.abs(pieces * each) - Math.abs(all)) <= CENT * Math.max(1, Math.abs(pieces));
    if (!isProduct) differing++;
    if (Math.abs(Math.abs(pieces) - 1) < 0.001 || all === 0) continue;
    several++;
    if (!isProduct && Math.abs(Math.abs(each) - Math.abs(all)) <= CENT) totals++;
  }
  const [priceName, amountName] = [price, amount].map((at) => listed([header[at] ?? `column ${at + 1}`]));
  if (several >= FEWEST && totals >= NEARLY_ALL * several) {
    return {
      isPriceTotal: true,
      row: {
        what: "amounts of lines",
        readAs: `${priceName} is the amount of the line, not the price of one piece`,
        because: `it equals ${amountName} in ${formatNumber(totals)} of ${formatPlural(several, "line")} of several pieces`,
        confidence: "likely",
      },
    };
  }
  if (lines === 0 || differing <= FEW * lines) return { isPriceTotal: false, row: null };
  return {
    isPriceTotal: false,
    row: {
      what: "amounts of lines",
      readAs: `${amountName} is left out, quantity × ${priceName} counts`,
      because: `they differ in ${formatNumber(differing)} of ${formatPlural(lines, "line")} of the sample, as with discounts or taxes; columns="price=-; amount=${amountName}" takes the amounts`,
      confidence: "likely",
    },
  };
}
