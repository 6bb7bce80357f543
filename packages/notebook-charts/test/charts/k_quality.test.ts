import { expect, test } from "@jest/globals";
import type { KSweepRow } from "@keyspaces-segmentation/kmeans";
import { type SuggestedK, suggestK } from "@keyspaces-segmentation/kmeans";
import { kQuality } from "@keyspaces-segmentation/notebook-charts/dist/charts/k_quality.js";

const at = (k: number, changes: Partial<KSweepRow> = {}): KSweepRow => ({
  k,
  inertia: 100 / k,
  silhouette: 0.5 - k / 100,
  daviesBouldin: 1 + Math.abs(k - 4),
  calinskiHarabasz: 100 * k,
  intra: 1 / k,
  inter: k,
  interLeast: k,
  startsAtBest: 1,
  iterations: 1,
  converged: true,
  ...changes,
});
const table = [2, 3, 4, 5].map((k) => at(k));
/** What `suggestK` says of the table, with the suggestion that a test wants. */
const suggesting = (k: number, changes: Partial<SuggestedK> = {}): SuggestedK => ({
  ...suggestK(table),
  k,
  elbow: k,
  ...changes,
});

test("each measure has a panel, with its best k marked where it has one", () => {
  const { figure } = kQuality(table, suggesting(4), 5);
  expect(figure.data.map(({ xaxis }) => xaxis)).toEqual(["x", "x2", "x3", "x4", "x5", "x6"]);
  expect(figure.data[0]?.y).toEqual([50, 100 / 3, 25, 20]);
  const largest = figure.data.map(({ marker }) => {
    const { size } = marker as { size: number[] };
    return size.every((each) => each === size[0]) ? null : table[size.indexOf(Math.max(...size))]!.k;
  });
  expect(largest).toEqual([null, 2, 4, 5, null, null]);
});

test("large measures have thousands separators, small ones enough digits, in the hover and on the axis", () => {
  const { figure } = kQuality([at(2, { calinskiHarabasz: 22_873.51, intra: 0.056781 }), at(3)], suggesting(3), 3);
  expect((figure.data[3]!.text as string[])[0]).toBe("22,874");
  expect((figure.data[4]!.text as string[])[0]).toBe("0.05678");
  expect(figure.data[3]!.hovertemplate).toContain("%{text}");
  expect((figure.layout.yaxis4 as { tickformat: string }).tickformat).toMatch(/^,/);
});

test("lines stand at the suggestion and at the choice, in every panel", () => {
  const { figure } = kQuality(table, suggesting(4), 5);
  const shapes = figure.layout.shapes as { x0: number; xref: string }[];
  expect(shapes.map(({ x0 }) => x0)).toEqual(Array(6).fill([4, 5]).flat());
  expect(new Set(shapes.map(({ xref }) => xref)).size).toBe(6);
});

test("a choice that was not tried has no line: one outside of the paper cannot be drawn without a browser", () => {
  const { figure } = kQuality(table, suggesting(4), 5000);
  expect((figure.layout.shapes as { x0: number }[]).map(({ x0 }) => x0)).toEqual(Array(6).fill(4));
});

test("the title says where the measures disagree", () => {
  expect(kQuality(table, suggesting(4), 6).title).toBe(
    "The elbow is at 4 clusters, the silhouette prefers 2; you chose 6",
  );
  expect(kQuality(table, suggesting(2), 6).title).toBe("The elbow is at 2 clusters; you chose 6");
});

test("where the curve has no elbow the title does not claim one", () => {
  expect(kQuality(table, suggesting(2, { elbow: null }), 6).title).toBe(
    "The inertia has no elbow; the suggestion is 2 clusters; you chose 6",
  );
});

test("what is not defined is left out", () => {
  const undefinedThere = { silhouette: null, daviesBouldin: null, calinskiHarabasz: null, inter: null };
  const one = [at(1, undefinedThere)];
  const { figure, title, summary } = kQuality(one, suggestK(one), 1);
  expect(figure.data.map(({ y }) => y)).toEqual([[100], [], [], [], [1], []]);
  const said = (figure.layout.annotations as { text: string; xref: string }[]).filter(
    ({ text }) => text === "not defined here",
  );
  expect(said.map(({ xref }) => xref)).toEqual(["x2 domain", "x3 domain", "x4 domain", "x6 domain"]);
  expect(title).toBe("The inertia has no elbow; the suggestion is 1 cluster; you chose 1");
  expect(summary).toContain("silhouette –");
});
