import { formatPlural } from "@keyspaces-segmentation/common";
import { occurrencesOf, type TableRecord } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import { linesWorth, type NumberFormats } from "../money/worth.js";
import type { ReadingRow } from "../reading_row.js";
import { haveOwnArticles, linesTogether } from "./lines_together.js";

/** Fewer invoices, or a smaller share of those of several articles, may have each article twice by chance. */
const FEWEST = 3;
const FEW = 0.1;
/** Of the invoices that have any article twice. */
const MOST = 2 / 3;

/**
 * What is said where invoices stand in the file several times over, line for line, with something else in a column that is not used: a
 * program has joined them with payments, parcels, tags or states, so that each line comes once for each of those.
 */
export function joinedLinesOf(table: Table, formats: NumberFormats): ReadingRow[] {
  const { positions } = table;
  const { stockCode, description, quantity, price, amount } = positions;
  if (stockCode === undefined && description === undefined) return [];
  const columns = [stockCode, description, quantity, price ?? amount].filter((at) => at !== undefined);
  const contentOf = ({ fields }: TableRecord): string => columns.map((at) => fieldAt(fields, at)).join("\0");
  let [doubled, repeating, several] = [0, 0, 0];
  const again: TableRecord[] = [];
  for (const lines of linesTogether(table)) {
    if (haveOwnArticles(lines, table)) {
      if (lines.length > 1) several++;
      continue;
    }
    const counts = occurrencesOf(lines.map(contentOf));
    if (counts.size > 1) several++;
    if (counts.size === lines.length) continue;
    let most = 1;
    for (const count of counts.values()) most = Math.max(most, count);
    const isWhole = [...counts.values()].every((count) => count === most);
    if (counts.size > 1) {
      repeating++;
      if (isWhole) doubled++;
    }
    if (!isWhole) continue;
    const seen = new Set<string>();
    for (const record of lines) if (seen.size === seen.add(contentOf(record)).size) again.push(record);
  }
  if (doubled < Math.max(FEWEST, FEW * several) || doubled < MOST * repeating) return [];
  return [
    {
      what: "invoices several times over",
      readAs: "each line counts",
      because: `${linesWorth(again, positions, formats)} of the sample are those before them on their invoice, in article, quantity and money, and ${formatPlural(doubled, "invoice")} of several articles ${doubled === 1 ? "has" : "have"} all of them as often: where a program has joined invoices with payments, parcels, tags or states, that money counts more than once; leave those out of the file`,
      confidence: "likely",
    },
  ];
}
