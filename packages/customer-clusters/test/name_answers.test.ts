import { expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { wordsFor } from "@keyspaces-segmentation/customer-clusters/dist/claims.js";
import {
  customersToAssign,
  describeFit,
  nameAnswers,
} from "@keyspaces-segmentation/customer-clusters/dist/name_answers.js";
import { fitScaler } from "@keyspaces-segmentation/customer-clusters/dist/scale.js";
import { sortedFigures } from "@keyspaces-segmentation/customer-clusters/dist/sorted_figures.js";
import { matrixOf } from "@keyspaces-segmentation/kmeans";
import { assignCustomers } from "@keyspaces-segmentation/kmeans/dist/assign.js";
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

const figures = (recencyDays: number, frequency: number, monetary: number) => ({ recencyDays, frequency, monetary });
const members = Array.from({ length: 80 }, (_, i) => figures(i % 40, 1 + (i % 10), 400 + 20 * i));
const others = Array.from({ length: 80 }, (_, i) => figures(100 + i, 1, 100 + i));
const words = wordsFor(sortedFigures([...members, ...others]));
const compared = (recencyDays: number, frequency: number, monetary: number, name = "More recent") =>
  describeFit(figures(recencyDays, frequency, monetary), { name, members: sortedFigures(members), words, ...gbp });

test("a customer among most of a cluster is like them", () => {
  expect(compared(20, 5, 1000)).toBe("like most of them");
});

test("one who is not is held against most of them, feature by feature", () => {
  expect(compared(20, 1, 150)).toBe("1 invoice (most: 2–9 invoices); £150 spent (most: £600–1,800 spent)");
  expect(compared(1, 5, 1000)).toBe("bought 1 day ago (most: bought 5–34 days ago)");
});

test("one who is not what the name says is told so, also within the range of most", () => {
  expect(compared(20, 5, 1000, "£1,500–1,900 spent")).toBe("£1,000 spent (most: £600–1,800 spent)");
});

test("nobody can be like those in an empty cluster", () => {
  expect(describeFit(figures(1, 1, 1), { name: "Empty", members: sortedFigures([]), words, ...gbp })).toBe(
    "nobody else is in it",
  );
});
