import { ArgumentError } from "@keyspaces-segmentation/common";
import { buildKdTree } from "./kd_tree.js";
import { fitInThreads, type KMeansOptions, type KMeansResult, planStarts } from "./kmeans.js";
import type { Matrix } from "./matrix.js";
import { differentRows, sampleRows } from "./matrix.js";
import type { Quality } from "./quality.js";
import { inThreads, type ThreadOptions } from "./threads.js";
import { shareAtBest, sweepRows } from "./trust.js";

export interface KSweepOptions extends Omit<KMeansOptions, "k">, ThreadOptions {
  /** The numbers of clusters to try. Default {@link ksFor}. */
  readonly ks?: readonly number[];
  /** `sweepK` fits to a sample of so many rows where there are more. Default {@link sweepRows}. */
  readonly mostRows?: number;
  /** Called as work proceeds, with how many of how many steps are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** One k of a sweep: a row of a table. */
export interface KSweepRow extends Quality {
  readonly k: number;
  readonly inertia: number;
  /** Part of the starts that came within 0.1 % of the best inertia; 1 is best. */
  readonly startsAtBest: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** The numbers of clusters worth trying: 2 … 10, as far as there are rows; 1 where rows are all alike. */
export function ksFor(matrix: Matrix): number[] {
  if (differentRows(matrix, 2) < 2) return [1];
  return [2, 3, 4, 5, 6, 7, 8, 9, 10].filter((k) => k <= matrix.rows);
}

/**
 * Fits k-means for several k, all starts spread over threads: what `kMeans` finds, called for each with the same source of chance.
 *
 * @returns one result per k, in the order of `ks`
 * @throws ArgumentError as `kMeans`; the signal's reason when aborted
 */
export async function fitEach(matrix: Matrix, options: KSweepOptions): Promise<KMeansResult[]> {
  const fits = await sweep(matrix, options, false);
  return fits.map(({ fit }) => fit);
}

/**
 * What each k comes to, to choose one by: fits as `fitEach`, and the quality of each partition, in threads as well.
 * `suggestK` makes a proposal of it. 50 starts unless told otherwise. Where there are more rows than `mostRows`, all of it is about a
 * sample: the inertia too.
 *
 * @throws ArgumentError as `kMeans`; the signal's reason when aborted
 */
export async function sweepK(matrix: Matrix, options: KSweepOptions): Promise<KSweepRow[]> {
  const { mostRows = sweepRows } = options;
  const fits = await sweep(sampleRows(matrix, mostRows, options.random), { starts: 50, ...options }, true);
  return fits.map(({ fit, quality }) => ({
    k: fit.centroids.rows,
    inertia: fit.inertia,
    ...quality!,
    startsAtBest: shareAtBest(fit.startInertias),
    iterations: fit.iterations,
    converged: fit.converged,
  }));
}

async function sweep(
  matrix: Matrix,
  options: KSweepOptions,
  withQuality: boolean,
): Promise<{ fit: KMeansResult; quality: Quality | null }[]> {
  const { ks = ksFor(matrix), onProgress } = options;
  if (ks.length < 1) throw new ArgumentError("ks", "at least one number of clusters", ks.length);
  const plans = ks.map((k) => planStarts(matrix, { ...options, k }));
  const qualitySeeds = ks.map(() => Math.floor(options.random() * 2 ** 32));
  const total = plans.reduce((sum, { seeds }) => sum + seeds.length + (withQuality ? 1 : 0), 0);
  let done = 0;
  const step = () => onProgress?.(++done, total);
  return inThreads(options, { rows: matrix.rows, jobs: total }, (threads) => {
    const tree = buildKdTree(matrix);
    threads.share(tree);
    return Promise.all(
      plans.map(async (plan, i) => {
        const fit = await fitInThreads(threads, matrix, tree, plan, step);
        const { values: centroids } = fit.centroids;
        if (!withQuality) return { fit, quality: null };
        const quality = await threads.run("quality", { centroids, seed: qualitySeeds[i]! });
        step();
        return { fit, quality };
      }),
    );
  });
}
