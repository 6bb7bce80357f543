import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { NumberFormat, TableRecord } from "@keyspaces-segmentation/table-files";
import { isOfOrder, tierOf } from "./column_names.js";
import { amountsAsPieces, invoicedQuantity } from "./invoiced_quantity.js";
import { isDiscount } from "./left_out.js";
import { listed, type Positions } from "./map_columns.js";
import {
  areDiscounted,
  areMost,
  areProducts,
  differingOf,
  divisionOf,
  isSame,
  moneyOfProducts,
  type NumberedLine,
  numberedLines,
  ofSeveral,
} from "./money_columns.js";
import { refuseOrderTotals } from "./order_totals.js";
import type { ReadingRow } from "./reading_row.js";

/** How the amounts of lines compare with quantity × price. */
export interface LineTotals {
  /** Which column is which, where amounts have shown that names have misled. */
  readonly positions: Positions;
  /** To be shown; none where amounts are what one expects. */
  readonly rows: readonly ReadingRow[];
  /** Column of amounts in which returns alone have a minus. */
  readonly signAt?: number | undefined;
}

/** Lines that differ, as share of all: fewer are slips. */
const FEW = 0.01;
/** Amounts that divide by their quantities are no prices where that is chance in one of a million files. */
const SURE_BITS = 20;
const ALL_BUT_SLIPS = 0.98;

/** What is meant by the columns of money, which a parameter may have said. */
interface Given {
  readonly names: { readonly price?: string; readonly amount?: string };
}

/** What is looked at. */
interface Seen {
  readonly positions: Positions;
  readonly header: readonly string[];
  readonly lines: readonly NumberedLine[];
  /** Those of several pieces. */
  readonly several: readonly NumberedLine[];
  /** Columns but that of quantities. */
  readonly columns: readonly number[];
  readonly named: (at: number) => string;
}

/**
 * Looks whether amounts of lines are quantity × price: which column holds the price of one piece and which that of the line is told by what
 * they come to, where names say otherwise.
 *
 * @throws StepError for an amount or a price that is that of the whole invoice, on each of its lines
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

/** A price that is the amount of the line; null where it is what it is called, or nothing tells. */
function meantByPrice(seen: Seen, price: number): LineTotals | null {
  const { header, lines, several, columns, named, positions } = seen;
  const unit = columns.find((at) => at !== price && areProducts(several, at, price));
  const alike = columns.find(
    (at) => at !== price && tierOf("amount", header[at]!) !== null && isSame(several, price, at),
  );
  const isTold = unit !== undefined || alike !== undefined;
  if (!isTold && columns.some((at) => areProducts(several, price, at))) return null;
  const { ofLine, ofPiece } = moneyOfProducts(lines, price);
  const { several: divided, whole, bits } = divisionOf(lines, price);
  const divides = whole >= ALL_BUT_SLIPS * divided;
  const count = formatPlural(several.length, "line");
  const because =
    unit !== undefined
      ? `it is the quantity × ${named(unit)} in nearly all of ${count} of several pieces`
      : alike !== undefined
        ? `it equals ${named(alike)} in nearly all of ${count} of several pieces`
        : areMost(ofLine, ofLine + ofPiece)
          ? `of ${formatPlural(ofLine, "product")} it grows with the quantity`
          : ofPiece === 0 && divides && bits >= SURE_BITS
            ? `it divides by the quantity in ${formatNumber(whole)} of ${formatPlural(divided, "line")} of several pieces, and by that of other lines rarely`
            : undefined;
  if (because !== undefined) {
    const { price: _price, amount: _amount, ...others } = positions;
    const readAs = `${named(price)} is the amount of the line, not the price of one piece`;
    return {
      positions: { ...others, amount: price },
      rows: [{ what: "amounts of lines", readAs, because, confidence: "likely" }],
    };
  }
  const hasProducts = positions.stockCode !== undefined || positions.description !== undefined;
  if (hasProducts || !divides || !areMost(divided, divided)) return null;
  return {
    positions,
    rows: [
      {
        what: "amounts of lines",
        readAs: `${named(price)} is taken for the price of one piece`,
        because: `without a column of articles or of amounts nothing shows whether it is that of the line, which columns="price=-; amount=${named(price)}" says`,
        confidence: "likely",
      },
    ],
  };
}

/** An amount that is the price of one piece, or may be; null where it is what it is called. */
function meantByAmount(seen: Seen, amount: number): LineTotals | null {
  const { lines, several, columns, named, positions } = seen;
  if (columns.some((at) => areProducts(several, at, amount))) return null;
  const total = columns.find((at) => at !== amount && areProducts(several, amount, at));
  const { ofLine, ofPiece } = moneyOfProducts(lines, amount);
  const because =
    total !== undefined
      ? `${named(total)} is the quantity × it in nearly all of ${formatPlural(several.length, "line")} of several pieces`
      : areMost(ofPiece, ofLine + ofPiece)
        ? `of ${formatPlural(ofPiece, "product")} it is the same whatever the quantity`
        : undefined;
  if (because !== undefined) {
    const { price: _price, amount: _amount, ...others } = positions;
    const readAs = `${named(amount)} is the price of one piece, not the amount of the line`;
    return {
      positions: { ...others, price: amount },
      rows: [{ what: "amounts of lines", readAs, because, confidence: "likely" }],
    };
  }
  const { several: divided, whole } = divisionOf(lines, amount);
  const isDivided = ofLine > 0 || !areMost(divided, divided) || 2 * whole >= divided;
  if (isDivided) return null;
  return {
    positions,
    rows: [
      {
        what: "amounts of lines",
        readAs: `${named(amount)} is taken for the amount of the line`,
        because: `of ${formatNumber(divided - whole)} of ${formatPlural(divided, "line")} of several pieces a piece comes to no whole cents; where it is the price of one piece, columns="amount=-; price=${named(amount)}" says so`,
        confidence: "likely",
      },
    ],
  };
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

/** An amount from which discounts have been taken off, which is what the line has come to; null for none. */
function lessenedAmounts({ header, lines, named, positions }: Seen, price: number, given: Given): LineTotals | null {
  const { price: _, ...others } = positions;
  const { amount } = others;
  if (amount === undefined || given.names.price !== undefined) return null;
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
