import { type Decimal, formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import {
  looksLikeNumber,
  type NumberFormat,
  numberReader,
  type TableRecord,
} from "@keyspaces-segmentation/table-files";
import { isOfOrder, tierOf } from "./column_names.js";
import { listed, type Positions } from "./map_columns.js";
import type { ReadingRow } from "./reading_row.js";

/** How the amounts of lines compare with quantity × price. */
export interface LineTotals {
  /** Which column is which, where amounts have shown that names have misled. */
  readonly positions: Positions;
  /** To be shown; null where amounts are what one expects. */
  readonly row: ReadingRow | null;
}

/** Prices have been rounded to cents. */
const CENT = 0.011;
const NEARLY_ALL = 0.9;
/** Fewer lines of several pieces tell nothing. */
const FEWEST = 3;
/** Lines that differ, as share of all: fewer are slips. */
const FEW = 0.01;
/** As many lines are looked at. */
const LOOKED_AT = 2000;

/** What is meant by the columns of money, which a parameter may have said. */
interface Given {
  readonly names: { readonly price?: string; readonly amount?: string };
}

/** A line with its quantity, and its columns of numbers by their position. */
interface NumberedLine {
  /** "" where there is no column of them. */
  readonly product: string;
  readonly pieces: number;
  readonly numbers: readonly number[];
}

/**
 * Looks whether amounts of lines are quantity × price: which column holds the price of one piece and which that of the line is told by what
 * they come to, where names say otherwise.
 *
 * @throws StepError for an amount that is that of the whole invoice, on each of its lines
 */
export function lineTotalsOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
  formats: { readonly quantity: NumberFormat; readonly price: NumberFormat },
  given: Given,
): LineTotals {
  const { quantity, price, amount } = positions;
  const as = (row: ReadingRow | null, other: Positions = positions): LineTotals => ({ positions: other, row });
  const named = (at: number): string => listed([header[at] ?? `column ${at + 1}`]);
  if (price === undefined && given.names.amount === undefined) refuseOrderTotals(body, { positions, shift }, named);
  if (quantity === undefined) return as(null);
  const lines = linesOf(body, { positions, shift }, formats);
  // Signs of returns may stand in any of the three.
  const near = (a: number, b: number, pieces: number): boolean =>
    Math.abs(Math.abs(a) - Math.abs(b)) <= CENT * Math.max(1, Math.abs(pieces));
  const several = lines.filter(({ pieces }) => Math.abs(Math.abs(pieces) - 1) >= 0.001 && pieces !== 0);
  /** How many lines of several pieces have in `total` what their pieces at `each` come to. */
  const products = (each: number, total: number): number =>
    several.filter(
      ({ pieces, numbers }) => numbers[total] !== 0 && near(pieces * numbers[each]!, numbers[total]!, pieces),
    ).length;
  const areProducts = (each: number, total: number): boolean => {
    const count = products(each, total);
    return count >= FEWEST && count >= NEARLY_ALL * several.length;
  };
  const columns = header.map((_, at) => at).filter((at) => at !== quantity);
  const { price: _price, amount: _amount, ...others } = positions;

  const count = formatPlural(several.length, "line");
  const byProduct = (at: number): ProductMoney => moneyOfProducts(lines, at);

  if (price !== undefined && given.names.price === undefined) {
    const unit = columns.find((at) => at !== price && areProducts(at, price));
    const alike = columns.find(
      (at) => at !== price && tierOf("amount", header[at]!) !== null && isSame(several, price, at),
    );
    const isKnown = unit !== undefined || alike !== undefined || columns.some((at) => areProducts(price, at));
    const { ofLine, ofPiece } = isKnown ? NO_PRODUCTS : byProduct(price);
    const because =
      unit !== undefined
        ? `it is the quantity × ${named(unit)} in nearly all of ${count} of several pieces`
        : alike !== undefined
          ? `it equals ${named(alike)} in nearly all of ${count} of several pieces`
          : ofLine >= FEWEST && ofLine >= NEARLY_ALL * (ofLine + ofPiece)
            ? `of ${formatPlural(ofLine, "product")} it grows with the quantity`
            : undefined;
    if (because !== undefined) {
      const readAs = `${named(price)} is the amount of the line, not the price of one piece`;
      return as({ what: "amounts of lines", readAs, because, confidence: "likely" }, { ...others, amount: price });
    }
  }
  if (price === undefined && amount !== undefined && given.names.amount === undefined) {
    const total = columns.find((at) => at !== amount && areProducts(amount, at));
    const { ofLine, ofPiece } = columns.some((at) => areProducts(at, amount)) ? NO_PRODUCTS : byProduct(amount);
    const because =
      total !== undefined
        ? `${named(total)} is the quantity × it in nearly all of ${count} of several pieces`
        : ofPiece >= FEWEST && ofPiece >= NEARLY_ALL * (ofLine + ofPiece)
          ? `of ${formatPlural(ofPiece, "product")} it is the same whatever the quantity`
          : undefined;
    if (because === undefined) return as(null);
    const readAs = `${named(amount)} is the price of one piece, not the amount of the line`;
    return as({ what: "amounts of lines", readAs, because, confidence: "likely" }, { ...others, price: amount });
  }
  if (price === undefined || amount === undefined || isOfOrder(header[amount] ?? "")) return as(null);
  const differing = lines.filter(
    ({ pieces, numbers }) => !near(pieces * numbers[price]!, numbers[amount]!, pieces),
  ).length;
  if (differing <= FEW * lines.length) return as(null);
  return as({
    what: "amounts of lines",
    readAs: `${named(amount)} is left out, quantity × ${named(price)} counts`,
    because: `they differ in ${formatNumber(differing)} of ${formatPlural(lines.length, "line")} of the sample, as with discounts or taxes; columns="price=-; amount=${named(amount)}" takes the amounts`,
    confidence: "likely",
  });
}

