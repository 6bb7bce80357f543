import type { NumberedLine } from "./money_columns.js";

/** Fewer lines tell nothing. */
const FEWEST = 20;
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
  if (points.length < FEWEST || new Set(points.map(({ x }) => x)).size < 2) return undefined;
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
