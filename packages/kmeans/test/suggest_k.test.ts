import { expect, test } from "@jest/globals";
import type { KSweepRow } from "@keyspaces-segmentation/kmeans/dist/k_sweep.js";
import { elbowOf, suggestK } from "@keyspaces-segmentation/kmeans/dist/suggest_k.js";

type Scores = [
  inertia: number,
  silhouette: number | null,
  daviesBouldin: number | null,
  calinskiHarabasz: number | null,
];

const sweepOf = (...scores: Scores[]): KSweepRow[] =>
  scores.map(([inertia, silhouette, daviesBouldin, calinskiHarabasz], i) => ({
    k: i + 2,
    inertia,
    silhouette,
    daviesBouldin,
    calinskiHarabasz,
    intra: 1,
    inter: 1,
    interLeast: 1,
    startsAtBest: 1,
    iterations: 1,
    converged: true,
  }));

test("the elbow leads; what else the measures say is told", () => {
  expect(suggestK(sweepOf([100, 0.5, 0.9, 900], [60, 0.4, 1, 700], [20, 0.35, 0.8, 800], [18, 0.3, 1.1, 600]))).toEqual(
    {
      k: 4,
      elbow: 4,
      silhouette: 2,
      daviesBouldin: 4,
      calinskiHarabasz: 2,
      reason:
        "Up to 4 clusters each further one makes them clearly tighter, after that it gains less (the elbow of the inertia curve). " +
        "Davies–Bouldin agrees. By themselves, silhouette and Calinski–Harabasz prefer 2. " +
        "Two clusters mostly part those who buy much from those who buy little. The choice is yours.",
    },
  );
});

test("measures that all differ, and agree on nothing", () => {
  const { reason } = suggestK(
    sweepOf([100, 0.4, 0.9, 600], [30, 0.3, 1, 700], [20, 0.5, 0.95, 650], [10, 0.3, 0.7, 800]),
  );
  expect(reason).toMatch(
    /curve\)\. By themselves, silhouette prefers 4 and Davies–Bouldin and Calinski–Harabasz prefer 5\. The choice is yours\.$/,
  );
});

test("without an elbow the silhouette decides", () => {
  expect(suggestK(sweepOf([30, 0.4, 1, 5], [20, 0.6, 0.8, 6], [10, 0.5, 0.9, 7]))).toMatchObject({
    k: 3,
    elbow: null,
    reason:
      "The inertia curve has no elbow; 3 clusters have the highest silhouette. By themselves, Calinski–Harabasz prefers 4. " +
      "The choice is yours.",
  });
});

test("where nothing is defined, there is still an answer", () => {
  expect(suggestK(sweepOf([0, null, null, null]))).toMatchObject({
    k: 2,
    reason: "Nothing can be compared; 2 is what was tried first. The choice is yours.",
  });
  expect(() => suggestK([])).toThrow("Expected `sweep` to be at least one row, got 0");
});

const curve = (first: number, inertias: number[]) => inertias.map((inertia, i) => ({ k: first + i, inertia }));

test.each([
  // 1 ÷ k: below the chord by 0.444, 0.519, 0.5, 0.444 … at k = 2, 3, 4, 5 …
  [
    "a hyperbola",
    curve(
      1,
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((k) => 1 / k),
    ),
    3,
  ],
  ["a sharp bend", curve(2, [100, 60, 20, 18, 16, 14]), 4],
  ["gaps between the k", [2, 4, 8, 16].map((k) => ({ k, inertia: 64 / k ** 2 })), 4],
  ["a straight line", curve(2, [9, 7, 5, 3, 1]), null],
  ["a curve that bends the other way", curve(2, [10, 9.9, 9, 5]), null],
  ["a curve that rises", curve(2, [1, 2, 3]), null],
  ["a flat one", curve(2, [0, 0, 0]), null],
  ["two points", curve(2, [5, 1]), null],
  ["no point", [], null],
])("%s: %#", (_, points, elbow) => {
  expect(elbowOf(points)).toBe(elbow);
});
