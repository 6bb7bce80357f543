import type { Decision } from "@keyspaces-segmentation/table-files";
import { isInMinorUnits } from "../columns/column_names.js";
import { addedUp, moneyFactOf } from "../columns/table.js";
import { customersOf, type IdColumn, invoicesOf } from "../customers/id_columns.js";
import { ownAddressOf } from "../customers/own_address.js";
import { NO_PAYERS, type Payers, payersOf } from "../customers/payers.js";
import { currencyOf, type FileCurrency, shownIn } from "../money/amount_currency.js";
import { isOnePieceWhereBlank } from "../money/blank_quantities.js";
import { hasPriceUnits } from "../money/price_units.js";
import { returnSignsOf, type SalesSigns, salesSignsOf } from "../money/sales_signs.js";
import { linesWorth } from "../money/worth.js";
import { type OrderFields, orderFieldsOf } from "../orders/order_fields.js";
import { type StockCodes, stockCodesOf } from "../orders/stock_codes.js";
import type { ReadingRow } from "../reading_row.js";
import type { RecordSample } from "../source/record_sample.js";
import { type OrderStates, orderStatesOf } from "../states/order_states.js";
import type { ColumnsByValues } from "./decide_columns.js";
import type { Formats } from "./decide_formats.js";
import type { Layout } from "./decide_layout.js";
import type { GivenReading } from "./reading.js";

/** What the lines mean whose columns and formats are known. */
export interface Meaning {
  readonly currency: FileCurrency | null;
  readonly stockCodes: Decision<StockCodes>;
  readonly customers: IdColumn;
  readonly invoices: IdColumn;
  readonly orderFields: Decision<OrderFields>;
  readonly orderStates: Decision<OrderStates>;
  readonly hasReturnsTwice: Decision<boolean>;
  readonly salesSigns: Decision<SalesSigns>;
  readonly hasPriceUnits: Decision<boolean>;
  readonly isOnePieceWhereBlank: boolean;
  readonly isInMinorUnits: boolean;
  readonly own: { readonly own: string; readonly rows: readonly ReadingRow[] };
  readonly payers: Payers;
}

/**
 * Decides what depends on the columns and formats alone, and not on one another: but for states, which depend on whether there are credit
 * notes, and payers, which are looked for where no address is the shop's own.
 *
 * @throws UndecidedError for several currencies; StepError for ids that a spreadsheet has rounded
 */
export function decideMeaning(
  { table, turned, states }: ColumnsByValues,
  { quantity, price }: Formats,
  { sales, home, sample, given }: Pick<Layout, "sales" | "home"> & { sample: RecordSample; given: GivenReading },
): Meaning {
  const { header, positions } = table;
  const formats = { quantity: quantity.value, price: price.value };
  const money = moneyFactOf(positions);
  const prices = addedUp(table.countsOf(money), shownIn(sample.currencies?.get(positions[money]!)));
  const inCurrency = (isMeant: (text: string) => boolean): string => {
    const isOf = table.linesTest([positions.currency], isMeant);
    const found = table.lines.filter(({ fields }) => isOf(fields));
    return linesWorth(found, positions, formats);
  };
  const currency = currencyOf(given.currency, table.countsOf("currency"), prices, inCurrency) ?? home?.currency ?? null;
  const customers = customersOf(table, given.nobody);
  const invoices = invoicesOf(table);
  const hasReturns = turned.value.length > 0;
  const own = ownAddressOf(table);
  return {
    currency,
    customers,
    invoices,
    stockCodes: stockCodesOf(table, formats),
    orderFields: orderFieldsOf(table),
    orderStates: orderStatesOf(table, formats, { columns: states, hasReturns, given: given.columns.names }),
    hasReturnsTwice: returnSignsOf(table, formats),
    salesSigns: salesSignsOf(sales.withPositions(positions), formats),
    hasPriceUnits: hasPriceUnits(table),
    isOnePieceWhereBlank: isOnePieceWhereBlank(table),
    isInMinorUnits: isInMinorUnits(header[positions[money]!] ?? ""),
    own,
    payers: own.own === "" ? payersOf(table) : NO_PAYERS,
  };
}
