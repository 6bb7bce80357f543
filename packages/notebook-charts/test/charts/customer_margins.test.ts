import { expect, test } from "@jest/globals";
import { customerMargins } from "@keyspaces-segmentation/notebook-charts/dist/charts/customer_margins.js";

const profiles = [
  { cluster: 0, name: "Few" },
  { cluster: 1, name: "Many" },
];

test("counts every customer once, in the colour of the cluster", () => {
  const { figure } = customerMargins([0, 0.04, 0.5, 1, 0.99], [0, 1, 1, 1, 0], profiles, 0.1);
  const counts = figure.data.map(({ y }) => y as number[]);
  expect(counts[0]).toEqual([1, ...Array(18).fill(0), 1]);
  expect(counts[1]).toEqual([1, ...Array(9).fill(0), 1, ...Array(8).fill(0), 1]);
  expect(figure.data.map(({ name }) => name)).toEqual(["0 · Few", "1 · Many"]);
});

test("the title says how many are on the fence", () => {
  expect(customerMargins([0.05, 0.5, 0.5, 0.5], [0, 0, 1, 1], profiles, 0.1).title).toBe(
    "25 % of the customers sit on the fence between two clusters",
  );
  expect(customerMargins([0.1, 0.5], [0, 1], profiles, 0.1).title).toBe(
    "Every customer clearly belongs to one cluster",
  );
});

test("clusters whose colours are the same differ in their hatching", () => {
  const far = [...profiles, { cluster: 10, name: "Late" }, { cluster: 20, name: "Later" }];
  const marks = customerMargins([0.5], [10], far, 0.1).figure.data.map(({ marker }) => JSON.stringify(marker));
  expect(new Set(marks).size).toBe(4);
});
