import { expect, test } from "@jest/globals";
import { fitEach, sweepK } from "@keyspaces-segmentation/kmeans/dist/k_sweep.js";
import { kMeans } from "@keyspaces-segmentation/kmeans/dist/kmeans.js";
import { matrixOf, sampleRows } from "@keyspaces-segmentation/kmeans/dist/matrix.js";
import { measureQuality } from "@keyspaces-segmentation/kmeans/dist/quality.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans/dist/seeded_random.js";
import { suggestK } from "@keyspaces-segmentation/kmeans/dist/suggest_k.js";
import { retailOracle } from "../../../test/support/oracle.js";

const { scaled, clusters } = retailOracle.preparations.net;
const matrix = matrixOf(scaled.log_standard);

test("fits of several k are those of one k after the other", async () => {
  const ks = [5, 2, 3];
  const random = seededRandom(4);
  const expected = ks.map((k) => kMeans(matrix, { k, random, starts: 6 }));
  expect(await fitEach(matrix, { ks, random: seededRandom(4), starts: 6 })).toEqual(expected);
});

test("a sweep: scikit-learn's inertias, and the quality of each fit", async () => {
  const options = { ks: [2, 4], starts: 100, tolerance: 0 };
  const progress: string[] = [];
  const sweep = await sweepK(matrix, {
    ...options,
    random: seededRandom(9),
    onProgress: (done, total) => progress.push(`${done}/${total}`),
  });
  expect(progress).toEqual(Array.from({ length: 202 }, (_, i) => `${i + 1}/202`));
  const fits = await fitEach(matrix, { ...options, random: seededRandom(9) });
  sweep.forEach(({ k, inertia, startsAtBest, iterations, converged, ...quality }, i) => {
    expect(k).toBe(options.ks[i]);
    expect(inertia).toBeCloseTo(clusters.log_standard[k]!.inertia, 9);
    expect([iterations, converged]).toEqual([fits[i]!.iterations, true]);
    const hits = fits[i]!.startInertias.filter((of) => of <= 1.001 * Math.min(...fits[i]!.startInertias)).length;
    expect(startsAtBest).toBe(hits / 100);
    const expected = measureQuality(matrix, fits[i]!.clusters, seededRandom(0));
    for (const measure of Object.keys(expected) as (keyof typeof expected)[]) {
      expect(quality[measure]).toBeCloseTo(expected[measure]!, 10);
    }
  });
});

test("no k at all is refused, and so is one that there are no rows for", async () => {
  await expect(sweepK(matrix, { ks: [], random: seededRandom(1) })).rejects.toThrow("at least one number of clusters");
  await expect(sweepK(matrixOf([[1], [2]]), { ks: [2, 3], random: seededRandom(1) })).rejects.toThrow(
    "from 1 to 2, got 3",
  );
  expect(await sweepK(matrixOf([[1], [2], [7]]), { random: seededRandom(1), starts: 3 })).toMatchObject([
    { k: 2, inertia: 0.5 },
    { k: 3, inertia: 0, silhouette: null },
  ]);
});

test("rows that are all alike, or a single one, are one cluster", async () => {
  for (const rows of [
    [[5, 1]],
    [
      [5, 1],
      [5, 1],
      [5, 1],
    ],
  ]) {
    expect(await sweepK(matrixOf(rows), { random: seededRandom(1), starts: 3 })).toEqual([
      {
        k: 1,
        inertia: 0,
        intra: 0,
        inter: null,
        interLeast: null,
        silhouette: null,
        daviesBouldin: null,
        calinskiHarabasz: null,
        startsAtBest: 1,
        iterations: expect.any(Number),
        converged: true,
      },
    ]);
  }
});

test("of three kinds of rows, the elbow is at three", async () => {
  const rows = Array.from(
    { length: 18 },
    (_, i) =>
      [
        [334, 12.75],
        [183, 63.75],
        [0, 255],
      ][i % 3]!,
  );
  const sweep = await sweepK(matrixOf(rows), { random: seededRandom(1), starts: 3 });
  expect(suggestK(sweep)).toMatchObject({ k: 3, elbow: 3, silhouette: 3, daviesBouldin: 3, calinskiHarabasz: 3 });
  expect(sweep.slice(1).every(({ calinskiHarabasz }) => calinskiHarabasz === 1)).toBe(true);
  expect(sweep.every((row) => Object.values(row).every((value) => value === true || Number.isFinite(value)))).toBe(
    true,
  );
});

test("a sweep that is aborted rejects with the signal's reason", async () => {
  const stop = new AbortController();
  const sweep = sweepK(matrix, {
    random: seededRandom(1),
    starts: 300,
    signal: stop.signal,
    onProgress: () => stop.abort(new Error("enough")),
  });
  await expect(sweep).rejects.toThrow("enough");
});

test("a sweep of many rows is that of a sample of them", async () => {
  const whole = await sweepK(matrix, { ks: [3], starts: 5, random: seededRandom(2) });
  const random = seededRandom(2);
  const sample = sampleRows(matrix, 40, random);
  const expected = await sweepK(sample, { ks: [3], starts: 5, random });
  expect(await sweepK(matrix, { ks: [3], starts: 5, random: seededRandom(2), mostRows: 40 })).toEqual(expected);
  expect(expected[0]!.inertia).toBeLessThan(whole[0]!.inertia);
});
