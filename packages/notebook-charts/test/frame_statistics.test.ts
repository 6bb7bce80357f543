import { expect, test } from "@jest/globals";
import { columnOf, toFrame } from "@keyspaces-segmentation/notebook-charts/dist/frame.js";
import { describeFrame, groupMeans } from "@keyspaces-segmentation/notebook-charts/dist/frame_statistics.js";

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

test("a value that is missing is left out of its group's mean, and a group of which none is known comes last", () => {
  const of = (segment: string, recency_days: number | null, monetary: number | null) => ({
    segment,
    recency_days,
    frequency: 2,
    monetary,
  });
  const customers = toFrame([
    of("unknown", 1, null),
    of("less", 10, -3),
    of("more", 4, 5),
    of("less", 20, null),
    of("unknown", null, null),
    of("more", null, 10),
  ]);
  const means = groupMeans(customers, "segment");
  // pandas 2.2: df.groupby("segment").agg(["count", "mean"]), sorted by monetary, na_position="last"
  const names = ["segment", "customers", "recency_days_mean", "frequency_mean", "monetary_mean"];
  expect(names.map((name) => columnOf(means, name))).toEqual([
    ["more", "less", "unknown"],
    [2, 2, 2],
    [4, 15, 1],
    [2, 2, 2],
    [7.5, -3, Number.NaN],
  ]);
});

test("columns may have the names of what danfo calls its own, but one, which is refused", () => {
  const described = describeFrame(toFrame([{ dtypes: 1, values: 2, note: "x" }]));
  expect(columnOf(described, "feature")).toEqual(["dtypes", "values"]);
  expect(() => toFrame([{ id: 1, columns: 2 }])).toThrow(
    'Expected `columns` to be free of the name `columns`, which danfo cannot hold, got "id, columns"',
  );
});
