import { expect, test } from "@jest/globals";
import type { ClusterProfile, SegmentedCustomer } from "../../src/clustering/profile.js";
import { saveClusters } from "../../src/keyspaces/results.js";
import { createResultTables } from "../../src/keyspaces/schema.js";
import { withKeyspace } from "../support/keyspaces.js";

const it = withKeyspace();

const profile = (cluster: number, customers: number): ClusterProfile => ({
  cluster,
  name: `cluster ${cluster}`,
  customers,
  recencyDaysMean: 10.5,
  frequencyMean: 2,
  monetaryMean: 99.25,
  revenueShare: 0.5,
  action: "",
});

const customer = (i: number): SegmentedCustomer => ({
  customerId: String(12_000 + i),
  country: "Norway",
  recencyDays: i,
  frequency: 2,
  monetary: 10.5 * i,
  r: 1,
  f: 2,
  m: 3,
  segment: "loyal",
  cluster: i % 2,
  clusterName: `cluster ${i % 2}`,
  distance: i / 100,
});

test("clusters can be asked for their customers, and customers for their cluster", async () => {
  await createResultTables(it.client, it);
  const run = {
    runId: "run-1",
    runDate: new Date("2026-03-04T05:06:07.089Z"),
    profiles: [profile(0, 50), profile(1, 50), profile(2, 0)],
    customers: Array.from({ length: 100 }, (_, i) => customer(i)),
  };
  // 1 batch of profiles, 2 for the 50 members of each of two clusters, and one row for each customer.
  expect(await saveClusters(it.client, it, run)).toEqual({ clusters: 3, customers: 100, requests: 105 });
  await saveClusters(it.client, it, run);

  const all = async (query: string, ...params: unknown[]) =>
    (await it.client.execute(`SELECT * FROM ${it.keyspace}.${query}`, params)).rows;
  const clusters = await all("ml_clustering_results WHERE run_id = ?", "run-1");
  expect(clusters.map((row) => [row.segment, row.name, row.total_customers, row.monetary_mean])).toEqual([
    [0, "cluster 0", 50, 99.25],
    [1, "cluster 1", 50, 99.25],
    [2, "cluster 2", 0, 99.25],
  ]);
  expect(clusters[0]?.run_date).toEqual(run.runDate);
  const members = await all("customers_of_cluster WHERE run_id = ? AND cluster = ?", "run-1", 1);
  expect(members.map((row) => row.customer_id)).toEqual(
    run.customers.filter(({ cluster }) => cluster === 1).map(({ customerId }) => customerId),
  );
  expect(members[0]).toMatchObject({
    country: "Norway",
    recency_days: 1,
    monetary: 10.5,
    segment: "loyal",
    distance: 0.01,
  });
  const [found] = await all("cluster_of_customer WHERE customer_id = ?", "12007");
  expect(found).toMatchObject({ run_id: "run-1", cluster: 1, cluster_name: "cluster 1", distance: 0.07 });
}, 60_000);
