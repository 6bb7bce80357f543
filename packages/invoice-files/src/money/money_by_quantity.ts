import { CENT, type NumberedLine } from "./numbered_lines.js";

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

/** Fewer lines tell nothing. */
const FEWEST_LINES = 20;
/** As many standard errors on one side of a half are no chance. */
const SURE_ERRORS = 3;

/**
 * How money in a column grows with the quantity, of lines whose articles are not known: as an amount of the line does, twice as much for
 * twice as many, or not at all, as a price does. By the slope of its logarithm over that of the quantity; undefined where that may be either.
 */
export function growthOf(lines: readonly NumberedLine[], at: number): "of_line" | "of_piece" | undefined {
  const points = lines
    .map(({ pieces, number }) => ({ x: Math.log(Math.abs(pieces)), y: Math.log(Math.abs(number(at))) }))
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  if (points.length < FEWEST_LINES || new Set(points.map(({ x }) => x)).size < 2) return undefined;
  const mean = (of: "x" | "y"): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [meanX, meanY] = [mean("x"), mean("y")];
  let [xx, xy, yy] = [0, 0, 0];
  for (const { x, y } of points) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) ** 2;
  }
  const slope = xy / xx;
  const error = Math.sqrt(Math.max(0, yy - slope * xy) / (points.length - 2) / xx);
  if (slope - SURE_ERRORS * error > 0.5) return "of_line";
  if (slope + SURE_ERRORS * error < 0.5) return "of_piece";
  return undefined;
}
