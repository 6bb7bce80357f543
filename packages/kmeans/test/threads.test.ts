import { expect, test } from "@jest/globals";
import { buildKdTree } from "@keyspaces-segmentation/kmeans/dist/kd_tree.js";
import { matrixOf } from "@keyspaces-segmentation/kmeans/dist/matrix.js";
import { inThreads, type Threads } from "@keyspaces-segmentation/kmeans/dist/threads.js";

const start = { k: 2, seed: 1, stop: { maxIterations: 10, enough: 0 } };
const tree = buildKdTree(matrixOf([[1], [2], [9]]));
const workers = () => process.getActiveResourcesInfo().filter((resource) => resource === "MessagePort").length;

test("jobs are answered to those who gave them, and no thread is left", async () => {
  const before = workers();
  const fits = await inThreads({ threads: 2 }, { rows: 3, jobs: 20 }, (threads) => {
    threads.share(tree);
    return Promise.all(Array.from({ length: 20 }, (_, i) => threads.run("start", { ...start, k: 1 + (i % 3) })));
  });
  expect(fits.map(({ centroids }) => centroids.length)).toEqual(Array.from({ length: 20 }, (_, i) => 1 + (i % 3)));
  expect(workers()).toBe(before);
});

test("a job that fails rejects with its error, and no thread is left", async () => {
  const before = workers();
  // No tree was shared.
  const few = { rows: 3, jobs: 2 };
  await expect(inThreads({ threads: 2 }, few, (threads) => threads.run("start", start))).rejects.toThrow("undefined");
  await expect(inThreads({}, few, (threads) => threads.run("start", start))).rejects.toThrow("undefined");
  expect(workers()).toBe(before);
});

test("of few rows, jobs are done here one by one, until the signal is aborted", async () => {
  const before = workers();
  const controller = new AbortController();
  const reason = new Error("enough");
  const done: number[] = [];
  const use = (threads: Threads) => {
    threads.share(tree);
    return Promise.all(
      Array.from({ length: 9 }, async (_, i) => {
        await threads.run("start", { ...start, k: 1 + (i % 3) });
        expect(workers()).toBe(before);
        done.push(i);
        if (i === 4) controller.abort(reason);
      }),
    );
  };
  await expect(inThreads({ signal: controller.signal }, { rows: 3, jobs: 9 }, use)).rejects.toBe(reason);
  expect(done).toEqual([0, 1, 2, 3, 4]);
});

test("what `use` throws, at once or later, is thrown", async () => {
  const fail = (): never => {
    throw new Error("changed my mind");
  };
  for (const threads of [undefined, 1]) {
    const work = { rows: 3, jobs: 1 };
    await expect(inThreads({ threads }, work, fail)).rejects.toThrow("changed my mind");
    await expect(inThreads({ threads }, work, async () => fail())).rejects.toThrow("changed my mind");
  }
});
