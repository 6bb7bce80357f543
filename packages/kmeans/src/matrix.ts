import { ArgumentError } from "@keyspaces-segmentation/common";

/** A dense table of numbers, row-major: the value of row i and column j is `values[i * columns + j]`. */
export interface Matrix {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Packs rows of equal length into a {@link Matrix}.
 *
 * @throws ArgumentError when a row is longer or shorter than the first
 * @example matrixOf([[1, 2], [3, 4], [5, 6]]) // rows 3, columns 2, values 1 2 3 4 5 6
 */
export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    if (row.length !== columns) throw new ArgumentError(`rows[${i}].length`, String(columns), row.length);
    values.set(row, i * columns);
  });
  return { values, rows: rows.length, columns };
}

/**
 * Checks that a matrix has the size it claims and holds neither NaN nor infinities, which would spread
 * through every mean and distance computed from it.
 *
 * @throws ArgumentError naming the offending cell, counted from 0
 */
export function requireFinite({ values, rows, columns }: Matrix, name: string): void {
  if (values.length !== rows * columns) {
    throw new ArgumentError(`${name}.values.length`, `${rows} rows × ${columns} columns`, values.length);
  }
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    const cell = `finite in row ${Math.floor(at / columns)}, column ${at % columns}`;
    throw new ArgumentError(name, cell, values[at]);
  }
}

/**
 * Rows drawn without repetition, in their order; all of them where there are no more. O(rows).
 *
 * @param random numbers in [0, 1); not asked where all rows are taken
 * @see Knuth, The Art of Computer Programming, 3.4.2, algorithm S
 */
export function drawRows(rows: number, most: number, random: () => number): Int32Array {
  if (rows <= most) return Int32Array.from({ length: rows }, (_, row) => row);
  const drawn = new Int32Array(most);
  for (let row = 0, taken = 0; taken < most; row++) {
    if (random() * (rows - row) < most - taken) drawn[taken++] = row;
  }
  return drawn;
}

/** The matrix of some rows of another, in the order given. */
export function rowsOf({ values, columns }: Matrix, of: Int32Array): Matrix {
  const chosen = new Float64Array(of.length * columns);
  of.forEach((row, i) => {
    chosen.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return { values: chosen, rows: of.length, columns };
}

/** A matrix for work that takes many passes: a sample of so many rows, or the matrix itself where it has no more. */
export function sampleRows(matrix: Matrix, most: number, random: () => number): Matrix {
  return matrix.rows <= most ? matrix : rowsOf(matrix, drawRows(matrix.rows, most, random));
}

/**
 * How many different rows a matrix has: so many clusters can have rows, and no more. O(rows), and less where `most` is soon reached.
 *
 * @param most where counting stops; default all rows
 */
export function differentRows({ values, rows, columns }: Matrix, most: number = rows): number {
  const seen = new Set<string>();
  for (let i = 0; i < rows && seen.size < most; i++) seen.add(values.subarray(i * columns, (i + 1) * columns).join());
  return seen.size;
}
