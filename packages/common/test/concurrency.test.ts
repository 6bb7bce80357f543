import { expect, test } from "@jest/globals";
import { forEachConcurrently } from "@keyspaces-segmentation/common/dist/concurrency.js";

const turn = () => new Promise(setImmediate);

test("every item is worked on once, never more at a time than allowed", async () => {
  const seen: number[] = [];
  let running = 0;
  let most = 0;
  async function* items() {
    for (let i = 0; i < 50; i++) {
      await turn();
      yield i;
    }
  }
  await forEachConcurrently(items(), 4, async (item) => {
    most = Math.max(most, ++running);
    await turn();
    await turn();
    seen.push(item);
    running--;
  });
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(4);
});

test("after a failure nothing new is begun, and what is under way ends first", async () => {
  const begun: number[] = [];
  let running = 0;
  let closed = false;
  function* items() {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      closed = true;
    }
  }
  const work = forEachConcurrently(items(), 3, async (item) => {
    begun.push(item);
    running++;
    await turn();
    if (item === 1) {
      running--;
      throw new Error("item 1");
    }
    await turn();
    running--;
  });
  await expect(work).rejects.toThrow("item 1");
  expect({ running, closed }).toEqual({ running: 0, closed: true });
  expect(begun.length).toBeLessThanOrEqual(6);
});

test("a failure of the stream is passed on", async () => {
  function* items() {
    yield 1;
    throw new Error("torn");
  }
  await expect(forEachConcurrently(items(), 2, turn as () => Promise<void>)).rejects.toThrow("torn");
});

test("nothing to do", async () => {
  await expect(forEachConcurrently([], 2, () => Promise.reject(new Error("called")))).resolves.toBeUndefined();
});
