import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { type Claim, claimsOf, holds, wordsFor } from "@keyspaces-segmentation/customer-clusters/dist/claims.js";
import type { FeatureFigures } from "@keyspaces-segmentation/customer-clusters/dist/means.js";
import { nameClusters, nameFits } from "@keyspaces-segmentation/customer-clusters/dist/names.js";
import {
  applyScaler,
  featureMatrix,
  fitScaler,
  type Scaling,
} from "@keyspaces-segmentation/customer-clusters/dist/scale.js";
import { mediansOf, sortedFigures } from "@keyspaces-segmentation/customer-clusters/dist/sorted_figures.js";
import type { CustomerFeatures } from "@keyspaces-segmentation/invoices";
import { kMeans, seededRandom } from "@keyspaces-segmentation/kmeans";
import { wholesale } from "../../../test/support/wholesale.js";

const gbp = { money: moneyOf("GBP") };

const customer = (recencyDays: number, frequency: number, monetary: number): CustomerFeatures => ({
  customerId: "",
  country: "France",
  recencyDays,
  frequency,
  monetary,
});
const group = (count: number, of: (i: number) => CustomerFeatures) => Array.from({ length: count }, (_, i) => of(i));

const membersOf = <T>(customers: readonly T[], clusters: ArrayLike<number>, k: number): T[][] =>
  Array.from({ length: k }, (_, cluster) => customers.filter((_, i) => clusters[i] === cluster));

function clustered(customers: readonly CustomerFeatures[], scaling: Scaling, k: number): CustomerFeatures[][] {
  const features = featureMatrix(customers);
  const { clusters } = kMeans(applyScaler(features, fitScaler(features, scaling)), {
    k,
    random: seededRandom(1),
    starts: 5,
  });
  return membersOf(customers, clusters, k);
}

/** What the name of each cluster with customers claims, and its median customer. */
function claimed(members: readonly (readonly FeatureFigures[])[], names: readonly string[]) {
  const words = wordsFor(sortedFigures(members.flat()));
  return names.flatMap((name, i) => {
    const median = mediansOf(members[i]!);
    return median === null ? [] : [{ name, median, members: members[i]!, claims: claimsOf(name, words) }];
  });
}

const fitsAll = (claims: readonly Claim[], of: FeatureFigures) => claims.every((claim) => holds(claim, of));

