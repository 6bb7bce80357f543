import type { RunPlan } from "@keyspaces-segmentation/aws-costs";

/** A run on a million rows of a table, the same for several tests. */
export const tables = { lines: { columns: { k: "text", v: "text" }, primaryKey: "k" } };
export const million = {
  rows: 1_000_000,
  rowBytes: 121_000_000,
  writeUnits: 1_000_000,
  customers: 0,
  invoices: 0,
  isWhole: true,
};
export const plan: RunPlan = {
  table: "lines",
  k: 0,
  instanceType: "ml.m5.large",
  instances: 1,
  scoring: "local",
  kmsKey: null,
};
