import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { segmentOf } from "@keyspaces-segmentation/invoices";
import { segmentTreemap } from "@keyspaces-segmentation/notebook-charts/dist/charts/segment_treemap.js";
import { clusteredCustomers } from "../../../../test/support/clustered_customers.js";

const gbp = { money: moneyOf("GBP") };

const [one] = clusteredCustomers(1).customers;
const customer = (segment: string, monetary: number) => ({ ...one!, segment, monetary });
const tilesOf = ({ figure }: ReturnType<typeof segmentTreemap>) =>
  figure.data[0] as unknown as {
    labels: string[];
    values: number[];
    text: string[];
    customdata: string[];
    marker: { colors: string[] };
  };

describe("the treemap", () => {
  const chart = segmentTreemap(
    [
      customer("At Risk", 100),
      customer("Champions", 500),
      customer("Champions", 300.4),
      customer("Hibernating", -50),
      customer("Promising", 0),
    ],
    gbp,
  );
  const tiles = tilesOf(chart);

  test("has a tile for each segment with revenue, as large as that, with the customers in its label", () => {
    expect(tiles.labels).toEqual(["Champions", "At Risk"]);
    expect(tiles.values).toEqual([800.4, 100]);
    expect(tiles.text).toEqual(["£800<br>2 customers", "£100<br>1 customer"]);
    expect(tiles.customdata[0]).toBe("Champions: 2 customers, £800, 94 % of the revenue");
  });

  test("states the finding, and names in words what has no tile", () => {
    expect(chart.title).toBe("Champions: 40 % of the customers, 94 % of the revenue");
    expect(chart.summary).toContain("Hibernating: 1 customer, −£50");
    expect(chart.summary.match(/\(no tile\)/g)).toHaveLength(2);
  });
});

test("each of the ten segments has a colour of its own, on which white text can be read", () => {
  const scores = [1, 2, 3, 4, 5];
  const everyone = scores.flatMap((r) => scores.map((f) => customer(segmentOf(r, f), 10)));
  const { colors } = tilesOf(segmentTreemap(everyone, gbp)).marker;
  expect(new Set(colors).size).toBe(10);
  for (const colour of colors) {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    expect(1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)).toBeGreaterThan(4.5);
  }
});

test("stands without revenue, and without customers", () => {
  const losses = segmentTreemap([customer("At Risk", -5), customer("Champions", 0), customer("Champions", 0)], gbp);
  expect(losses.title).toBe("The segments of 3 customers bring no revenue; areas are customers");
  expect(losses.summary).toBe("Champions: 2 customers, £0; At Risk: 1 customer, −£5.");
  expect(tilesOf(losses)).toMatchObject({ labels: ["Champions", "At Risk"], values: [2, 1] });
  expect(segmentTreemap([], gbp)).toMatchObject({ title: "No customer is in any segment", summary: "Nobody." });
});

test("small tiles are labelled with their name alone, and the smallest not at all, but all in the hover", () => {
  const { figure } = segmentTreemap(
    [customer("Champions", 985), customer("At Risk", 12), customer("Hibernating", 3)],
    gbp,
  );
  expect(figure.data[0]!.texttemplate).toEqual(["%{label}<br>%{text}", "At Risk", " "]);
  expect(figure.data[0]!.customdata).toHaveLength(3);
  const narrow = segmentTreemap([customer("Champions", 960), customer("Potential Loyalists", 40)], gbp);
  expect((narrow.figure.data[0]!.texttemplate as string[])[1]).toBe("Potential<br>Loyalists<br>£40<br>1 customer");
});
