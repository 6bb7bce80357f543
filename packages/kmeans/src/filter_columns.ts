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
  /** Gives all rows of a node to one cluster; returns their inertia. */
  giveWhole(node: number, cluster: number, centroids: Float64Array): number;
  /** Gives each row of a node to the nearest of its candidates; returns their inertia. */
  assignRows(node: number, at: number, many: number, centroids: Float64Array): number;
}

/** For any number of columns. `filterThreeColumns` does the same for three. */
export function filterColumns(tree: KdTree, { sums, counts, candidates }: Scratch): FilterSteps {
  const { values, links, moments, columns } = tree;
  const width = 3 * columns + 1;
  const slack = roundingOf(tree);

  const dropFarther = (node: number, at: number, many: number, centroids: Float64Array): number => {
    const least = node * width;
    const most = least + columns;
    const mean = most + columns;
    let best = at;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (let i = at; i < at + many; i++) {
      const centroid = candidates[i]! * columns;
      let distance = 0;
      for (let j = 0; j < columns; j++) {
        const difference = moments[mean + j]! - centroids[centroid + j]!;
        distance += difference * difference;
      }
      if (distance < bestDistance) {
        bestDistance = distance;
        best = i;
      }
    }
    const here = candidates[best]! * columns;
    let kept = at + many;
    for (let i = at; i < at + many; i++) {
      if (i === best) {
        candidates[kept++] = candidates[i]!;
        continue;
      }
      const there = candidates[i]! * columns;
      // |corner − there|² − |corner − here|², at the corner of the box that lies most towards `there`.
      let lead = 0;
      for (let j = 0; j < columns; j++) {
        const a = centroids[here + j]!;
        const b = centroids[there + j]!;
        lead += (b - a) * (a + b - 2 * moments[(b > a ? most : least) + j]!);
      }
      if (lead <= slack) candidates[kept++] = candidates[i]!;
    }
    return kept - at - many;
  };

  const giveWhole = (node: number, cluster: number, centroids: Float64Array): number => {
    const mean = node * width + 2 * columns;
    const centroid = cluster * columns;
    const count = links[node * LINKS + 1]! - links[node * LINKS]!;
    counts[cluster]! += count;
    let distance = 0;
    for (let j = 0; j < columns; j++) {
      const value = moments[mean + j]!;
      sums[centroid + j]! += count * value;
      const difference = value - centroids[centroid + j]!;
      distance += difference * difference;
    }
    return moments[mean + columns]! + count * distance;
  };

  const assignRows = (node: number, at: number, many: number, centroids: Float64Array): number => {
    const end = links[node * LINKS + 1]! * columns;
    let inertia = 0;
    for (let row = links[node * LINKS]! * columns; row < end; row += columns) {
      let nearest = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let i = at; i < at + many; i++) {
        const centroid = candidates[i]! * columns;
        let distance = 0;
        for (let j = 0; j < columns; j++) {
          const difference = values[row + j]! - centroids[centroid + j]!;
          distance += difference * difference;
        }
        if (distance < least) {
          least = distance;
          nearest = candidates[i]!;
        }
      }
      inertia += least;
      counts[nearest]! += 1;
      for (let j = 0; j < columns; j++) sums[nearest * columns + j]! += values[row + j]!;
    }
    return inertia;
  };

  return { dropFarther, giveWhole, assignRows };
}

/** More than any two squared distances within the matrix can seem to differ by rounding alone. */
export function roundingOf({ moments, columns }: KdTree): number {
  let diagonal = 0;
  for (let j = 0; j < columns; j++) diagonal += (moments[columns + j]! - moments[j]!) ** 2;
  return 4 * (columns + 2) * Number.EPSILON * diagonal;
}
