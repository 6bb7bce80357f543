import { expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { introduceClusters } from "@keyspaces-segmentation/customer-clusters/dist/identity.js";
import { noOverlap } from "@keyspaces-segmentation/invoices/dist/overlap.js";
import { buildSummary } from "../../src/summary.js";

const settings = { parameters: { keyspace: "k", table: "t" } } as Parameters<typeof buildSummary>[0];
/** What the steps of a run report; all that is not about clusters as plain as can be. */
const reports = {
  dataset: { uri: "s3://data/x.csv", generated: false, file: { rows: [] } },
  write: {
    lines: 10,
    stored: 9,
    rejected: 1,
    requests: 1,
    seconds: 1,
    file: { repeated: { lines: 0, amount: "0" } },
    overlap: noOverlap,
    money: moneyOf("GBP"),
  },
  read: { lines: 12, requests: 1, seconds: 1 },
  bins: [],
  asOf: "2010-12-09",
  job: { job: "kmeans-2", seconds: 3 },
  runId: "run-2",
  assigned: { customers: 2, inertia: 0 },
  profiles: [],
  identities: introduceClusters([1, 0], ["Lost", "Best"]),
  known: null,
  moved: null,
  costs: null,
} as unknown as Parameters<typeof buildSummary>[1];

test("a first run has clusters by id, and nobody who moved", () => {
  const summary = buildSummary(settings, reports);
  expect(summary.identity).toEqual({
    lastRun: null,
    clusters: [
      { id: 0, name: "Best", relation: "new", origin: null },
      { id: 1, name: "Lost", relation: "new", origin: null },
    ],
    gone: [],
  });
  expect(summary.movement).toBeNull();
  expect(summary).toMatchObject({
    run: "run-2",
    ledger: { earlier: 3, overlap: noOverlap },
    customers: 2,
    parameters: { analysisDate: "2010-12-09", currency: "GBP" },
  });
});

test("a later run names the last one, and has movements to the penny", () => {
  const gone = { id: 4, name: "Gone" };
  const summary = buildSummary(settings, {
    ...reports,
    known: { runId: "kmeans-1" },
    identities: { ...reports.identities, gone: [gone] },
    moved: [{ from: gone, to: null, customers: 2, monetary: 0.1 + 0.2 }],
  });
  expect(summary.identity).toMatchObject({ lastRun: "kmeans-1", gone: [gone] });
  expect(summary.movement).toEqual([{ from: gone, to: null, customers: 2, monetary: 0.3 }]);
});
