import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { Decision } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";

/** What later lines of an order leave blank, and the order's first line says. */
export interface OrderFields {
  /** Also the number of the order itself; a line without one and without a product, such as a total, is no later line. */
  readonly invoice: boolean;
  readonly invoiceDate: boolean;
  readonly customerId: boolean;
  /** What the order has come to: later lines come to nothing of their own. */
  readonly amount: boolean;
  readonly text: string;
}

type Field = "invoice" | "invoiceDate" | "customerId" | "amount";
const WORDS: Readonly<Record<Field, string>> = {
  invoice: "number",
  invoiceDate: "date",
  customerId: "customer",
  amount: "amount",
};

const FEWEST = 3;

/** Of later lines whose order names its customer in the first, so many leave it blank where that is the file's way. */
const NEARLY_ALL = 0.9;

/**
 * Finds whether a file, as Shopify's and Odoo's, has the date and the customer of an order on its first line alone. A blank date says so by
 * itself: no line can do without. A blank customer may be a guest, so it says so only where nearly all later lines have none, and so does a blank
 * amount, which may be a fault.
 */
export function orderFieldsOf({ pieces, positions }: Table): Decision<OrderFields> {
  const { invoice, invoiceDate, customerId, stockCode, description, price, credit } = positions;
  const amount = price === undefined && credit === undefined ? positions.amount : undefined;
  const later = {
    lines: 0,
    invoice: 0,
    besideDate: 0,
    again: 0,
    invoiceDate: 0,
    customerId: 0,
    named: 0,
    amount: 0,
    paid: 0,
  };
  // Without numbers no line is known for a later one.
  for (const piece of invoice === undefined ? [] : pieces) {
    let first: readonly string[] | null = null;
    for (const { fields } of piece) {
      const value = (at: number | undefined): string => fieldAt(fields, at);
      const number = value(invoice);
      const isLater =
        first !== null &&
        (number === ""
          ? (value(stockCode) || value(description)) !== "" &&
            (value(invoiceDate) === "" || (value(invoiceDate) === first[1] && value(customerId) === first[2]))
          : number === first[0]);
      if (!isLater) {
        first = [number, value(invoiceDate), value(customerId), value(amount)];
        continue;
      }
      later.lines++;
      if (number !== "") later.again++;
      else if (value(invoiceDate) === "") later.invoice++;
      else later.besideDate++;
      if (value(invoiceDate) === "" && first![1] !== "") later.invoiceDate++;
      if (first![3] !== "") {
        later.paid++;
        if (value(amount) === "") later.amount++;
      }
      if (first![2] === "") continue;
      later.named++;
      if (value(customerId) === "") later.customerId++;
    }
  }
  const blank: Record<Field, boolean> = {
    // One without a number beside its date may be a fault; several, where no number comes twice, are a file's way.
    invoice: later.invoice > 0 || (later.besideDate >= FEWEST && later.again === 0),
    invoiceDate: later.invoiceDate > 0,
    customerId: later.customerId > 0 && later.customerId >= NEARLY_ALL * later.named,
    amount: later.amount >= FEWEST && later.amount >= NEARLY_ALL * later.paid,
  };
  const fields = (Object.keys(WORDS) as Field[]).filter((field) => blank[field]).map((field) => WORDS[field]);
  if (fields.length === 0) {
    const value = { invoice: false, invoiceDate: false, customerId: false, amount: false, text: "" };
    return { value, evidence: "", confidence: "certain" };
  }
  const most = Math.max(
    later.invoice + later.besideDate,
    later.invoiceDate,
    blank.customerId ? later.customerId : 0,
    blank.amount ? later.amount : 0,
  );
  const whole = blank.amount ? ", whose amount is that of the whole order" : "";
  const shared = fields.filter((word) => word !== WORDS.amount);
  const text =
    shared.length === 0
      ? "the amount on the first is that of the whole order"
      : `the ${shared.join(" and ")} of the order's first line where blank${whole}`;
  return {
    value: { ...blank, text },
    evidence: `${formatNumber(most)} of ${formatPlural(later.lines, "later line")} of an order in the sample leave it blank`,
    confidence: "certain",
  };
}

/** Of fewer customers each may stand once by chance. */
const FEWEST_CUSTOMERS = 3;

/**
 * What is said of a report by customers, which has each customer's name on the first of the lines of all orders: lines below without one
 * are read as nobody's, since they may be those of guests.
 */
export function groupedCustomersOf({ pieces, positions }: Table): ReadingRow[] {
  const { invoice, customerId } = positions;
  const seen = new Set<string>();
  let [lines, blank] = [0, 0];
  for (const piece of pieces) {
    let last = { number: "", customer: "" };
    for (const { fields } of piece) {
      const [number, own] = [fieldAt(fields, invoice), fieldAt(fields, customerId)];
      const customer = own === "" && number === last.number ? last.customer : own;
      lines++;
      if (customer === "") blank++;
      else if (number !== last.number && seen.size === seen.add(customer).size) return [];
      last = { number, customer };
    }
  }
  if (seen.size < FEWEST_CUSTOMERS || blank <= seen.size || 2 * blank < lines) return [];
  return [
    {
      what: "customers",
      readAs: "nobody where blank",
      because: `each of ${formatPlural(seen.size, "customer")} has one order, and ${formatPlural(blank, "line")} below have no customer: where that is a report by customer, fill the column down in the file`,
      confidence: "likely",
    },
  ];
}

/** Where orders have it, later lines have something in this share of what first lines do by slips alone. */
const HALF = 0.5;

/**
 * Whether a column says something of each line, so that a blank says nothing of what the first line of an order has: later lines have
 * something there nearly as often, and some what the first has not.
 *
 * @param numberOf the invoice of a line, "" where that of the line before goes on
 */
export function isOfLines({ lines }: Table, at: number, numberOf: (fields: readonly string[]) => string): boolean {
  let [firsts, filledFirsts, laters, filledLaters, own] = [0, 0, 0, 0, 0];
  let last: { readonly number: string; readonly text: string } | undefined;
  for (const { fields } of lines) {
    const [number, text] = [numberOf(fields), fieldAt(fields, at)];
    if (last !== undefined && (number === "" || number === last.number)) {
      laters++;
      if (text === "") continue;
      filledLaters++;
      if (text !== last.text) own++;
      continue;
    }
    firsts++;
    if (text !== "") filledFirsts++;
    last = { number, text };
  }
  return own > 0 && filledLaters * firsts >= HALF * filledFirsts * laters;
}
