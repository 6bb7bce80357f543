import { expect, test } from "@jest/globals";
import { profileClusters, withClusters } from "@keyspaces-segmentation/customer-clusters/dist/profile.js";
import type { CustomerFeatures } from "@keyspaces-segmentation/invoices";
import { scoreCustomers } from "@keyspaces-segmentation/invoices";

const customers: CustomerFeatures[] = [
  [1, 12, 900],
  [3, 8, 700],
  [200, 1, 100],
  [300, 1, 300],
].map(([recencyDays, frequency, monetary], i) => ({
  customerId: String(50_001 + i),
  country: "France",
  recencyDays: recencyDays!,
  frequency: frequency!,
  monetary: monetary!,
}));

const best = { id: 9, name: "Best" };
const nobody = { id: 4, name: "Nobody" };
const lost = { id: 3, name: "Lost" };
/** Who the model's cluster 0, 1 and 2 are. */
const identities = [lost, nobody, best];

test("every cluster is described under its id, an empty one too, whatever the model calls it", () => {
  expect(profileClusters(customers, [2, 2, 0, 0], identities)).toEqual([
    {
      cluster: 3,
      name: "Lost",
      customers: 2,
      recencyDaysMedian: 250,
      recencyDaysMean: 250,
      frequencyMedian: 1,
      frequencyMean: 1,
      monetaryMedian: 200,
      monetaryMean: 200,
      revenueShare: 0.2,
      action: expect.any(String),
    },
    {
      cluster: 4,
      name: "Nobody",
      customers: 0,
      recencyDaysMedian: 0,
      recencyDaysMean: 0,
      frequencyMedian: 0,
      frequencyMean: 0,
      monetaryMedian: 0,
      monetaryMean: 0,
      revenueShare: 0,
      action: "",
    },
    {
      cluster: 9,
      name: "Best",
      customers: 2,
      recencyDaysMedian: 2,
      recencyDaysMean: 2,
      frequencyMedian: 10,
      frequencyMean: 10,
      monetaryMedian: 800,
      monetaryMean: 800,
      revenueShare: 0.8,
      action: "Thank them: early access, a personal contact, no discounts needed",
    },
  ]);
});

test("a few large customers move the mean of a cluster, and neither its median nor what is advised", () => {
  const ordinary = Array.from({ length: 40 }, (_, i) => ({
    ...customers[0]!,
    customerId: `o${i}`,
    recencyDays: 10 + i,
    frequency: 1 + (i % 3),
    monetary: 100 + i,
  }));
  const large = { ...customers[0]!, customerId: "large", monetary: 90_000 };
  const [profile] = profileClusters([...ordinary, large], new Int32Array(41), [best]);
  expect(profile!.monetaryMean).toBeGreaterThan(2000);
  expect(profile!.monetaryMedian).toBe(120);
  expect(profile!.action).not.toMatch(/^Thank them/);
});

test("the model's numbers make no difference", () => {
  const renumbered = profileClusters(customers, [0, 0, 1, 1], [best, lost, nobody]);
  expect(renumbered).toEqual(profileClusters(customers, [2, 2, 0, 0], identities));
});

test("where the money is not positive there are no shares of it", () => {
  const debtors = customers.map((customer) => ({ ...customer, monetary: -5 }));
  expect(profileClusters(debtors, [0, 0, 1, 1], [best, lost]).map(({ revenueShare }) => revenueShare)).toEqual([0, 0]);
});

test("customers get their cluster's id and name and their distance", () => {
  const assignment = { clusters: Int32Array.of(1, 1, 0, 0), distances: Float64Array.of(0.5, 0.5, 2, 2) };
  const [first] = withClusters(scoreCustomers(customers, "net"), assignment, [lost, best]);
  expect(first).toMatchObject({ customerId: "50001", r: 5, cluster: 9, clusterName: "Best", distance: 0.5 });
});

test("clusters that do not fit the customers are refused", () => {
  expect(() => profileClusters(customers, [0], [best])).toThrow(
    "Expected `clusters.length` to be 4, one per customer, got 1",
  );
  expect(() => profileClusters(customers, [0, 0, 2, 0], [best, lost])).toThrow(
    "Expected `clusters[2]` to be an integer from 0 to 1, got 2",
  );
  expect(() => withClusters([], { clusters: Int32Array.of(1), distances: Float64Array.of(1) }, [])).toThrow(
    "Expected `clusters.length` to be 0, one per customer, got 1",
  );
  const astray = { clusters: Int32Array.of(0, 0, 0, 7), distances: new Float64Array(4) };
  expect(() => withClusters(scoreCustomers(customers, "net"), astray, [best])).toThrow(
    "Expected `clusters` to be integers from 0 to 0, got 7",
  );
});
