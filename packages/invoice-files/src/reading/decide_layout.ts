import type { Table } from "../columns/table.js";
import { customersOfOrders } from "../customers/customers_of_orders.js";
import { salesSideOf } from "../money/debit_credit.js";
import { type HomeAmounts, homeAmountsOf } from "../money/home_amounts.js";
import { purchasesOf } from "../orders/purchases.js";
import type { ReadingRow } from "../reading_row.js";
import { salesAmong, withoutMoneyKinds } from "../returns/no_sale_rows.js";
import type { RecordSample } from "../source/record_sample.js";
import { type FoundTable, findTable } from "./find_table.js";
import type { GivenReading } from "./reading.js";

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
  /** The amounts in one currency, where those of the file are in several. */
  readonly home: HomeAmounts | undefined;
}

/**
 * Decides, in this order: the header and the names in it; how lines fit below it; whether a column of kinds has money in it; which
 * rows are no sales by their kind; on which side of a ledger the sales are; which column has amounts of several currencies in one.
 *
 * @throws StepError where no header is found, a column is missing, or no line stands below; UndecidedError for sides that may be payments, or lines that may be no purchases
 */
export function decideLayout(sample: RecordSample, given: GivenReading): Layout {
  const { columns } = given;
  const { headerLine, evidence, fit, sections, table: found } = findTable(sample, columns);
  const kinds = found.withPositions(withoutMoneyKinds(found));
  const sales = salesAmong(kinds);
  const sides = salesSideOf(sales, { isGiven: columns.names.amount !== undefined });
  const sided = kinds.withPositions(sides.positions);
  const buyers =
    columns.names.customerId === undefined ? customersOfOrders(sided) : { positions: sided.positions, rows: [] };
  const named = sided.withPositions(buyers.positions);
  const home = homeAmountsOf(named, given);
  const table = home === undefined ? named : named.withPositions(home.positions);
  const purchases = purchasesOf(table, { isGiven: columns.names.invoice === "-" || columns.order !== null });
  return { headerLine, evidence, fit, sections, table, sales, purchases, buyers: buyers.rows, sides: sides.rows, home };
}
