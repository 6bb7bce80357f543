import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { listed } from "../columns/map_columns.js";
import { isAboveZero } from "../money/signs.js";
import { type Amounts, linesWorth } from "../money/worth.js";
import type { ReadingRow } from "../reading_row.js";
import { exchangesAmong } from "./credit_words.js";

/**
 * What is said of exchanges that have positive quantities and amounts: nothing in the file tells what was given from what came back.
 *
 * @param column a column, and the different values in it
 */
export function exchangeRows(
  body: readonly TableRecord[],
  { at, name, values }: { readonly at: number; readonly name: string; readonly values: readonly string[] },
  amounts: Amounts,
): ReadingRow[] {
  const { positions, shift } = amounts;
  const { quantity, price, amount } = positions;
  const kinds = exchangesAmong(values);
  const isGiven = (fields: readonly string[], of: number) => isAboveZero(fields[of + shift] ?? "");
  const lines = body.filter(
    ({ fields }) =>
      kinds.includes(fields[at + shift]?.trim() ?? "") &&
      isGiven(fields, price ?? amount ?? at) &&
      (quantity === undefined || isGiven(fields, quantity)),
  );
  if (lines.length === 0) return [];
  return [
    {
      what: "kinds of lines",
      readAs: `${kinds.join(", ")} in ${listed([name])} as sales`,
      because: `${linesWorth(lines, amounts)} of the sample; where these gave back what was sold before, a minus in the file says so`,
      confidence: "likely",
    },
  ];
}
