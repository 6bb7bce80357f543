import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import type { Decision, TableRecord } from "@keyspaces-segmentation/table-files";
import { withoutDateParts } from "../columns/date_text.js";
import { findHeader } from "../columns/header.js";
import type { LinesBelow } from "../columns/lines_below.js";
import type { GivenColumns } from "../columns/map_columns.js";
import { type Fit, fitOf } from "../columns/row_fit.js";
import { customersOfOrders } from "../customers/customers_of_orders.js";
import { salesSideOf } from "../money/debit_credit.js";
import { purchasesOf } from "../orders/purchases.js";
import type { ReadingRow } from "../reading_row.js";
import { noSalesOf, salesAmong, withoutMoneyKinds } from "../returns/no_sale_rows.js";
import { headersBelow, piecesBelow, type RecordSample } from "../source/record_sample.js";

/** Where the table of a file begins, how its lines stand below the header, and which column is which by its name. */
export interface Layout {
  readonly headerLine: number;
  /** What speaks for the header. */
  readonly evidence: string;
  readonly fit: Decision<Fit>;
  readonly lines: LinesBelow;
  /** The lines without those that are called payments, quotes and the like: signs are decided by sales and returns alone. */
  readonly sales: readonly TableRecord[];
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
  const { header, headerLine, positions: named, evidenceOf } = findHeader(sample.pieces[0] ?? [], given);
  const pieces = piecesBelow(sample, { header, headerLine });
  const again = headersBelow(sample, { header, headerLine });
  const body = pieces.flat();
  if (body.length === 0) {
    throw new StepError({
      tried: "read invoice lines",
      got: `the file has a header${headerLine > 0 ? ` in line ${formatNumber(headerLine)}` : ""} and no line below it`,
    });
  }
  const fit = fitOf(body, { header, positions: named, isSheet: sample.isSheet ?? false });
  const { shift } = fit.value;
  const dated = withoutDateParts(body, named, shift);
  const evidence =
    evidenceOf(dated) + (again === 0 ? "" : `; it is there ${formatPlural(again, "time")} more, left out`);
  const positions = withoutMoneyKinds(body, dated, shift);
  const sales = salesAmong(body, noSalesOf(body, positions, shift).value, (positions.type ?? 0) + shift);
  const isGiven = given.names.amount !== undefined;
  const sides = salesSideOf(sales, header, { positions, shift }, { isGiven });
  const below = { header, pieces, body, positions: sides.positions, shift };
  const buyers =
    given.names.customerId === undefined ? customersOfOrders(below) : { positions: below.positions, rows: [] };
  const lines = { ...below, positions: buyers.positions };
  const purchases = purchasesOf(lines, { isGiven: given.names.invoice === "-" || given.order !== null });
  return { headerLine, evidence, fit, lines, sales, purchases, buyers: buyers.rows, sides: sides.rows };
}
