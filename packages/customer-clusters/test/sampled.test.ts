import { expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import {
  type ClusterProfile,
  identifyClusters,
  profileClusters,
  profilesOfAll,
  withCentres,
} from "@keyspaces-segmentation/customer-clusters";
import { matrixOf } from "@keyspaces-segmentation/kmeans";

const money = { money: moneyOf("GBP") };
const customer = (customerId: string, recencyDays: number, monetary: number) => ({
  customerId,
  country: "Norway",
  recencyDays,
  frequency: 2,
  monetary,
});
// Recency 0–100 days, frequency 0–10, money 0–1000.
const scaler = { scaling: "min_max", offset: [0, 0, 0], factor: [0.01, 0.1, 0.001] } as const;
const centroids = matrixOf([
  [0.1, 0.2, 0.1],
  [0.9, 1, 1],
  [0.8, 0.1, 0.05],
]);
const customers = [customer("1", 10, 100), customer("2", 12, 120), customer("3", 80, 50)];
const found = { customers, clusters: [0, 0, 2], scaler, centroids };

test("a cluster that nobody at hand is in has one at its centre, and is named for that", () => {
  const seen = withCentres(found);
  expect(seen.customers).toHaveLength(4);
  const { recencyDays, frequency, monetary } = seen.customers[3]!;
  expect(recencyDays).toBeCloseTo(90);
  expect(frequency).toBeCloseTo(10);
  expect(monetary).toBeCloseTo(1000);
  expect(Array.from(seen.clusters)).toEqual([0, 0, 2, 1]);
  const { clusters } = identifyClusters(seen, null, money);
  // The one that spends most, though none of the customers here is in it.
  expect(clusters.map(({ id }) => id)).toEqual([1, 0, 2]);
  expect(new Set(clusters.map(({ name }) => name)).size).toBe(3);
});

test("where each cluster has somebody, nobody is added", () => {
  const everywhere = { ...found, clusters: [0, 1, 2] };
  expect(withCentres(everywhere)).toBe(everywhere);
});

test("profiles have counts, means and shares of all, and medians of those at hand", () => {
  const seen = withCentres(found);
  const { clusters } = identifyClusters(seen, null, money);
  const profiles = profileClusters(seen.customers, seen.clusters, clusters);
  const means = { recencyDaysMean: 11.5, frequencyMean: 2.5, monetaryMean: 200, revenueShare: 0.75 };
  const all = [
    { id: 0, customers: 7, ...means },
    { id: 1, customers: 9000, ...means },
    { id: 2, customers: 0, recencyDaysMean: null, frequencyMean: null, monetaryMean: null, revenueShare: 0 },
  ];
  const [top, recent, nobody] = profilesOfAll(profiles, all) as [ClusterProfile, ClusterProfile, ClusterProfile];
  expect(top).toMatchObject({ ...means, cluster: 0, customers: 7, monetaryMedian: expect.closeTo(1000) });
  expect(recent).toMatchObject({ ...means, cluster: 1, customers: 9000, recencyDaysMedian: 11, monetaryMedian: 110 });
  expect(nobody).toMatchObject({ cluster: 2, customers: 0, recencyDaysMean: 0, monetaryMedian: 0, action: "" });
});
