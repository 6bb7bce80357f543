import { formatPlural } from "@keyspaces-segmentation/common";
import { looksRounded, type NobodyOptions, nobodyReader, roundedIdsError } from "@keyspaces-segmentation/invoices";
import type { ReadingRow } from "./reading_row.js";

/** As many words for nobody are named. */
const NAMED = 5;

/**
 * What the column of customers says for nobody, as a row; null where it has no word for it.
 *
 * @param values those of the sample that are not blank
 * @throws StepError for ids that a spreadsheet has rounded: different customers have become one
 */
export function customersOf(values: readonly string[], nobody: NobodyOptions): ReadingRow | null {
  const read = nobodyReader(nobody);
  const words = new Map<string, number>();
  const rounded = new Set<string>();
  for (const value of values) {
    const id = read(value);
    if (id === null) words.set(value, (words.get(value) ?? 0) + 1);
    else if (looksRounded(id)) rounded.add(id);
  }
  if (rounded.size > 0) throw roundedIdsError([...rounded]);
  if (words.size === 0) return null;
  const found = [...words].sort((a, b) => b[1] - a[1]);
  const lines = found.reduce((sum, [, count]) => sum + count, 0);
  const named = found.slice(0, NAMED).map(([word]) => JSON.stringify(word));
  return {
    what: "nobody",
    readAs: named.join(", ") + (found.length > NAMED ? " and others" : ""),
    because: `${formatPlural(lines, "line")} of the sample; \`nobody\` adds words, and with an ! before it makes one a customer`,
    confidence: "likely",
  };
}