describe.each([
  ["min_max", 6],
  ["min_max", 4],
  ["log_standard", 4],
  ["log_standard", 6],
] as const)("clusters of a full-size shop, %s, k = %i", (scaling, k) => {
  const members = clustered(wholesale(4338), scaling, k);
  const names = nameClusters(members.map(sortedFigures), gbp);
  const all = claimed(members, names);

  test("have names that fit a customer at the median in every word, and three in four of their customers in each", () => {
    expect(all).toHaveLength(k);
    for (const { name, claims, median, members: own } of all) {
      expect(claims).toHaveLength(name.split(", ").length);
      expect(claims.length).toBeGreaterThan(0);
      for (const claim of claims) {
        expect(holds(claim, median)).toBe(true);
        expect(own.filter((each) => holds(claim, each)).length).toBeGreaterThanOrEqual(0.75 * own.length);
      }
    }
  });

  test("have names that fit the median customer of no other", () => {
    for (const { name, claims } of all) {
      expect(all.filter(({ median }) => fitsAll(claims, median)).map((other) => other.name)).toEqual([name]);
    }
    expect(new Set(names).size).toBe(k);
    for (const name of names) expect(name).toMatch(/^[^<>*_`[\]|&\p{Cc}]{1,80}$/u);
  });
});

test("few who spend fifty times as much share no word of spend with many whose mean a few have raised", () => {
  const many = group(2035, (i) => customer(i % 60, 1 + (i % 12), i < 20 ? 200_000 : 100 + i));
  const few = group(23, (i) => customer(i, 30 + i, 80_000 + 500 * i));
  const others = group(2000, (i) => customer(90 + (i % 280), 1 + (i % 3), 80 + i));
  const [ofFew, ofMany] = nameClusters([few, many, others].map(sortedFigures), gbp) as [string, string];
  expect(ofMany).not.toMatch(/high spend/);
  // A newcomer with one invoice of 150 pounds is told nothing that is false of them.
  const newcomer = customer(2, 1, 150);
  const words = wordsFor(sortedFigures([...few, ...many, ...others]));
  const spend = claimsOf(ofMany, words).filter(({ feature }) => feature === "monetary");
  expect(spend.every((claim) => claim.from === null || claim.from > newcomer.monetary)).toBe(true);
  expect(ofFew).toMatch(/spen/);
});

test("bands of one feature are told by its figures", () => {
  const bands = [10, 100, 200, 300].map((from) => group(50, (i) => customer(from + i, 1 + (i % 4), 100 + 10 * i)));
  const names = nameClusters(bands.map(sortedFigures), gbp);
  expect(names).toEqual(["Most recent", "Bought 100–150 days ago", "Bought 200–250 days ago", "Least recent"]);
});

describe("a small world", () => {
  test.each([
    ["one customer", [[customer(3, 1, 50)]], ["All customers"]],
    ["one cluster", [group(9, (i) => customer(i, i + 1, 10 * i)), []], ["All customers", "Empty"]],
    ["nobody", [[], []], ["Empty", "Empty (2)"]],
    ["no cluster", [], []],
    [
      "all alike",
      [group(3, () => customer(3, 1, 50)), group(2, () => customer(3, 1, 50))],
      ["£50 spent", "Bought 3 days ago, £50 spent"],
    ],
    [
      "two customers",
      [[customer(0, 9, 900)], [customer(300, 1, -20)]],
      ["Most recent, very frequent, very high spend", "Least recent, bought once, very low spend"],
    ],
  ])("%s", (_, members, names) => {
    expect(nameClusters(members.map(sortedFigures), gbp)).toEqual(names);
  });
});

test("names that are in use are not given again", () => {
  const members = clustered(wholesale(300), "log_standard", 4);
  const names = nameClusters(members.map(sortedFigures), gbp);
  const others = nameClusters(members.map(sortedFigures), { taken: new Set(names), ...gbp });
  expect(new Set([...names, ...others]).size).toBe(8);
  for (const { claims, median } of claimed(members, others)) expect(fitsAll(claims, median)).toBe(true);
});

test("a name of an earlier run fits as long as it is true of the median customer", () => {
  const [best, ...others] = clustered(wholesale(800), "log_standard", 4) as [
    CustomerFeatures[],
    ...CustomerFeatures[][],
  ];
  const everybody = [best, ...others].flat();
  const names = nameClusters([best, ...others].map(sortedFigures), gbp);
  expect(nameFits(names[0]!, sortedFigures(best), sortedFigures(everybody))).toBe(true);
  // A fifth of the customers comes and goes.
  const rest = best.filter((_, i) => i % 5 > 0);
  expect(nameFits(names[0]!, sortedFigures(rest), sortedFigures([rest, ...others].flat()))).toBe(true);
  const gone = best.map((each) => ({ ...each, recencyDays: each.recencyDays + 400 }));
  expect(nameFits("More recent", sortedFigures(gone), sortedFigures([gone, ...others].flat()))).toBe(false);
  expect(nameFits("Champions", sortedFigures(gone), sortedFigures(everybody))).toBe(true);
  // One word that is not true is enough.
  expect(nameFits("Beloved, very low spend", sortedFigures(best), sortedFigures(everybody))).toBe(false);
  expect([
    nameFits("All customers", sortedFigures(best), sortedFigures(everybody)),
    nameFits("All customers", sortedFigures(everybody), sortedFigures(everybody)),
  ]).toEqual([false, true]);
});

test("whatever the clusters, names are unique and true at the median", () => {
  const random = seededRandom(11);
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  for (let world = 0; world < 400; world++) {
    const k = 1 + upTo(9);
    // From customers all alike to tails that are long on both sides.
    const span = [0, 1, 5, 400][upTo(3)]!;
    const tail = [0, 1, 3, 9][upTo(3)]!;
    const customers = group(1 + upTo([3, 40, 300][upTo(2)]!), () =>
      customer(upTo(span), 1 + upTo(span === 400 ? 60 : span), (random() - 0.1) * Math.exp(tail * random()) * 100),
    );
    const cut = upTo(400);
    const labels = customers.map(({ recencyDays }) => (world % 2 ? upTo(k - 1) : Number(recencyDays > cut) % k));
    const members = membersOf(customers, labels, k);
    const names = nameClusters(members.map(sortedFigures), gbp);
    expect(new Set(names).size).toBe(k);
    expect(names.join()).not.toMatch(/NaN|undefined|Infinity|null/);
    for (const { name, claims, median } of claimed(members, names)) {
      if (name === "All customers") continue;
      expect(name).toMatch(/^[^<>*_`[\]|&\p{Cc}]{1,100}$/u);
      expect({ name, fits: fitsAll(claims, median) }).toEqual({ name, fits: true });
      // Nothing in it that is not a claim.
      expect(claims).toHaveLength(name.split(", ").length);
    }
  }
});
