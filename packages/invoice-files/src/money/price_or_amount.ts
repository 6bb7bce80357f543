import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { tierOf } from "../columns/column_names.js";
import type { Positions } from "../columns/map_columns.js";
import type { Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { divisionOf, growthOf, moneyOfProducts } from "./money_by_quantity.js";
import { areMost, areProducts, isSame, type NumberedLine } from "./numbered_lines.js";

/** How the amounts of lines compare with quantity × price. */
export interface LineTotals {
  /** Which column is which, where amounts have shown that names have misled. */
  readonly positions: Positions;
  /** To be shown; none where amounts are what one expects. */
  readonly rows: readonly ReadingRow[];
  /** Column of amounts in which returns alone have a minus. */
  readonly signAt?: number | undefined;
}

/** What is looked at. */
export interface Seen {
  readonly table: Table;
  readonly lines: readonly NumberedLine[];
  /** Those of several pieces. */
  readonly several: readonly NumberedLine[];
  /** Columns but that of quantities. */
  readonly columns: readonly number[];
}

/** Amounts that divide by their quantities are no prices where that is chance in one of a million files. */
const SURE_BITS = 20;
const ALL_BUT_SLIPS = 0.98;
/** Fewer lines of several pieces may be of a few dear things. */
const FEWEST_OF_SEVERAL = 20;

/** A price that is the amount of the line; null where it is what it is called, or nothing tells. */
export function meantByPrice({ table, lines, several, columns }: Seen, price: number): LineTotals | null {
  const { header, positions } = table;
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
  const hasProducts = positions.stockCode !== undefined || positions.description !== undefined;
  const growth = hasProducts ? undefined : growthOf(lines, price);
  // In a list of purchases a price may be that of the purchase, unless it is called that of a unit; on invoices dear things are bought by the dozen.
  const mayBeOfPurchase =
    positions.invoice === undefined && tierOf("price", header[price]!) !== 0 && several.length >= FEWEST_OF_SEVERAL;
  const because =
    unit !== undefined
      ? `it is the quantity × ${table.nameOf(unit)} in nearly all of ${count} of several pieces`
      : alike !== undefined
        ? `it equals ${table.nameOf(alike)} in nearly all of ${count} of several pieces`
        : areMost(ofLine, ofLine + ofPiece)
          ? `of ${formatPlural(ofLine, "product")} it grows with the quantity`
          : ofPiece === 0 && divides && bits >= SURE_BITS
            ? `it divides by the quantity in ${formatNumber(whole)} of ${formatPlural(divided, "line")} of several pieces, and by that of other lines rarely`
            : growth === "of_line" && mayBeOfPurchase
              ? `without a column of articles, it grows with the quantity in ${formatPlural(several.length, "line")} of several pieces`
              : undefined;
  if (because !== undefined) {
    const { price: _price, amount: _amount, ...others } = positions;
    const readAs = `${table.nameOf(price)} is the amount of the line, not the price of one piece`;
    return {
      positions: { ...others, amount: price },
      rows: [{ what: "amounts of lines", readAs, because, confidence: "likely" }],
    };
  }
  const isOpen = positions.invoice === undefined ? several.length > 0 : divides && areMost(divided, divided);
  if (hasProducts || growth === "of_piece" || !(isOpen || growth === "of_line")) return null;
  return {
    positions,
    rows: [
      {
        what: "amounts of lines",
        readAs: `${table.nameOf(price)} is taken for the price of one piece`,
        because: `${
          growth === "of_line" ? "it grows with the quantity, and " : ""
        }without a column of articles or of amounts nothing shows whether it is that of the line, which columns="price=-; amount=${table.nameOf(price)}" says`,
        confidence: "likely",
      },
    ],
  };
}

/** An amount that is the price of one piece, or may be; null where it is what it is called. */
export function meantByAmount({ table, lines, several, columns }: Seen, amount: number): LineTotals | null {
  const { positions } = table;
  if (columns.some((at) => areProducts(several, at, amount))) return null;
  const total = columns.find((at) => at !== amount && areProducts(several, amount, at));
  const { ofLine, ofPiece } = moneyOfProducts(lines, amount);
  const because =
    total !== undefined
      ? `${table.nameOf(total)} is the quantity × it in nearly all of ${formatPlural(several.length, "line")} of several pieces`
      : areMost(ofPiece, ofLine + ofPiece)
        ? `of ${formatPlural(ofPiece, "product")} it is the same whatever the quantity`
        : undefined;
  if (because !== undefined) {
    const { price: _price, amount: _amount, ...others } = positions;
    const readAs = `${table.nameOf(amount)} is the price of one piece, not the amount of the line`;
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
        readAs: `${table.nameOf(amount)} is taken for the amount of the line`,
        because: `of ${formatNumber(divided - whole)} of ${formatPlural(divided, "line")} of several pieces a piece comes to no whole cents; where it is the price of one piece, columns="amount=-; price=${table.nameOf(amount)}" says so`,
        confidence: "likely",
      },
    ],
  };
}
