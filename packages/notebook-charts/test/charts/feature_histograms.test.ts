import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { featureHistograms, skewness } from "@keyspaces-segmentation/notebook-charts/dist/charts/feature_histograms.js";
import { clusteredCustomers, features } from "../../../../test/support/clustered_customers.js";

const gbp = { money: moneyOf("GBP") };

describe("featureHistograms", () => {
  const { raw, scaled } = features(clusteredCustomers(400).customers);

  test("has a panel for each feature before and after, and counts every customer in each", () => {
    const { data } = featureHistograms(raw, scaled, "min_max", gbp).figure;
    expect(data.map(({ xaxis }) => xaxis)).toEqual(["x1", "x2", "x3", "x4", "x5", "x6"]);
    for (const { y } of data) expect((y as number[]).reduce((sum, count) => sum + count)).toBe(400);
  });

  test("says large amounts in full where the pointer is", () => {
    const rich: Matrix = { values: Float64Array.of(1, 2, 3, 1, 2, 150_343), rows: 2, columns: 3 };
    const { data } = featureHistograms(rich, rich, "min_max", gbp).figure;
    expect(data[2]!.text).toEqual(["2,509", "147,837"]);
    expect(data[2]!.hovertemplate).toBe("Monetary value (£): about %{text}<br>%{y:,d} customers<extra></extra>");
  });

  test("says whether scaling cured the skewness", () => {
    expect(featureHistograms(raw, scaled, "min_max", gbp).title).toMatch(
      /^Scaling brings .* leaves frequency skewed \(/,
    );
    const logged: Matrix = { ...raw, values: raw.values.map((value) => Math.log1p(Math.max(0, value))) };
    expect(featureHistograms(raw, logged, "log_standard", gbp).title).toMatch(
      /^Scaling takes the skewness of frequency from/,
    );
  });

  test("stands when all customers are alike", () => {
    const alike: Matrix = { values: Float64Array.of(1, 2, 3, 1, 2, 3), rows: 2, columns: 3 };
    const { title, figure } = featureHistograms(alike, alike, "min_max", gbp);
    expect(title).toBe("Scaling brings the features to one range; none of them is skewed");
    expect(figure.data.map(({ y }) => y)).toEqual(Array(6).fill([2]));
  });
});

describe("skewness", () => {
  test("is the moment coefficient, as scipy.stats.skew has it", () => {
    // test/fixtures/skewness.py
    expect(skewness(Float64Array.from([1, 2, 3, 10, 0.5, 4]))).toBeCloseTo(1.2776490996208854, 12);
    expect(skewness(Float64Array.from([-1, -2, -30, 5]))).toBeCloseTo(-1.0155966792053306, 12);
    expect(skewness(Float64Array.from([-1, 0, 1]))).toBe(0);
    expect(skewness(Float64Array.from([2, 2]))).toBe(0);
  });
});
