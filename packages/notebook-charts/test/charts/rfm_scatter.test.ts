import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { rfmScatter3d } from "@keyspaces-segmentation/notebook-charts/dist/charts/rfm_scatter.js";
import { clusteredCustomers } from "../../../../test/support/clustered_customers.js";

const gbp = { money: moneyOf("GBP") };

describe("rfmScatter3d", () => {
  const { customers, clusters } = clusteredCustomers(900);
  const chart = rfmScatter3d(customers, clusters, gbp);

  test("has a trace for every cluster and a point for every customer", () => {
    expect(chart.figure.data.map(({ type, name }) => [type, name])).toEqual(
      ["0 · Lost", "1 · New and small", "2 · Champions", "3 · Slipping away", "4 · Loyal", "5 · Nobody"].map((name) => [
        "scatter3d",
        name,
      ]),
    );
    expect(chart.figure.data.flatMap(({ customdata }) => customdata)).toHaveLength(900);
    expect(chart.figure.data[5]?.x).toEqual([null]);
  });

  test("draws a part of more than 5,000 customers, of each cluster, and says so", () => {
    const many = clusteredCustomers(40_000);
    const few = many.customers.filter(({ cluster }) => cluster === 2).slice(0, 60);
    const crowd = [...many.customers.filter(({ cluster }) => cluster !== 2), ...few];
    const { summary, figure } = rfmScatter3d(crowd, many.clusters, gbp);
    const points = figure.data.map(({ customdata }) => (customdata as unknown[]).length);
    const total = points.reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(4000);
    expect(total).toBeLessThan(6000);
    expect(points[2]).toBe(60);
    expect(summary).toContain(`${total.toLocaleString("en")} of them are drawn`);
    expect(rfmScatter3d(crowd.slice(0, 5000), many.clusters, gbp).summary).not.toContain("are drawn,");
  });

  test("tells who a point is, literally", () => {
    const [first] = customers as [(typeof customers)[0]];
    const one = { ...first, customerId: "<a>", country: "A&B", monetary: -1234.6, cluster: 0 };
    const [trace] = rfmScatter3d([one], clusters, gbp).figure.data;
    const [hover] = (trace as { customdata?: unknown }).customdata as string[][];
    expect(hover?.slice(0, 2)).toEqual(["&lt;a&gt;", "A&amp;B"]);
    expect(hover?.[5]).toBe("−£1,235");
  });

  test("draws who returned more than they bought on the axis, and says so", () => {
    const z = chart.figure.data.flatMap((trace) => trace.z as (number | null)[]);
    expect(Math.min(...z.filter((value) => value !== null))).toBe(1);
    const below = customers.filter(({ monetary }) => monetary < 1).length;
    expect(below).toBeGreaterThan(0);
    expect(chart.summary).toContain(`${below} customers below £1 are drawn at £1.`);
  });

  test("has a flat still of a part of the customers with every cluster", () => {
    expect(chart.still?.data.map(({ type }) => type)).toEqual(Array(6).fill("scatter"));
    const points = chart.still?.data.flatMap(({ x }) => x as unknown[]) ?? [];
    expect(points.length).toBeGreaterThan(300);
    expect(points.length).toBeLessThan(520);
    expect(JSON.stringify(chart.still?.layout)).toContain("one customer in 2 is drawn");
  });
});
