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
import { invoiceKeyReader } from "../orders/purchases.js";

/** Where in records quantities and money stand, and how they are written. */
export interface Amounts {
  readonly positions: Positions;
  readonly shift: number;
  readonly formats: { readonly quantity: NumberFormat; readonly price: NumberFormat };
}

/** Reads numbers of a line, about: 0 where there is none. */
function aboutReader(format: NumberFormat, shift: number): (fields: readonly string[], at: number) => number {
  const read = numberReader(format);
  return (fields, at) => {
    const found = read(fields[at + shift]?.trim() ?? "");
    return found === undefined ? 0 : toNumber(found);
  };
}

/** Reads money of a line, about: 0 where there is none. */
export const moneyReader = ({ shift, formats }: Amounts): ((fields: readonly string[], at: number) => number) =>
  aboutReader(formats.price, shift);

/** What a line comes to, about. */
export function worthReader(amounts: Amounts): (fields: readonly string[]) => number {
  const { quantity, price, amount } = amounts.positions;
  const money = moneyReader(amounts);
  const pieces = aboutReader(amounts.formats.quantity, amounts.shift);
  return (fields) => {
    if (price === undefined) return amount === undefined ? 0 : money(fields, amount);
    return money(fields, price) * (quantity === undefined ? 1 : pieces(fields, quantity));
  };
}

/** Tells what the invoice of a line comes to, about. */
export function totalReader(body: readonly TableRecord[], amounts: Amounts): (fields: readonly string[]) => number {
  const { positions, shift } = amounts;
  const worth = worthReader(amounts);
  const invoiceOf = invoiceKeyReader(positions, shift);
  const totals = new Map<string, number>();
  for (const { fields } of body) totals.set(invoiceOf(fields), (totals.get(invoiceOf(fields)) ?? 0) + worth(fields));
  return (fields) => totals.get(invoiceOf(fields)) ?? 0;
}

/** How many lines some records are, and what they come to as they are signed: "3 lines worth 15". */
export function linesWorth(records: readonly TableRecord[], { positions, shift, formats }: Amounts): string {
  const { quantity, price, amount } = positions;
  const [readQuantity, readPrice] = [numberReader(formats.quantity), numberReader(formats.price)];
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "1" : (fields[at + shift]?.trim() ?? "");
  const sum = new DecimalSum();
  for (const { fields } of records) {
    const pieces = price === undefined ? undefined : quantity;
    const [of, each] = [readQuantity(value(fields, pieces)), readPrice(value(fields, price ?? amount))];
    if (of === undefined || each === undefined) continue;
    const { units, scale } = lineAmount({ quantity: of, price: each });
    sum.add(units, scale);
  }
  return `${formatPlural(records.length, "line")} worth ${formatDecimal(withoutTrailingZeros(sum.value()))}`;
}
