import { type Decimal, toNumber } from "@keyspaces-segmentation/common";
import { numberReader, type TableRecord } from "@keyspaces-segmentation/table-files";
import type { Amounts } from "../money/worth.js";

/**
 * Which share of the lines of some kinds may take back what others have sold: to the same customer the same article, and no more; where
 * asked, at the same price.
 */
export function answeringShare(
  body: readonly TableRecord[],
  { positions, shift, formats }: Amounts,
  { at, kinds, withPrice }: { at: number; kinds: readonly string[]; withPrice: boolean },
): number {
  const { customerId, stockCode, description, quantity, price, amount } = positions;
  const value = (fields: readonly string[], of: number | undefined): string =>
    of === undefined ? "" : (fields[of + shift] ?? "").trim();
  const [readQuantity, readPrice] = [numberReader(formats.quantity), numberReader(formats.price)];
  const numberOf = (number: Decimal | undefined): number => (number === undefined ? 0 : toNumber(number));
  const piecesOf = (fields: readonly string[]): number => numberOf(readQuantity(value(fields, quantity))) || 1;
  const priceOf = (fields: readonly string[]): number =>
    price === undefined
      ? numberOf(readPrice(value(fields, amount))) / piecesOf(fields)
      : numberOf(readPrice(value(fields, price)));
  const keyOf = (fields: readonly string[]): string =>
    [
      value(fields, customerId),
      value(fields, stockCode ?? description),
      withPrice ? priceOf(fields).toFixed(2) : "",
    ].join("\0");
  const sold = new Map<string, number>();
  const returned: (readonly string[])[] = [];
  for (const { fields } of body) {
    if (kinds.includes(value(fields, at))) returned.push(fields);
    else sold.set(keyOf(fields), Math.max(sold.get(keyOf(fields)) ?? 0, piecesOf(fields)));
  }
  const answers = returned.filter((fields) => piecesOf(fields) <= (sold.get(keyOf(fields)) ?? 0)).length;
  return returned.length === 0 ? 0 : answers / returned.length;
}
