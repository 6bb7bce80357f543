import { formatPlural } from "@keyspaces-segmentation/common";
import { looksLikeDate, saysNothing } from "@keyspaces-segmentation/table-files";
import { simplified, tierOf } from "../columns/column_names.js";
import { isFlag, saysYes } from "../columns/flags.js";
import { fieldAt, type Table } from "../columns/table.js";
import { FEWEST_LINES_FOR_SHARE, LARGEST_SHARE_OF_RETURNS } from "../money/sales_signs.js";
import { UndecidedError } from "../undecided.js";

/** A column of which some fields say that a line is no sale: by yes or a date, or by anything. */
export interface CancelledColumn {
  readonly at: number;
  readonly by: "when" | "anything";
  /** Whether it says that something was paid back, which may be a part. */
  readonly isRefund: boolean;
}

/** Whether a field of a column called "Cancelled" says that it is so: by yes or 1, or by when it was. */
export const isCancelled = (text: string, by: CancelledColumn["by"]): boolean =>
  by === "anything"
    ? !saysNothing(text) && !/^(?:not|never)\b/i.test(text) && !isFlag([text], { withNumbers: true })
    : saysYes(text) || text === "1" || /^test$/i.test(text) || looksLikeDate(text);

/** Of a column that says by yes or a date what was cancelled, nearly all fields do, or are empty. */
const saysWhen = (text: string): boolean =>
  text === "" ||
  isCancelled(text, "when") ||
  isFlag([text], { withNumbers: true }) ||
  /^(?:live|production)$/i.test(text) ||
  saysNothing(text);

/** Where a shop is tried out, the words that say so: elsewhere a mode may be one of anything. */
const OF_TRIALS = /^(?:mode|environment|test(?:mode)?)$/;
const TRIAL = /^(?:live|test|prod|production|sandbox|true|false|yes|no)?$/i;
/** Whether a column has yes or no by its name, so that a 1 in it is never how many. */
const isFlagName = (name: string): boolean =>
  /\?\s*$/.test(name) || /^(?:is|was|fully)|flag$|(?<!k)ind$|indicator$/.test(simplified(name));

const REASON = /cancel.*(?:reason|by|grund)$|stornogrund$/;
/** The columns that say by yes, by when or by why that lines are no sales. */
export function cancelledColumnsOf(
  table: Table,
  { withRefunded, given }: { withRefunded: boolean; given: string | undefined },
): CancelledColumn[] {
  const { header, lines } = table;
  const { cancelled, quantity } = table.positions;
  if (given === "-") return [];
  return table.unused("cancelled").flatMap((at): CancelledColumn[] => {
    const isNamed = given === undefined && tierOf("cancelled", header[at]!) !== null;
    if (at !== cancelled && !isNamed) return [];
    const name = simplified(header[at]!);
    const values = [...table.countsAt(at).keys()];
    if (given === undefined && OF_TRIALS.test(name) && !values.every((text) => TRIAL.test(text))) return [];
    const isRefund = /refund|return|erstatt|retour|rembours/.test(name);
    if (isRefund && !withRefunded) return [];
    if (REASON.test(name)) return [{ at, by: "anything", isRefund }];
    // A 1 may be how many of several pieces came back.
    const isWhole = (fields: readonly string[]): boolean =>
      fieldAt(fields, at) !== "1" ||
      quantity === undefined ||
      isFlagName(header[at]!) ||
      /^1(?:[.,]0*)?$/.test(fieldAt(fields, quantity));
    const saysIt = values.every(saysWhen) && (!isRefund || lines.every(({ fields }) => isWhole(fields)));
    return saysIt ? [{ at, by: "when", isRefund }] : [];
  });
}

/** @throws UndecidedError where a column would make more lines no sales than come to nothing in any shop: it may be a date by which */
export function askWhereMostAreCancelled(table: Table, cancelled: readonly CancelledColumn[]): void {
  const all = table.lines.length;
  if (all < FEWEST_LINES_FOR_SHARE) return;
  for (const { at, by } of cancelled) {
    const lines = table.linesWith(at, (text) => isCancelled(text, by));
    if (lines <= LARGEST_SHARE_OF_RETURNS * all) continue;
    const name = table.nameOf(at);
    throw new UndecidedError({
      parameter: "columns",
      got: `${name} would make ${formatPlural(lines, "line")} of ${formatPlural(all, "line")} of the sample no sales, many for what was cancelled`,
      choices: [
        { value: "cancelled=-", reads: ["all lines as sales"] },
        { value: `cancelled=${name}`, reads: ["those with something there as no sales"] },
      ],
    });
  }
}
