import { describe, expect, test } from "@jest/globals";
import {
  type TrainingInput,
  type TrainingOutput,
  trainKMeans,
} from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/train.js";
import { webScaleOracle } from "../../../../../test/support/web_scale.js";

const csv = "text/csv;label_size=0";

/** A training on these rows, which are its test channel too: `test.ssd` is its inertia. */
function input(rows: readonly (readonly number[])[], hyperparameters: Record<string, string>, seed = 1): TrainingInput {
  const files = [{ name: "rows.csv", bytes: Buffer.from(rows.map((row) => row.join()).join("\n")) }];
  const channel = { contentType: csv, files };
  const all = { feature_dim: String(rows[0]!.length), eval_metrics: '["ssd"]', ...hyperparameters };
  return { hyperparameters: all, train: channel, test: channel, seed };
}
const train = (...args: Parameters<typeof input>): TrainingOutput => trainKMeans(input(...args));
const seeds = Array.from({ length: 50 }, (_, seed) => seed);
const some = seeds.slice(0, 15);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Its mean over some seeds. */
const inertia = (rows: readonly (readonly number[])[], hyperparameters: Record<string, string>): number =>
  mean(some.map((seed) => train(rows, hyperparameters, seed).test.ssd!));
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length / 2]!;
const centroidsOf = ({ centroids }: TrainingOutput): number[] => [...centroids.values].sort((a, b) => a - b);

const [blobs, customers] = webScaleOracle.qualities.map(({ rows }) => rows) as [number[][], number[][]];
const alone = { extra_center_factor: "1" };

describe("takes effect:", () => {
  test("init_method", () => {
    // Ten rows far away, which any row as likely as any other seldom finds.
    const rows = Array.from({ length: 400 }, (_, i) => [i < 10 ? 1000 : i % 7]);
    const found = (init_method: string) =>
      seeds.filter((seed) => train(rows, { k: "2", ...alone, init_method }, seed).centroids.values.includes(1000))
        .length;
    expect(found("kmeans++")).toBe(50);
    expect(found("random")).toBeLessThan(10);
  });

  test("epochs", () => {
    const settings = { k: "5", ...alone, mini_batch_size: "50" };
    const [once, twice] = [customers, [...customers, ...customers]];
    expect(train(once, { ...settings, epochs: "2" }).centroids).toEqual(train(twice, settings).centroids);
    expect(train(once, settings).centroids).not.toEqual(train(twice, settings).centroids);
    expect(inertia(customers, { ...settings, epochs: "10" })).toBeLessThan(inertia(customers, settings));
  });

  test("mini_batch_size", () => {
    // The centres begin in the first batch: there are no others in sight.
    const rows = Array.from({ length: 40 }, (_, i) => [i < 20 ? 0 : 100 + (i % 2)]);
    const settings = { k: "2", ...alone, init_method: "kmeans++" };
    expect(centroidsOf(train(rows, { ...settings, mini_batch_size: "40" }))).toEqual([0, 100.5]);
    expect(centroidsOf(train(rows, { ...settings, mini_batch_size: "20" }))).not.toEqual([0, 100.5]);
  });

  test("extra_center_factor", () => {
    const of = (extra_center_factor: string) => train(customers, { k: "5", extra_center_factor });
    expect([of("1"), of("4"), of("auto")].map(({ centres }) => centres)).toEqual([5, 20, 50]);
    expect([of("1"), of("4")].map(({ losses }) => losses.length)).toEqual([0, 10]);
    expect(inertia(blobs, { k: "5" })).toBeLessThan(0.7 * inertia(blobs, { k: "5", ...alone }));
  });

  test("half_life_time_size", () => {
    const drifting = Array.from({ length: 1000 }, (_, i) => [i / 100]);
    const centre = (half_life_time_size: string) =>
      train(drifting, { k: "1", ...alone, mini_batch_size: "10", half_life_time_size }).centroids.values[0]!;
    expect(centre("0")).toBeCloseTo(4.995, 4);
    expect(centre("50")).toBeGreaterThan(9);
    expect(centre("500")).toBeGreaterThan(5.5);
    expect(centre("500")).toBeLessThan(centre("50"));
  });

  test("local_lloyd_init_method", () => {
    const settings = { k: "5", local_lloyd_num_trials: "1" };
    const random = inertia(blobs, { ...settings, local_lloyd_init_method: "random" });
    expect(inertia(blobs, { ...settings, local_lloyd_init_method: "kmeans++" })).toBeLessThan(0.8 * random);
  });

  test("local_lloyd_max_iter, local_lloyd_tol", () => {
    const settings = { k: "6", local_lloyd_num_trials: "1" };
    const loss = (more: Record<string, string>) =>
      mean(some.map((seed) => train(customers, { ...settings, ...more }, seed).losses[0]!));
    expect(loss({ local_lloyd_max_iter: "1" })).toBeGreaterThan(1.05 * loss({}));
    expect(loss({ local_lloyd_tol: "1" })).toBe(loss({ local_lloyd_max_iter: "1" }));
    expect(loss({ local_lloyd_tol: "0" })).toBeLessThanOrEqual(loss({}));
  });

  test("local_lloyd_num_trials", () => {
    const of = (local_lloyd_num_trials: string, seed = 1) => train(customers, { k: "6", local_lloyd_num_trials }, seed);
    expect([of("1"), of("25"), of("auto")].map(({ losses }) => losses.length)).toEqual([1, 25, 10]);
    const best = (trials: string) => mean(some.map((seed) => Math.min(...of(trials, seed).losses)));
    expect(best("25")).toBeLessThan(best("1"));
  });
});

