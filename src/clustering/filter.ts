import { type KdTree, LINKS } from "./kd_tree.js";

/**
 * The assignment step of Lloyd's algorithm by the filtering algorithm (Kanungo et al., "An efficient k-means clustering
 * algorithm: analysis and implementation", IEEE PAMI 24, 2002): going down the tree, centroids that cannot be nearest to
 * any row of a box are dropped, and where one is left the box goes to it as a whole. The same sums as row by row, up to rounding.
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
  const { values, links, moments, columns } = tree;
  const width = 3 * columns + 1;
  const sums = new Float64Array(most * columns);
  const counts = new Int32Array(most);
  const slack = roundingOf(tree);
  /** A stack: the candidates of a node lie behind those of its parent, in ascending order. */
  const candidates = new Int32Array((tree.depth + 1) * most);
  let centroids: Float64Array = sums;
  let owners = new Int32Array(0) as Int32Array;
  let inertias: Float64Array = sums;

  /** @returns the inertia of a node's rows, whose candidates are `many` from `at` on */
  const assignNode = (node: number, at: number, many: number): number => {
    const left = many === 1 ? keepOnly(at) : dropFarther(node, at, many);
    const kept = at + many;
    let inertia: number;
    if (left === 1) {
      owners[node] = candidates[kept]!;
      inertia = giveWhole(node, candidates[kept]!);
    } else {
      owners[node] = -1;
      const right = links[node * LINKS + 2]!;
      inertia =
        right === 0 ? assignRows(node, kept, left) : assignNode(node + 1, kept, left) + assignNode(right, kept, left);
    }
    inertias[node] = inertia;
    return inertia;
  };

  const keepOnly = (at: number): number => {
    candidates[at + 1] = candidates[at]!;
    return 1;
  };

  /** Writes the candidates that may be nearest to some row of the node behind its own, and returns how many. */
  const dropFarther = (node: number, at: number, many: number): number => {
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
      const there = candidates[i]! * columns;
      // |corner − there|² − |corner − here|², at the corner of the box that lies most towards `there`.
      let lead = 0;
      for (let j = 0; j < columns; j++) {
        const a = centroids[here + j]!;
        const b = centroids[there + j]!;
        lead += (b - a) * (a + b - 2 * moments[(b > a ? most : least) + j]!);
      }
      if (i === best || lead <= slack) candidates[kept++] = candidates[i]!;
    }
    return kept - at - many;
  };

  const giveWhole = (node: number, cluster: number): number => {
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

  const assignRows = (node: number, at: number, many: number): number => {
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

/** More than any two squared distances within the matrix can seem to differ by rounding alone. */
function roundingOf({ moments, columns }: KdTree): number {
  let diagonal = 0;
  for (let j = 0; j < columns; j++) diagonal += (moments[columns + j]! - moments[j]!) ** 2;
  return 4 * (columns + 2) * Number.EPSILON * diagonal;
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
