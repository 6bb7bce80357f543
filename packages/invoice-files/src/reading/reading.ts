import type { NobodyOptions } from "@keyspaces-segmentation/invoices";
import type { DateFormat, DateOrder, NumberFormat, Since } from "@keyspaces-segmentation/table-files";
import type { GivenColumns } from "../columns/given_columns.js";
import type { Positions } from "../columns/map_columns.js";
import type { Fit } from "../columns/row_fit.js";
import type { IdNumbers } from "../customers/id_numbers.js";
import type { Payers } from "../customers/payers.js";
import type { SalesSigns } from "../money/sales_signs.js";
import type { OrderFields } from "../orders/order_fields.js";
import type { StockCodes } from "../orders/stock_codes.js";
import type { ReadingRow } from "../reading_row.js";
import type { OrderStates } from "../states/order_states.js";

/** What a reader has settled by parameters; null: the file is to tell. */
export interface GivenReading {
  readonly columns: GivenColumns;
  readonly dateOrder: DateOrder | Since | null;
  readonly decimal: "point" | "comma" | null;
  readonly timeZone: string | null;
  readonly currency: string | null;
  /** What stands for nobody beside the usual words, and what of these does not. */
  readonly nobody: NobodyOptions;
  /** How numbers of credit notes begin, or behind a `*` end, whose quantities above zero are returns. */
  readonly creditNotes: readonly string[];
}

/** How a file of invoice lines is meant. Every line is read by it; one that does not fit is rejected. */
export interface Reading {
  /** What was decided, in words, in the order of the decisions. */
  readonly rows: readonly ReadingRow[];
  /** What of it to look at before the figures are believed. */
  readonly warnings: readonly string[];
  /** Names of the columns as the file has them. */
  readonly header: readonly string[];
  /** Line of the file that they stand in; lines up to it are no records. 0 where there is none. */
  readonly headerLine: number;
  readonly positions: Positions;
  readonly fit: Fit;
  readonly dates: DateFormat;
  readonly quantity: NumberFormat | null;
  /** Of prices, or of amounts where the file has no prices. */
  readonly price: NumberFormat;
  readonly orderFields: OrderFields;
  readonly orderStates: OrderStates;
  readonly stockCodes: StockCodes;
  /** Values of the column `type` whose positive lines are credit notes. */
  readonly creditTypes: readonly string[];
  /** Values of the column `type` whose lines are no sales, such as payments. */
  readonly noSales: readonly string[];
  /** Values of the column `type` in the sample: another one behind it is known by its name alone. */
  readonly kindsSeen: readonly string[];
  /** Whether prices, or amounts, are in cents. */
  readonly isInMinorUnits: boolean;
  /** Whether the column `per` says for how many pieces a price is. */
  readonly hasPriceUnits: boolean;
  /** Whether an amount without a quantity is that of one piece. */
  readonly isOnePieceWhereBlank: boolean;
  /** Whether returns have their minus before quantity and price alike. */
  readonly hasReturnsTwice: boolean;
  readonly salesSigns: SalesSigns;
  /** Column of amounts whose minus makes a return of a line that has none itself; undefined where there is none. */
  readonly signAt: number | undefined;
  /** How numbers of credit notes begin, or behind a `*` end, whose quantities above zero are returns. */
  readonly creditNotes: readonly string[];
  readonly nobody: NobodyOptions;
  /** The shop's own address, whose payments go back to the customer that they name; "" where it has none. */
  readonly own: string;
  /** Whose payments refunds with the shop's own id pay back. */
  readonly payers: Payers;
  /** How ids that are numbers are written. */
  readonly ids: { readonly invoice: IdNumbers; readonly customer: IdNumbers };
  /** ISO 4217, where the file says so or a parameter does. */
  readonly currency: string | null;
  /** What parameters have said: lines that contradict it are rejected, and do not let one doubt the others. */
  readonly settled: { readonly dates: boolean; readonly numbers: boolean; readonly currency: boolean };
}
