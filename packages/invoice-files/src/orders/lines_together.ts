import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import { invoiceKeyReader } from "./purchases.js";

/** Lines of one invoice that follow each other. */
export function linesTogether({ lines, positions }: Table): readonly TableRecord[][] {
  const invoiceOf = invoiceKeyReader(positions);
  const blocks: TableRecord[][] = [];
  let last: string | undefined;
  for (const record of lines) {
    const number = invoiceOf(record.fields);
    if (number === last) blocks.at(-1)!.push(record);
    else blocks.push([record]);
    last = number;
  }
  return blocks;
}

/** Whether no two of some lines are of one article: most invoices show so that none of their lines comes again. */
export function haveOwnArticles(lines: readonly TableRecord[], { positions }: Table): boolean {
  const article = positions.stockCode ?? positions.description;
  return new Set(lines.map(({ fields }) => fieldAt(fields, article))).size === lines.length;
}
