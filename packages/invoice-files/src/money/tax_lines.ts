import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "../columns/column_names.js";
import type { Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { linesWorth, type NumberFormats, worthReader } from "./worth.js";

/** What programs call a line that has the tax of an order. */
const TAX =
  /^(?:(?:sales|valueadded|order|state)?tax(?:es)?|vat|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva|btw|gst|hst|moms|mva|dph|ptu)\d*$/;
/** The same at a glance. */
const MAY_BE_TAX = /^(?:sales|value|order|state|tax|vat|m|u|t|i|b|g|h|d|p)[^,]{0,20}$/i;

/** What they call one that has its discount, alone or with a rate or a code behind it. */
const DISCOUNT =
  /^(?:order|cart|line|item|customer|total)?(?:discounts?|rabatte?|preisnachlass|nachlass|remises?|sconto|sconti|korting|descuentos?|descontos?|rabat|alennus|coupon|couponcode)\d*$/;
const MAY_BE_DISCOUNT = /^[^,]{0,12}(?:disc|rabat|nachl|remis|scont|kort|desc|alenn|coup)[^,]{0,14}$/i;

/** What is said of taxes that stand in lines of their own, and count as what was sold; and of discounts that do, as they have no minus. */
export function taxLinesOf(table: Table, formats: NumberFormats): ReadingRow[] {
  const { positions } = table;
  const worthOf = worthReader(positions, formats);
  const row = (what: string, lines: readonly TableRecord[], why: string): ReadingRow[] =>
    lines.length === 0
      ? []
      : [
          {
            what,
            readAs: "lines of their own, which count as sales",
            because: `${linesWorth(lines, positions, formats)} of the sample; ${why}`,
            confidence: "likely",
          },
        ];
  return [
    ...row(
      "taxes",
      linesCalled(table, MAY_BE_TAX, TAX),
      "without them in the file customers have spent what goods cost",
    ),
    ...row(
      "discounts",
      linesCalled(table, MAY_BE_DISCOUNT, DISCOUNT).filter(({ fields }) => worthOf(fields) > 0),
      "they have no minus: where they are no articles but taken off, they add to what customers have spent; put one in front, or leave them out",
    ),
  ];
}

/** The lines whose article or description is one of some words. */
function linesCalled(table: Table, mayBe: RegExp, is: RegExp): TableRecord[] {
  const { stockCode, description } = table.positions;
  const isCalled = table.linesTest([stockCode, description], (text) => mayBe.test(text) && is.test(simplified(text)));
  return table.lines.filter(({ fields }) => isCalled(fields));
}
