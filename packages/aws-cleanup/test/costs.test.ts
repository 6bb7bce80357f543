import { expect, test } from "@jest/globals";
import { costsIn } from "@keyspaces-segmentation/aws-cleanup/dist/costs.js";

test.each([
  // 0.44 $ a DPU-hour, 0.52 $ one with twice the memory: https://aws.amazon.com/glue/pricing/
  ["us-east-1", "G.2X", "10 × G.2X, $8.8000 an hour"],
  ["us-east-1", "R.2X", "10 × R.2X, $10.4000 an hour"],
  ["nowhere-1", "R.2X", "10 × R.2X, billed until it ends"],
])("in %s, what a run of Glue costs whose workers are %s", (region, workerType, cost) => {
  expect(costsIn(region).glue({ workerType, workers: 10 }).cost).toBe(cost);
});
