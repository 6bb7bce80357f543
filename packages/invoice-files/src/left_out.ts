import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import { looksLikeNumber, type TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "./column_names.js";
import { listed, type Positions } from "./map_columns.js";
import type { ReadingRow } from "./reading_row.js";

/** Names of columns whose money or pieces lessen a sale, without that of a line having to show it. */
const REFUND = /refund|returned|rembours|erstatt|retour|devuel|reembols|rimbors|terugbetaal|zwrot/;
const DISCOUNT = /discount|rabat|remise|descuento|sconto|korting|desconto/;
/** Names that say something about a refund or discount and are no amount of it. */
const NO_AMOUNT = /code|date|type|reason|name|status|percent|method|note|(?:^|\D)id$/;

/**
 * Columns of refunds and discounts that have something in them and are not used: what an export shows beside its lines is said, and
 * not taken off them.
 */
export function leftOutOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
): ReadingRow[] {
  // What says by yes or a date that a line is no sale has no amounts in it.
  const { cancelled: _, ...read } = positions;
  const used = new Set<number>(Object.values(read));
  // An amount of a line has its discount taken off.
  const isAmount = positions.price === undefined;
  return header.flatMap((name, at): ReadingRow[] => {
    const simple = simplified(name);
    const isRefund = REFUND.test(simple);
    if (used.has(at) || NO_AMOUNT.test(simple) || !(isRefund || (DISCOUNT.test(simple) && !isAmount))) return [];
    const lines = body.filter(({ fields }) => {
      const text = fields[at + shift]?.trim() ?? "";
      return looksLikeNumber(text) && /[1-9]/.test(text);
    }).length;
    if (lines === 0) return [];
    const what = isRefund ? "what was given back" : "discounts";
    return [
      {
        what,
        readAs: `${listed([name])} is left out`,
        because: `${formatPlural(lines, "line")} of the sample ${pluralForm(lines, "has", "have")} something there, which is not taken off its sales`,
        confidence: "likely",
      },
    ];
  });
}
