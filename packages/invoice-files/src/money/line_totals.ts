import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { NumberFormat, TableRecord } from "@keyspaces-segmentation/table-files";
import { isOfOrder } from "../columns/column_names.js";
import { listed, type Positions } from "../columns/map_columns.js";
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
} from "./money_columns.js";
import { refuseOrderTotals } from "./order_totals.js";
import { type LineTotals, meantByAmount, meantByPrice, type Seen } from "./price_or_amount.js";

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
export function lineTotalsOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
  formats: { readonly quantity: NumberFormat; readonly price: NumberFormat },
  given: Given,
): LineTotals {
  const { quantity, price, amount } = positions;
  const named = (at: number): string => listed([header[at] ?? `column ${at + 1}`]);
  const money = price === undefined ? "amount" : "price";
  if (given.names[money] === undefined) refuseOrderTotals(body, { positions, shift }, { money, named });
  const asPieces =
    given.names.amount === undefined ? amountsAsPieces(body, header, { positions, shift }, formats) : undefined;
  if (asPieces !== undefined) {
    const readAs = `${named(asPieces.quantity!)} is the quantity`;
    const because = `times ${named(asPieces.price!)} it makes the amounts of another column`;
    return { positions: asPieces, rows: [{ what: "quantities", readAs, because, confidence: "likely" }] };
  }
  if (given.names.amount === undefined && given.names.quantity === undefined) {
    askForPieces(body, header, { positions, shift }, formats);
  }
  if (quantity === undefined) return { positions, rows: [] };
  const meant = invoicedQuantity(body, header, { positions, shift }, formats);
  if (meant !== undefined) {
    return lineTotalsOf(body, header, { positions: { ...positions, quantity: meant }, shift }, formats, given);
  }
  const lines = numberedLines(body, { positions, shift }, formats);
  const columns = [...header.keys()].filter((at) => at !== quantity);
  const seen: Seen = { positions, header, lines, several: ofSeveral(lines), columns, named };
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
function signedAmounts({ lines, columns, named }: Seen, price: number): { at: number; row: ReadingRow } | null {
  const isReturn = ({ pieces, numbers }: NumberedLine, at: number): boolean =>
    pieces > 0 && numbers[price]! > 0 && numbers[at]! < 0;
  const at = columns.find(
    (column) => column !== price && lines.some((line) => isReturn(line, column)) && areProducts(lines, price, column),
  );
  if (at === undefined) return null;
  const returns = lines.filter((line) => isReturn(line, at)).length;
  return {
    at,
    row: {
      what: "returns",
      readAs: `lines with ${named(at)} below zero, whose sign is turned`,
      because: `it is the quantity × ${named(price)} in nearly all lines, and has a minus in ${formatPlural(returns, "line")} of the sample that have none there`,
      confidence: "likely",
    },
  };
}

/** What is said of amounts that are not quantity × price; null where they are, or are of the order. */
function leftOutAmounts({ header, lines, named }: Seen, price: number, amount: number): ReadingRow | null {
  if (isOfOrder(header[amount] ?? "")) return null;
  const differing = differingOf(lines, price, amount);
  if (differing <= FEW * lines.length) return null;
  return {
    what: "amounts of lines",
    readAs: `${named(amount)} is left out, quantity × ${named(price)} counts`,
    because: `they differ in ${formatNumber(differing)} of ${formatPlural(lines.length, "line")} of the sample, as with discounts or taxes; columns="price=-; amount=${named(amount)}" takes the amounts`,
    confidence: "likely",
  };
}

/** An amount from which discounts have been taken off, or beside a price that is cut off: it is what the line has come to; null for none. */
function lessenedAmounts({ header, lines, named, positions }: Seen, price: number, given: Given): LineTotals | null {
  const { price: _, ...others } = positions;
  const { amount } = others;
  if (amount === undefined || given.names.price !== undefined) return null;
  const capped = cappedPrices(lines, { price, amount }, named);
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
        readAs: `${named(amount)} counts, with ${named(discount)} taken off`,
        because: `it is quantity × ${named(price)} less that in nearly all of ${formatPlural(lines.length, "line")} of the sample`,
        confidence: "likely",
      },
    ],
  };
}
