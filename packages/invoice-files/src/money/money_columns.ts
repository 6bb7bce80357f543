import { toNumber } from "@keyspaces-segmentation/common";
import { looksLikeNumber, type NumberFormat, numberReader } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import { remembered } from "../remembered.js";
import type { NumberFormats } from "./worth.js";

/** Prices have been rounded to cents. */
const CENT = 0.011;
const NEARLY_ALL = 0.9;
/** Fewer lines of several pieces tell nothing. */
const FEWEST = 3;
/** As many lines are looked at. */
const LOOKED_AT = 2000;

/** A line with its quantity, and the numbers in its columns. */
export interface NumberedLine {
  /** "" where there is no column of them. */
  readonly product: string;
  readonly pieces: number;
  /** That of a column; NaN for none. It is read when asked for: most columns show in few lines that they are not what is looked for. */
  readonly number: (at: number) => number;
}

/** Whether enough of all do something, and nearly all. */
export const areMost = (count: number, all: number): boolean => count >= FEWEST && count >= NEARLY_ALL * all;

/** Whether enough of some lines do something, and nearly all; most columns show soon that they do not. */
export function mostDo(lines: readonly NumberedLine[], does: (line: NumberedLine) => boolean): boolean {
  const enoughMisses = (1 - NEARLY_ALL) * lines.length + 1;
  let [count, misses] = [0, 0];
  for (const line of lines) {
    if (does(line)) count++;
    else if (++misses > enoughMisses) return false;
  }
  return areMost(count, lines.length);
}

/** Lines of several pieces, or of parts of one. */
export const ofSeveral = (lines: readonly NumberedLine[]): NumberedLine[] =>
  lines.filter(({ pieces }) => Math.abs(Math.abs(pieces) - 1) >= 0.001 && pieces !== 0);

/** Whether two amounts of so many pieces are one; signs of returns may stand in either. */
const isNear = (a: number, b: number, pieces: number): boolean =>
  Math.abs(Math.abs(a) - Math.abs(b)) <= CENT * Math.max(1, Math.abs(pieces));

/** Whether one column has in nearly all of some lines what their pieces at another come to. */
export function areProducts(several: readonly NumberedLine[], each: number, total: number): boolean {
  return mostDo(
    several,
    ({ pieces, number }) => number(total) !== 0 && isNear(pieces * number(each), number(total), pieces),
  );
}

/** Whether in nearly all lines an amount is what the pieces come to less a discount: of the line, of each piece, or a share of it. */
export function areDiscounted(
  lines: readonly NumberedLine[],
  { price, amount, discount }: { price: number; amount: number; discount: number },
): boolean {
  // Where nothing was taken off, any price tells the amount.
  const lessened = lines.filter(({ number }) => number(discount) !== 0);
  return mostDo(lessened, ({ pieces, number }) => {
    const [each, off] = [number(price), Math.abs(number(discount))];
    const whole = pieces * each;
    const amounts = [whole - Math.sign(whole) * off, pieces * (each - off), whole * (1 - off / 100), whole * (1 - off)];
    return amounts.some((money) => isNear(money, number(amount), pieces));
  });
}

/** Whether a line has another amount than its pieces come to. */
export const differs = ({ pieces, number }: NumberedLine, price: number, amount: number): boolean =>
  !Number.isNaN(number(amount)) && !isNear(pieces * number(price), number(amount), pieces);

/** How many lines do. */
export const differingOf = (lines: readonly NumberedLine[], price: number, amount: number): number =>
  lines.filter((line) => differs(line, price, amount)).length;

/** Whether two columns have the same in nearly all of some lines. */
export function isSame(several: readonly NumberedLine[], one: number, other: number): boolean {
  return mostDo(
    several,
    ({ number }) => number(one) !== 0 && Math.abs(Math.abs(number(one)) - Math.abs(number(other))) <= CENT,
  );
}

/** Products that were sold in different quantities, by what is the same of all of them. */
interface ProductMoney {
  /** The money by piece, so that it is the line's. */
  readonly ofLine: number;
  /** The money itself, so that it is that of one piece. */
  readonly ofPiece: number;
}

/** Looks whether money in a column grows with the quantity, of products that were sold in several. */
export function moneyOfProducts(lines: readonly NumberedLine[], at: number): ProductMoney {
  const products = new Map<string, { readonly pieces: number; readonly money: number }[]>();
  for (const { product, pieces, number } of lines) {
    const money = Math.abs(number(at));
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
export function numberedLines({ lines, positions }: Table, formats: NumberFormats): NumberedLine[] {
  const { quantity, stockCode, description, price, amount } = positions;
  const product = stockCode ?? description;
  const readQuantity = nearestReader(formats.quantity);
  const readMoney = nearestReader(formats.price);
  const readOther = remembered((text) => {
    const bare = text.endsWith("%") ? text.slice(0, -1) : text;
    return looksLikeNumber(bare) ? readMoney(bare.trim()) : Number.NaN;
  });
  return lines.slice(0, LOOKED_AT).flatMap(({ fields }): NumberedLine[] => {
    const pieces = readQuantity(fieldAt(fields, quantity));
    const number = (at: number): number => {
      const read = at === price || at === amount ? readMoney : readOther;
      return read(fieldAt(fields, at));
    };
    const isLine = !Number.isNaN(pieces) && !Number.isNaN(readMoney(fieldAt(fields, price ?? amount)));
    return isLine ? [{ product: fieldAt(fields, product), pieces, number }] : [];
  });
}

/** Reads numbers as the nearest that arithmetic has; NaN for none. */
function nearestReader(format: NumberFormat): (text: string) => number {
  const read = numberReader(format);
  return remembered((text) => {
    const found = read(text);
    return found === undefined ? Number.NaN : toNumber(found);
  });
}

/** How the cents of a column divide by the pieces of their lines. */
export interface Division {
  /** Lines of two pieces and more, and those of them in which a piece comes to whole cents. */
  readonly several: number;
  readonly whole: number;
  /** How unlikely that is to be chance, in bits: what of the amounts of other lines divides by the same numbers. */
  readonly bits: number;
}

/** Of fewer other lines, their share says nothing. */
const FEWEST_OTHERS = 10;

/** Looks whether money in a column divides by the quantities beside it as amounts of lines do, and prices of pieces by chance only. */
export function divisionOf(lines: readonly NumberedLine[], at: number): Division {
  const amounts = lines
    .map(({ pieces, number }) => ({ pieces: Math.abs(pieces), cents: Math.round(Math.abs(number(at)) * 100) }))
    .filter(({ cents }) => cents > 0);
  const chances = new Map<number, number>();
  const chanceOf = (pieces: number): number => {
    const others = amounts.filter((other) => other.pieces % pieces !== 0);
    const dividing = others.filter(({ cents }) => cents % pieces === 0).length;
    return others.length < FEWEST_OTHERS ? 1 : Math.max(dividing, 1) / others.length;
  };
  let [several, whole, bits] = [0, 0, 0];
  for (const { pieces, cents } of amounts) {
    if (pieces < 2 || !Number.isInteger(pieces)) continue;
    several++;
    if (cents % pieces !== 0) continue;
    whole++;
    const chance = chances.get(pieces) ?? chanceOf(pieces);
    chances.set(pieces, chance);
    bits -= Math.log2(chance);
  }
  return { several, whole, bits };
}
