import { show } from "./display.js";
import { type TableOptions, tableHtml, tableText } from "./tables.js";

/**
 * Shows rows as a table: `showTable(clusters, { columns: [{ key: "name", title: "Cluster" }] })`.
 * At most `limit` of them (20), saying of how many.
 */
export function showTable<Row extends object>(rows: readonly Row[], options: TableOptions<Row>): void {
  show({ "text/plain": tableText(rows, options), "text/html": tableHtml(rows, options) });
}
