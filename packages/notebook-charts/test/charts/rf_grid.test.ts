import { describe, expect, test } from "@jest/globals";
import { rfGrid } from "@keyspaces-segmentation/notebook-charts/dist/charts/rf_grid.js";
import { clusterMark } from "@keyspaces-segmentation/notebook-charts/dist/charts/style.js";
import { clusteredCustomers } from "../../../../test/support/clustered_customers.js";

const made = clusteredCustomers(12);
const [one] = made.customers;
const [first, second] = made.clusters;
const at = (r: number, f: number, cluster: number) => ({ ...one!, r, f, cluster });

describe("the grid", () => {
  const customers = [at(5, 5, 0), at(5, 5, 0), at(5, 5, 1), at(1, 1, 1)];
  const { figure, title, summary } = rfGrid(customers, [first!, second!]);
  const [cells, ...legend] = figure.data as unknown as [
    { x: number[]; y: number[]; text: string[] },
    ...{ name: string }[],
  ];
  const place = (r: number, f: number) => cells.y.findIndex((y, i) => y === r && cells.x[i] === f);

  test("has a cell for each pair of scores, with segment and number of customers", () => {
    expect(cells.text).toHaveLength(25);
    expect(cells.text[place(5, 5)]).toBe("Champions<br>3<br><i>cluster 0</i>");
    expect(cells.text[place(1, 1)]).toBe("Hibernating<br>1<br><i>cluster 1</i>");
    expect(cells.text[place(3, 3)]).toBe("Need<br>Attention<br>0");
  });

  test("colours a cell by the cluster that most are in", () => {
    const shapes = figure.layout.shapes as { fillcolor: string; opacity: number }[];
    expect(shapes[place(5, 5)]!.fillcolor).toBe(clusterMark(0).color);
    expect(shapes[place(1, 1)]!.fillcolor).toBe(clusterMark(1).color);
    expect(shapes[place(1, 1)]!.opacity).toBeGreaterThan(shapes[place(5, 5)]!.opacity);
    expect(legend).toHaveLength(2);
  });

  test("says how far rule and cluster agree", () => {
    expect(title).toMatch(/^Rule and cluster agree for 75 % of the customers/);
    expect(summary).toContain("R5 F5 Champions: 3 customers, 67 % of them in 0");
  });

  test("of nobody is empty", () => {
    expect(rfGrid([], [first!]).title).toBe("No customer is in any cell");
  });
});
