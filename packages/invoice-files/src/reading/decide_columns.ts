import type { Decision } from "@keyspaces-segmentation/table-files";
import type { GivenColumns } from "../columns/given_columns.js";
import type { Table } from "../columns/table.js";
import { lineTotalsOf } from "../money/line_totals.js";
import type { ReadingRow } from "../reading_row.js";
import { creditTypesOf } from "../returns/credit_types.js";
import { kindsSeen } from "../returns/late_kinds.js";
import { noSalesOf } from "../returns/no_sale_rows.js";
import { statusColumnsOf } from "../states/order_states.js";
import type { StateColumn } from "../states/state_words.js";
import type { Formats } from "./decide_formats.js";
import type { Layout } from "./decide_layout.js";

/** What the values in the columns say that their names do not. */
export interface ColumnsByValues {
  /** With the columns that hold from here on. */
  readonly table: Table;
  /** What is said of amounts that are not quantity × price. */
  readonly totals: readonly ReadingRow[];
  /** Column of amounts in which returns alone have a minus. */
  readonly signAt: number | undefined;
  /** Values of the column of kinds whose positive lines are credit notes. */
  readonly turned: Decision<readonly string[]>;
  /** What is said of other columns that might tell as well. */
  readonly kinds: readonly ReadingRow[];
  /** Values of the column of kinds whose lines are no sales. */
  readonly noSales: Decision<readonly string[]>;
  /** Kinds of documents that the sample has shown. */
  readonly seen: readonly string[];
  /** Columns that say what became of an order. */
  readonly states: readonly StateColumn[];
}

/**
 * Decides by values, in this order: which column is the price of one piece and which the amount of the line, by what they come to;
 * which column tells credit notes, and by it once more which rows are no sales; which columns have the states of orders.
 *
 * @throws StepError for an amount that is the order's; UndecidedError for kinds that may be returns or not
 */
export function decideColumns(
  { table, sales }: Pick<Layout, "table" | "sales">,
  { quantity, price }: Pick<Formats, "quantity" | "price">,
  given: GivenColumns,
): ColumnsByValues {
  const formats = { quantity: quantity.value, price: price.value };
  const totals = lineTotalsOf(table, formats, given);
  let { positions } = totals;
  const credits = creditTypesOf(sales.withPositions(positions), formats, given.names.type);
  if (credits.column !== undefined) positions = { ...positions, type: credits.column };
  const states = statusColumnsOf(table.withPositions(positions), given.names.status);
  const stateAt = states[0]?.at;
  if (positions.status === undefined && stateAt !== undefined) positions = { ...positions, status: stateAt };
  const decided = table.withPositions(positions);
  return {
    table: decided,
    totals: totals.rows,
    signAt: totals.signAt,
    turned: credits.turned,
    kinds: credits.rows,
    noSales: noSalesOf(decided),
    seen: kindsSeen(decided),
    states,
  };
}
