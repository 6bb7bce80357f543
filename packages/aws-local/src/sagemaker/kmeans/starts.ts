import type { Matrix } from "../matrix.js";

/** `init_method` and `local_lloyd_init_method`. */
export type StartMethod = "random" | "kmeans++";

/** Points, of which each stands for as many observations as it weighs. */
export interface WeightedPoints {
  readonly points: Matrix;
  readonly weights: ArrayLike<number>;
}

/**
 * Chooses the points that centres begin at, each at most once:
 * - `random`: any as likely as any other
 * - `kmeans++`: the first by weight, each further one by weight times the square of its distance to the nearest chosen one
 *   (Arthur and Vassilvitskii, k-means++: the advantages of careful seeding, 2007)
 *
 * @param count at most as many as there are points
 * @returns the chosen rows, one behind the other
 */
export function chooseStarts(
  { points, weights }: WeightedPoints,
  count: number,
  method: StartMethod,
  random: () => number,
): Matrix {
  const { rows, columns } = points;
  const chosen =
    method === "random"
      ? drawRows(
          Array.from({ length: rows }, (_, i) => i),
          count,
          random,
        )
      : drawSpread(points, weights, count, random);
  const values = new Float64Array(count * columns);
  chosen.forEach((row, i) => {
    values.set(rowOf(points, row), i * columns);
  });
  return { values, rows: count, columns };
}

const rowOf = ({ values, columns }: Matrix, row: number): Float64Array =>
  values.subarray(row * columns, (row + 1) * columns);

/** So many of them, none twice. */
function drawRows(from: number[], count: number, random: () => number): number[] {
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (from.length - i));
    [from[i], from[j]] = [from[j] ?? 0, from[i] ?? 0];
  }
  return from.slice(0, count);
}

function drawSpread(points: Matrix, weights: ArrayLike<number>, count: number, random: () => number): number[] {
  const { values, columns } = points;
  const chances = Float64Array.from(weights);
  const squares = new Float64Array(points.rows).fill(Infinity);
  const chosen: number[] = [];
  let total = chances.reduce((sum, chance) => sum + chance, 0);
  while (chosen.length < count) {
    const row = drawByChance(chances, random() * total);
    // What is left lies on what was chosen.
    if (row < 0) break;
    chosen.push(row);
    const at = row * columns;
    total = 0;
    for (let i = 0; i < points.rows; i++) {
      let square = 0;
      for (let j = 0; j < columns; j++) {
        const difference = (values[i * columns + j] ?? 0) - (values[at + j] ?? 0);
        square += difference * difference;
      }
      if (square < (squares[i] ?? 0)) squares[i] = square;
      const chance = (weights[i] ?? 0) * (squares[i] ?? 0);
      chances[i] = chance;
      total += chance;
    }
  }
  if (chosen.length === count) return chosen;
  const rest = Array.from({ length: points.rows }, (_, i) => i).filter((row) => !chosen.includes(row));
  return [...chosen, ...drawRows(rest, count - chosen.length, random)];
}

/** The index at which the chances before it and its own come above the mark; −1 if there is no chance at all. */
function drawByChance(chances: Float64Array, mark: number): number {
  let sum = 0;
  let last = -1;
  for (let i = 0; i < chances.length; i++) {
    const chance = chances[i] ?? 0;
    if (chance <= 0) continue;
    sum += chance;
    last = i;
    if (sum > mark) return i;
  }
  return last;
}
