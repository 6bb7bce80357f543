import { expect, test } from "@jest/globals";
import { Recurring } from "@keyspaces-segmentation/common";

/** Looks each number up as a reader does, and gives how many were not known. */
const unknownOf = (known: Recurring<number, string>, from: number, count: number): number => {
  let unknown = 0;
  for (let i = from; i < from + count; i++) {
    if (known.get(i) !== undefined) continue;
    unknown++;
    if (known.hasRoom()) known.set(i, String(i));
  }
  return unknown;
};

test("what does not come again is not kept without end, and does not drive out what was there", () => {
  const known = new Recurring<number, string>();
  expect(unknownOf(known, 0, 100_000)).toBe(100_000);
  expect(unknownOf(known, 0, 1000)).toBe(0);
  expect(unknownOf(known, 1000, 99_000)).toBe(99_000);
});

test("many values are kept while they come again", () => {
  const known = new Recurring<number, string>();
  for (let i = 0; i < 3; i++) unknownOf(known, 0, 10_000);
  for (let i = 0; i < 3; i++) unknownOf(known, 0, 10_000);
  expect(unknownOf(known, 0, 10_000)).toBe(0);
});

test("values that come again for a while make room for those that follow them", () => {
  const known = new Recurring<number, string>();
  let unknown = 0;
  const blocks = 200;
  for (let block = 0; block < blocks; block++)
    for (let i = 0; i < 10; i++) unknown += unknownOf(known, 500 * block, 500);
  // Each is known from its second time on but where room was made in between.
  expect(unknown).toBeLessThan(1.2 * 500 * blocks);
});
