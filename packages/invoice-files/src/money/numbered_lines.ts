import { toNumber } from "@keyspaces-segmentation/common";
import { looksLikeNumber, type NumberFormat, numberReader } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import { remembered } from "../remembered.js";
import type { NumberFormats } from "./worth.js";

/** Prices have been rounded to cents. */
export const CENT = 0.011;
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

/** Whether one column has in nearly all of some lines what their pieces at another come to: at 1 throughout they come to nothing but themselves. */
export function areProducts(several: readonly NumberedLine[], each: number, total: number): boolean {
  if (several.every(({ number }) => number(each) === 1)) return false;
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
