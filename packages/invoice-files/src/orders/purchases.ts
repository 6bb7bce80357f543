import { createHash } from "node:crypto";
import { formatPlural } from "@keyspaces-segmentation/common";
import { dateText } from "../columns/date_text.js";
import type { Positions } from "../columns/map_columns.js";
import { fieldAt, type Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { UndecidedError } from "../undecided.js";
import { lostCustomersOf } from "./lost_customers.js";
import { numberingOf } from "./numbering.js";

/** Of fewer lines each may be of another customer by chance. */
const FEWEST_LINES = 10;

/** Digits of a mark: two customers of one moment have the same by no chance that matters. */
const MARK_DIGITS = 12;

/** What stands for a customer in the number of a purchase: how a file is read is shown where its customers are not. */
export const customerMark = (customerId: string): string =>
  createHash("sha256").update(customerId).digest("hex").slice(0, MARK_DIGITS);

/** The number of a purchase in a file that has none: the moment, whatever way the file writes it, and the mark of the customer, "" for nobody. */
export function purchaseNumber(moment: Date, mark: string): string {
  const [day, time] = moment
    .toISOString()
    .replace(/\.000Z$/, "Z")
    .split("T") as [string, string];
  const when = time === "00:00:00Z" ? day : `${day}T${time}`;
  return mark === "" ? when : `${when} ${mark}`;
}

/** What tells the invoice of a line: its number or, where a file has none, the customer and the moment as they stand. */
export function invoiceKeyReader(positions: Positions): (fields: readonly string[]) => string {
  const { invoice, customerId } = positions;
  if (invoice !== undefined) return (fields) => fieldAt(fields, invoice);
  return (fields) => `${dateText(fields, positions)}\0${fieldAt(fields, customerId)}`;
}

/** A date's text without the time behind or in front of it: of spreadsheets' days the part, of figures without signs the last four or six. */
export const dayOf = (text: string): string =>
  text
    .replace(/[T\s,]*\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?(?:\s*[ap]\.?m\b\.?)?/i, "")
    .replace(/^(\d{5})\.\d+$|^(\d{8})\d{4}(?:\d\d)?$/, "$1$2");

/**
 * What is said of a file without invoice numbers, whose lines of one customer and one moment are a purchase, as lists of purchases have it.
 *
 * @param isGiven whether a parameter says that there is no column of them
 * @throws UndecidedError where each customer has one line, as in a list of customers; where another column numbers purchases otherwise than
 *   customers and moments tell them apart; or where customers seem to stand on the first of their lines alone
 */
export function purchasesOf(table: Table, { isGiven }: { isGiven: boolean }): ReadingRow[] {
  const { lines, positions } = table;
  if (positions.invoice !== undefined) return [];
  const { invoiceDate, time, customerId } = positions;
  const keyOf = invoiceKeyReader(positions);
  const keys = lines.map(({ fields }) => keyOf(fields));
  const purchases = new Set(keys);
  if (!isGiven) {
    const customers = table.countsAt(customerId!);
    if (lines.length >= FEWEST_LINES && customers.size === lines.length) {
      throw asked(`each of ${formatPlural(customers.size, "customer")} has one line, as in a list of customers`, []);
    }
    const days = lines.map(({ fields }) => `${dayOf(fieldAt(fields, invoiceDate))}\0${fieldAt(fields, customerId)}`);
    const numbering = numberingOf(table, { moments: keys, days });
    if (numbering !== undefined) {
      const { got, name } = numbering;
      const reads = ["lines with one number there as one invoice"];
      throw asked(got, name === undefined ? [] : [{ value: `invoice=${name}`, reads }]);
    }
    const lost = lostCustomersOf(table);
    if (lost !== undefined) throw asked(lost, []);
  }
  const moment = time === undefined && !keys.some((key) => /\d:\d/.test(key)) ? "day" : "moment";
  return [
    {
      what: "invoices",
      readAs: `lines of one customer and one ${moment} are one purchase`,
      because: `no column has invoice numbers; ${formatPlural(lines.length, "line")} of the sample are ${formatPlural(purchases.size, "purchase")}; columns="invoice=Name of the column" takes numbers from one`,
      confidence: isGiven ? "given" : "likely",
    },
  ];
}

function asked(got: string, choices: { value: string; reads: string[] }[]): UndecidedError {
  return new UndecidedError({
    parameter: "columns",
    got: `no column is called an invoice number, and ${got}`,
    choices: [...choices, { value: "invoice=-", reads: ["lines of one customer and one moment as one purchase"] }],
  });
}
