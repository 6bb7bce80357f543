import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import type { TableRecord } from "@keyspaces-segmentation/table-files";
import type { Positions } from "./map_columns.js";

/** Fewer invoices of several lines tell nothing. */
const FEWEST = 3;
const NEARLY_ALL = 0.9;

/** @throws StepError for an amount, or a price, that is the same on all lines of each invoice, as its total is */
export function refuseOrderTotals(
  body: readonly TableRecord[],
  { positions, shift }: { positions: Positions; shift: number },
  { money, named }: { money: "amount" | "price"; named: (at: number) => string },
): void {
  const { invoice, stockCode, description } = positions;
  const product = stockCode ?? description;
  const amount = positions[money];
  if (amount === undefined) return;
  const invoices = new Map<string, { amounts: Set<string>; products: Set<string | number> }>();
  for (const { fields } of body) {
    const value = (at: number): string => fields[at + shift]?.trim() ?? "";
    if (value(invoice!) === "" || value(amount) === "") continue;
    const known = invoices.get(value(invoice!)) ?? { amounts: new Set(), products: new Set() };
    invoices.set(value(invoice!), known);
    known.amounts.add(value(amount));
    // Without a column of products each line is of another.
    known.products.add(product === undefined ? known.products.size : value(product));
  }
  const ofSeveral = [...invoices.values()].filter(({ products }) => products.size > 1);
  const alike = ofSeveral.filter(({ amounts }) => amounts.size === 1);
  const same = alike.length;
  if (same < FEWEST || same < NEARLY_ALL * ofSeveral.length) return;
  // Where everything costs the same, so does each line.
  if (2 * new Set(alike.flatMap(({ amounts }) => [...amounts])).size <= same) return;
  throw new StepError({
    tried: "tell how the file is meant",
    got: `${named(amount)} is the same on all lines of an invoice (of ${formatNumber(same)} of ${formatPlural(ofSeveral.length, "invoice")} of several lines), so it is no ${money === "price" ? "price of one piece" : "amount of a line"}`,
    hint: 'Name the column of prices or amounts of lines in the parameter `columns`, such as columns="price=Name of the column".',
  });
}
