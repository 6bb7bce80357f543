import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { TableRead } from "./read_table.js";

/** How a table was read, in a sentence or two: the read units spent, and beside them those of a full read. */
export function readText(
  { lines, newInvoices, whyWhole, whyNotKept }: TableRead,
  { spent, whole }: { spent: number; whole: number },
): string {
  const units = (count: number): string => formatPlural(Math.ceil(count), "read unit");
  const all = formatPlural(lines, "row");
  const how =
    newInvoices === null
      ? `The whole table was read${whyWhole === null ? "" : `, as ${whyWhole}`}: ${units(spent)} for ${all}.`
      : `Only what changed was read: ${formatPlural(newInvoices, "invoice")} that ${pluralForm(newInvoices, "has", "have")} come since the last read, for ${units(spent)}; all ${all} would take about ${units(whole)}. The result is the same, unless other software has changed rows.`;
  return whyNotKept === null ? how : `${how} It is not kept for the next read: ${whyNotKept}.`;
}
