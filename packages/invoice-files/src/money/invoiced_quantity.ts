import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { NumberFormat, TableRecord } from "@keyspaces-segmentation/table-files";
import { tierOf } from "../columns/column_names.js";
import { listed, type Positions } from "../columns/map_columns.js";
import { UndecidedError } from "../undecided.js";
import { areProducts, mostDo, type NumberedLine, numberedLines, ofSeveral } from "./money_columns.js";

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

/**
 * Asks, where no column is called a quantity, about values that may be one: whole numbers that make the amounts of another column out of those
 * that are taken for the amounts of lines; and such amounts that are themselves whole numbers, many of them 1, below the prices beside them.
 *
 * @throws UndecidedError for either: it may as well be how many rates are paid, or what was paid in advance
 */
export function askForPieces(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
  formats: { readonly quantity: NumberFormat; readonly price: NumberFormat },
): void {
  const { quantity, price, amount, ...others } = positions;
  if (quantity !== undefined || price !== undefined || amount === undefined) return;
  const used = new Set<number>([...Object.values(others), amount]);
  const free = [...header.keys()].filter((at) => !used.has(at));
  const named = (at: number): string => listed([header[at]!]);
  const linesBy = (pieces: number, each: number): NumberedLine[] =>
    numberedLines(body, { positions: { ...others, quantity: pieces, price: each }, shift }, formats);
  const asked = (got: string, pieces: number, reads: string): UndecidedError =>
    new UndecidedError({
      parameter: "columns",
      got: `no column is called a quantity, and ${got}`,
      choices: [
        { value: `quantity=${named(pieces)}`, reads: [reads] },
        { value: `amount=${named(amount)}`, reads: [`${named(amount)} as the amount of the line`] },
      ],
    });
  const totals = free.filter((at) => tierOf("amount", header[at]!) !== null);
  for (const pieces of totals.length === 0 ? [] : free) {
    const lines = ofSeveral(linesBy(pieces, amount));
    if (!mostDo(lines, (line) => Number.isInteger(line.pieces))) continue;
    const total = totals.find((at) => at !== pieces && areProducts(lines, amount, at));
    if (total === undefined) continue;
    const got = `${named(pieces)} times ${named(amount)} makes ${named(total)}`;
    throw asked(got, pieces, `${named(amount)} as the price of one piece`);
  }
  const each = free.find((at) => (tierOf("price", header[at]!) ?? 2) <= 1);
  if (each === undefined) return;
  const lines = linesBy(amount, each);
  const areBelow = mostDo(lines, ({ pieces, numbers }) => Number.isInteger(pieces) && pieces < numbers[each]!);
  const several = ofSeveral(lines).length;
  if (!areBelow || several === 0 || several > MOST_OF_SEVERAL * lines.length) return;
  const ones = `1 in ${formatNumber(lines.length - several)} of ${formatPlural(lines.length, "line")}`;
  throw asked(
    `${named(amount)} has whole numbers below ${named(each)}, and ${ones}`,
    amount,
    `that many pieces at ${named(each)}`,
  );
}
