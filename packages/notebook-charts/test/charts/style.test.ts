import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { clusterProfile } from "@keyspaces-segmentation/notebook-charts/dist/charts/cluster_profile.js";
import { customerMargins } from "@keyspaces-segmentation/notebook-charts/dist/charts/customer_margins.js";
import { customersPerCluster } from "@keyspaces-segmentation/notebook-charts/dist/charts/customers_per_cluster.js";
import { rfGrid } from "@keyspaces-segmentation/notebook-charts/dist/charts/rf_grid.js";
import { rfmScatter3d } from "@keyspaces-segmentation/notebook-charts/dist/charts/rfm_scatter.js";
import { segmentTreemap } from "@keyspaces-segmentation/notebook-charts/dist/charts/segment_treemap.js";
import { baseLayout, clusterMark, wrap } from "@keyspaces-segmentation/notebook-charts/dist/charts/style.js";
import type { Trace } from "@keyspaces-segmentation/notebook-charts/dist/figure.js";
import { clusteredCustomers } from "../../../../test/support/clustered_customers.js";

const gbp = { money: moneyOf("GBP") };

/** sRGB to linear light. */
function linear(colour: string): number[] {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

/** CIE L*a*b* (D65) of linear sRGB. */
function lab(rgb: number[]): number[] {
  const rows = [
    [0.4124, 0.3576, 0.1805],
    [0.2126, 0.7152, 0.0722],
    [0.0193, 0.1192, 0.9505],
  ];
  const white = [0.9505, 1, 1.089];
  const [x, y, z] = rows.map((row, index) => {
    const t = row.reduce((sum, weight, at) => sum + weight * (rgb[at] as number), 0) / (white[index] as number);
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
  }) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Machado, Oliveira and Fernandes, IEEE TVCG 2009: what is seen with each kind of colour blindness at its full. */
const SIGHT = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

describe("clusterMark", () => {
  test.each(Object.entries(SIGHT))(
    "colours of ten clusters stay apart, and from white paper, with %s sight",
    (_, rows) => {
      const colours = [...Array.from({ length: 10 }, (_, cluster) => clusterMark(cluster).color), "#ffffff"];
      const seen = colours.map((colour) => {
        const rgb = linear(colour);
        return lab(
          rows.map((row) =>
            Math.max(
              0,
              row.reduce((sum, weight, at) => sum + weight * (rgb[at] as number), 0),
            ),
          ),
        );
      });
      const distances = seen.flatMap((a, i) =>
        seen.slice(i + 1).map((b, j) => ({
          pair: `${colours[i]} ${colours[i + 1 + j]}`,
          distance: Math.hypot(...a.map((value, at) => value - (b[at] as number))),
        })),
      );
      expect(distances.filter(({ distance }) => distance < 10)).toEqual([]);
    },
  );

  test("a cluster has the colour of its id in every chart, whatever other clusters there are", () => {
    const ids = [1, 4, 6, 13, 20, 38];
    const { customers, clusters } = clusteredCustomers(300, ids);
    const colours = ids.map((id) => clusterMark(id).color);
    const single = (trace: Trace) => (trace.marker as { color: string }).color;
    const scatter = rfmScatter3d(customers, clusters, gbp);
    expect(scatter.figure.data.map(single)).toEqual(colours);
    expect(scatter.still?.data.map(single)).toEqual(colours);
    for (const { figure } of [customersPerCluster(clusters, gbp), clusterProfile(clusters, gbp)]) {
      expect(figure.data[0]?.marker).toEqual({ color: colours });
    }
    const of = customers.map(({ cluster }) => cluster);
    const margins = customerMargins(
      customers.map(() => 0.5),
      of,
      clusters,
      0.1,
    );
    expect(margins.figure.data.map(single)).toEqual(colours);
    expect(margins.figure.data.map(({ y }) => (y as number[]).reduce((sum, count) => sum + count))).toEqual(
      clusters.map((each) => each.customers),
    );
    const grid = rfGrid(customers, clusters).figure;
    const [shape] = grid.layout.shapes as { fillcolor: string }[];
    expect(shape?.fillcolor).toBe("#f4f4f4");
    expect(grid.data.slice(1).map(single)).toEqual([clusterMark(4).color]);
  });

  test("no two of seventy clusters have the same mark", () => {
    const marks = Array.from({ length: 70 }, (_, cluster) => JSON.stringify(clusterMark(cluster)));
    expect(new Set(marks).size).toBe(70);
  });
});

test("a dollar is a dollar in labels, and no mathematics, and as it is in headlines and sentences", () => {
  const usd = { money: moneyOf("USD") };
  const { customers: some, clusters } = clusteredCustomers(157);
  const customers = some.map((each) => ({ ...each, segment: "Champions" }));
  const charts = [
    segmentTreemap(customers, usd),
    clusterProfile(clusters, usd),
    customersPerCluster(clusters, usd),
    rfmScatter3d(customers, clusters, usd),
  ];
  for (const { title, summary, figure, still } of charts) {
    expect(title + summary).not.toContain("&#36;");
    for (const { data, layout } of [figure, ...(still ? [still] : [])]) {
      expect(JSON.stringify([data, layout])).not.toContain("$");
    }
  }
  expect(charts[1]!.summary).toMatch(/invoices, \$[\d,]+ \(mean \$[\d,]+\)/);
  expect(JSON.stringify(charts[1]!.figure.data)).toMatch(/&#36;[\d,]+<br>\(&#36;[\d,]+\)/);
});

test("a number and its % stay on one line", () => {
  expect(wrap("and brings 34 % of the revenue", 14)).toEqual(["and brings", "34 % of the", "revenue"]);
});

describe("baseLayout", () => {
  test("breaks a long headline and makes room for it", () => {
    const short = baseLayout("Short", 400) as { height: number; margin: { t: number } };
    const long = baseLayout("A headline of many words ".repeat(5).trim(), 400) as typeof short;
    expect(JSON.stringify(long).match(/<br>/g)).toHaveLength(1);
    expect(long.margin.t - short.margin.t).toBe(22);
    expect(long.height - short.height).toBe(22);
  });
});
