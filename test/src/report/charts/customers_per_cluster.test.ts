import { describe, expect, test } from "@jest/globals";
import { customersPerCluster } from "../../../../src/report/charts/customers_per_cluster.js";
import { segmentedCustomers } from "../../../support/segmented_customers.js";

describe("customersPerCluster", () => {
  const { clusters } = segmentedCustomers(500);
  const chart = customersPerCluster(clusters);
  const [bars] = chart.figure.data;

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

  test("says which is the largest, and that one is empty", () => {
    const share = Math.round((100 * (clusters[1]?.customers ?? 0)) / 500);
    expect(chart.title).toBe(`Cluster 1 “New and small” holds ${share} % of the customers`);
    expect(chart.summary).toMatch(/^500 customers in 6 clusters; the largest is 1 .*; 1 empty\.$/);
  });

  test("stands without a customer, and without a cluster", () => {
    const nobody = clusters.map((each) => ({ ...each, customers: 0 }));
    expect(customersPerCluster(nobody).title).toBe("No customer is in any cluster");
    expect(customersPerCluster([]).figure.data[0]?.x).toEqual([]);
  });

  test("shows names literally", () => {
    const [first] = clusters as [(typeof clusters)[0]];
    const [trace] = customersPerCluster([{ ...first, name: "<b>&" }]).figure.data;
    expect(trace?.y).toEqual(["0 · &lt;b&gt;&amp;"]);
  });
});
