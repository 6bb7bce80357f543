import type { DateFormat, DateOrder } from "./date_format.js";
import { dateReader } from "./date_reader.js";

/** Why a text is no date in a column's format, though it would be one in another. */
export type DateMisfit = "order" | "offset";

const OTHER_ORDER: { readonly [order in DateFormat["order"]]?: DateOrder } = {
  day_first: "month_first",
  month_first: "day_first",
};

/**
 * Tells of texts that do not fit a format whether they contradict it: whether only the other order of day and month reads them (`order`),
 * or whether they have an offset from UTC where the column has none, or none where it has (`offset`). Undefined for all others.
 */
export function dateMisfit(format: DateFormat): (text: string) => DateMisfit | undefined {
  const { order, separators, pattern, timeZone, yearThenDay, hasOffsets } = format;
  const read = dateReader(format);
  const turned = OTHER_ORDER[order] ?? order;
  const readTurned = dateReader({
    order: turned,
    separators,
    pattern,
    timeZone,
    yearThenDay: !yearThenDay,
    hasOffsets,
  });
  const readAnyOffset = dateReader({ order, separators, pattern, timeZone, yearThenDay });
  return (text) => {
    if (read(text) !== undefined) return undefined;
    if (readAnyOffset(text) !== undefined) return "offset";
    return readTurned(text) === undefined ? undefined : "order";
  };
}
