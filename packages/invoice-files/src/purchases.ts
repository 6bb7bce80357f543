import { createHash } from "node:crypto";
import { formatPlural } from "@keyspaces-segmentation/common";
import { looksLikeDate } from "@keyspaces-segmentation/table-files";
import { dateText } from "./date_text.js";
import type { LinesBelow } from "./lines_below.js";
import { listed, type Positions } from "./map_columns.js";
import type { ReadingRow } from "./reading_row.js";
import { UndecidedError } from "./undecided.js";

/** Of fewer lines each may be of another customer by chance. */
const FEWEST_LINES = 10;
/** An id is no longer. */
const LONGEST_ID = 40;

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
export function invoiceKeyReader(
  { invoice, invoiceDate, time, customerId }: Positions,
  shift: number,
): (fields: readonly string[]) => string {
  const at = (fields: readonly string[], position: number): string => fields[position + shift]?.trim() ?? "";
  if (invoice !== undefined) return (fields) => at(fields, invoice);
  return (fields) => `${dateText(fields, invoiceDate!, time, shift)}\0${at(fields, customerId!)}`;
}

/**
 * What is said of a file without invoice numbers, whose lines of one customer and one moment are a purchase, as lists of purchases have it.
 *
 * @param isGiven whether a parameter says that there is no column of them
 * @throws UndecidedError where each customer has one line, as in a list of customers; or where another column numbers more than one purchase
 *   of a customer at one moment
 */
export function purchasesOf(lines: LinesBelow, { isGiven }: { isGiven: boolean }): ReadingRow[] {
  const { body, positions, shift } = lines;
  if (positions.invoice !== undefined) return [];
  const { time, customerId } = positions;
  const keyOf = invoiceKeyReader(positions, shift);
  const keys = body.map(({ fields }) => keyOf(fields));
  const purchases = new Set(keys);
  if (!isGiven) {
    const customers = new Set(body.map(({ fields }) => fields[customerId! + shift]?.trim() ?? ""));
    if (body.length >= FEWEST_LINES && customers.size === body.length) {
      throw asked(`each of ${formatPlural(customers.size, "customer")} has one line, as in a list of customers`, []);
    }
    const at = numberingAt(lines, keys, purchases.size);
    if (at !== undefined) {
      const name = listed([lines.header[at]!]);
      throw asked(`${name} tells more than one purchase of a customer at one moment apart`, [
        { value: `invoice=${name}`, reads: ["lines with one number there as one invoice"] },
      ]);
    }
  }
  const moment = time === undefined && !keys.some((key) => /\d:\d/.test(key)) ? "day" : "moment";
  return [
    {
      what: "invoices",
      readAs: `lines of one customer and one ${moment} are one purchase`,
      because: `no column has invoice numbers; ${formatPlural(body.length, "line")} of the sample are ${formatPlural(purchases.size, "purchase")}; columns="invoice=Name of the column" takes numbers from one`,
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

/** A column that is used for nothing and numbers purchases: no value of it is of two, some are of several lines, and it tells some apart. */
function numberingAt(
  { header, body, positions, shift }: LinesBelow,
  keys: readonly string[],
  purchases: number,
): number | undefined {
  const used = new Set<number>(Object.values(positions));
  const isNumbering = (at: number): boolean => {
    const purchaseOf = new Map<string, string>();
    for (const [i, { fields }] of body.entries()) {
      const id = fields[at + shift]?.trim() ?? "";
      if (!/\d/.test(id) || id.length > LONGEST_ID || /^[-+]?\d*[.,]\d+$/.test(id) || looksLikeDate(id)) return false;
      const known = purchaseOf.get(id);
      if (known !== undefined && known !== keys[i]) return false;
      purchaseOf.set(id, keys[i]!);
    }
    return purchaseOf.size > purchases && purchaseOf.size < body.length;
  };
  return [...header.keys()].find((at) => !used.has(at) && isNumbering(at));
}
