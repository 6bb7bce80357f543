import type { GivenColumns } from "../columns/given_columns.js";
import type { Table } from "../columns/table.js";
import { customersOfOrders } from "../customers/customers_of_orders.js";
import { salesSideOf } from "../money/debit_credit.js";
import { purchasesOf } from "../orders/purchases.js";
import type { ReadingRow } from "../reading_row.js";
import { salesAmong, withoutMoneyKinds } from "../returns/no_sale_rows.js";
import type { RecordSample } from "../source/record_sample.js";
import { type FoundTable, findTable } from "./find_table.js";

/** Where the table of a file begins, how its lines stand below the header, and which column is which by its name. */
export interface Layout extends FoundTable {
  /** The lines without those that are called payments, quotes and the like: signs are decided by sales and returns alone. */
  readonly sales: Table;
  /** What is said where no column has invoice numbers. */
  readonly purchases: readonly ReadingRow[];
  /** What is said where customers stand in another column than that which is called theirs. */
  readonly buyers: readonly ReadingRow[];
  /** What is said of amounts in two columns. */
  readonly sides: readonly ReadingRow[];
}

/**
 * Decides, in this order: the header and the names in it; how lines fit below it; whether a column of kinds has money in it; which
 * rows are no sales by their kind; on which side of a ledger the sales are.
 *
 * @throws StepError where no header is found, a column is missing, or no line stands below; UndecidedError for sides that may be payments, or lines that may be no purchases
 */
export function decideLayout(sample: RecordSample, given: GivenColumns): Layout {
  const { headerLine, evidence, fit, table: found } = findTable(sample, given);
  const named = found.withPositions(withoutMoneyKinds(found));
  const sales = salesAmong(named);
  const sides = salesSideOf(sales, { isGiven: given.names.amount !== undefined });
  const sided = named.withPositions(sides.positions);
  const buyers =
    given.names.customerId === undefined ? customersOfOrders(sided) : { positions: sided.positions, rows: [] };
  const table = sided.withPositions(buyers.positions);
  const purchases = purchasesOf(table, { isGiven: given.names.invoice === "-" || given.order !== null });
  return { headerLine, evidence, fit, table, sales, purchases, buyers: buyers.rows, sides: sides.rows };
}
