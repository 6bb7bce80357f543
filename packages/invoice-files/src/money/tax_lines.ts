import { simplified } from "../columns/column_names.js";
import { fieldAt, type Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { linesWorth, type NumberFormats } from "./worth.js";

/** What programs call a line that has the tax of an order. */
const TAX =
  /^(?:(?:sales|valueadded|order|state)?tax(?:es)?|vat|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva|btw|gst|hst|moms|mva|dph|ptu)\d*$/;
/** The same at a glance. */
const MAY_BE_TAX = /^(?:sales|value|order|state|tax|vat|m|u|t|i|b|g|h|d|p)[^,]{0,20}$/i;

/** What is said of taxes that stand in lines of their own, and count as what was sold. */
export function taxLinesOf({ lines: all, positions }: Table, formats: NumberFormats): ReadingRow[] {
  const { stockCode, description } = positions;
  const isTax = (text: string): boolean => MAY_BE_TAX.test(text) && TAX.test(simplified(text));
  const lines = all.filter(({ fields }) => isTax(fieldAt(fields, stockCode)) || isTax(fieldAt(fields, description)));
  if (lines.length === 0) return [];
  return [
    {
      what: "taxes",
      readAs: "lines of their own, which count as sales",
      because: `${linesWorth(lines, positions, formats)} of the sample; without them in the file customers have spent what goods cost`,
      confidence: "likely",
    },
  ];
}
