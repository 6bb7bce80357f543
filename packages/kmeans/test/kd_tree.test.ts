import { expect, test } from "@jest/globals";
import { buildKdTree, type KdTree, LINKS } from "@keyspaces-segmentation/kmeans/dist/kd_tree.js";
import { type Matrix, matrixOf } from "@keyspaces-segmentation/kmeans/dist/matrix.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans/dist/seeded_random.js";

const random = seededRandom(5);
const matrices: [string, Matrix][] = [
  [
    "skewed",
    matrixOf(Array.from({ length: 3000 }, () => [Math.floor(9 * random() ** 3), Math.exp(8 * random()), random()])),
  ],
  ["one row", matrixOf([[3, 4]])],
  ["identical rows", matrixOf(Array.from({ length: 500 }, () => [1, 2]))],
  [
    "a few values, often",
    matrixOf(Array.from({ length: 2000 }, () => [Math.floor(4 * random()), Math.floor(3 * random())])),
  ],
  ["growing so that every cut leaves one row", matrixOf(Array.from({ length: 900 }, (_, i) => [1.5 ** (i - 450)]))],
  ["neighbouring numbers", matrixOf(Array.from({ length: 100 }, (_, i) => [i < 1 ? 1 : 1 + Number.EPSILON, 0]))],
];

const rowOf = ({ values, columns }: Matrix, row: number) => [...values.subarray(row * columns, (row + 1) * columns)];

test.each(matrices)("%s: the rows of the matrix, in another order", (_, matrix) => {
  const before = matrix.values.slice();
  const tree = buildKdTree(matrix);
  expect([...tree.order].sort((a, b) => a - b)).toEqual(Array.from({ length: matrix.rows }, (_, row) => row));
  const rows = Array.from({ length: matrix.rows }, (_, row) => rowOf(tree, row).join());
  expect(rows).toEqual(Array.from(tree.order, (row) => rowOf(matrix, row).join()));
  expect(matrix.values).toEqual(before);
});

test.each(matrices)("%s: each node is cut in two, and knows the moments of its rows", (_, matrix) => {
  const tree = buildKdTree(matrix);
  let seen = 0;
  const wrong: unknown[] = [];
  const visit = (node: number, level: number): [number, number] => {
    seen++;
    expect(level).toBeLessThanOrEqual(tree.depth);
    const [first, end, right] = tree.links.subarray(node * LINKS, (node + 1) * LINKS) as unknown as [
      number,
      number,
      number,
    ];
    expect(end).toBeGreaterThan(first);
    wrong.push(...wrongMoments(tree, node, first, end));
    if (right > 0)
      expect([visit(node + 1, level + 1), visit(right, level + 1)]).toEqual([
        [first, tree.links[right * LINKS]],
        [tree.links[right * LINKS], end],
      ]);
    return [first, end];
  };
  expect(visit(0, 1)).toEqual([0, matrix.rows]);
  expect(seen).toBe(tree.nodes);
  expect(wrong).toEqual([]);
});

/** The moments of a node that are not those of its rows. One `expect` for each would take longer than all else. */
function wrongMoments(tree: KdTree, node: number, first: number, end: number): unknown[] {
  const { columns } = tree;
  const moments = tree.moments.subarray(node * (3 * columns + 1), (node + 1) * (3 * columns + 1));
  const rows = Array.from({ length: end - first }, (_, i) => rowOf(tree, first + i));
  const wrong: unknown[] = [];
  const compare = (name: string, value: number, expected: number, tolerance = 0): void => {
    if (!(Math.abs(value - expected) <= tolerance)) wrong.push({ node, name, value, expected });
  };
  let scatter = 0;
  let scale = 0;
  for (let j = 0; j < columns; j++) {
    const column = rows.map((row) => row[j]!);
    compare("least", moments[j]!, Math.min(...column));
    compare("most", moments[columns + j]!, Math.max(...column));
    const mean = column.reduce((sum, value) => sum + value / column.length, 0);
    compare("mean", moments[2 * columns + j]!, mean, 1e-12 * Math.max(...column.map(Math.abs)));
    scatter += column.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    scale += column.length * Math.max(...column.map(Math.abs)) ** 2;
  }
  compare("scatter", moments[3 * columns]!, scatter, 1e-12 * scale);
  return wrong;
}

test("equal rows end up together: the tree is no larger than the number of distinct rows asks for", () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => [i % 5, i % 7]);
  expect(buildKdTree(matrixOf(rows)).nodes).toBeLessThanOrEqual(2 * 35 - 1);
});
