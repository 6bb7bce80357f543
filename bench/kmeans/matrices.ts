import { applyScaler, fitScaler } from "@keyspaces-segmentation/customer-clusters";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { seededRandom } from "@keyspaces-segmentation/kmeans";

export interface MatrixOptions {
  readonly rows: number;
  /** To the penny, or to the next 50: then many rows are the same. */
  readonly money: "pence" | "fifties";
  readonly seed: number;
}

/**
 * Customers that nobody has met, in the shape of *Online Retail II*: whole days since the last order, whole orders, money
 * that goes with orders; all long-tailed.
 */
export function customerFeatures({ rows, money, seed }: MatrixOptions): Matrix {
  const random = seededRandom(seed);
  // Box & Muller.
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const step = money === "pence" ? 0.01 : 50;
  const values = new Float64Array(rows * 3);
  for (let i = 0; i < rows; i++) {
    const frequency = Math.max(1, Math.round(Math.exp(0.9 + normal())));
    const recencyDays = Math.min(373, Math.floor((-220 * Math.log(1 - random())) / Math.sqrt(frequency)));
    const monetary = Math.round((Math.exp(5.6 + 0.55 * normal()) * frequency) / step) * step;
    values.set([recencyDays, frequency, monetary], 3 * i);
  }
  return { values, rows, columns: 3 };
}

/** The same, scaled by logarithm and standard score, as the notebook does. */
export function customerMatrix(options: MatrixOptions): Matrix {
  const matrix = customerFeatures(options);
  return applyScaler(matrix, fitScaler(matrix, "log_standard"));
}
