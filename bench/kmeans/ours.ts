/**
 * Our side of the k-means measurements, a process of its own: `ours.js <file> <columns> <ks> <starts>`, the file being float64
 * values, row-major, and the numbers of clusters separated by commas. Prints one line of JSON, a {@link FitFigures}.
 */
import { readFileSync } from "node:fs";
import { fitEach, kMeansInThreads, seededRandom } from "@keyspaces-segmentation/kmeans";
import type { OwnFigures } from "../recorder.js";

/** What a program says about its fits. */
export interface FitFigures extends OwnFigures {
  /** One per number of clusters. */
  readonly inertias: readonly number[];
}

async function main([file, columnsText, ksText, startsText]: string[]): Promise<FitFigures> {
  const bytes = readFileSync(file!);
  const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  const columns = Number(columnsText);
  const matrix = { values, rows: values.length / columns, columns };
  const ks = ksText!.split(",").map(Number);
  // Until nothing moves, where scikit-learn stops at 1e-4: at our expense, or the lower inertia would be a matter of luck.
  const options = { random: seededRandom(1), starts: Number(startsText), tolerance: 0 };
  const start = performance.now();
  // Threads are started, and end, within the time that counts.
  const fits =
    ks.length === 1
      ? [await kMeansInThreads(matrix, { ...options, k: ks[0]! })]
      : await fitEach(matrix, { ...options, ks });
  const seconds = (performance.now() - start) / 1000;
  return { rows: matrix.rows * ks.length, seconds, inertias: fits.map(({ inertia }) => inertia) };
}

void main(process.argv.slice(2)).then(
  (figures) => console.log(JSON.stringify(figures)),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
