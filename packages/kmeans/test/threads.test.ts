import { expect, test } from "@jest/globals";
import { buildKdTree } from "@keyspaces-segmentation/kmeans/dist/kd_tree.js";
import { matrixOf } from "@keyspaces-segmentation/kmeans/dist/matrix.js";
import { inThreads } from "@keyspaces-segmentation/kmeans/dist/threads.js";

const start = { k: 2, seed: 1, stop: { maxIterations: 10, enough: 0 } };
const tree = buildKdTree(matrixOf([[1], [2], [9]]));
const workers = () => process.getActiveResourcesInfo().filter((resource) => resource === "MessagePort").length;

test("jobs are answered to those who gave them, and no thread is left", async () => {
  const before = workers();
  const fits = await inThreads({ threads: 2 }, 20, (threads) => {
    threads.share(tree);
    return Promise.all(Array.from({ length: 20 }, (_, i) => threads.run("start", { ...start, k: 1 + (i % 3) })));
  });
  expect(fits.map(({ centroids }) => centroids.length)).toEqual(Array.from({ length: 20 }, (_, i) => 1 + (i % 3)));
  expect(workers()).toBe(before);
});

test("a job that fails rejects with its error, and no thread is left", async () => {
  const before = workers();
  // No tree was shared.
  await expect(inThreads({}, 2, (threads) => threads.run("start", start))).rejects.toThrow("undefined");
  expect(workers()).toBe(before);
});

test("what `use` throws, at once or later, is thrown", async () => {
  const fail = (): never => {
    throw new Error("changed my mind");
  };
  await expect(inThreads({}, 1, fail)).rejects.toThrow("changed my mind");
  await expect(inThreads({}, 1, async () => fail())).rejects.toThrow("changed my mind");
});
