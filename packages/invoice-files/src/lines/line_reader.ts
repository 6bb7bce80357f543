import type { Decimal } from "@keyspaces-segmentation/common";
import { type CustomerIdReader, lineAmount, type UnnumberedLine } from "@keyspaces-segmentation/invoices";
import { dateReader } from "@keyspaces-segmentation/table-files";
import { ownFields } from "../columns/row_fit.js";
import { trimmedAt } from "../columns/table.js";
import { saysTotal, TOTAL_LINE } from "../money/total_lines.js";
import { customerMark, purchaseNumber } from "../orders/purchases.js";
import type { Reading } from "../reading/reading.js";
import { detached, remembered } from "../remembered.js";
import { LineCustomers } from "./line_customers.js";
import { LineMoney } from "./line_money.js";
import { LineOrders } from "./line_orders.js";
import { LineStates } from "./line_states.js";

/** Reads the fields of one record after the other, in the order of their file. */
export interface LineReader {
  /** The line, or why the fields are none. */
  line(fields: readonly string[], isReturn: boolean): UnnumberedLine | string;
  /** Takes the header once more, which may have further columns behind those of the first, or lack some that are not used. */
  header(fields: readonly string[]): void;
  /** What fields come to that are no invoice line for another reason. */
  worth(fields: readonly string[]): Decimal | undefined;
}

/** By a constructor, as `PlainRecord` is. */
class ReadLine implements UnnumberedLine {
  readonly invoice: string;
  readonly stockCode: string;
  line = 0;
  readonly description: string | null;
  readonly quantity: Decimal;
  readonly invoiceDate: Date;
  readonly price: Decimal;
  readonly customerId: string | null;
  readonly country: string | null;

  constructor(
    invoice: string,
    stockCode: string,
    description: string | null,
    quantity: Decimal,
    invoiceDate: Date,
    price: Decimal,
    customerId: string | null,
    country: string | null,
  ) {
    this.invoice = invoice;
    this.stockCode = stockCode;
    this.description = description;
    this.quantity = quantity;
    this.invoiceDate = invoiceDate;
    this.price = price;
    this.customerId = customerId;
    this.country = country;
  }
}

/** @param ids what is told of customer ids in two spellings */
export function lineReader(reading: Reading, ids: CustomerIdReader): LineReader {
  const { positions, fit, stockCodes } = reading;
  const { mayEndEarly } = fit;
  let { width } = fit;
  const widest = Math.max(...Object.values(positions), ...reading.orderStates.columns.map(({ at }) => at));
  const isNumbered = positions.invoice !== undefined;
  const [order, states] = [new LineOrders(reading), new LineStates(reading)];
  const [customers, money] = [new LineCustomers(reading, ids), new LineMoney(reading)];
  const readDate = remembered(dateReader(reading.dates));
  const orNull = (text: string): string | null => (text === "" ? null : detached(text));
  const [readLabel, readCountry] = [remembered(orNull), remembered(orNull)];
  const markOf = remembered(customerMark);
  const fits = (fields: readonly string[]): boolean => {
    if (fields.length === width || (mayEndEarly && fields.length < width)) return true;
    // What is empty at the end is no field.
    for (let extra = width; extra < fields.length; extra++) if (fields[extra]!.trim() !== "") return false;
    return fields.length > width;
  };

  return {
    line(record, isReturn) {
      if (!fits(record)) return `${record.length} fields instead of ${width}`;
      const fields = ownFields(record, fit);
      order.read(fields);
      const noSale = states.read(fields, order.isFirst);
      if (isNumbered && order.invoice === "") return "no invoice number";
      if (order.refused !== "") return order.refused;
      if (noSale !== undefined) return noSale;
      const label = trimmedAt(fields, positions.description);
      const code = trimmedAt(fields, positions.stockCode);
      if (saysTotal(code || label)) return TOTAL_LINE;
      const stockCode = code || (stockCodes.orDescription ? label : "") || (stockCodes.areMissing ? NO_CODE : "");
      if (stockCode === "") return "no stock code";
      const unread = money.read(fields, order.isFirst);
      if (unread !== undefined) return unread;
      if (order.isCredit || isReturn) money.turn();
      const invoiceDate = readDate(order.date);
      if (invoiceDate === undefined)
        return order.date === "" ? "no date" : `${JSON.stringify(order.date)} is not a date as the file writes them`;
      const refused = customers.read(order.customer, fields);
      if (refused !== undefined) return refused;
      const { id } = customers;
      return new ReadLine(
        isNumbered ? order.invoice : purchaseNumber(invoiceDate, id === null ? "" : markOf(id)),
        stockCode,
        readLabel(label),
        money.quantity,
        invoiceDate,
        money.price,
        id,
        readCountry(trimmedAt(fields, positions.country)),
      );
    },
    header(fields) {
      if (fields.length > widest && fit.width === reading.header.length) width = fields.length;
    },
    worth(record) {
      if (!fits(record) || money.read(ownFields(record, fit)) !== undefined) return undefined;
      const { units, scale } = lineAmount(money);
      return { unscaled: BigInt(units), scale };
    },
  };
}

/** The stock code of lines that have none, where that is no fault. */
const NO_CODE = "-";