function isSame(several: readonly NumberedLine[], one: number, other: number): boolean {
  const same = several.filter(
    ({ numbers }) => numbers[one] !== 0 && Math.abs(Math.abs(numbers[one]!) - Math.abs(numbers[other]!)) <= CENT,
  );
  return same.length >= FEWEST && same.length >= NEARLY_ALL * several.length;
}

/** Products that were sold in different quantities, by what is the same of all of them. */
interface ProductMoney {
  /** The money by piece, so that it is the line's. */
  readonly ofLine: number;
  /** The money itself, so that it is that of one piece. */
  readonly ofPiece: number;
}

const NO_PRODUCTS: ProductMoney = { ofLine: 0, ofPiece: 0 };

/** Looks whether money in a column grows with the quantity, of products that were sold in several. */
function moneyOfProducts(lines: readonly NumberedLine[], at: number): ProductMoney {
  const products = new Map<string, { readonly pieces: number; readonly money: number }[]>();
  for (const { product, pieces, numbers } of lines) {
    const money = Math.abs(numbers[at]!);
    if (product === "" || pieces === 0 || !(money > 0)) continue;
    const known = products.get(product);
    if (known === undefined) products.set(product, [{ pieces: Math.abs(pieces), money }]);
    else known.push({ pieces: Math.abs(pieces), money });
  }
  let [ofLine, ofPiece] = [0, 0];
  for (const [first, ...others] of products.values()) {
    const differing = others.filter(({ pieces }) => pieces !== first!.pieces);
    if (differing.length === 0) continue;
    if (differing.every(({ money }) => Math.abs(money - first!.money) <= CENT)) ofPiece++;
    else if (
      differing.every(
        ({ pieces, money }) =>
          Math.abs(money / pieces - first!.money / first!.pieces) <= CENT / Math.min(pieces, first!.pieces),
      )
    )
      ofLine++;
  }
  return { ofLine, ofPiece };
}

/** The lines in which quantity and money can be read. */
function linesOf(
  body: readonly TableRecord[],
  { positions, shift }: { positions: Positions; shift: number },
  formats: { readonly quantity: NumberFormat; readonly price: NumberFormat },
): NumberedLine[] {
  const { quantity, stockCode, description } = positions;
  const product = stockCode ?? description;
  const [readQuantity, readPrice] = [numberReader(formats.quantity), numberReader(formats.price)];
  const nearest = (value: Decimal | undefined): number =>
    value === undefined ? Number.NaN : Number(value.unscaled) / 10 ** value.scale;
  const money = [positions.price, positions.amount].filter((at) => at !== undefined);
  return body.slice(0, LOOKED_AT).flatMap(({ fields }): NumberedLine[] => {
    const own = shift === 0 ? fields : fields.slice(shift);
    const pieces = nearest(readQuantity(own[quantity!]?.trim() ?? ""));
    const numbers = own.map((field) => (looksLikeNumber(field) ? nearest(readPrice(field.trim())) : Number.NaN));
    for (const at of money) numbers[at] = nearest(readPrice(own[at]?.trim() ?? ""));
    const isLine = !Number.isNaN(pieces) && money.every((at) => !Number.isNaN(numbers[at]));
    return isLine ? [{ product: own[product ?? -1]?.trim() ?? "", pieces, numbers }] : [];
  });
}

/** @throws StepError for an amount that is the same on all lines of each invoice, as its total is */
function refuseOrderTotals(
  body: readonly TableRecord[],
  { positions: { invoice, amount, stockCode, description }, shift }: { positions: Positions; shift: number },
  named: (at: number) => string,
): void {
  const product = stockCode ?? description;
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
    got: `${named(amount)} is the same on all lines of an invoice (of ${formatNumber(same)} of ${formatPlural(ofSeveral.length, "invoice")} of several lines), so it is no amount of a line`,
    hint: 'Name the column of prices or amounts of lines in the parameter `columns`, such as columns="price=Name of the column".',
  });
}
