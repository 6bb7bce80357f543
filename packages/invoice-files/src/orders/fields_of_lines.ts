import { fieldAt, type Table } from "../columns/table.js";

/** Where orders have it, later lines have something in this share of what first lines do by slips alone. */
const HALF = 0.5;

/**
 * Whether a column says something of each line, so that a blank says nothing of what the first line of an order has: later lines have
 * something there nearly as often, and some what the first has not.
 *
 * @param numberOf the invoice of a line, "" where that of the line before goes on
 */
export function isOfLines({ lines }: Table, at: number, numberOf: (fields: readonly string[]) => string): boolean {
  let [firsts, filledFirsts, laters, filledLaters, own] = [0, 0, 0, 0, 0];
  let last: { readonly number: string; readonly text: string } | undefined;
  for (const { fields } of lines) {
    const [number, text] = [numberOf(fields), fieldAt(fields, at)];
    if (last !== undefined && (number === "" || number === last.number)) {
      laters++;
      if (text === "") continue;
      filledLaters++;
      if (text !== last.text) own++;
      continue;
    }
    firsts++;
    if (text !== "") filledFirsts++;
    last = { number, text };
  }
  return own > 0 && filledLaters * firsts >= HALF * filledFirsts * laters;
}
