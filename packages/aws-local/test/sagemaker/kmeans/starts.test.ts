import { describe, expect, test } from "@jest/globals";
import { chooseStarts } from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/starts.js";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import { matrixOf } from "../../../../../test/support/web_scale.js";

const line = matrixOf([[0], [1], [3], [100]]);
const even = [1, 1, 1, 1];

/** How often each row is chosen, of so many times. */
function shares(times: number, ...[points, weights, count, method]: ShareOf): number[] {
  const random = seededRandom(5);
  const counts = Array.from({ length: points.points.rows }, () => 0);
  for (let i = 0; i < times; i++) {
    const { values } = chooseStarts({ ...points, weights }, count, method, random);
    for (const value of values) counts[points.points.values.indexOf(value)]! += 1 / times;
  }
  return counts;
}
type ShareOf = [{ points: typeof line }, number[], number, "random" | "kmeans++"];

describe.each(["random", "kmeans++"] as const)("%s", (method) => {
  test("chooses no row twice, and all of them if need be", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { values } = chooseStarts({ points: line, weights: even }, 4, method, seededRandom(seed));
      expect([...values].sort((a, b) => a - b)).toEqual([0, 1, 3, 100]);
    }
    const same = matrixOf([[7], [7], [7]]);
    expect([...chooseStarts({ points: same, weights: [1, 1, 0] }, 3, method, seededRandom(1)).values]).toEqual([
      7, 7, 7,
    ]);
  });
});

test("random takes each as often as any other, however far or heavy", () => {
  for (const share of shares(4000, { points: line }, [9, 1, 1, 1], 2, "random")) expect(share).toBeCloseTo(0.5, 1);
});

test("k-means++ takes the first by weight, and the next by the square of its distance", () => {
  const first = shares(4000, { points: line }, [6, 2, 1, 1], 1, "kmeans++");
  [0.6, 0.2, 0.1, 0.1].forEach((share, i) => {
    expect(first[i]).toBeCloseTo(share, 1);
  });
  // From 0: squares 1, 9, 10,000; from 1: 1, 4, 9,801; from 3: 9, 4, 9,409; from 100 the others are about alike.
  const [, , , far = 0] = shares(4000, { points: line }, even, 2, "kmeans++");
  expect(far).toBeGreaterThan(0.99);
  // What weighs nothing is not chosen before all others are.
  expect(shares(200, { points: line }, [1, 0, 1, 1], 3, "kmeans++")[1]).toBe(0);
});
