import { formatPlural } from "@keyspaces-segmentation/common";
import {
  looksRounded,
  type NobodyOptions,
  nobodyReader,
  roundedIdsError,
  unwrapped,
} from "@keyspaces-segmentation/invoices";
import { type IdNumbers, idNumbersOf, isWord } from "./id_numbers.js";
import type { ReadingRow } from "./reading_row.js";

/** As many words for nobody are named. */
const NAMED = 5;

/** How the ids of a column are written, and what is said of it. */
export interface IdColumn {
  readonly numbers: IdNumbers;
  readonly rows: readonly ReadingRow[];
}

/**
 * How the column of customers writes numbers, and what it says for nobody.
 *
 * @param values those of the sample that are not blank
 * @throws StepError for ids that a spreadsheet has rounded: different customers have become one
 */
export function customersOf(values: readonly string[], nobody: NobodyOptions): IdColumn {
  const read = nobodyReader(nobody);
  const words = new Map<string, number>();
  const rounded = new Set<string>();
  const ids: string[] = [];
  for (const value of values) {
    const id = read(value);
    if (id === null) words.set(value, (words.get(value) ?? 0) + 1);
    else if (looksRounded(id)) rounded.add(id);
    else ids.push(id);
  }
  if (rounded.size > 0) throw roundedIdsError([...rounded]);
  const { numbers, row } = idNumbersOf("customer ids", ids);
  const rows = row === null ? [] : [row];
  const exceptions = new Set(nobody.except?.map((word) => word.toLowerCase()));
  for (const id of ids) {
    if (isWord(id, numbers) && !exceptions.has(id.toLowerCase())) words.set(id, (words.get(id) ?? 0) + 1);
  }
  if (words.size === 0) return { numbers, rows };
  const found = [...words].sort((a, b) => b[1] - a[1]);
  const lines = found.reduce((sum, [, count]) => sum + count, 0);
  const named = found.slice(0, NAMED).map(([word]) => JSON.stringify(word));
  const nobodyRow: ReadingRow = {
    what: "nobody",
    readAs: named.join(", ") + (found.length > NAMED ? " and others" : ""),
    because: `${formatPlural(lines, "line")} of the sample; \`nobody\` adds words, and with an ! before it makes one a customer`,
    confidence: "likely",
  };
  return { numbers, rows: [...rows, nobodyRow] };
}

/**
 * How the column of invoices writes numbers.
 *
 * @throws StepError for those that a spreadsheet has rounded: different invoices have become one
 */
export function invoicesOf(values: readonly string[]): IdColumn {
  const ids = values.map(unwrapped);
  const rounded = new Set(ids.filter(looksRounded));
  if (rounded.size > 0) throw roundedIdsError([...rounded], "invoice");
  const { numbers, row } = idNumbersOf("invoice numbers", ids);
  return { numbers, rows: row === null ? [] : [row] };
}
