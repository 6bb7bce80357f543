import { fieldAt, type Table } from "../columns/table.js";
import { aboutReader, type NumberFormats } from "../money/worth.js";

/**
 * Which share of the lines of some kinds may take back what others have sold: to the same customer the same article, and no more; where
 * asked, at the same price.
 */
export function answeringShare(
  { lines, positions }: Table,
  formats: NumberFormats,
  { at, kinds, withPrice }: { at: number; kinds: readonly string[]; withPrice: boolean },
): number {
  const { customerId, stockCode, description, quantity, price, amount } = positions;
  const [quantityOf, moneyOf] = [aboutReader(formats.quantity), aboutReader(formats.price)];
  const piecesOf = (fields: readonly string[]): number => quantityOf(fields, quantity) || 1;
  const priceOf = (fields: readonly string[]): number =>
    price === undefined ? moneyOf(fields, amount) / piecesOf(fields) : moneyOf(fields, price);
  const keyOf = (fields: readonly string[]): string =>
    [
      fieldAt(fields, customerId),
      fieldAt(fields, stockCode ?? description),
      withPrice ? priceOf(fields).toFixed(2) : "",
    ].join("\0");
  const sold = new Map<string, number>();
  const returned: (readonly string[])[] = [];
  for (const { fields } of lines) {
    if (kinds.includes(fieldAt(fields, at))) returned.push(fields);
    else sold.set(keyOf(fields), Math.max(sold.get(keyOf(fields)) ?? 0, piecesOf(fields)));
  }
  const answers = returned.filter((fields) => piecesOf(fields) <= (sold.get(keyOf(fields)) ?? 0)).length;
  return returned.length === 0 ? 0 : answers / returned.length;
}
