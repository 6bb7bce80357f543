import type { Matrix } from "./matrix.js";

/**
 * The rows of a matrix, cut into ever smaller boxes, with the moments of each box: what the filtering algorithm (see
 * `filter.ts`) needs to move whole boxes at once. Depends on the matrix alone, so one tree serves all starts and every k.
 * Lies in shared memory: threads get it without a copy.
 */
export interface KdTree extends Matrix {
  /** The matrix, its rows reordered so that those of a node follow each other. */
  readonly values: Float64Array;
  /** Per row of `values`, which row of the original matrix it is. */
  readonly order: Int32Array;
  /** Per node, {@link LINKS} numbers: first row, end of its rows, right child or 0 for a leaf. The left child comes next. */
  readonly links: Int32Array;
  /** Per node, 3 × columns + 1 numbers: least and most of each column, mean of each, scatter (Σ squared distances to the mean). */
  readonly moments: Float64Array;
  readonly nodes: number;
  /** Nodes on the longest way from the root to a leaf. */
  readonly depth: number;
}

export const LINKS = 3;
/** Boxes of fewer rows cost more than they save. Measured. */
const LEAF_ROWS = 20;
/** Deeper ones would only come of data made for it; their leaves are large instead. */
const MOST_DEPTH = 64;

/**
 * Builds the tree: each box is cut at the mean of its widest column. Equal rows end up in one box without extent, so
 * duplicates cost nothing later. O(rows × columns × log rows).
 */
export function buildKdTree(matrix: Matrix): KdTree {
  const { rows, columns } = matrix;
  const values = new Float64Array(new SharedArrayBuffer(8 * rows * columns));
  values.set(matrix.values);
  const order = new Int32Array(new SharedArrayBuffer(4 * rows));
  for (let i = 0; i < rows; i++) order[i] = i;
  const width = 3 * columns + 1;
  // A node has at least one row, and one more for each node to its right: never more than 2 × rows − 1.
  let links = new Int32Array(LINKS * 1024);
  let moments = new Float64Array(width * 1024);
  let nodes = 0;
  let depth = 0;

  const newNode = (): number => {
    if ((nodes + 1) * LINKS > links.length) {
      const [grownLinks, grownMoments] = [new Int32Array(2 * links.length), new Float64Array(2 * moments.length)];
      grownLinks.set(links);
      grownMoments.set(moments);
      [links, moments] = [grownLinks, grownMoments];
    }
    return nodes++;
  };

  /** Moves rows below the cut to the front; returns where the others begin. */
  const partition = (from: number, to: number, column: number, cut: number): number => {
    let low = from;
    let high = to - 1;
    for (;;) {
      while (low <= high && values[low * columns + column]! < cut) low++;
      while (low <= high && values[high * columns + column]! >= cut) high--;
      if (low >= high) return low;
      for (let j = 0, a = low * columns, b = high * columns; j < columns; j++, a++, b++) {
        const value = values[a]!;
        values[a] = values[b]!;
        values[b] = value;
      }
      const row = order[low]!;
      order[low] = order[high]!;
      order[high] = row;
      low++;
      high--;
    }
  };

  const build = (from: number, to: number, level: number): number => {
    depth = Math.max(depth, level);
    const node = newNode();
    measure(node, from, to);
    const least = node * width;
    let column = 0;
    let extent = 0;
    for (let j = 0; j < columns; j++) {
      const wide = moments[least + columns + j]! - moments[least + j]!;
      if (wide > extent) {
        extent = wide;
        column = j;
      }
    }
    links[node * LINKS] = from;
    links[node * LINKS + 1] = to;
    if (extent === 0 || to - from <= LEAF_ROWS || level === MOST_DEPTH) return node;
    // Rounding must not put the cut at the least value: the left side would be empty.
    const mean = moments[least + 2 * columns + column]!;
    const cut = mean > moments[least + column]! ? mean : moments[least + columns + column]!;
    const middle = partition(from, to, column, cut);
    build(from, middle, level + 1);
    const right = build(middle, to, level + 1);
    links[node * LINKS + 2] = right;
    return node;
  };

  /** Box, mean and scatter of some rows. */
  const measure = (node: number, from: number, to: number): void => {
    const count = to - from;
    let scatter = 0;
    for (let j = 0; j < columns; j++) {
      let least = Number.POSITIVE_INFINITY;
      let most = Number.NEGATIVE_INFINITY;
      let sum = 0;
      let squares = 0;
      const origin = values[from * columns + j]!;
      for (let at = from * columns + j; at < to * columns; at += columns) {
        const value = values[at]!;
        if (value < least) least = value;
        if (value > most) most = value;
        const difference = value - origin;
        sum += difference;
        squares += difference * difference;
      }
      const at = node * width + j;
      moments[at] = least;
      moments[at + columns] = most;
      moments[at + 2 * columns] = least === most ? least : origin + sum / count;
      scatter += least === most ? 0 : Math.max(0, squares - (sum * sum) / count);
    }
    moments[node * width + 3 * columns] = scatter;
  };

  build(0, rows, 1);
  return {
    rows,
    columns,
    values,
    order,
    links: sharedInt32(links.subarray(0, nodes * LINKS)),
    moments: sharedFloat64(moments.subarray(0, nodes * width)),
    nodes,
    depth,
  };
}

function sharedFloat64(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

function sharedInt32(values: Int32Array): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
