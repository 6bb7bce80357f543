import { fieldAt, type Table } from "../columns/table.js";

/**
 * Whether amounts without a quantity are those of one piece, as in a list of payments of which some are of no article: no such line stands
 * beside others of its invoice, which it may add up.
 */
export function isOnePieceWhereBlank({ lines, positions }: Table): boolean {
  const { invoice, quantity, price } = positions;
  if (invoice === undefined || quantity === undefined || price !== undefined) return false;
  const linesOf = new Map<string, number>();
  const blank = new Set<string>();
  for (const { fields } of lines) {
    const number = fieldAt(fields, invoice);
    linesOf.set(number, (linesOf.get(number) ?? 0) + 1);
    if (fieldAt(fields, quantity) === "") blank.add(number);
  }
  return blank.size > 0 && [...blank].every((number) => linesOf.get(number) === 1);
}
