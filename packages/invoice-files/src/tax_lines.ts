import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "./column_names.js";
import type { ReadingRow } from "./reading_row.js";
import { type Amounts, linesWorth, worthReader } from "./worth.js";

/** What programs call a line that has the tax of an order. */
const TAX =
  /^(?:(?:sales|valueadded|order|state)?tax(?:es)?|vat|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva|btw|gst|hst|moms|mva|dph|ptu)\d*$/;
/** The same at a glance. */
const MAY_BE_TAX = /^(?:sales|value|order|state|tax|vat|m|u|t|i|b|g|h|d|p)[^,]{0,20}$/i;

/** What they call one that has its discount, alone or with a rate or a code behind it. */
const DISCOUNT =
  /^(?:order|cart|line|item|customer|total)?(?:discounts?|rabatte?|preisnachlass|nachlass|remises?|sconto|sconti|korting|descuentos?|descontos?|rabat|alennus|coupon|couponcode)\d*$/;
const MAY_BE_DISCOUNT = /^[^,]{0,12}(?:disc|rabat|nachl|remis|scont|kort|desc|alenn|coup)[^,]{0,14}$/i;

/** The lines whose article or description is one of some words. */
function linesCalled(
  body: readonly TableRecord[],
  { positions, shift }: Amounts,
  mayBe: RegExp,
  is: RegExp,
): TableRecord[] {
  const isCalled = (fields: readonly string[], at: number | undefined): boolean => {
    const text = at === undefined ? "" : (fields[at + shift]?.trim() ?? "");
    return mayBe.test(text) && is.test(simplified(text));
  };
  return body.filter(({ fields }) => isCalled(fields, positions.stockCode) || isCalled(fields, positions.description));
}

/** What is said of taxes that stand in lines of their own, and count as what was sold; and of discounts that do, as they have no minus. */
export function taxLinesOf(body: readonly TableRecord[], amounts: Amounts): ReadingRow[] {
  const taxes = linesCalled(body, amounts, MAY_BE_TAX, TAX);
  const worthOf = worthReader(amounts);
  const discounts = linesCalled(body, amounts, MAY_BE_DISCOUNT, DISCOUNT).filter(({ fields }) => worthOf(fields) > 0);
  const row = (what: string, lines: readonly TableRecord[], why: string): ReadingRow[] =>
    lines.length === 0
      ? []
      : [
          {
            what,
            readAs: "lines of their own, which count as sales",
            because: `${linesWorth(lines, amounts)} of the sample; ${why}`,
            confidence: "likely",
          },
        ];
  return [
    ...row("taxes", taxes, "without them in the file customers have spent what goods cost"),
    ...row(
      "discounts",
      discounts,
      "they have no minus, so that they add to what customers have spent; put one in front, or leave them out",
    ),
  ];
}
