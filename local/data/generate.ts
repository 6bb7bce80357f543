import { seededRandom } from "@keyspaces-segmentation/local-support";
import { catalogueOf } from "./catalogue.js";
import { type Chance, chanceOf } from "./chance.js";
import { anonymousOrders, type Order, type OrderLine, ordersOf } from "./orders.js";
import { shoppersOf } from "./shoppers.js";

export interface GeneratorOptions {
  /** The same seed gives the same data. */
  readonly seed: number;
  /** Customers to invent; 250 give about 16,000 lines. At least 8, one of each habit. */
  readonly customers?: number;
}

export const HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
const FIRST_INVOICE = 700_001;

/**
 * Invents the invoices of a gift shop from 2009-12-01 to 2010-12-09, in the columns and with the faults of the real
 * *Online Retail II*: credit notes, lines without customer, repeated lines, prices of zero, customers who only
 * return, and a few records that cannot be read. Nothing in it is taken from the real data.
 *
 * @returns a CSV file with header, ordered by date
 */
export function generateRetailCsv({ seed, customers = 250 }: GeneratorOptions): string {
  const chance = chanceOf(seededRandom(seed));
  const catalogue = catalogueOf(chance);
  const known = shoppersOf(chance, customers).flatMap((shopper) => ordersOf(chance, shopper, catalogue));
  const days = known.filter(() => chance.happens(0.03)).map(({ time }) => time - (time % 86_400_000));
  const orders = [...known, ...anonymousOrders(chance, days, catalogue)].sort((a, b) => a.time - b.time);

  const records = orders.flatMap((order, i) => {
    const invoice = `${order.credit ? "C" : ""}${FIRST_INVOICE + i}`;
    return order.lines.map((line) => fieldsOf(chance, invoice, order, line));
  });
  const lines = records.map((fields) => fields.map(quoted).join(","));
  for (const spoil of SPOILS) {
    const at = chance.integer(1, records.length - 1);
    lines[at] += `\n${spoil(records[at]!)}`;
  }
  return `${HEADER}\n${lines.join("\n")}\n`;
}

/** The fields of one line of an order, in the columns of the header. */
export function fieldsOf(chance: Chance, invoice: string, order: Order, line: OrderLine): string[] {
  // Software that takes the ids for numbers writes them like this.
  const customer = order.customerId !== null && chance.happens(0.003) ? `${order.customerId}.0` : order.customerId;
  return [
    invoice,
    line.stockCode,
    line.description,
    String(line.quantity),
    usDate(order.time),
    String(line.pence / 100),
    customer ?? "",
    order.country,
  ];
}

/** What makes a record unreadable: each takes the fields of a good one and gives the text of a bad one. */
const SPOILS: readonly ((fields: readonly string[]) => string)[] = [
  (fields) => fields.with(4, "2/30/10 11:15").map(quoted).join(","),
  (fields) => fields.with(4, "last Tuesday").map(quoted).join(","),
  (fields) => fields.with(3, "six").map(quoted).join(","),
  (fields) => fields.with(3, "80995000000").map(quoted).join(","),
  (fields) => fields.with(5, "n/a").map(quoted).join(","),
  (fields) => fields.with(0, "").map(quoted).join(","),
  (fields) => fields.with(1, "").map(quoted).join(","),
  (fields) => fields.slice(0, 6).map(quoted).join(","),
  (fields) => fields.with(2, '"A QUOTE THAT NOBODY CLOSED').join(","),
];

/** A field of a CSV file. */
export function quoted(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** Month first, without leading zeros but for the minutes: 12/6/09 9:04. */
function usDate(time: number): string {
  const date = new Date(time);
  const year = String(date.getUTCFullYear() % 100).padStart(2, "0");
  const minutes = String(date.getUTCMinutes()).padStart(2, "0");
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${year} ${date.getUTCHours()}:${minutes}`;
}
