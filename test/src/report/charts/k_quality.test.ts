import { expect, test } from "@jest/globals";
import { kQuality, type QualityAtK } from "../../../../src/report/charts/k_quality.js";

const at = (k: number, changes: Partial<QualityAtK> = {}): QualityAtK => ({
  k,
  inertia: 100 / k,
  silhouette: 0.5 - k / 100,
  daviesBouldin: 1 + Math.abs(k - 4),
  calinskiHarabasz: 100 * k,
  intra: 1 / k,
  inter: k,
  ...changes,
});
const table = [2, 3, 4, 5].map((k) => at(k));

test("each measure has a panel, with its best k marked where it has one", () => {
  const { figure } = kQuality(table, { suggested: 4, chosen: 5 });
  expect(figure.data.map(({ xaxis }) => xaxis)).toEqual(["x", "x2", "x3", "x4", "x5", "x6"]);
  expect(figure.data[0]?.y).toEqual([50, 100 / 3, 25, 20]);
  const largest = figure.data.map(({ marker }) => {
    const { size } = marker as { size: number[] };
    return size.every((each) => each === size[0]) ? null : table[size.indexOf(Math.max(...size))]!.k;
  });
  expect(largest).toEqual([null, 2, 4, 5, null, null]);
});

test("lines stand at the suggestion and at the choice, in every panel", () => {
  const { figure } = kQuality(table, { suggested: 4, chosen: 5 });
  const shapes = figure.layout.shapes as { x0: number; xref: string }[];
  expect(shapes.map(({ x0 }) => x0)).toEqual(Array(6).fill([4, 5]).flat());
  expect(new Set(shapes.map(({ xref }) => xref)).size).toBe(6);
});

test("a choice that was not tried has no line: one outside of the paper cannot be drawn without a browser", () => {
  const { figure } = kQuality(table, { suggested: 4, chosen: 5000 });
  expect((figure.layout.shapes as { x0: number }[]).map(({ x0 }) => x0)).toEqual(Array(6).fill(4));
});

test("the title says where the measures disagree", () => {
  expect(kQuality(table, { suggested: 4, chosen: 6 }).title).toBe(
    "The elbow is at 4 clusters, the silhouette prefers 2; you chose 6",
  );
  expect(kQuality(table, { suggested: 2, chosen: 6 }).title).toBe("The elbow is at 2 clusters; you chose 6");
});

test("what is not defined is left out", () => {
  const undefinedThere = { silhouette: null, daviesBouldin: null, calinskiHarabasz: null, inter: null };
  const { figure, title, summary } = kQuality([at(1, undefinedThere)], { suggested: 1, chosen: 1 });
  expect(figure.data[1]?.y).toEqual([null]);
  expect(title).toBe("The elbow is at 1 clusters; you chose 1");
  expect(summary).toContain("silhouette –");
});