describe("a combination that the first batch cannot serve", () => {
  test.each([
    [{ mini_batch_size: "5" }, 6, 5],
    [{ mini_batch_size: "5", ...alone }, 6, 5],
    [{ mini_batch_size: "29", extra_center_factor: "5" }, 30, 29],
    [{ extra_center_factor: "51" }, 306, 300],
  ])("%j fails the job", (more, centers, rows) => {
    const batch = `the first batch, which they are chosen from, has ${rows} rows`;
    const message = `The algorithm needs ${centers} initial centers, but ${batch}`;
    const given = more as unknown as Record<string, string>;
    expect(() => train(customers, { k: "6", ...given })).toThrow(
      expect.objectContaining({ kind: "ClientError", message }),
    );
  });

  test("is met by `auto` with fewer centres, as long as there are k", () => {
    expect(train(customers, { k: "6", mini_batch_size: "29" })).toMatchObject({ centres: 29, firstBatch: 29 });
    expect(train(customers, { k: "6", mini_batch_size: "6" })).toMatchObject({ centres: 6, firstBatch: 6 });
  });
});

describe("chance", () => {
  const of = (seed: number | undefined) => trainKMeans({ ...input(customers, { k: "4" }), seed }).centroids.values;

  test("is the data's without a seed, and otherwise the seed's", () => {
    expect(of(undefined)).toEqual(of(undefined));
    expect(of(7)).toEqual(of(7));
    expect(new Set([undefined, 7, 8, 9].map((seed) => of(seed).join())).size).toBe(4);
  });
});

describe("inertia over 50 trainings, beside scikit-learn's", () => {
  test.each(webScaleOracle.qualities)("$name", ({ rows, k, batch, best, miniBatch }) => {
    const all = seeds.map((seed) => train(rows, { k: String(k), mini_batch_size: String(batch) }, seed).test.ssd!);
    // Values and centroids are 32-bit floats here.
    expect(Math.min(...all)).toBeGreaterThan(0.999999 * best);
    expect(Math.max(...all)).toBeLessThan(1.1 * best);
    expect(median(all)).toBeLessThanOrEqual(miniBatch.median);
  });
});
