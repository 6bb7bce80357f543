import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { isOfOrder } from "../columns/column_names.js";
import { moneyFactOf, type Table } from "../columns/table.js";
import { invoiceKeyReader } from "../orders/purchases.js";
import type { ReadingRow } from "../reading_row.js";
import { cappedPrices } from "./capped_prices.js";
import { amountsAsPieces, askForPieces, invoicedQuantity } from "./invoiced_quantity.js";
import { isDiscount } from "./left_out.js";
import {
  areDiscounted,
  areProducts,
  differingOf,
  type NumberedLine,
  numberedLines,
  ofSeveral,
} from "./numbered_lines.js";
import { refuseOrderTotals } from "./order_totals.js";
import { type LineTotals, meantByAmount, meantByPrice, type Seen } from "./price_or_amount.js";
import type { NumberFormats } from "./worth.js";

/** Lines that differ, as share of all: fewer are slips. */
const FEW = 0.01;
/** What is meant by the columns of money, which a parameter may have said. */
interface Given {
  readonly names: { readonly quantity?: string; readonly price?: string; readonly amount?: string };
}

/**
 * Looks whether amounts of lines are quantity × price: which column holds the price of one piece and which that of the line is told by what
 * they come to, where names say otherwise.
 *
 * @throws StepError for an amount or a price that is that of the whole invoice, on each of its lines
 * @throws UndecidedError where the values of a column that is not called so may be quantities
 */
export function lineTotalsOf(table: Table, formats: NumberFormats, given: Given): LineTotals {
  const { header, positions } = table;
  const { quantity, price, amount } = positions;
  const money = moneyFactOf(positions);
  if (given.names[money] === undefined) refuseOrderTotals(table, money);
  const asPieces = given.names.amount === undefined ? amountsAsPieces(table, formats) : undefined;
  if (asPieces !== undefined) {
    const readAs = `${table.nameOf(asPieces.quantity!)} is the quantity`;
    const because = `times ${table.nameOf(asPieces.price!)} it makes the amounts of another column`;
    return { positions: asPieces, rows: [{ what: "quantities", readAs, because, confidence: "likely" }] };
  }
  if (given.names.amount === undefined && given.names.quantity === undefined) {
    askForPieces(table, formats);
  }
  if (quantity === undefined) return { positions, rows: [] };
  const meant = invoicedQuantity(table, formats);
  if (meant !== undefined) {
    return lineTotalsOf(table.withPositions({ ...positions, quantity: meant }), formats, given);
  }
  const lines = numberedLines(table, formats);
  const columns = [...header.keys()].filter((at) => at !== quantity);
  const seen: Seen = { table, lines, several: ofSeveral(lines), columns };
  const asNamed = price !== undefined && amount !== undefined ? leftOutAmounts(seen, price, amount) : null;
  const lessened = price !== undefined && asNamed !== null ? lessenedAmounts(seen, price, given) : null;
  if (lessened !== null) return lessened;
  const ofPrice = price === undefined || given.names.price !== undefined ? null : meantByPrice(seen, price);
  if (ofPrice !== null) return ofPrice;
  const isOpen = price === undefined && amount !== undefined && given.names.amount === undefined;
  const signs = price === undefined ? null : signedAmounts(seen, price);
  const rows = [asNamed, signs?.row].filter((row) => row !== null && row !== undefined);
  return (isOpen ? meantByAmount(seen, amount) : null) ?? { positions, rows, signAt: signs?.at };
}

/** Amounts that are quantity × price and have a minus where neither of these has; null for none. */
function signedAmounts({ table, lines, columns }: Seen, price: number): { at: number; row: ReadingRow } | null {
  const isReturn = ({ pieces, number }: NumberedLine, at: number): boolean =>
    pieces > 0 && number(price) > 0 && number(at) < 0;
  const at = columns.find(
    (column) => column !== price && areProducts(lines, price, column) && lines.some((line) => isReturn(line, column)),
  );
  if (at === undefined) return null;
  const returns = lines.filter((line) => isReturn(line, at)).length;
  return {
    at,
    row: {
      what: "returns",
      readAs: `lines with ${table.nameOf(at)} below zero, whose sign is turned`,
      because: `it is the quantity × ${table.nameOf(price)} in nearly all lines, and has a minus in ${formatPlural(returns, "line")} of the sample that have none there`,
      confidence: "likely",
    },
  };
}

/** What is said of amounts that are not quantity × price; null where they are, or are of orders of several lines. */
function leftOutAmounts({ table, lines }: Seen, price: number, amount: number): ReadingRow | null {
  if (isOfOrder(table.header[amount]!) && !areOrders(table)) return null;
  const differing = differingOf(lines, price, amount);
  if (differing <= FEW * lines.length) return null;
  return {
    what: "amounts of lines",
    readAs: `${table.nameOf(amount)} is left out, quantity × ${table.nameOf(price)} counts`,
    because: `they differ in ${formatNumber(differing)} of ${formatPlural(lines.length, "line")} of the sample, as with discounts or taxes; columns="price=-; amount=${table.nameOf(amount)}" takes the amounts`,
    confidence: "likely",
  };
}

/** Whether each line is an order, whose total is then that of the line. */
function areOrders({ lines, positions }: Table): boolean {
  const invoiceOf = invoiceKeyReader(positions);
  return new Set(lines.map(({ fields }) => invoiceOf(fields))).size === lines.length;
}

/** An amount from which discounts have been taken off, or beside a price that is cut off: it is what the line has come to; null for none. */
function lessenedAmounts({ table, lines }: Seen, price: number, given: Given): LineTotals | null {
  const { header } = table;
  const { price: _, ...others } = table.positions;
  const { amount } = others;
  if (amount === undefined || given.names.price !== undefined) return null;
  const capped = cappedPrices(table, lines, { price, amount });
  if (capped !== null) return { positions: others, rows: [capped] };
  const discount = [...header.keys()].find(
    (at) => isDiscount(header[at]!) && areDiscounted(lines, { price, amount, discount: at }),
  );
  if (discount === undefined) return null;
  return {
    positions: others,
    rows: [
      {
        what: "amounts of lines",
        readAs: `${table.nameOf(amount)} counts, with ${table.nameOf(discount)} taken off`,
        because: `it is quantity × ${table.nameOf(price)} less that in nearly all of ${formatPlural(lines.length, "line")} of the sample`,
        confidence: "likely",
      },
    ],
  };
}
