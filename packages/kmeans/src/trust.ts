import { ArgumentError, requireInteger } from "@keyspaces-segmentation/common";
import { squaredDistance } from "./filter.js";
import { buildKdTree } from "./kd_tree.js";
import { fitInThreads, type KMeansOptions, planStarts } from "./kmeans.js";
import { type Matrix, matrixOf, sampleRows } from "./matrix.js";
import { inThreads, type ThreadOptions } from "./threads.js";

/** Enough that what is best does not hang on the sample, and hundreds of fits take seconds. */
export const sweepRows = 100_000;
/** Starts that come within this part of the best inertia count as having found it. */
const AT_BEST = 0.001;
/** Customers with a margin below this are on the fence. */
const FENCE = 0.1;

export interface TrustOptions extends KMeansOptions, ThreadOptions {
  /** The model whose partition is gauged. Default: the best fit found here. Must have k rows. */
  readonly centroids?: Matrix;
  /** Bootstrap samples, and starts of the fit to each. Default 50 and 10. */
  readonly samples?: number;
  readonly sampleStarts?: number;
  /** Rows whose margin is below this are on the fence. Default 0.1. */
  readonly fence?: number;
  /** Starts and bootstrap samples are fitted to a sample of so many rows where there are more; margins are those of all. Default {@link sweepRows}. */
  readonly mostRows?: number;
  /** Called as work proceeds, with how many of how many steps are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How far a partition can be trusted. */
export interface TrustGauge {
  readonly k: number;
  readonly rows: number;
  /** How many of them were fitted; fewer than `rows` where there are many. */
  readonly fittedRows: number;
  readonly starts: number;
  /** Part of the starts that came within 0.1 % of the best inertia: low where the result was a matter of luck. */
  readonly startsAtBest: number;
  /** Best inertia of the starts. */
  readonly inertia: number;
  /** Adjusted Rand index between the partition and that of a fit to a bootstrap sample; see `adjustedRand`. */
  readonly agreement: {
    readonly mean: number;
    readonly least: number;
    readonly most: number;
    readonly samples: number;
  };
  /** Per row; see `marginsOf`. */
  readonly margins: Float64Array;
  /** Rows whose margin is below `fence`, the narrowest first. */
  readonly onTheFence: number[];
  readonly fence: number;
}

/**
 * Gauges a partition into k clusters: whether other starts find it, whether it stays when the customers change a little
 * (refitted to bootstrap samples: as many rows, drawn with repetition; then every row is assigned), and which rows lie
 * between two clusters. 50 starts unless told otherwise. Works in threads.
 *
 * @throws ArgumentError as `kMeans`, and for options out of range; the signal's reason when aborted
 */
export async function gaugeTrust(matrix: Matrix, options: TrustOptions): Promise<TrustGauge> {
  const {
    samples = 50,
    sampleStarts = 10,
    fence = FENCE,
    mostRows = sweepRows,
    centroids: given,
    onProgress,
  } = options;
  const fitted = sampleRows(matrix, mostRows, options.random);
  const plan = planStarts(fitted, { starts: 50, ...options });
  const { k, seeds, stop } = plan;
  requireInteger("samples", samples, 1);
  requireInteger("sampleStarts", sampleStarts, 1);
  if (!(fence >= 0 && fence <= 1)) throw new ArgumentError("fence", "from 0 to 1", fence);
  if (given && given.rows !== k) throw new ArgumentError("centroids.rows", `${k} as \`k\``, given.rows);
  const sampleSeeds = Array.from({ length: samples }, () => Math.floor(options.random() * 2 ** 32));
  const total = seeds.length + samples;
  let done = 0;
  const step = () => onProgress?.(++done, total);
  return inThreads(options, { rows: fitted.rows, jobs: total }, async (threads) => {
    const tree = buildKdTree(fitted);
    threads.share(tree);
    const best = await fitInThreads(threads, fitted, tree, plan, step);
    const centroids = given ?? best.centroids;
    const agreements = await Promise.all(
      sampleSeeds.map(async (seed) => {
        const index = await threads.run("resample", { centroids: centroids.values, seed, starts: sampleStarts, stop });
        step();
        return index;
      }),
    );
    const margins = marginsOf(matrix, distinctCentroids(centroids));
    return {
      k,
      rows: matrix.rows,
      fittedRows: fitted.rows,
      starts: seeds.length,
      startsAtBest: shareAtBest(best.startInertias),
      inertia: best.inertia,
      agreement: {
        mean: agreements.reduce((sum, value) => sum + value, 0) / samples,
        least: Math.min(...agreements),
        most: Math.max(...agreements),
        samples,
      },
      margins,
      onTheFence: rowsOnFence(margins, fence),
      fence,
    };
  });
}

/** Part of the starts that came within 0.1 % of the best inertia. @throws ArgumentError without any start */
export function shareAtBest(inertias: ArrayLike<number>): number {
  if (inertias.length < 1) throw new ArgumentError("inertias", "those of one start or more", inertias.length);
  const all = Array.from(inertias);
  const enough = all.reduce((least, inertia) => Math.min(least, inertia)) * (1 + AT_BEST);
  return all.filter((inertia) => inertia <= enough).length / all.length;
}

/** The centroids, each position once: where there are more clusters than different rows, the empty ones lie on others, and nobody is between those. */
function distinctCentroids({ values, rows, columns }: Matrix): Matrix {
  const all = Array.from({ length: rows }, (_, c) => [...values.subarray(c * columns, (c + 1) * columns)]);
  return matrixOf([...new Map(all.map((row) => [row.join(), row])).values()]);
}

/**
 * How clearly each row belongs to its cluster: 1 − d₁ ÷ d₂, d₁ and d₂ its distances to the nearest and the second nearest centroid.
 * 1: on its centroid; 0: between two. 1 throughout with a single centroid.
 *
 * @throws ArgumentError when there is no centroid, or the columns differ
 */
export function marginsOf({ values, rows, columns }: Matrix, centroids: Matrix): Float64Array {
  if (centroids.rows < 1) throw new ArgumentError("centroids.rows", "1 or more", centroids.rows);
  if (centroids.columns !== columns) {
    throw new ArgumentError("centroids.columns", `${columns} as in \`matrix\``, centroids.columns);
  }
  const margins = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let nearest = Number.POSITIVE_INFINITY;
    let second = Number.POSITIVE_INFINITY;
    for (let c = 0; c < centroids.rows; c++) {
      const distance = squaredDistance(values, i * columns, centroids.values, c * columns, columns);
      if (distance < nearest) [nearest, second] = [distance, nearest];
      else if (distance < second) second = distance;
    }
    margins[i] = second === 0 ? 0 : 1 - Math.sqrt(nearest / second);
  }
  return margins;
}

/** Rows whose margin is below `fence`, the narrowest first. */
export function rowsOnFence(margins: ArrayLike<number>, fence: number): number[] {
  return Array.from(margins, (_, row) => row)
    .filter((row) => margins[row]! < fence)
    .sort((a, b) => margins[a]! - margins[b]!);
}
