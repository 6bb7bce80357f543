import type { NumberFormat, TableRecord } from "@keyspaces-segmentation/table-files";
import { tierOf } from "./column_names.js";
import type { Positions } from "./map_columns.js";
import { areProducts, mostDo, numberedLines, ofSeveral } from "./money_columns.js";

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

/**
 * Where no column is called a quantity: the amounts that are pieces after all, since with prices beside them they make the amounts of
 * another column, as an "Amount" does that was Menge or Antal before it was translated.
 */
export function amountsAsPieces(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
  formats: { readonly quantity: NumberFormat; readonly price: NumberFormat },
): Positions | undefined {
  const { quantity, price, amount, ...others } = positions;
  if (quantity !== undefined || price !== undefined || amount === undefined) return undefined;
  const used = new Set<number>([...Object.values(others), amount]);
  const named = (fact: "price" | "amount"): number[] =>
    [...header.keys()].filter((at) => !used.has(at) && tierOf(fact, header[at]!) !== null);
  const totals = named("amount");
  for (const each of totals.length === 0 ? [] : named("price")) {
    const asPieces = { ...others, quantity: amount, price: each };
    const lines = ofSeveral(numberedLines(body, { positions: asPieces, shift }, formats));
    const areWhole = mostDo(lines, ({ pieces }) => Number.isInteger(pieces));
    if (areWhole && totals.some((total) => total !== each && areProducts(lines, each, total))) return asPieces;
  }
  return undefined;
}
