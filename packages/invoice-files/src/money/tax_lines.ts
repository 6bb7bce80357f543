import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "../columns/column_names.js";
import type { ReadingRow } from "../reading_row.js";
import { type Amounts, linesWorth } from "./worth.js";

/** What programs call a line that has the tax of an order. */
const TAX =
  /^(?:(?:sales|valueadded|order|state)?tax(?:es)?|vat|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva|btw|gst|hst|moms|mva|dph|ptu)\d*$/;
/** The same at a glance. */
const MAY_BE_TAX = /^(?:sales|value|order|state|tax|vat|m|u|t|i|b|g|h|d|p)[^,]{0,20}$/i;

/** What is said of taxes that stand in lines of their own, and count as what was sold. */
export function taxLinesOf(body: readonly TableRecord[], amounts: Amounts): ReadingRow[] {
  const { positions, shift } = amounts;
  const isTax = (fields: readonly string[], at: number | undefined): boolean => {
    const text = at === undefined ? "" : (fields[at + shift]?.trim() ?? "");
    return MAY_BE_TAX.test(text) && TAX.test(simplified(text));
  };
  const lines = body.filter(({ fields }) => isTax(fields, positions.stockCode) || isTax(fields, positions.description));
  if (lines.length === 0) return [];
  return [
    {
      what: "taxes",
      readAs: "lines of their own, which count as sales",
      because: `${linesWorth(lines, amounts)} of the sample; without them in the file customers have spent what goods cost`,
      confidence: "likely",
    },
  ];
}
