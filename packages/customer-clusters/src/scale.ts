import { ArgumentError } from "@keyspaces-segmentation/common";
import type { CustomerFeatures } from "@keyspaces-segmentation/invoices";
import { type Matrix, requireFinite } from "@keyspaces-segmentation/kmeans";

/**
 * How features are brought to one scale before distances are taken:
 * - `min_max`: each column to 0 … 1, as in the original walkthrough
 * - `log_standard`: logarithm, then mean 0 and standard deviation 1; for long-tailed features such as money
 */
export type Scaling = "min_max" | "log_standard";

/** A fitted scaling, a plain object that JSON keeps: scaled = (x − offset) × factor per column, x logarithmic or not. */
export interface Scaler {
  readonly scaling: Scaling;
  readonly offset: readonly number[];
  /** 0 for a column that is constant, which scales to 0. */
  readonly factor: readonly number[];
}

/** The features of customers as a matrix with the columns recencyDays, frequency, monetary. */
export function featureMatrix(customers: readonly CustomerFeatures[]): Matrix {
  const values = new Float64Array(3 * customers.length);
  customers.forEach(({ recencyDays, frequency, monetary }, i) => {
    values[3 * i] = recencyDays;
    values[3 * i + 1] = frequency;
    values[3 * i + 2] = monetary;
  });
  return { values, rows: customers.length, columns: customers.length === 0 ? 0 : 3 };
}

/**
 * Learns a scaling from data.
 *
 * @throws ArgumentError for an unknown scaling, a matrix without rows, or one with NaN or infinities
 */
export function fitScaler(matrix: Matrix, scaling: Scaling): Scaler {
  if (!Object.hasOwn(CURVES, scaling)) {
    throw new ArgumentError("scaling", `one of ${Object.keys(CURVES).join(", ")}`, scaling);
  }
  if (matrix.rows < 1) throw new ArgumentError("matrix.rows", "1 or more", matrix.rows);
  requireFinite(matrix, "matrix");
  const { bend, measure } = CURVES[scaling];
  // The same for all of them: each large array makes the engine look for garbage.
  const column = new Float64Array(matrix.rows);
  const columns = Array.from({ length: matrix.columns }, (_, j) => {
    for (let i = 0; i < column.length; i++) column[i] = bend(matrix.values[i * matrix.columns + j]!);
    return measure(column);
  });
  return {
    scaling,
    offset: columns.map(({ offset }) => offset),
    factor: columns.map(({ width }) => reciprocal(width)),
  };
}

/** @throws ArgumentError when the scaler was fitted to another number of columns, or a value is not finite */
export function applyScaler(matrix: Matrix, scaler: Scaler): Matrix {
  const { bend } = CURVES[scaler.scaling];
  return mapCells(matrix, scaler, (value, offset, factor) => (bend(value) - offset) * factor);
}

/**
 * Takes scaled values, such as centroids, back to the units of the data. Constant columns come back as their constant.
 *
 * @throws ArgumentError when the scaler was fitted to another number of columns, or a value is not finite
 */
export function invertScaler(matrix: Matrix, scaler: Scaler): Matrix {
  const { unbend } = CURVES[scaler.scaling];
  return mapCells(matrix, scaler, (value, offset, factor) => unbend(factor === 0 ? offset : value / factor + offset));
}

interface Curve {
  readonly bend: (value: number) => number;
  readonly unbend: (value: number) => number;
  /** What a bent column is shifted by, and the width that becomes 1. */
  readonly measure: (column: Float64Array) => { offset: number; width: number };
}

const CURVES: Record<Scaling, Curve> = {
  min_max: { bend: (value) => value, unbend: (value) => value, measure: rangeOf },
  // Mirrored at zero: ln(1 + x) for x ≥ 0, and a customer who returned more than they bought keeps a finite place below.
  log_standard: {
    bend: (value) => Math.sign(value) * Math.log1p(Math.abs(value)),
    unbend: (value) => Math.sign(value) * Math.expm1(Math.abs(value)),
    measure: momentsOf,
  },
};

function rangeOf(column: Float64Array): { offset: number; width: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of column) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { offset: least, width: most - least };
}

/** Mean and population standard deviation; exactly 0 for a constant column, whatever the rounding. */
function momentsOf(column: Float64Array): { offset: number; width: number } {
  if (rangeOf(column).width === 0) return { offset: column[0]!, width: 0 };
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
  return { offset: mean, width: Math.sqrt(variance) };
}

function reciprocal(width: number): number {
  const factor = 1 / width;
  return Number.isFinite(factor) ? factor : 0;
}

function mapCells(
  matrix: Matrix,
  { offset, factor }: Scaler,
  change: (value: number, offset: number, factor: number) => number,
): Matrix {
  if (matrix.columns !== offset.length) {
    throw new ArgumentError("matrix.columns", `${offset.length} as in \`scaler\``, matrix.columns);
  }
  requireFinite(matrix, "matrix");
  const values = matrix.values.map((value, at) =>
    change(value, offset[at % offset.length]!, factor[at % offset.length]!),
  );
  return { ...matrix, values };
}
