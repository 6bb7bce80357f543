import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { tierOf } from "../columns/column_names.js";
import type { Positions } from "../columns/map_columns.js";
import type { Table } from "../columns/table.js";
import { UndecidedError } from "../undecided.js";
import { areProducts, mostDo, type NumberedLine, numberedLines, ofSeveral } from "./numbered_lines.js";
import type { NumberFormats } from "./worth.js";

/** Of several columns of quantities, that which makes the amounts of lines out of the prices, where the one that is taken does not. */
export function invoicedQuantity(table: Table, formats: NumberFormats): number | undefined {
  const { header, positions } = table;
  const { quantity, price, amount } = positions;
  if (quantity === undefined || price === undefined || amount === undefined) return undefined;
  const others = table.unused().filter((at) => tierOf("quantity", header[at]!) !== null);
  const makesAmounts = (at: number): boolean => {
    const lines = numberedLines(table.withPositions({ ...positions, quantity: at }), formats);
    return areProducts(ofSeveral(lines), price, amount);
  };
  return others.length === 0 || makesAmounts(quantity) ? undefined : others.find(makesAmounts);
}

/**
 * Where no column is called a quantity: the amounts that are pieces after all, since with prices beside them they make the amounts of
 * another column, as an "Amount" does that was Menge or Antal before it was translated.
 */
export function amountsAsPieces(table: Table, formats: NumberFormats): Positions | undefined {
  const { quantity, price, amount, ...others } = table.positions;
  if (quantity !== undefined || price !== undefined || amount === undefined) return undefined;
  const named = (fact: "price" | "amount"): number[] =>
    table.unused().filter((at) => tierOf(fact, table.header[at]!) !== null);
  const totals = named("amount");
  for (const each of totals.length === 0 ? [] : named("price")) {
    const asPieces = { ...others, quantity: amount, price: each };
    const lines = ofSeveral(numberedLines(table.withPositions(asPieces), formats));
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
export function askForPieces(table: Table, formats: NumberFormats): void {
  const { header } = table;
  const { quantity, price, amount, ...others } = table.positions;
  if (quantity !== undefined || price !== undefined || amount === undefined) return;
  const free = table.unused();
  const linesBy = (pieces: number, each: number): NumberedLine[] =>
    numberedLines(table.withPositions({ ...others, quantity: pieces, price: each }), formats);
  const asked = (got: string, pieces: number, reads: string): UndecidedError =>
    new UndecidedError({
      parameter: "columns",
      got: `no column is called a quantity, and ${got}`,
      choices: [
        { value: `quantity=${table.nameOf(pieces)}`, reads: [reads] },
        { value: `amount=${table.nameOf(amount)}`, reads: [`${table.nameOf(amount)} as the amount of the line`] },
      ],
    });
  const totals = free.filter((at) => tierOf("amount", header[at]!) !== null);
  for (const pieces of totals.length === 0 ? [] : free) {
    const lines = ofSeveral(linesBy(pieces, amount));
    if (!mostDo(lines, (line) => Number.isInteger(line.pieces))) continue;
    const total = totals.find((at) => at !== pieces && areProducts(lines, amount, at));
    if (total === undefined) continue;
    const got = `${table.nameOf(pieces)} times ${table.nameOf(amount)} makes ${table.nameOf(total)}`;
    throw asked(got, pieces, `${table.nameOf(amount)} as the price of one piece`);
  }
  const each = free.find((at) => (tierOf("price", header[at]!) ?? 2) <= 1);
  if (each === undefined) return;
  const lines = linesBy(amount, each);
  const areBelow = mostDo(lines, ({ pieces, number }) => Number.isInteger(pieces) && pieces < number(each));
  const several = ofSeveral(lines).length;
  if (!areBelow || several === 0 || several > MOST_OF_SEVERAL * lines.length) return;
  const ones = `1 in ${formatNumber(lines.length - several)} of ${formatPlural(lines.length, "line")}`;
  throw asked(
    `${table.nameOf(amount)} has whole numbers below ${table.nameOf(each)}, and ${ones}`,
    amount,
    `that many pieces at ${table.nameOf(each)}`,
  );
}
