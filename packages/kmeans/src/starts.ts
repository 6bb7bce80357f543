import { type Filter, type Footprint, nearestTo, newFootprint, squaredDistance } from "./filter.js";
import { type KdTree, LINKS } from "./kd_tree.js";

/**
 * Chooses k rows as first centroids by greedy k-means++: each next one is drawn with a probability proportional to
 * the squared distance from those chosen already, and of 2 + ⌊ln k⌋ draws the one that lowers the inertia most stays
 * (Arthur & Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007; draws as in scikit-learn).
 *
 * The inertia comes from the tree. A list of each row's distance to the nearest start, lowered with each new one, is simpler; with a
 * million rows of three columns it takes ten times as long (measured).
 *
 * @param random gives numbers in [0, 1)
 * @returns k × columns, row-major; rows repeat where the matrix has fewer than k distinct ones
 */
export function chooseStarts(filter: Filter, k: number, random: () => number): Float64Array {
  const { tree } = filter;
  const { values, rows, columns } = tree;
  const draws = 2 + Math.floor(Math.log(k));
  const starts = new Float64Array(k * columns);
  const take = (cluster: number, row: number): void =>
    starts.set(values.subarray(row * columns, (row + 1) * columns), cluster * columns);

  let [chosen, best, trial] = [newFootprint(tree), newFootprint(tree), newFootprint(tree)];
  take(0, Math.floor(random() * rows));
  let inertia = filter.assign(starts, 1, chosen);
  for (let cluster = 1; cluster < k; cluster++) {
    const candidates = Array.from({ length: draws }, () =>
      inertia > 0 ? drawRow(tree, starts, cluster, chosen, random()) : Math.floor(random() * rows),
    );
    let bestRow = -1;
    let bestInertia = Number.POSITIVE_INFINITY;
    for (const row of candidates) {
      take(cluster, row);
      const lowered = filter.assign(starts, cluster + 1, trial);
      if (lowered < bestInertia) {
        [bestInertia, bestRow] = [lowered, row];
        [best, trial] = [trial, best];
      }
    }
    take(cluster, bestRow);
    [chosen, best] = [best, chosen];
    inertia = bestInertia;
  }
  return starts;
}

/**
 * A row drawn with a probability proportional to its squared distance from its centroid; never one at distance 0.
 *
 * @param footprint of the assignment to the first `k` centroids, whose inertia is not 0
 * @param at where in the inertia, in [0, 1)
 */
function drawRow(tree: KdTree, centroids: Float64Array, k: number, footprint: Footprint, at: number): number {
  const { links } = tree;
  let owner = footprint.owners[0]!;
  let left = at * footprint.inertias[0]!;
  let node = 0;
  for (let right = links[2]!; right !== 0; right = links[node * LINKS + 2]!) {
    const inertiaOf = (child: number): number =>
      owner < 0 ? footprint.inertias[child]! : inertiaAround(tree, child, centroids, owner);
    const below = inertiaOf(node + 1);
    // Rounding may leave more than there is.
    const goesRight = left >= below && inertiaOf(right) > 0;
    if (goesRight) left -= below;
    node = goesRight ? right : node + 1;
    if (owner < 0) owner = footprint.owners[node]!;
  }
  let drawn = links[node * LINKS]!;
  for (let row = drawn; row < links[node * LINKS + 1]! && left >= 0; row++) {
    const nearest = owner < 0 ? nearestTo(tree, row, centroids, k) : owner;
    const weight = squaredDistance(tree.values, row * tree.columns, centroids, nearest * tree.columns, tree.columns);
    if (weight === 0) continue;
    left -= weight;
    drawn = row;
  }
  return drawn;
}

/** Of the rows of a node, if all went to one centroid. */
function inertiaAround(
  { moments, links, columns }: KdTree,
  node: number,
  centroids: Float64Array,
  owner: number,
): number {
  const mean = (3 * columns + 1) * node + 2 * columns;
  const count = links[node * LINKS + 1]! - links[node * LINKS]!;
  return moments[mean + columns]! + count * squaredDistance(moments, mean, centroids, owner * columns, columns);
}
