import { expect, test } from "@jest/globals";
import { type RunSources, type RunView, runIdOf } from "@keyspaces-segmentation/cluster-store/dist/run_id.js";
import { isRunId } from "@keyspaces-segmentation/customer-clusters";

const parameters: RunView = {
  keyspace: "shop",
  table: "online_retail",
  preparation: "net",
  scaling: "min_max",
  k: 6,
  recencyCuts: null,
  frequencyCuts: null,
  monetaryCuts: null,
};
const customer = (customerId: string, monetary: number) => ({
  customerId,
  country: "Norway",
  recencyDays: 3,
  frequency: 2,
  monetary,
  r: 5,
  f: 3,
  m: 4,
  segment: "Champions",
});
const inputs: RunSources = {
  loads: [{ fingerprint: "a" }, { fingerprint: "b" }],
  analysisDate: "2010-12-09",
  customers: [customer("1", 5), customer("2", 7)],
  training: { job: "job-1", arn: "arn:aws:sagemaker:us-east-1:123456789012:training-job/job-1" },
};
const id = runIdOf(parameters, inputs);

test("the same run has the same id, in whatever order its files and customers come", () => {
  const turned = { ...inputs, loads: inputs.loads.toReversed(), customers: inputs.customers.toReversed() };
  expect(runIdOf({ ...parameters }, turned)).toBe(id);
});

test("an id can be read, and is a part of keys and names everywhere", () => {
  expect(id).toMatch(/^2010-12-09-net-min_max-k6-[0-9a-f]{10}$/);
  const longest = { ...parameters, preparation: "as_published", scaling: "log_standard", k: 1000 };
  expect(isRunId(runIdOf(longest, inputs))).toBe(true);
});

test.each<[string, Partial<RunView>, Partial<RunSources>]>([
  ["keyspace", { keyspace: "shop2" }, {}],
  ["table", { table: "other" }, {}],
  ["preparation", { preparation: "sales" }, {}],
  ["cuts", { monetaryCuts: [1, 2, 3, 4] }, {}],
  ["other cuts", { frequencyCuts: [1, 2, 3, 4] }, {}],
  ["scaling", { scaling: "log_standard" }, {}],
  ["k", { k: 5 }, {}],
  ["analysis date", {}, { analysisDate: "2010-12-10" }],
  ["files", {}, { loads: inputs.loads.slice(1) }],
  ["customers", {}, { customers: inputs.customers.slice(1) }],
  ["a customer's money", {}, { customers: [customer("1", 5), customer("2", 7.01)] }],
  ["training", {}, { training: { ...inputs.training, job: "job-2" } }],
  ["the training's region", {}, { training: { job: "job-1", arn: "arn:aws:sagemaker:eu-west-1:…/job-1" } }],
])("a run with another %s has another id", (_, parameter, input) => {
  expect(runIdOf({ ...parameters, ...parameter }, { ...inputs, ...input })).not.toBe(id);
});
