import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "@jest/globals";
import { createStreams } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/streams.js";

test("streams are known by their ids, the whole range of them", () => {
  const streams = createStreams<string>();
  const ids = [0, 1, 32_767, -1, -32_768];
  for (const id of ids) streams.set(id, `request ${id}`);
  streams.set(1, "another");
  expect(streams.size).toBe(5);
  expect(streams.ids().toSorted((a, b) => a - b)).toEqual([-32_768, -1, 0, 1, 32_767]);
  expect(ids.map((id) => streams.get(id))).toEqual([
    "request 0",
    "another",
    "request 32767",
    "request -1",
    "request -32768",
  ]);
  expect([streams.delete(-1), streams.delete(-1), streams.delete(2)]).toEqual([true, false, false]);
  expect([streams.has(-1), streams.has(32_767), streams.get(-1), streams.size]).toEqual([false, true, undefined, 4]);
  streams.clear();
  expect([streams.size, streams.ids(), streams.has(0)]).toEqual([0, [], false]);
});

test("requests that were answered are garbage at once, however long the connection has lasted", () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const streams = createStreams<number[]>();
  const request = (id: number) => streams.set(id, new Array<number>(100).fill(id));
  for (let id = 0; id < 60; id++) request(id);
  // What there is now counts as old.
  collectGarbage();
  collectGarbage();
  const oldBytes = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === "old_space")!.space_used_size;
  const before = oldBytes();
  let most = 0;
  for (let id = 0; id < 300_000; id++) {
    streams.delete(id % 60);
    request(id % 60);
    if (id % 10_000 === 0) most = Math.max(most, oldBytes() - before);
  }
  // Of some 250 MB in all.
  expect(most).toBeLessThan(4_000_000);
});
