import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { Positions } from "../columns/map_columns.js";
import { fieldAt, type Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { UndecidedError } from "../undecided.js";
import { LARGEST_SHARE_OF_RETURNS } from "./sales_signs.js";
import { isAmount } from "./signs.js";

/** Fewer lines may be so by chance. */
const MANY_LINES = 6;

/**
 * Which of a ledger's two columns of amounts has the sales: that with more lines, since whose account it is decides which side they are on.
 *
 * @throws UndecidedError where the other one has so many that they are rather payments
 */
export function salesSideOf(
  table: Table,
  { isGiven }: { isGiven: boolean },
): { positions: Positions; rows: ReadingRow[] } {
  const { positions } = table;
  const { amount, credit } = positions;
  if (amount === undefined || credit === undefined) return { positions, rows: [] };
  const linesWith = (at: number): number => table.linesWith(at, isAmount);
  // What was given back of a sale beside it is no credit note of its own.
  const both = table.lines.filter(
    ({ fields }) => isAmount(fieldAt(fields, amount)) && isAmount(fieldAt(fields, credit)),
  ).length;
  const alone = Math.min(linesWith(amount), linesWith(credit)) - both;
  if (!isGiven && both > 0 && both >= alone) {
    const { credit: _credit, ...others } = positions;
    return { positions: others, rows: [] };
  }
  const isTurned = !isGiven && linesWith(credit) > linesWith(amount);
  const [sales, others] = isTurned ? [credit, amount] : [amount, credit];
  const [all, lines] = [linesWith(sales), linesWith(others)];
  const [name, other] = [table.nameOf(sales), table.nameOf(others)];
  if (!isGiven && all + lines >= MANY_LINES && lines > LARGEST_SHARE_OF_RETURNS * (all + lines)) {
    throw new UndecidedError({
      parameter: "columns",
      got: `${formatPlural(all, "line")} of the sample have an amount in ${name} and ${formatNumber(lines)} in ${other}, many for credit notes: they may be payments`,
      choices: [
        { value: `amount=${name}`, reads: [`${name} alone`] },
        { value: `amount=${name}; credit=${other}`, reads: [`${other} as credit notes`] },
      ],
    });
  }
  return {
    positions: { ...positions, amount: sales, credit: others },
    rows: [
      {
        what: "amounts of lines",
        readAs: `${name}, and below zero ${other}`,
        because: `${formatPlural(all, "line")} of the sample ${all === 1 ? "has" : "have"} something in the first and ${formatNumber(lines)} in the second; columns="amount=${name}" leaves these out`,
        confidence: isGiven ? "given" : "likely",
      },
    ],
  };
}
