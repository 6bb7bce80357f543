import { fieldAt, type Table } from "../columns/table.js";
import { isAboveZero } from "../money/signs.js";
import { linesWorth, type NumberFormats } from "../money/worth.js";
import type { ReadingRow } from "../reading_row.js";
import { exchangesAmong } from "./credit_words.js";

/**
 * What is said of exchanges that have positive quantities and amounts: nothing in the file tells what was given from what came back.
 *
 * @param column a column, and the different values in it
 */
export function exchangeRows(
  table: Table,
  { at, values }: { readonly at: number; readonly values: readonly string[] },
  formats: NumberFormats,
): ReadingRow[] {
  const { quantity, price, amount } = table.positions;
  const kinds = exchangesAmong(values);
  if (kinds.length === 0) return [];
  const isGiven = (fields: readonly string[], of: number) => isAboveZero(fieldAt(fields, of));
  const lines = table.lines.filter(
    ({ fields }) =>
      kinds.includes(fieldAt(fields, at)) &&
      isGiven(fields, price ?? amount ?? at) &&
      (quantity === undefined || isGiven(fields, quantity)),
  );
  if (lines.length === 0) return [];
  return [
    {
      what: "kinds of lines",
      readAs: `${kinds.join(", ")} in ${table.nameOf(at)} as sales`,
      because: `${linesWorth(lines, table.positions, formats)} of the sample; where these gave back what was sold before, a minus in the file says so`,
      confidence: "likely",
    },
  ];
}
