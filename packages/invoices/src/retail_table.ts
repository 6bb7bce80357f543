import type { Decimal } from "@keyspaces-segmentation/common";
import type { InvoiceLine } from "./parse.js";

/**
 * The table of the invoice lines, `online_retail`, and how a line becomes a row of it. `line` counts the repeats of a stock code on
 * an invoice: without it in the key, repeated lines would overwrite each other. Quantity and price are decimal, and the moment of sale
 * keeps its time.
 */
export const retailTable: {
  /** Names in order, with their CQL types. */
  readonly columns: Readonly<Record<string, string>>;
  readonly primaryKey: string;
  /** The values of a line in the order of the columns; null where it has none. */
  values(line: InvoiceLine): readonly (string | number | Date | Decimal | null)[];
} = {
  columns: {
    invoice: "text",
    stock_code: "text",
    line: "int",
    description: "text",
    quantity: "decimal",
    invoice_date: "timestamp",
    price: "decimal",
    customer_id: "text",
    country: "text",
  },
  primaryKey: "invoice, stock_code, line",
  values: ({ invoice, stockCode, line, description, quantity, invoiceDate, price, customerId, country }) => {
    return [invoice, stockCode, line, description, quantity, invoiceDate, price, customerId, country];
  },
};
