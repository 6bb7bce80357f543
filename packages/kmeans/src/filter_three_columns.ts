import { type KdTree, LINKS } from "./kd_tree.js";

/** What the steps of an assignment share; see `Filter`. */
export interface Scratch {
  readonly sums: Float64Array;
  readonly counts: Int32Array;
  /** A stack: the candidates of a node lie behind those of its parent, in ascending order. */
  readonly candidates: Int32Array;
}

/** The steps of an assignment that look at numbers. */
export interface FilterSteps {
  /** Writes those of the `many` candidates from `at` on that may be nearest to a row of the node behind them; returns how many. */
  dropFarther(node: number, at: number, many: number, centroids: Float64Array): number;
  /** Gives all rows of a node to the candidate at `at`; returns their inertia. */
  giveWhole(node: number, at: number, centroids: Float64Array): number;
  /** Gives each row of a node to the nearest of its candidates; returns their inertia. */
  assignRows(node: number, at: number, many: number, centroids: Float64Array): number;
}

/** Numbers per node of `KdTree.moments` with three columns. */
const WIDTH = 10;

/**
 * For three columns, which is what recency, frequency and monetary have. The loops over columns are written out: twice as fast
 * (measured).
 */
export function filterThreeColumns(tree: KdTree, { sums, counts, candidates }: Scratch): FilterSteps {
  const { values, links, moments } = tree;
  const slack = roundingOf(tree);

  const dropFarther = (node: number, at: number, many: number, centroids: Float64Array): number => {
    const least = node * WIDTH;
    const most = least + 3;
    const x = moments[least + 6]!;
    const y = moments[least + 7]!;
    const z = moments[least + 8]!;
    let best = at;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (let i = at; i < at + many; i++) {
      const centroid = candidates[i]! * 3;
      const dx = x - centroids[centroid]!;
      const dy = y - centroids[centroid + 1]!;
      const dz = z - centroids[centroid + 2]!;
      const distance = dx * dx + dy * dy + dz * dz;
      if (distance < bestDistance) {
        bestDistance = distance;
        best = i;
      }
    }
    const here = candidates[best]! * 3;
    const ax = centroids[here]!;
    const ay = centroids[here + 1]!;
    const az = centroids[here + 2]!;
    let kept = at + many;
    for (let i = at; i < at + many; i++) {
      if (i === best) {
        candidates[kept++] = candidates[i]!;
        continue;
      }
      const there = candidates[i]! * 3;
      const bx = centroids[there]!;
      const by = centroids[there + 1]!;
      const bz = centroids[there + 2]!;
      const lead =
        (bx - ax) * (ax + bx - 2 * moments[bx > ax ? most : least]!) +
        (by - ay) * (ay + by - 2 * moments[(by > ay ? most : least) + 1]!) +
        (bz - az) * (az + bz - 2 * moments[(bz > az ? most : least) + 2]!);
      if (lead <= slack) candidates[kept++] = candidates[i]!;
    }
    return kept - at - many;
  };

  const giveWhole = (node: number, at: number, centroids: Float64Array): number => {
    const cluster = candidates[at]!;
    const mean = node * WIDTH + 6;
    const centroid = cluster * 3;
    const count = links[node * LINKS + 1]! - links[node * LINKS]!;
    counts[cluster]! += count;
    sums[centroid]! += count * moments[mean]!;
    sums[centroid + 1]! += count * moments[mean + 1]!;
    sums[centroid + 2]! += count * moments[mean + 2]!;
    const dx = moments[mean]! - centroids[centroid]!;
    const dy = moments[mean + 1]! - centroids[centroid + 1]!;
    const dz = moments[mean + 2]! - centroids[centroid + 2]!;
    return moments[mean + 3]! + count * (dx * dx + dy * dy + dz * dz);
  };

  const assignRows = (node: number, at: number, many: number, centroids: Float64Array): number => {
    const end = links[node * LINKS + 1]! * 3;
    let inertia = 0;
    for (let row = links[node * LINKS]! * 3; row < end; row += 3) {
      const x = values[row]!;
      const y = values[row + 1]!;
      const z = values[row + 2]!;
      let nearest = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let i = at; i < at + many; i++) {
        const cluster = candidates[i]!;
        const dx = x - centroids[cluster * 3]!;
        const dy = y - centroids[cluster * 3 + 1]!;
        const dz = z - centroids[cluster * 3 + 2]!;
        const distance = dx * dx + dy * dy + dz * dz;
        if (distance < least) {
          least = distance;
          nearest = cluster;
        }
      }
      inertia += least;
      counts[nearest]! += 1;
      sums[nearest * 3]! += x;
      sums[nearest * 3 + 1]! += y;
      sums[nearest * 3 + 2]! += z;
    }
    return inertia;
  };

  return { dropFarther, giveWhole, assignRows };
}

/** More than any two squared distances within the matrix can seem to differ by rounding alone. */
function roundingOf({ moments }: KdTree): number {
  let diagonal = 0;
  for (let j = 0; j < 3; j++) diagonal += (moments[3 + j]! - moments[j]!) ** 2;
  return 20 * Number.EPSILON * diagonal;
}
