import { ArgumentError } from "@keyspaces-segmentation/common";
import { squaredDistance } from "./filter.js";
import { drawRows, type Matrix, rowsOf } from "./matrix.js";

/** How well a partition separates rows; see each function. Null where it is not defined, as with a single cluster. */
export interface Quality {
  readonly silhouette: number | null;
  readonly daviesBouldin: number | null;
  readonly calinskiHarabasz: number | null;
  /** Mean distance of the rows to the mean of their cluster. */
  readonly intra: number;
  /** Mean distance between the means of two clusters, and the least; null with a single cluster. */
  readonly inter: number | null;
  readonly interLeast: number | null;
}

/** What rounding leaves of a variance that is none, as a part of all. */
const NOTHING = 1e-26;

/** By default, silhouettes are exact up to this many rows, and those of so many of them above. */
const SILHOUETTE_ROWS = 10_000;

/**
 * All measures of a partition. Those of a cluster without rows are left out.
 *
 * @param clusters per row, the index of its cluster
 * @param random draws the rows whose silhouette is taken where there are more than `silhouetteRows`; numbers in [0, 1)
 * @throws ArgumentError when there is not one cluster per row
 */
export function measureQuality(
  matrix: Matrix,
  clusters: ArrayLike<number>,
  random: () => number,
  silhouetteRows: number = SILHOUETTE_ROWS,
): Quality {
  const partition = partitionOf(matrix, clusters);
  return { ...separation(partition), silhouette: silhouetteOf(sampleOf(matrix, clusters, random, silhouetteRows)) };
}

/**
 * Mean silhouette coefficient of all rows, −1 … 1, higher is better: how much nearer a row's own cluster is than the nearest
 * other one (Rousseeuw, "Silhouettes", 1987). A row alone in its cluster counts 0. O(rows² × columns).
 *
 * @returns null unless there are 2 to rows − 1 clusters
 */
export function silhouetteOf({ matrix, clusters }: { matrix: Matrix; clusters: ArrayLike<number> }): number | null {
  const { rows, columns } = matrix;
  const { grouped, ends, k } = partitionOf(matrix, clusters);
  if (k < 2 || k >= rows) return null;
  let total = 0;
  for (let own = 0, i = 0; own < k; own++) {
    const size = ends[own]! - i;
    for (; i < ends[own]!; i++) {
      if (size === 1) continue;
      let within = 0;
      let nearest = Number.POSITIVE_INFINITY;
      for (let cluster = 0, j = 0; cluster < k; cluster++) {
        const count = ends[cluster]! - j;
        let sum = 0;
        for (; j < ends[cluster]!; j++)
          sum += Math.sqrt(squaredDistance(grouped, i * columns, grouped, j * columns, columns));
        if (cluster === own) within = sum / (count - 1);
        else nearest = Math.min(nearest, sum / count);
      }
      const larger = Math.max(within, nearest);
      total += larger > 0 ? (nearest - within) / larger : 0;
    }
  }
  return total / rows;
}

/** A partition with its rows in the order of their clusters; clusters without rows are left out. */
interface Partition {
  readonly rows: number;
  readonly columns: number;
  /** Number of clusters with rows. */
  readonly k: number;
  readonly grouped: Float64Array;
  /** Per cluster, the end of its rows. */
  readonly ends: Int32Array;
  /** Per cluster, row-major. */
  readonly means: Float64Array;
}

function partitionOf({ values, rows, columns }: Matrix, clusters: ArrayLike<number>): Partition {
  if (clusters.length !== rows) throw new ArgumentError("clusters.length", `${rows}, one per row`, clusters.length);
  const sizes = new Map<number, number>();
  for (let i = 0; i < rows; i++) sizes.set(clusters[i]!, (sizes.get(clusters[i]!) ?? 0) + 1);
  const present = [...sizes.keys()].sort((a, b) => a - b);
  const next = new Map<number, number>();
  const ends = new Int32Array(present.length);
  present.forEach((cluster, c) => {
    next.set(cluster, ends[c - 1] ?? 0);
    ends[c] = (ends[c - 1] ?? 0) + sizes.get(cluster)!;
  });
  const grouped = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const to = next.get(clusters[i]!)!;
    next.set(clusters[i]!, to + 1);
    for (let j = 0; j < columns; j++) grouped[to * columns + j] = values[i * columns + j]!;
  }
  const means = new Float64Array(present.length * columns);
  for (let c = 0, i = 0; c < present.length; c++) {
    const size = ends[c]! - i;
    for (; i < ends[c]!; i++)
      for (let j = 0; j < columns; j++) means[c * columns + j]! += grouped[i * columns + j]! / size;
  }
  return { rows, columns, k: present.length, grouped, ends, means };
}

/**
 * Everything that the means of the clusters tell:
 * - Davies–Bouldin index, 0 …, lower is better: how wide clusters are, measured by how far apart (Davies & Bouldin, 1979)
 * - Calinski–Harabasz index, 0 …, higher is better: variance between clusters over variance within (Caliński & Harabasz, 1974)
 */
function separation({ rows, columns, k, grouped, ends, means }: Partition): Omit<Quality, "silhouette"> {
  const centre = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) centre[j]! += grouped[i * columns + j]! / rows;
  const widths = new Float64Array(k);
  let within = 0;
  let between = 0;
  let distances = 0;
  for (let c = 0, i = 0; c < k; c++) {
    const size = ends[c]! - i;
    between += size * squaredDistance(means, c * columns, centre, 0, columns);
    for (; i < ends[c]!; i++) {
      const squared = squaredDistance(grouped, i * columns, means, c * columns, columns);
      within += squared;
      distances += Math.sqrt(squared);
      widths[c]! += Math.sqrt(squared) / size;
    }
  }
  const apart = (a: number, b: number) => Math.sqrt(squaredDistance(means, a * columns, means, b * columns, columns));
  const pairs = Array.from({ length: k }, (_, a) => Array.from({ length: a }, (_, b) => apart(a, b))).flat();
  const defined = k >= 2 && k < rows;
  return {
    daviesBouldin: defined ? daviesBouldin(widths, apart) : null,
    calinskiHarabasz: defined ? (within <= NOTHING * between ? 1 : (between * (rows - k)) / (within * (k - 1))) : null,
    intra: distances / rows,
    inter: k < 2 ? null : pairs.reduce((sum, distance) => sum + distance, 0) / pairs.length,
    interLeast: k < 2 ? null : pairs.reduce((least, distance) => Math.min(least, distance)),
  };
}

/** Of each cluster the worst ratio of widths to distance, on average. Clusters of one point each, or with one mean, count 0, as in scikit-learn. */
function daviesBouldin(widths: Float64Array, apart: (a: number, b: number) => number): number {
  const worst = widths.map((width, a) => {
    let most = 0;
    for (let b = 0; b < widths.length; b++) {
      const distance = apart(a, b);
      if (a !== b && distance > 0) most = Math.max(most, (width + widths[b]!) / distance);
    }
    return most;
  });
  return worst.reduce((sum, ratio) => sum + ratio, 0) / widths.length;
}

/** All rows, or so many of them as silhouettes are taken of, drawn without repetition. */
function sampleOf(
  matrix: Matrix,
  clusters: ArrayLike<number>,
  random: () => number,
  most: number,
): { matrix: Matrix; clusters: ArrayLike<number> } {
  if (matrix.rows <= most) return { matrix, clusters };
  const drawn = drawRows(matrix.rows, most, random);
  return { matrix: rowsOf(matrix, drawn), clusters: drawn.map((row) => clusters[row]!) };
}
