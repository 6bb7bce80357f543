import { expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { customersToAssign, nameAnswers } from "@keyspaces-segmentation/customer-clusters/dist/name_answers.js";
import { fitScaler } from "@keyspaces-segmentation/customer-clusters/dist/scale.js";
import { assignClusters, matrixOf } from "@keyspaces-segmentation/kmeans";
import { assignCustomers, assignmentOf } from "@keyspaces-segmentation/kmeans/dist/assigned.js";
import { requireCustomers } from "@keyspaces-segmentation/sagemaker-kmeans/dist/hosted_formats.js";

const gbp = { money: moneyOf("GBP") };

const customer = (customerId: string, recencyDays: number, monetary: number) => ({
  customerId,
  country: "Norway",
  recencyDays,
  frequency: 1,
  monetary,
});
const trained = [customer("1", 0, 100), customer("2", 10, 300)];
const scaler = fitScaler(
  matrixOf([
    [0, 1, 100],
    [10, 1, 300],
  ]),
  "min_max",
);
const centroids = matrixOf([
  [0, 0, 0],
  [1, 0, 1],
]);

test("new customers are scaled as those of the training were, and assigned to the nearest centroid", () => {
  const newcomers = customersToAssign([customer("77", 10, 400), ...trained], scaler);
  expect(newcomers.customerIds).toEqual(["77", "1", "2"]);
  expect([...newcomers.features.values].slice(0, 3)).toEqual([1, 0, 1.5]);
  const assigned = assignCustomers(newcomers, centroids);
  expect(assigned).toEqual([
    { customerId: "77", cluster: 1, distance: 0.5 },
    { customerId: "1", cluster: 0, distance: 0 },
    { customerId: "2", cluster: 1, distance: 0 },
  ]);
  expect(assignmentOf(assigned)).toEqual(assignClusters(newcomers.features, centroids));
});

test("answers get the clusters' ids and names", () => {
  const identities = [
    { id: 7, name: "Best" },
    { id: 2, name: "Lost" },
  ];
  const answers = assignCustomers(customersToAssign([customer("77", 10, 400), ...trained], scaler), centroids);
  expect(nameAnswers(answers, identities)).toEqual([
    { customerId: "77", cluster: 2, distance: 0.5, name: "Lost" },
    { customerId: "1", cluster: 7, distance: 0, name: "Best" },
    { customerId: "2", cluster: 2, distance: 0, name: "Lost" },
  ]);
  expect(() => nameAnswers(answers, identities.slice(0, 1))).toThrow("integers from 0 to 0, got 1");
});

test("answers say how a new customer compares with those in the cluster, if asked", () => {
  const customers = Array.from({ length: 20 }, (_, i) => customer(`c${i}`, i < 10 ? i : 200 + i, 500 + i));
  const found = { customers, clusters: customers.map((_, i) => Number(i >= 10)) };
  const identities = [
    { id: 7, name: "More recent" },
    { id: 2, name: "Champions" },
  ];
  const arrivals = [customer("near", 5, 505), customer("far", 5, 12)];
  const answers = arrivals.map(({ customerId }) => ({ customerId, cluster: 0, distance: 1 }));
  expect(nameAnswers(answers, identities, { arrivals, found, ...gbp }).map(({ fit }) => fit)).toEqual([
    "like most of them",
    "£12 spent (most: £500–510 spent)",
  ]);
  expect(() => nameAnswers(answers, identities, { arrivals: [], found, ...gbp })).toThrow("with customer near");
});

test("nobody is assigned to nothing", () => {
  expect(assignCustomers(customersToAssign([], scaler), centroids)).toEqual([]);
});

const features = matrixOf([[1], [2]]);

test.each([
  [{ customerIds: [], features: matrixOf([]) }, "Expected `customers` to be at least one, got 0"],
  [{ customerIds: ["1"], features }, "Expected `customers.customerIds.length` to be 2, one per row, got 1"],
  [{ customerIds: ["1", "1"], features }, 'Expected `customerIds` to be unique, got "1"'],
  [{ customerIds: ["1", "a,b"], features }, "Expected `customerIds` to be without quotes, commas"],
  [{ customerIds: ["1", 'a"b'], features }, "Expected `customerIds` to be without"],
  [{ customerIds: ["1", "a\nb"], features }, "Expected `customerIds` to be without"],
  [{ customerIds: ["1", ""], features }, "Expected `customerIds` to be without"],
  [{ customerIds: ["1", " 2"], features }, "Expected `customerIds` to be without"],
  [
    { customerIds: ["1", "2"], features: matrixOf([[1], [1e39]]) },
    "Expected `customers.features` to be finite in row 1",
  ],
])("cannot be sent anywhere: %j", (customers, message) => {
  expect(() => requireCustomers(customers)).toThrow(message);
});
