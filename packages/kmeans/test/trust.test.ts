import { expect, test } from "@jest/globals";
import { matrixOf, sampleRows } from "@keyspaces-segmentation/kmeans/dist/matrix.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans/dist/seeded_random.js";
import { gaugeTrust, marginsOf, rowsOnFence, shareAtBest } from "@keyspaces-segmentation/kmeans/dist/trust.js";

test("a margin is 1 − nearest ÷ second nearest distance", () => {
  const centroids = matrixOf([
    [0, 0],
    [4, 0],
    [0, 40],
  ]);
  const rows = matrixOf([
    [0, 0],
    [2, 0],
    [1, 0],
    [4, 3],
    [0, 40],
  ]);
  expect([...marginsOf(rows, centroids)]).toEqual([1, 0, 1 - 1 / 3, 1 - 3 / 5, 1]);
  expect([...marginsOf(rows, matrixOf([[9, 9]]))]).toEqual([1, 1, 1, 1, 1]);
  // On two centroids at once.
  expect([...marginsOf(matrixOf([[5]]), matrixOf([[5], [5]]))]).toEqual([0]);
  expect(() => marginsOf(rows, matrixOf([[1]]))).toThrow("Expected `centroids.columns` to be 2 as in `matrix`, got 1");
  expect(() => marginsOf(rows, matrixOf([]))).toThrow("Expected `centroids.rows` to be 1 or more, got 0");
});

test("on the fence are rows with a margin below the bound, the narrowest first", () => {
  expect(rowsOnFence([0.5, 0.09, 0, 0.1, 0.02], 0.1)).toEqual([2, 4, 1]);
  expect(rowsOnFence([0.5, 0.09, 0, 0.1, 0.02], 0.05)).toEqual([2, 4]);
});

test("a start has found the best inertia within 0.1 % of it", () => {
  expect(shareAtBest([100, 100.09, 100.2, 250])).toBe(0.5);
  expect(shareAtBest([0, 0, 1e-9])).toBe(2 / 3);
  expect(() => shareAtBest([])).toThrow("Expected `inertias` to be those of one start or more, got 0");
});

const random = seededRandom(8);
/** Three clouds far apart, and one row almost half way between two of them. */
const clouds = matrixOf([...Array.from({ length: 90 }, (_, i) => [30 * (i % 3) + random(), random()]), [14.9, 0.5]]);
const shapeless = matrixOf(Array.from({ length: 200 }, () => [random(), random(), random()]));

test("clear clusters are found by every start, stay when rows are drawn anew, and have only the row between on the fence", async () => {
  const steps: number[] = [];
  const gauge = await gaugeTrust(clouds, {
    k: 3,
    random: seededRandom(1),
    samples: 20,
    onProgress: (done, total) => steps.push(done, total),
  });
  expect(gauge).toMatchObject({ k: 3, rows: 91, starts: 50, startsAtBest: 1, onTheFence: [90], fence: 0.1 });
  // Where a sample lacks the row between, its clusters are drawn without it, and it may go the other way.
  expect(gauge.agreement.mean).toBeGreaterThan(0.98);
  expect(gauge.agreement).toMatchObject({ most: 1, samples: 20 });
  expect(steps.slice(-2)).toEqual([70, 70]);
});

test("what has no clusters shows it", async () => {
  const gauge = await gaugeTrust(shapeless, { k: 7, random: seededRandom(1), samples: 20 });
  expect(gauge.agreement.mean).toBeLessThan(0.75);
  expect(gauge.agreement.least).toBeLessThan(gauge.agreement.mean);
  expect(gauge.startsAtBest).toBeLessThan(0.5);
  expect(gauge.onTheFence.length).toBeGreaterThan(4);
});

test("the same chance gives the same gauge, whatever the number of threads", async () => {
  const gauge = (threads: number) =>
    gaugeTrust(shapeless, { k: 4, random: seededRandom(5), starts: 8, samples: 6, sampleStarts: 2, threads });
  expect(await gauge(1)).toEqual(await gauge(3));
});

test("a model can be gauged instead of the best fit", async () => {
  // It parts the clouds crosswise.
  const centroids = matrixOf([
    [30, 0.1],
    [30, 0.5],
    [30, 0.9],
  ]);
  const gauge = await gaugeTrust(clouds, { k: 3, random: seededRandom(1), starts: 5, samples: 5, centroids });
  expect(gauge.agreement.most).toBeLessThan(0.2);
  expect(gauge.margins).toEqual(marginsOf(clouds, centroids));
});

test("with more clusters than different rows, nobody is on the fence between an empty cluster and their own", async () => {
  const kinds = matrixOf(
    Array.from(
      { length: 18 },
      (_, i) =>
        [
          [1, 0],
          [0.5, 0.2],
          [0, 1],
        ][i % 3]!,
    ),
  );
  const gauge = await gaugeTrust(kinds, { k: 6, random: seededRandom(1), starts: 3, samples: 5, threads: 1 });
  expect(gauge).toMatchObject({ inertia: 0, onTheFence: [], agreement: { mean: 1 } });
  expect([...gauge.margins]).toEqual(new Array(18).fill(1));
});

test.each([
  [{ k: 0 }, "Expected `k` to be an integer from 1 to 91, got 0"],
  [{ samples: 0 }, "Expected `samples` to be an integer of 1 or more, got 0"],
  [{ sampleStarts: 1.5 }, "Expected `sampleStarts` to be an integer of 1 or more, got 1.5"],
  [{ fence: -0.1 }, "Expected `fence` to be from 0 to 1, got -0.1"],
  [{ centroids: matrixOf([[1, 2]]) }, "Expected `centroids.rows` to be 3 as `k`, got 1"],
])("%j is refused", async (options, message) => {
  await expect(gaugeTrust(clouds, { k: 3, random: seededRandom(1), ...options })).rejects.toThrow(message);
});

test("where there are more rows than are to be fitted, fits are of a sample and margins of all rows", async () => {
  const options = { k: 3, random: seededRandom(1), samples: 5, mostRows: 40 };
  const gauge = await gaugeTrust(clouds, options);
  expect(gauge).toMatchObject({ rows: 91, fittedRows: 40, startsAtBest: 1, onTheFence: [90] });
  expect(gauge.margins).toHaveLength(91);
  const small = await gaugeTrust(sampleRows(clouds, 40, seededRandom(1)), {
    k: 3,
    random: seededRandom(9),
    samples: 1,
  });
  expect(gauge.inertia).toBeCloseTo(small.inertia, 9);
});
