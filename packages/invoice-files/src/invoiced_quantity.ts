import type { NumberFormat, TableRecord } from "@keyspaces-segmentation/table-files";
import { tierOf } from "./column_names.js";
import type { Positions } from "./map_columns.js";
import { areProducts, numberedLines, ofSeveral } from "./money_columns.js";

/** Of several columns of quantities, that which makes the amounts of lines out of the prices, where the one that is taken does not. */
export function invoicedQuantity(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
  formats: { readonly quantity: NumberFormat; readonly price: NumberFormat },
): number | undefined {
  const { quantity, price, amount } = positions;
  const used = new Set<number>(Object.values(positions));
  if (quantity === undefined || price === undefined || amount === undefined) return undefined;
  const others = [...header.keys()].filter((at) => !used.has(at) && tierOf("quantity", header[at]!) !== null);
  const makesAmounts = (at: number): boolean => {
    const lines = numberedLines(body, { positions: { ...positions, quantity: at }, shift }, formats);
    return areProducts(ofSeveral(lines), price, amount);
  };
  return others.length === 0 || makesAmounts(quantity) ? undefined : others.find(makesAmounts);
}
