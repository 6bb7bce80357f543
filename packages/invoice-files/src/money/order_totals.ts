import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import { fieldAt, type Table } from "../columns/table.js";
import { invoiceKeyReader } from "../orders/purchases.js";
import { UndecidedError } from "../undecided.js";

/** Fewer invoices of several lines tell nothing. */
const FEWEST = 3;
const NEARLY_ALL = 0.9;

/** @throws StepError for an amount, UndecidedError for a price, that is the same on all lines of each invoice, as its total is */
export function refuseOrderTotals(table: Table, money: "amount" | "price"): void {
  const { lines, positions } = table;
  const { stockCode, description } = positions;
  const invoiceOf = invoiceKeyReader(positions);
  const product = stockCode ?? description;
  const amount = positions[money];
  if (amount === undefined) return;
  const invoices = new Map<string, { amount: string; isAlike: boolean; product: string; hasSeveral: boolean }>();
  for (const { fields } of lines) {
    const [number, text] = [invoiceOf(fields), fieldAt(fields, amount)];
    if (number === "" || text === "") continue;
    const known = invoices.get(number);
    if (known === undefined) {
      const first = fieldAt(fields, product);
      invoices.set(number, { amount: text, isAlike: true, product: first, hasSeveral: false });
      continue;
    }
    known.isAlike &&= known.amount === text;
    // Without a column of products each line is of another.
    known.hasSeveral ||= product === undefined || known.product !== fieldAt(fields, product);
  }
  const ofSeveral = [...invoices.values()].filter(({ hasSeveral }) => hasSeveral);
  const alike = ofSeveral.filter(({ isAlike }) => isAlike);
  const same = alike.length;
  if (same < FEWEST || same < NEARLY_ALL * ofSeveral.length) return;
  // Where everything costs the same, so does each line.
  if (2 * new Set(alike.map((of) => of.amount)).size <= same) return;
  const name = table.nameOf(amount);
  if (money === "price") {
    throw new UndecidedError({
      parameter: "columns",
      got: `${name} is the same on all lines of an invoice (of ${formatNumber(same)} of ${formatPlural(ofSeveral.length, "invoice")} of several lines), as the total of an order is`,
      choices: [
        { value: `price=${name}`, reads: ["each as the price of one piece"] },
        { value: "price=Name of another column", reads: [] },
      ],
    });
  }
  throw new StepError({
    tried: "tell how the file is meant",
    got: `${name} is the same on all lines of an invoice (of ${formatNumber(same)} of ${formatPlural(ofSeveral.length, "invoice")} of several lines), so it is no amount of a line`,
    hint: 'Name the column of prices or amounts of lines in the parameter `columns`, such as columns="price=Name of the column".',
  });
}
