import { describe, expect, test } from "@jest/globals";
import {
  applyScaler,
  featureMatrix,
  fitScaler,
  type Scaling,
} from "@keyspaces-segmentation/customer-clusters/dist/scale.js";
import {
  describeSeparation,
  separationBy,
  toldApartBy,
} from "@keyspaces-segmentation/customer-clusters/dist/separation.js";
import { figuresByCluster, mediansIn, sizeOf } from "@keyspaces-segmentation/customer-clusters/dist/sorted_figures.js";
import { matrixOf, seededRandom } from "@keyspaces-segmentation/kmeans";
import { fixture, retailOracle } from "../../../test/support/oracle.js";

/** What oracle.py says of the clusters that scikit-learn finds among the customers of the generated data set. */
const oracle =
  fixture<
    readonly {
      readonly scaling: Scaling;
      readonly k: number;
      readonly clusters: number[];
      readonly parts: number[];
      /** Per feature and cluster, the F1 score of a decision tree that sees this feature only. */
      readonly alone: number[][];
      readonly medians: number[][];
      readonly means: number[][];
    }[]
  >("separations.json");

const { customers: rows, scaled } = retailOracle.preparations.net;
const customers = rows.map(([customerId, country, recencyDays, frequency, monetary]) => ({
  customerId,
  country,
  recencyDays,
  frequency,
  monetary,
}));

describe.each(oracle)("$scaling, k = $k, as scikit-learn clusters", ({ scaling, k, clusters, parts, ...of }) => {
  const members = figuresByCluster(customers, clusters, k);

  test("each feature's part of what sets the clusters apart", () => {
    const measured = separationBy(matrixOf(scaled[scaling]), clusters);
    parts.forEach((part, j) => {
      expect(measured[j]).toBeCloseTo(part, 9);
    });
  });

  test("medians and means of the clusters", () => {
    members.forEach(({ sums, figures }, cluster) => {
      const [recencyDays, frequency, monetary] = of.medians[cluster]!;
      expect(mediansIn(figures)).toEqual({ recencyDays, frequency, monetary });
      expect(sums.monetary / sizeOf(figures)).toBeCloseTo(of.means[cluster]![2]!, 6);
    });
  });

  test("clusters that a tree tells apart by one feature alone, and such as it cannot", () => {
    (["recencyDays", "frequency", "monetary"] as const).forEach((feature, j) => {
      const apart = toldApartBy(
        feature,
        members.map(({ figures }) => figures),
      );
      of.alone[j]!.forEach((score, cluster) => {
        if (score === 1) expect(apart).toContain(cluster);
        if (score < 0.4) expect(apart).not.toContain(cluster);
      });
    });
  });
});

describe("in words", () => {
  const group = (count: number, from: number) =>
    Array.from({ length: count }, (_, i) => ({
      customerId: `${from}-${i}`,
      country: "France",
      recencyDays: from + (i % 40),
      frequency: 1 + (i % 5),
      monetary: 100 + 37 * (i % 11),
    }));
  const bands = [0, 100, 200, 300].map((from) => group(60, from));
  const describeWith = (scaling: Scaling, members: readonly (typeof bands)[number][] = bands, mostRows?: number) => {
    const all = members.flat();
    const features = featureMatrix(all);
    const scaler = fitScaler(features, scaling);
    const clusters = members.flatMap((of, cluster) => of.map(() => cluster));
    const names = members.map((_, index) => ({ id: 10 - index, name: `n${index}` }));
    expect(separationBy(applyScaler(features, scaler), clusters)).toHaveLength(3);
    return describeSeparation({ customers: all, clusters, scaler }, names, {
      random: seededRandom(1),
      ...(mostRows && { mostRows }),
    });
  };

  test("one feature that decides nearly all is named, with the clusters that are bands of it and what logarithms give", () => {
    expect(describeWith("min_max")).toMatch(
      /^With min-max scaling, recency decides nearly all: (9\d|100) % of what sets the clusters apart; it alone tells 4 of the 4 clusters apart \(7, 8, 9, 10\)\. With scaling "log_standard", .*recency \d+ %, frequency \d+ %, monetary value \d+ %\.$/,
    );
    expect(describeWith("log_standard")).toMatch(/^With logarithms, recency decides nearly all: [^.]*\.$/);
  });

  test("of many customers some are clustered in the other scaling, and it says so", () => {
    const [all, some] = [describeWith("min_max"), describeWith("min_max", bands, 200)];
    expect(some).toMatch(/ set apart otherwise, among 200 customers drawn at random: recency \d+ %/);
    expect(describeWith("min_max", bands, 240)).toBe(all);
    expect(some.slice(0, some.indexOf(" With scaling"))).toBe(all.slice(0, all.indexOf(" With scaling")));
  });

  test("where none does, all are listed", () => {
    const corners = [0, 1, 2, 3].map((corner) =>
      group(50, 0).map((of) => ({
        ...of,
        recencyDays: of.recencyDays + (corner & 1) * 60,
        monetary: of.monetary + (corner & 2) * 600,
      })),
    );
    expect(describeWith("min_max", corners)).toMatch(
      /^What sets the clusters apart: recency \d+ %, frequency (0|< 1) %, monetary value \d+ %\.$/,
    );
  });

  test("a single cluster is not set apart", () => {
    expect(describeWith("min_max", [bands[0]!])).toMatch(/one cluster only/);
    expect(describeWith("min_max", [bands[0]!, []])).toMatch(/one cluster only/);
  });
});
