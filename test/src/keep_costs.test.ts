import { expect, test } from "@jest/globals";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Clustering } from "../../src/assign.js";
import { keep } from "../../src/keep.js";
import { readSettings } from "../../src/settings.js";

test("results of a table with more customers than the file has are held against the budget before anything is made", async () => {
  const settings = readSettings({ dataBucket: "data", dataKey: "invoices.csv", budgetUsd: 5 }, {});
  const file = { rows: 10, rowBytes: 1210, writeUnits: 10, customers: 4, invoices: 3, isWhole: true };
  settings.costs.estimate("us-east-1", file, settings.parameters);
  const clustering = (customers: number) =>
    ({ inputs: { settings }, everybody: { customers }, stored: null }) as unknown as Clustering;
  const source = {} as Parameters<typeof keep>[3];
  const keeping = (customers: number) => keep({} as KeyspacesClient, {} as AwsSession, clustering(customers), source);
  await expect(keeping(10_000_000)).rejects.toThrow(
    /^Could not begin step 8 Keep results: it costs about \$12\.5\d* and the run has cost \$0\.0000 so far/,
  );
  await expect(keeping(10)).rejects.not.toThrow(/budgetUsd/);
});
