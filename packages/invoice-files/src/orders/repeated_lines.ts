import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { haveOwnArticles, linesTogether } from "./lines_together.js";
import { invoiceKeyReader } from "./purchases.js";

/** Fewer, and a smaller share, are what customers have had twice. */
const FEWEST = 5;
const FEW = 0.05;

/** What is said of many lines that are, in all their fields, those of the same invoice before them: each counts. */
export function repeatedLinesOf(table: Table): ReadingRow[] {
  const { lines, positions } = table;
  const invoiceOf = invoiceKeyReader(positions);
  let repeated = 0;
  for (const together of linesTogether(table)) {
    if (invoiceOf(together[0]!.fields) === "" || haveOwnArticles(together, table)) continue;
    repeated += together.length - new Set(together.map(({ text }) => text)).size;
  }
  if (repeated < FEWEST || repeated <= FEW * lines.length) return [];
  return [
    {
      what: "repeated lines",
      readAs: "each counts",
      because: `${formatNumber(repeated)} of ${formatPlural(lines.length, "line")} of the sample are, in all fields, those of the same invoice before them: where a program has joined tables, as of taxes or payments, their money counts twice`,
      confidence: "likely",
    },
  ];
}
