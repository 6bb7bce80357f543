import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import type { TableRecord } from "@keyspaces-segmentation/table-files";
import type { Positions } from "../columns/map_columns.js";
import { invoiceKeyReader } from "../orders/purchases.js";
import { UndecidedError } from "../undecided.js";

/** Fewer invoices of several lines tell nothing. */
const FEWEST = 3;
const NEARLY_ALL = 0.9;

/** @throws StepError for an amount, UndecidedError for a price, that is the same on all lines of each invoice, as its total is */
export function refuseOrderTotals(
  body: readonly TableRecord[],
  { positions, shift }: { positions: Positions; shift: number },
  { money, named }: { money: "amount" | "price"; named: (at: number) => string },
): void {
  const { stockCode, description } = positions;
  const invoiceOf = invoiceKeyReader(positions, shift);
  const product = stockCode ?? description;
  const amount = positions[money];
  if (amount === undefined) return;
  const invoices = new Map<string, { amount: string; isAlike: boolean; product: string; hasSeveral: boolean }>();
  for (const { fields } of body) {
    const value = (at: number): string => fields[at + shift]?.trim() ?? "";
    const [number, text] = [invoiceOf(fields), value(amount)];
    if (number === "" || text === "") continue;
    const known = invoices.get(number);
    if (known === undefined) {
      const first = product === undefined ? "" : value(product);
      invoices.set(number, { amount: text, isAlike: true, product: first, hasSeveral: false });
      continue;
    }
    known.isAlike &&= known.amount === text;
    // Without a column of products each line is of another.
    known.hasSeveral ||= product === undefined || known.product !== value(product);
  }
  const ofSeveral = [...invoices.values()].filter(({ hasSeveral }) => hasSeveral);
  const alike = ofSeveral.filter(({ isAlike }) => isAlike);
  const same = alike.length;
  if (same < FEWEST || same < NEARLY_ALL * ofSeveral.length) return;
  // Where everything costs the same, so does each line.
  if (2 * new Set(alike.map((of) => of.amount)).size <= same) return;
  if (money === "price") {
    throw new UndecidedError({
      parameter: "columns",
      got: `${named(amount)} is the same on all lines of an invoice (of ${formatNumber(same)} of ${formatPlural(ofSeveral.length, "invoice")} of several lines), as the total of an order is`,
      choices: [
        { value: `price=${named(amount)}`, reads: ["each as the price of one piece"] },
        { value: "price=Name of another column", reads: [] },
      ],
    });
  }
  throw new StepError({
    tried: "tell how the file is meant",
    got: `${named(amount)} is the same on all lines of an invoice (of ${formatNumber(same)} of ${formatPlural(ofSeveral.length, "invoice")} of several lines), so it is no amount of a line`,
    hint: 'Name the column of prices or amounts of lines in the parameter `columns`, such as columns="price=Name of the column".',
  });
}
