import { expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import type { Movement } from "@keyspaces-segmentation/customer-clusters";
import {
  comingsAndGoings,
  movementFinding,
  movementRows,
} from "@keyspaces-segmentation/notebook-charts/dist/movement_text.js";

const gbp = { money: moneyOf("GBP") };

const best = { id: 0, name: "Best" };
const lost = { id: 7, name: "Lost" };
const movement = (from: Movement["from"], to: Movement["to"], customers: number, monetary: number): Movement => ({
  from,
  to,
  customers,
  monetary,
});
const all = [
  movement(best, best, 100, 5000),
  movement(best, lost, 2, 0.1 + 0.2),
  movement(best, null, 1, 20),
  movement(lost, best, 5, 3400.4),
  movement(lost, lost, 50, 10),
  movement(null, lost, 3, 1200),
];

test("the finding counts who moved among those whom both runs know, and names the largest move", () => {
  expect(movementFinding(all, gbp)).toBe(
    "7 of 157 customers moved; the largest move: 5 from 7 “Lost” to 0 “Best”, £3,400",
  );
  const equal = [movement(best, lost, 5, 10), ...all];
  expect(movementFinding(equal, gbp)).toContain("12 of 162 customers moved; the largest move: 5 from 7 “Lost”");
});

test("where nobody could move, or did, it says so", () => {
  expect(movementFinding(null, gbp)).toMatch(/^This is the first run/);
  expect(
    movementFinding(
      all.filter(({ from, to }) => from === to),
      gbp,
    ),
  ).toBe("Nobody moved: 150 customers stayed where they were");
  expect(movementFinding([movement(best, null, 1, 5), movement(null, best, 1, 5)], gbp)).toBe(
    "No customer of the last run is in this one",
  );
});

test("who came and who went is told apart from moving", () => {
  expect(comingsAndGoings(all, gbp)).toBe(
    "3 customers (£1,200) were not there before. 1 customer of the last run (£20) is gone.",
  );
  expect(comingsAndGoings(all.slice(0, 2), gbp)).toBe("");
});

test("rows have who moved first, the most of them first, and money to the penny", () => {
  expect(movementRows(all, gbp)).toEqual([
    { from: "7 · Lost", to: "0 · Best", customers: 5, monetary: 3400.4 },
    { from: "0 · Best", to: "7 · Lost", customers: 2, monetary: 0.3 },
    { from: "0 · Best", to: "0 · Best", customers: 100, monetary: 5000 },
    { from: "7 · Lost", to: "7 · Lost", customers: 50, monetary: 10 },
    { from: "not there before", to: "7 · Lost", customers: 3, monetary: 1200 },
    { from: "0 · Best", to: "gone", customers: 1, monetary: 20 },
  ]);
});

test("where there is nothing to compare with, it says why", () => {
  expect(movementFinding(null, gbp)).toMatch(/^This is the first run/);
  expect(movementFinding(null, { lastRun: "kmeans-1", ...gbp })).toMatch(/not known any more/);
});
