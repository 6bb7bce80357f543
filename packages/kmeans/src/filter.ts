import { type FilterSteps, filterThreeColumns, type Scratch } from "./filter_three_columns.js";
import { type KdTree, LINKS } from "./kd_tree.js";

/**
 * The assignment step of Lloyd's algorithm by the filtering algorithm (Kanungo et al., "An efficient k-means clustering
 * algorithm: analysis and implementation", IEEE PAMI 24, 2002): going down the tree, centroids that cannot be nearest to
 * any row of a box are dropped, and where one is left the box goes to it as a whole. The same sums as row by row, up to rounding.
 * So with three columns; with any other number, every row is held against every centroid.
 */
export interface Filter {
  readonly tree: KdTree;
  /** Per centroid and column, the sum of the values of the rows assigned to it last. */
  readonly sums: Float64Array;
  /** Per centroid, the number of rows assigned to it last. */
  readonly counts: Int32Array;
  /**
   * Assigns every row to the nearest of the first `k` centroids, the lower index where two are equally near.
   *
   * @param footprint what the caller wants to know of each node; overwritten
   * @returns the inertia
   */
  assign(centroids: Float64Array, k: number, footprint: Footprint): number;
}

/** How an assignment went through the tree. Holds for the nodes that were reached: the root, and the children of nodes without owner. */
export interface Footprint {
  /** Per node, the centroid that all its rows went to, or −1 where they were looked at more closely. */
  readonly owners: Int32Array;
  /** Per node, the sum of the squared distances of its rows to their centroids. */
  readonly inertias: Float64Array;
}

export function newFootprint({ nodes }: KdTree): Footprint {
  return { owners: new Int32Array(nodes), inertias: new Float64Array(nodes) };
}

/** @param most clusters that will be assigned to at most */
export function newFilter(tree: KdTree, most: number): Filter {
  const { links, columns } = tree;
  const scratch: Scratch = {
    sums: new Float64Array(most * columns),
    counts: new Int32Array(most),
    candidates: new Int32Array((tree.depth + 1) * most),
  };
  const { sums, counts, candidates } = scratch;
  const { dropFarther, giveWhole, assignRows } = (columns === 3 ? filterThreeColumns : everyRow)(tree, scratch);
  let centroids: Float64Array = sums;
  let owners: Int32Array = counts;
  let inertias: Float64Array = sums;

  /** @returns the inertia of a node's rows, whose candidates are `many` from `at` on */
  const assignNode = (node: number, at: number, many: number): number => {
    let kept = at;
    let left = many;
    if (many > 1) {
      kept = at + many;
      left = dropFarther(node, at, many, centroids);
    }
    let inertia: number;
    if (left === 1) {
      owners[node] = candidates[kept]!;
      inertia = giveWhole(node, kept, centroids);
    } else {
      owners[node] = -1;
      const right = links[node * LINKS + 2]!;
      inertia =
        right === 0
          ? assignRows(node, kept, left, centroids)
          : assignNode(node + 1, kept, left) + assignNode(right, kept, left);
    }
    inertias[node] = inertia;
    return inertia;
  };

  return {
    tree,
    sums,
    counts,
    assign(given, k, footprint) {
      centroids = given;
      ({ owners, inertias } = footprint);
      sums.fill(0);
      counts.fill(0);
      for (let i = 0; i < k; i++) candidates[i] = i;
      return assignNode(0, 0, k);
    },
  };
}

/** Lloyd's own way: no candidate is dropped, and no box goes to one as a whole. */
function everyRow({ values, links, columns }: KdTree, { sums, counts, candidates }: Scratch): FilterSteps {
  const assignRows = (node: number, at: number, many: number, centroids: Float64Array): number => {
    let inertia = 0;
    for (let row = links[node * LINKS]!; row < links[node * LINKS + 1]!; row++) {
      let nearest = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let i = at; i < at + many; i++) {
        const distance = squaredDistance(values, row * columns, centroids, candidates[i]! * columns, columns);
        if (distance < least) {
          least = distance;
          nearest = candidates[i]!;
        }
      }
      inertia += least;
      counts[nearest]! += 1;
      for (let j = 0; j < columns; j++) sums[nearest * columns + j]! += values[row * columns + j]!;
    }
    return inertia;
  };
  const dropFarther = (_node: number, at: number, many: number): number => {
    candidates.copyWithin(at + many, at, at + many);
    return many;
  };
  const giveWhole = (node: number, at: number, centroids: Float64Array) => assignRows(node, at, 1, centroids);
  return { dropFarther, giveWhole, assignRows };
}

/**
 * Which centroid each row went to.
 *
 * @param footprint of the assignment to these centroids
 * @param clusters filled per row of the original matrix
 */
export function labelRows(tree: KdTree, centroids: Float64Array, footprint: Footprint, clusters: Int32Array): void {
  const { links, order } = tree;
  const label = (node: number): void => {
    const owner = footprint.owners[node]!;
    const right = links[node * LINKS + 2]!;
    if (owner >= 0 || right === 0) {
      for (let row = links[node * LINKS]!; row < links[node * LINKS + 1]!; row++) {
        clusters[order[row]!] = owner >= 0 ? owner : nearestTo(tree, row, centroids, centroids.length / tree.columns);
      }
    } else {
      label(node + 1);
      label(right);
    }
  };
  label(0);
}

/** The nearest of the first `k` centroids to a row of the tree; the lower index where two are equally near. */
export function nearestTo({ values, columns }: KdTree, row: number, centroids: Float64Array, k: number): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let cluster = 0; cluster < k; cluster++) {
    const distance = squaredDistance(values, row * columns, centroids, cluster * columns, columns);
    if (distance < least) {
      least = distance;
      nearest = cluster;
    }
  }
  return nearest;
}

/** Between `columns` numbers of `a` from `i` on and of `b` from `j` on. */
export function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, columns: number): number {
  let sum = 0;
  for (let column = 0; column < columns; column++) {
    const difference = a[i + column]! - b[j + column]!;
    sum += difference * difference;
  }
  return sum;
}
