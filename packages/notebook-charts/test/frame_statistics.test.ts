import { expect, test } from "@jest/globals";
import { columnOf, toFrame } from "@keyspaces-segmentation/notebook-charts/dist/frame.js";
import { describeFrame } from "@keyspaces-segmentation/notebook-charts/dist/frame_statistics.js";

test("statistics of one value, and of none, are those of pandas", () => {
  const described = describeFrame(toFrame([{ none: Number.NaN, one: 3.5, two: 1 }, { none: Number.NaN, one: null, two: 4 }])); // biome-ignore format: a table
  expect(["count", "mean", "std", "min", "median", "max"].map((name) => columnOf(described, name))).toEqual([
    [0, 1, 2],
    [Number.NaN, 3.5, 2.5],
    [Number.NaN, Number.NaN, 2.1213203435596424],
    [Number.NaN, 3.5, 1],
    [Number.NaN, 3.5, 2.5],
    [Number.NaN, 3.5, 4],
  ]);
});
