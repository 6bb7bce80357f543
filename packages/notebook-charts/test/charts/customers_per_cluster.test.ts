import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { customersPerCluster } from "@keyspaces-segmentation/notebook-charts/dist/charts/customers_per_cluster.js";
import { clusteredCustomers } from "../../../../test/support/clustered_customers.js";

const gbp = { money: moneyOf("GBP") };

describe("customersPerCluster", () => {
  const { clusters } = clusteredCustomers(500);
  const chart = customersPerCluster(clusters, gbp);
  const [bars, revenue] = chart.figure.data;

  test("has a bar for every cluster, the empty one too, with its count", () => {
    expect(bars?.y).toEqual([
      "0 · Lost",
      "1 · New and small",
      "2 · Champions",
      "3 · Slipping away",
      "4 · Loyal",
      "5 · Nobody",
    ]);
    expect(bars?.x).toEqual(clusters.map(({ customers }) => customers));
    expect((bars?.text as string[] | undefined)?.[5]).toBe("0 (0 %)");
  });

  test("has beside it what every cluster brings, in the same colours", () => {
    const sums = revenue?.x as number[];
    clusters.forEach((each, i) => {
      expect(sums[i]).toBeCloseTo(each.customers * each.monetaryMean, 6);
    });
    expect((revenue!.text as string[])[2]).toMatch(
      new RegExp(`^£[\\d,]+ \\(${Math.round(100 * clusters[2]!.revenueShare)} %\\)$`),
    );
    expect(revenue?.marker).toEqual(bars?.marker);
  });

  test("shows no share of a revenue that is below zero, and leaves room for its words on that side", () => {
    const { figure, title } = customersPerCluster(
      clusters.map((each) => ({ ...each, monetaryMean: -1000 })),
      gbp,
    );
    expect(title).not.toContain("revenue");
    const lowest = Math.min(...(figure.data[1]!.x as number[]));
    const { range } = figure.layout.xaxis2 as { range: [number, number] };
    expect(range[0]).toBeLessThan(1.1 * lowest);
    expect((figure.data[1]!.text as string[])[0]).toMatch(/^−£[\d,]+$/);
  });

  test("says which is the largest, and that one is empty", () => {
    const earned = Math.round(100 * (clusters[1]?.revenueShare ?? 0));
    const share = Math.round((100 * (clusters[1]?.customers ?? 0)) / 500);
    expect(chart.title).toBe(
      `Cluster 1 “New and small” holds ${share} % of the customers and brings ${earned} % of the revenue`,
    );
    expect(chart.summary).toMatch(/^500 customers in 6 clusters; the largest is 1 .*; 1 empty\.$/);
  });

  test("stands without a customer, and without a cluster", () => {
    const nobody = clusters.map((each) => ({ ...each, customers: 0 }));
    expect(customersPerCluster(nobody, gbp).title).toBe("No customer is in any cluster");
    expect(customersPerCluster([], gbp).figure.data[0]?.x).toEqual([]);
  });

  test("shows names literally", () => {
    const [first] = clusters as [(typeof clusters)[0]];
    const [trace] = customersPerCluster([{ ...first, name: "<b>&" }], gbp).figure.data;
    expect(trace?.y).toEqual(["0 · &lt;b&gt;&amp;"]);
  });
});
