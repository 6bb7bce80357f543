import { ArgumentError } from "../errors.js";
import type { Matrix } from "./matrix.js";

/** 0 … n − 1 in random order (Fisher and Yates). */
function shuffledIndices(n: number, random: () => number): Uint32Array {
  const indices = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const kept = indices[i] as number;
    indices[i] = indices[j] as number;
    indices[j] = kept;
  }
  return indices;
}

/**
 * Writes features as the CSV that SageMaker's K-Means reads: no header, no ids, numbers only, one line a row. The rows are shuffled,
 * because the algorithm takes its first centers from the first batch.
 *
 * @param random uniform in [0, 1)
 * @throws ArgumentError when a feature is not a finite number
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
 */
export function featuresToCsv({ values, rows, columns }: Matrix, random: () => number): string {
  const lines: string[] = [];
  for (const row of shuffledIndices(rows, random)) {
    const features = values.subarray(row * columns, (row + 1) * columns);
    const bad = features.find((value) => !Number.isFinite(value));
    if (bad !== undefined) throw new ArgumentError("features", `finite in row ${row}`, bad);
    lines.push(features.join(","));
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
