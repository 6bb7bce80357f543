import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
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

/** Of a shop's lines, so many may be of several pieces where a column of pieces is to be told by its values. */
const MOST_OF_SEVERAL = 2 / 3;

/** Pieces and the price of one, of amounts that are no amounts of lines, and what shows it. */
interface Pieces {
  readonly positions: Positions;
  readonly because: (named: (at: number) => string) => string;
}

/**
 * Where no column is called a quantity: the column of whole numbers that makes the amounts of another column out of those that are taken for
 * the amounts of lines, which are the prices of pieces then.
 */
export function unnamedPieces(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
  formats: { readonly quantity: NumberFormat; readonly price: NumberFormat },
): Pieces | undefined {
  const { quantity, price, amount, ...others } = positions;
  if (quantity !== undefined || price !== undefined || amount === undefined) return undefined;
  const used = new Set<number>([...Object.values(others), amount]);
  const free = [...header.keys()].filter((at) => !used.has(at));
  const totals = free.filter((at) => tierOf("amount", header[at]!) !== null);
  for (const pieces of totals.length === 0 ? [] : free) {
    const asPieces = { ...others, quantity: pieces, price: amount };
    const lines = ofSeveral(numberedLines(body, { positions: asPieces, shift }, formats));
    if (!mostDo(lines, (line) => Number.isInteger(line.pieces))) continue;
    const total = totals.find((at) => at !== pieces && areProducts(lines, amount, at));
    if (total === undefined) continue;
    return { positions: asPieces, because: (named) => `times ${named(amount)} it makes ${named(total)}` };
  }
  return undefined;
}

/**
 * Where no column is called a quantity: the amounts that are pieces, as whole numbers, many of them 1, that are less than the prices beside
 * them in nearly all lines.
 */
export function amountsBelowPrices(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
  formats: { readonly quantity: NumberFormat; readonly price: NumberFormat },
): Pieces | undefined {
  const { quantity, price, amount, ...others } = positions;
  if (quantity !== undefined || price !== undefined || amount === undefined) return undefined;
  const used = new Set<number>([...Object.values(others), amount]);
  const each = [...header.keys()].find((at) => !used.has(at) && (tierOf("price", header[at]!) ?? 2) <= 1);
  if (each === undefined) return undefined;
  const asPieces = { ...others, quantity: amount, price: each };
  const lines = numberedLines(body, { positions: asPieces, shift }, formats);
  const areBelow = mostDo(lines, ({ pieces, numbers }) => Number.isInteger(pieces) && pieces < numbers[each]!);
  const several = ofSeveral(lines).length;
  if (!areBelow || several === 0 || several > MOST_OF_SEVERAL * lines.length) return undefined;
  return {
    positions: asPieces,
    because: (named) =>
      `it has whole numbers below ${named(each)}, and 1 in ${formatNumber(lines.length - several)} of ${formatPlural(lines.length, "line")}`,
  };
}
