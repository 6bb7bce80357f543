import { ArgumentError } from "@keyspaces-segmentation/common";

/**
 * Pairs rows with columns, each at most once, so that the sum of their costs is as low as it can be: the Hungarian method, by shortest
 * augmenting paths. O(rows² × columns) where there are no more rows than columns.
 *
 * @param costs one array a row, all of the same length; finite
 * @returns per row, its column; −1 for the rows left over where there are more rows than columns
 * @throws ArgumentError for rows of different lengths, or a cost that is not finite
 * @see Kuhn, "The Hungarian method for the assignment problem", 1955; Jonker & Volgenant, 1987
 */
export function optimalAssignment(costs: readonly (readonly number[])[]): number[] {
  const columns = costs[0]?.length ?? 0;
  costs.forEach((row, i) => {
    if (row.length !== columns) throw new ArgumentError(`costs[${i}].length`, String(columns), row.length);
    const bad = row.find((cost) => !Number.isFinite(cost));
    if (bad !== undefined) throw new ArgumentError(`costs[${i}]`, "finite numbers", bad);
  });
  if (costs.length <= columns) return pair(costs, columns);
  const transposed = Array.from({ length: columns }, (_, column) => costs.map((row) => row[column]!));
  const rows = new Array<number>(costs.length).fill(-1);
  pair(transposed, costs.length).forEach((row, column) => {
    rows[row] = column;
  });
  return rows;
}

/** With at least as many columns as rows. Brings one row after the other in, along the cheapest path of swaps. */
function pair(costs: readonly (readonly number[])[], columns: number): number[] {
  // Rows and columns count from 1; 0 is the row being brought in, and its makeshift column.
  const ofRow = new Float64Array(costs.length + 1);
  const ofColumn = new Float64Array(columns + 1);
  const rowAt = new Int32Array(columns + 1);
  for (let row = 1; row <= costs.length; row++) {
    const least = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const from = new Int32Array(columns + 1);
    const seen = new Uint8Array(columns + 1);
    rowAt[0] = row;
    let column = 0;
    while (rowAt[column] !== 0) {
      seen[column] = 1;
      const here = rowAt[column]!;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= columns; j++) {
        if (seen[j]) continue;
        const reduced = costs[here - 1]![j - 1]! - ofRow[here]! - ofColumn[j]!;
        if (reduced < least[j]!) {
          least[j] = reduced;
          from[j] = column;
        }
        if (least[j]! < delta) {
          delta = least[j]!;
          next = j;
        }
      }
      for (let j = 0; j <= columns; j++) {
        if (seen[j]) {
          ofRow[rowAt[j]!]! += delta;
          ofColumn[j]! -= delta;
        } else least[j]! -= delta;
      }
      column = next;
    }
    while (column !== 0) {
      rowAt[column] = rowAt[from[column]!]!;
      column = from[column]!;
    }
  }
  const assigned = new Array<number>(costs.length).fill(-1);
  for (let j = 1; j <= columns; j++) if (rowAt[j]! > 0) assigned[rowAt[j]! - 1] = j - 1;
  return assigned;
}
