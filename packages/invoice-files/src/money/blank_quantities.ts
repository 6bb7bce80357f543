import { fieldAt, type Table } from "../columns/table.js";

/**
 * Whether amounts without a quantity are those of one piece, as in a list of payments of which most are of no article: no such line stands
 * beside one of its invoice that has a quantity, which it may add up. Where most lines have a quantity, one without is a payment or a fault.
 */
export function isOnePieceWhereBlank(table: Table): boolean {
  const { lines, positions } = table;
  const { invoice, quantity, price } = positions;
  if (invoice === undefined || quantity === undefined || price !== undefined) return false;
  if (2 * table.linesWith(quantity, (text) => text === "") <= lines.length) return false;
  const [counted, blank] = [new Set<string>(), new Set<string>()];
  for (const { fields } of lines) {
    const number = fieldAt(fields, invoice);
    if (number !== "") (fieldAt(fields, quantity) === "" ? blank : counted).add(number);
  }
  return blank.size > 0 && [...blank].every((number) => !counted.has(number));
}
