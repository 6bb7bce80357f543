import { expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import {
  describeVariety,
  requireEnoughCustomers,
} from "@keyspaces-segmentation/customer-clusters/dist/enough_customers.js";
import { matrixOf } from "@keyspaces-segmentation/kmeans";

const customers = (count: number, kinds: number = count) =>
  matrixOf(Array.from({ length: count }, (_, i) => [i % kinds, 1, 10 * (i % kinds)]));

function refusalOf(count: number, k: number, kinds?: number): string {
  try {
    requireEnoughCustomers(customers(count, kinds), k);
  } catch (error) {
    if (error instanceof StepError) return `${error.message} ${error.hint}`;
    throw error;
  }
  return "";
}

test("more clusters than customers are refused, with what k can be and how to set it", () => {
  expect(refusalOf(5, 6)).toBe(
    "Could not find 6 clusters: there are 5 customers, so k can be 1 to 5. " +
      "Set the parameter `k`, for example k: 3 in the cell of parameters, or `--param k=3` where the notebook is started.",
  );
  expect(refusalOf(1, 6)).toMatch(/there is 1 customer, so k can only be 1\. .*`--param k=1`/);
  expect(refusalOf(5, 6, 2)).toContain("k can be 1 to 5");
  expect(refusalOf(5, 6, 2)).toContain("`--param k=2`");
});

test("as many as there are customers, or fewer, are not", () => {
  expect([refusalOf(5, 5), refusalOf(5, 1), refusalOf(1, 1), refusalOf(18, 6, 3)]).toEqual(["", "", "", ""]);
});

test("where fewer customers differ than there are clusters, that is said", () => {
  expect(describeVariety(customers(18, 3), 6)).toBe(
    "There are only 3 different customers: at most 3 clusters have customers in them, any others stay empty.",
  );
  expect(describeVariety(customers(18, 1), 6)).toMatch(/^All 18 customers are alike: one cluster holds everybody/);
  expect(describeVariety(customers(1), 2)).toMatch(/^There is only 1 customer: /);
  expect([describeVariety(customers(18, 3), 3), describeVariety(customers(1), 1)]).toEqual([null, null]);
});
