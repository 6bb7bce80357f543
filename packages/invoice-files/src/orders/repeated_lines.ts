import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { invoiceKeyReader } from "./purchases.js";

/** Fewer, and a smaller share, are what customers have had twice. */
const FEWEST = 5;
const FEW = 0.05;

/** What is said of many lines that are, in all their fields, those of the same invoice before them: each counts. */
export function repeatedLinesOf({ lines, positions }: Table): ReadingRow[] {
  let [last, repeated] = ["", 0];
  const seen = new Set<string>();
  const invoiceOf = invoiceKeyReader(positions);
  for (const { fields, text } of lines) {
    const number = invoiceOf(fields);
    if (number !== last) seen.clear();
    last = number;
    if (number !== "" && seen.size === seen.add(text).size) repeated++;
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
