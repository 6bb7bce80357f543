import { formatPlural } from "@keyspaces-segmentation/common";
import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { dateText } from "../columns/date_text.js";
import { fieldAt, type Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";

/** A few numbers may come again by a slip. */
const NEARLY_ALL = 0.98;
/** Of the lines, as many of a customer and a moment, or day, that another one has are of orders that somebody placed twice. */
const FEW = 1 / 3;
const FEWEST = 5;

/**
 * What is said where each line has a number of its own, although several are of one customer and one moment: the column may number lines, or
 * what was paid or sent of an order, and each would count as an invoice.
 */
export function numbersOfLinesOf(table: Table): ReadingRow[] {
  const { positions } = table;
  const { invoice, customerId, stockCode, description } = positions;
  // Without products a line is a purchase.
  if (invoice === undefined || customerId === undefined || (stockCode ?? description) === undefined) return [];
  const momentOf = ({ fields }: TableRecord): string => dateText(fields, positions);
  const whole = table.lines.filter(
    (line) => fieldAt(line.fields, invoice) !== "" && fieldAt(line.fields, customerId) !== "" && momentOf(line) !== "",
  );
  const lines = whole.length;
  const numbers = new Set(whole.map(({ fields }) => fieldAt(fields, invoice)));
  if (numbers.size < NEARLY_ALL * lines) return [];
  const purchases = new Set(whole.map((line) => `${momentOf(line)}\0${fieldAt(line.fields, customerId)}`));
  if (lines - purchases.size < Math.max(FEWEST, FEW * lines)) return [];
  const hasTimes = whole.some((line) => /\d:\d/.test(momentOf(line)));
  return [
    {
      what: "invoice numbers",
      readAs: "each line is an invoice of its own",
      because: `${table.nameOf(invoice)} has another number in nearly each of ${formatPlural(lines, "line")} of the sample, which are ${formatPlural(purchases.size, "purchase")} by customer and ${hasTimes ? "moment" : "day"}; columns="invoice=-" reads them as those, and columns="invoice=Name of the column" takes the numbers of another`,
      confidence: "likely",
    },
  ];
}
