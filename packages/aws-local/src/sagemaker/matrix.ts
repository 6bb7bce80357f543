/** Rows of numbers, one behind the other: row i begins at `i * columns`. */
export interface Matrix {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}
