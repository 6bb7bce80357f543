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

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** How the ids of a column are written, and what is said of it. */
export interface IdColumn {
  readonly numbers: IdNumbers;
  readonly rows: readonly ReadingRow[];
}

/** Behind 15 digits a spreadsheet has nothing but zeros. */
const ROUNDED = /^[1-9]\d{14}0+$/;
/** Fewer may end so by chance. */
const FEWEST_ROUNDED = 3;

/** Ids that a spreadsheet has rounded: all of those with more digits than it keeps have zeros behind them. */
function roundedAmong(ids: Iterable<string>): string[] {
  const [rounded, long]: [string[], string[]] = [[], []];
  for (const id of ids) {
    if (looksRounded(id)) rounded.push(id);
    else if (/^\d{16,}$/.test(id)) long.push(id);
  }
  const areCut = long.length >= FEWEST_ROUNDED && long.every((id) => ROUNDED.test(id));
  return areCut ? [...rounded, ...long] : rounded;
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
  const ids = new Map<string, number>();
  for (const [value, count] of counted(values)) {
    const id = read(value);
    if (id === null) words.set(value, count);
    else ids.set(id, (ids.get(id) ?? 0) + count);
  }
  const rounded = roundedAmong(ids.keys());
  if (rounded.length > 0) throw roundedIdsError(rounded);
  const { numbers, row } = idNumbersOf("customer ids", ids);
  const rows = row === null ? [] : [row];
  const exceptions = new Set(nobody.except?.map((word) => word.toLowerCase()));
  for (const [id, count] of ids) if (isWord(id, numbers) && !exceptions.has(id.toLowerCase())) words.set(id, count);
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
  const ids = new Map<string, number>();
  for (const [value, count] of counted(values)) ids.set(unwrapped(value), (ids.get(unwrapped(value)) ?? 0) + count);
  const rounded = roundedAmong(ids.keys());
  if (rounded.length > 0) throw roundedIdsError(rounded, "invoice");
  const { numbers, row } = idNumbersOf("invoice numbers", ids);
  return { numbers, rows: row === null ? [] : [row] };
}
