import {
  DecimalSum,
  formatDecimal,
  formatPlural,
  toNumber,
  withoutTrailingZeros,
} from "@keyspaces-segmentation/common";
import { lineAmount } from "@keyspaces-segmentation/invoices";
import { type NumberFormat, numberReader, type TableRecord } from "@keyspaces-segmentation/table-files";
import type { Positions } from "../columns/map_columns.js";
import { type Table, trimmedAt } from "../columns/table.js";
import { invoiceKeyReader } from "../orders/purchases.js";
import { remembered } from "../remembered.js";

/** How quantities and money are written. */
export interface NumberFormats {
  readonly quantity: NumberFormat;
  readonly price: NumberFormat;
}

/** Reads the number in a column of a line, about: 0 where there is none. */
export function aboutReader(format: NumberFormat): (fields: readonly string[], at: number | undefined) => number {
  const read = numberReader(format);
  const about = remembered((text) => {
    const found = read(text);
    return found === undefined ? 0 : toNumber(found);
  });
  return (fields, at) => about(trimmedAt(fields, at));
}

/** What a line comes to, about. */
export function worthReader(
  { quantity, price, amount }: Positions,
  formats: NumberFormats,
): (fields: readonly string[]) => number {
  const [pieces, money] = [aboutReader(formats.quantity), aboutReader(formats.price)];
  return (fields) => {
    if (price === undefined) return amount === undefined ? 0 : money(fields, amount);
    return money(fields, price) * (quantity === undefined ? 1 : pieces(fields, quantity));
  };
}

/** Tells what the invoice of a line comes to, about. */
export function totalReader(
  { lines, positions }: Table,
  formats: NumberFormats,
): (fields: readonly string[]) => number {
  const worth = worthReader(positions, formats);
  const invoiceOf = invoiceKeyReader(positions);
  const totals = new Map<string, number>();
  for (const { fields } of lines) totals.set(invoiceOf(fields), (totals.get(invoiceOf(fields)) ?? 0) + worth(fields));
  return (fields) => totals.get(invoiceOf(fields)) ?? 0;
}

/** How many some lines are, and what they come to as they are signed: "3 lines worth 15". */
export function linesWorth(
  lines: readonly TableRecord[],
  { quantity, price, amount }: Positions,
  formats: NumberFormats,
): string {
  const [readQuantity, readPrice] = [numberReader(formats.quantity), numberReader(formats.price)];
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "1" : (fields[at] ?? "");
  const sum = new DecimalSum();
  for (const { fields } of lines) {
    const pieces = price === undefined ? undefined : quantity;
    const [of, each] = [readQuantity(value(fields, pieces)), readPrice(value(fields, price ?? amount))];
    if (of === undefined || each === undefined) continue;
    const { units, scale } = lineAmount({ quantity: of, price: each });
    sum.add(units, scale);
  }
  return `${formatPlural(lines.length, "line")} worth ${formatDecimal(withoutTrailingZeros(sum.value()))}`;
}
