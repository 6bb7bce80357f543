import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { clusterProfile } from "@keyspaces-segmentation/notebook-charts/dist/charts/cluster_profile.js";
import { customersPerCluster } from "@keyspaces-segmentation/notebook-charts/dist/charts/customers_per_cluster.js";
import { clusteredCustomers } from "../../../../test/support/clustered_customers.js";

const gbp = { money: moneyOf("GBP") };

describe("clusterProfile", () => {
  const { clusters } = clusteredCustomers(500);
  const chart = clusterProfile(clusters, gbp);

  test("has a panel for each median and for the share of revenue, with every cluster in each", () => {
    expect(chart.figure.data.map(({ xaxis }) => xaxis)).toEqual(["x", "x2", "x3", "x4"]);
    for (const { x, y } of chart.figure.data) expect([x, y].map((values) => (values as []).length)).toEqual([6, 6]);
    expect((chart.figure.data[0]?.x as number[] | undefined)?.[2]).toBe(clusters[2]?.recencyDaysMedian);
    expect((chart.figure.data[3]?.x as number[] | undefined)?.[2]).toBeCloseTo(
      100 * (clusters[2]?.revenueShare ?? 0),
      12,
    );
  });

  test("has the mean beside each median", () => {
    const [of] = clusters;
    const money = (value: number) => `£${Math.round(value).toLocaleString("en-US")}`;
    expect((chart.figure.data[2]!.text as string[])[0]).toBe(
      `${money(of!.monetaryMedian)}<br>(${money(of!.monetaryMean)})`,
    );
    expect(chart.summary).toContain(`${money(of!.monetaryMedian)} (mean ${money(of!.monetaryMean)})`);
  });

  test("shows an empty cluster as a dash, not as a number", () => {
    expect(chart.figure.data.map(({ text }) => (text as string[])[5])).toEqual(["–", "–", "–", "–"]);
    expect(JSON.stringify(chart)).not.toContain("null");
  });

  test("gives clusters the colours that they have elsewhere", () => {
    const colours = (figure: { data: readonly { [key: string]: unknown }[] }) => figure.data[0]?.marker;
    expect(colours(chart.figure)).toEqual(colours(customersPerCluster(clusters, gbp).figure));
  });

  test("has the cluster with the most revenue in its title", () => {
    const most = clusters.reduce((a, b) => (b.revenueShare > a.revenueShare ? b : a));
    expect(chart.title).toContain(`Cluster ${most.cluster} “${most.name}”`);
    expect(chart.title).toContain(`${Math.round(100 * most.revenueShare)} % of the revenue`);
  });
});

describe("the panels", () => {
  const { clusters } = clusteredCustomers(500);

  test("have room for a long amount beside the longest bar", () => {
    const rich = clusters.map((each, i) => (i === 2 ? { ...each, monetaryMedian: 1_243_853 } : each));
    const { range } = clusterProfile(rich, gbp).figure.layout.xaxis3 as { range: [number, number] };
    // "£1,243,853" takes about half of the 130 pixels that a panel has in the still picture.
    expect(range[1]).toBeGreaterThan(1.9 * 1_243_853);
  });

  test("claim no share where returns outweigh purchases", () => {
    const { title } = clusterProfile(
      clusters.map((each) => ({ ...each, monetaryMean: -5, revenueShare: 0 })),
      gbp,
    );
    expect(title).toMatch(/no cluster has a share/);
  });

  test("break a long name into lines, and show it literally", () => {
    const named = clusters.map((each) => ({ ...each, name: "Very recent, very frequent & very high spend" }));
    const [label] = clusterProfile(named, gbp).figure.data[0]!.y as string[];
    expect(label).toBe("0 · Very recent, very<br>frequent &amp; very high spend");
  });
});
