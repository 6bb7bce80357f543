import { DecimalSum, formatDecimal, formatPlural, withoutTrailingZeros } from "@keyspaces-segmentation/common";
import { lineAmount } from "@keyspaces-segmentation/invoices";
import { type NumberFormat, numberReader, type TableRecord } from "@keyspaces-segmentation/table-files";
import type { Positions } from "./map_columns.js";

/** Where in records quantities and money stand, and how they are written. */
export interface Amounts {
  readonly positions: Positions;
  readonly shift: number;
  readonly formats: { readonly quantity: NumberFormat; readonly price: NumberFormat };
}

/** How many lines some records are, and what they come to as they are signed: "3 lines worth 15". */
export function linesWorth(records: readonly TableRecord[], { positions, shift, formats }: Amounts): string {
  const { quantity, price, amount } = positions;
  const [readQuantity, readPrice] = [numberReader(formats.quantity), numberReader(formats.price)];
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "1" : (fields[at + shift]?.trim() ?? "");
  const sum = new DecimalSum();
  for (const { fields } of records) {
    const pieces = price === undefined ? undefined : quantity;
    const [of, each] = [readQuantity(value(fields, pieces)), readPrice(value(fields, price ?? amount))];
    if (of === undefined || each === undefined) continue;
    const { units, scale } = lineAmount({ quantity: of, price: each });
    sum.add(units, scale);
  }
  return `${formatPlural(records.length, "line")} worth ${formatDecimal(withoutTrailingZeros(sum.value()))}`;
}
