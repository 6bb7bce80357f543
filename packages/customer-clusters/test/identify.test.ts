import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import {
  clustersToRegister,
  type FoundClusters,
  identifyClusters,
} from "@keyspaces-segmentation/customer-clusters/dist/identify.js";
import type { RegisteredClusters } from "@keyspaces-segmentation/customer-clusters/dist/identity.js";
import { isRenamed } from "@keyspaces-segmentation/customer-clusters/dist/identity_words.js";
import {
  applyScaler,
  featureMatrix,
  fitScaler,
  type Scaling,
} from "@keyspaces-segmentation/customer-clusters/dist/scale.js";
import type { CustomerFeatures } from "@keyspaces-segmentation/invoices";
import { assignClusters, kMeans, type Matrix, matrixOf, seededRandom } from "@keyspaces-segmentation/kmeans";
import { retailOracle } from "../../../test/support/oracle.js";

const gbp = { money: moneyOf("GBP") };

/** The customers of the generated data set, as pandas prepares them. */
const generated = retailOracle.preparations.net.customers.map(
  ([customerId, country, recencyDays, frequency, monetary]): CustomerFeatures => ({
    customerId,
    country,
    recencyDays,
    frequency,
    monetary,
  }),
);

function find(customers: readonly CustomerFeatures[], scaling: Scaling, k: number, seed = 1, starts = 40) {
  const features = featureMatrix(customers);
  const scaler = fitScaler(features, scaling);
  const scaled = applyScaler(features, scaler);
  const { centroids, clusters, inertia } = kMeans(scaled, { k, random: seededRandom(seed), starts });
  return { customers, clusters, scaler, centroids, inertia };
}

/** Clusters around these points of recency, frequency and monetary value, in the order given; ten customers each unless told. */
function around(points: readonly (readonly [number, number, number])[], sizes: readonly number[] = []): FoundClusters {
  const customers = points.flatMap(([recencyDays, frequency, monetary], cluster) =>
    Array.from({ length: sizes[cluster] ?? 10 }, (_, i) => ({
      customerId: `${cluster}-${i}`,
      country: "France",
      recencyDays: recencyDays + (i % 3),
      frequency: frequency + (i % 2),
      monetary: monetary + i,
    })),
  );
  const scaler = fitScaler(featureMatrix(customers), "min_max");
  const centroids = applyScaler(matrixOf(points), scaler);
  const { clusters } = assignClusters(applyScaler(featureMatrix(customers), scaler), centroids);
  return { customers, clusters, scaler, centroids };
}

/** The same clusters under other numbers: cluster `i` becomes `order.indexOf(i)`. */
function renumber(found: FoundClusters, order: readonly number[]): FoundClusters {
  const { values, columns } = found.centroids;
  const row = (i: number) => [...values.subarray(i * columns, (i + 1) * columns)];
  const centroids: Matrix = matrixOf(order.map(row));
  return { ...found, centroids, clusters: Int32Array.from(found.clusters, (cluster) => order.indexOf(cluster)) };
}

function shuffled(k: number, random: () => number): number[] {
  const keys = Array.from({ length: k }, () => random());
  return [...keys.keys()].sort((a, b) => keys[a]! - keys[b]!);
}

const first = (found: FoundClusters) => clustersToRegister("run-1", found, identifyClusters(found, null, gbp));
const idOf = ({ clusters }: { clusters: readonly { id: number }[] }) => clusters.map(({ id }) => id);

/** Per customer, id and name of their cluster. */
function named(found: FoundClusters, known: RegisteredClusters | null = null): string[] {
  const { clusters } = identifyClusters(found, known, gbp);
  return found.customers.map(({ customerId }, i) => {
    const { id, name } = clusters[found.clusters[i]!]!;
    return `${customerId}: ${id} ${name}`;
  });
}

describe.each([
  // As many starts as find the optimum every time.
  ["min_max", 6, 100],
  ["min_max", 4, 20],
  ["log_standard", 4, 40],
] as const)("the same customers, %s, k = %i", (scaling, k, starts) => {
  const best = retailOracle.preparations.net.clusters[scaling][String(k)]!.inertia;
  const runs = Array.from({ length: 50 }, (_, seed) => find(generated, scaling, k, 100 + seed, starts));

  test("have the same ids and names whatever the seed", () => {
    for (const { inertia } of runs) expect(inertia).toBeCloseTo(best, 9);
    // The premise: the models number their clusters differently.
    expect(new Set(runs.map(({ clusters }) => clusters.join())).size).toBeGreaterThan(1);
    expect(new Set(runs.map((run) => named(run).join("\n"))).size).toBe(1);
  });

  test("are found again in a second run, whatever the seed", () => {
    const known = JSON.parse(JSON.stringify(first(runs[0]!))) as RegisteredClusters;
    for (const run of runs) {
      expect(named(run, known)).toEqual(named(runs[0]!));
      const { gone, nextId, clusters } = identifyClusters(run, known, gbp);
      expect([gone, nextId]).toEqual([[], k]);
      expect(clusters.every(({ relation }) => relation === "kept")).toBe(true);
    }
  });

  test("of another scale are still the clusters that lie where the known ones did", () => {
    const other = find(generated, scaling === "min_max" ? "log_standard" : "min_max", k);
    const { clusters, gone } = identifyClusters(other, first(runs[0]!), gbp);
    expect(clusters.filter(({ relation }) => relation === "kept").length + gone.length).toBe(k);
    const renumbered = renumber(other, shuffled(k, seededRandom(9)));
    expect(named(renumbered, first(runs[0]!))).toEqual(named(other, first(runs[0]!)));
  });
});

const points = [
  [300, 1, 100],
  [10, 30, 9000],
  [20, 8, 2000],
] as const;

describe("a first run", () => {
  test("numbers the clusters by mean monetary value, the highest first", () => {
    expect(idOf(identifyClusters(around(points), null, gbp))).toEqual([2, 0, 1]);
  });

  test("puts equal clusters in an order that the model has no part in", () => {
    const equal = around([
      [300, 1, 500],
      [10, 1, 500],
      [150, 1, 500],
    ]);
    const expected = named(equal);
    for (const order of [
      [2, 1, 0],
      [1, 2, 0],
      [0, 2, 1],
    ])
      expect(named(renumber(equal, order))).toEqual(expected);
    expect(idOf(identifyClusters(equal, null, gbp))).toEqual([2, 0, 1]);
  });

  test("has empty clusters after all others, whatever the order of the model", () => {
    const found = around(points);
    const centroids = matrixOf([
      [5, 5, 5],
      ...[0, 1, 2].map((i) => [...found.centroids.values.subarray(3 * i, 3 * i + 3)]),
      [9, 9, 9],
    ]);
    const withEmpty = { ...found, centroids, clusters: Int32Array.from(found.clusters, (cluster) => cluster + 1) };
    const { clusters, nextId } = identifyClusters(withEmpty, null, gbp);
    expect(clusters.map(({ id, name }) => [id, name])).toEqual([
      [3, "Empty"],
      [2, expect.any(String)],
      [0, expect.any(String)],
      [1, expect.any(String)],
      [4, "Empty (2)"],
    ]);
    expect(nextId).toBe(5);
    expect(idOf(identifyClusters(renumber(withEmpty, [4, 3, 2, 1, 0]), null, gbp))).toEqual([4, 1, 0, 2, 3]);
    // Nobody's place is not registered, and its id not given again.
    const known = clustersToRegister("run-1", withEmpty, { clusters, gone: [], nextId });
    expect(known.clusters.map(({ id }) => id)).toEqual([2, 0, 1]);
    expect(known.centroids).toHaveLength(3);
    const again = identifyClusters(withEmpty, known, gbp);
    expect(idOf(again)).toEqual([5, 2, 0, 1, 6]);
    expect(again.clusters.map(({ relation }) => relation)).toEqual(["new", "kept", "kept", "kept", "new"]);
    expect(again.nextId).toBe(7);
  });

  test("refuses clusters that do not fit the customers", () => {
    expect(() => identifyClusters({ ...around(points), clusters: [0] }, null, gbp)).toThrow("one per customer");
    expect(() => identifyClusters({ ...around(points), clusters: Array(30).fill(3) }, null, gbp)).toThrow(
      "from 0 to 2",
    );
  });
});

describe("a later run", () => {
  const known = first(around(points));
  const relations = (found: FoundClusters) =>
    identifyClusters(found, known, gbp).clusters.map(({ id, relation, origin }) => [id, relation, origin?.id]);

  test("with more customers, and so another scale, knows the clusters", () => {
    const more = around([points[2], points[0], points[1]], [35, 17, 80]);
    expect(more.scaler).not.toEqual(known.scaler);
    expect(relations(more)).toEqual([
      [1, "kept", 1],
      [2, "kept", 2],
      [0, "kept", 0],
    ]);
    expect(clustersToRegister("run-2", more, identifyClusters(more, known, gbp))).toMatchObject({
      runId: "run-2",
      scaler: more.scaler,
      nextId: 3,
    });
  });

  test("keeps a name that is true, and replaces one that is not any more, under the same id", () => {
    const registered = {
      ...known,
      clusters: known.clusters.map((cluster) =>
        cluster.id === 2
          ? { ...cluster, name: "Less recent, bought 400–500 days ago" }
          : { ...cluster, name: `Champions${cluster.id}` },
      ),
    };
    const { clusters } = identifyClusters(around(points), registered, gbp);
    const ofId = (id: number) => clusters.find((cluster) => cluster.id === id)!;
    expect([ofId(0).name, ofId(1).name]).toEqual(["Champions0", "Champions1"]);
    expect(ofId(2)).toMatchObject({ relation: "kept", origin: { name: "Less recent, bought 400–500 days ago" } });
    expect(ofId(2).name).not.toMatch(/400/);
    expect(new Set(clusters.map(({ name }) => name)).size).toBe(3);
  });

  test("knows clusters again whose amounts were called another currency, and does not say that they moved", () => {
    const found = around([points[0], points[1], [22, 7, 1500]]);
    const first = identifyClusters(found, null, gbp);
    expect(first.clusters.some(({ name }) => name.includes("£"))).toBe(true);
    const left = clustersToRegister("run-1", found, first);
    const euro = identifyClusters(found, left, { money: moneyOf("EUR") });
    expect(euro.clusters.map(({ id, relation }) => [id, relation])).toEqual(
      first.clusters.map(({ id }) => [id, "kept"]),
    );
    expect(euro.clusters.map(({ name }) => name)).toEqual(first.clusters.map(({ name }) => name.replaceAll("£", "€")));
    expect(euro.clusters.some(isRenamed)).toBe(false);
    expect(identifyClusters(found, left, gbp).clusters.map(({ name }) => name)).toEqual(
      first.clusters.map(({ name }) => name),
    );
  });

  test("never gives a new cluster a name that another one had", () => {
    const found = around([points[0], points[1], points[2], [22, 7, 1500]]);
    const names = identifyClusters(found, null, gbp).clusters.map(({ name }) => name);
    const registered = { ...known, clusters: known.clusters.map((of, i) => ({ ...of, name: names.at(-1 - i)! })) };
    const all = identifyClusters(found, registered, gbp).clusters.map(({ name }) => name);
    expect(new Set(all).size).toBe(4);
  });

  test("with one cluster more says which was split", () => {
    const found = around([points[0], points[1], points[2], [22, 7, 1500]]);
    expect(relations(found)).toEqual([
      [2, "kept", 2],
      [0, "kept", 0],
      [1, "kept", 1],
      [3, "split", 1],
    ]);
  });

  test("that splits two gives them the same ids, whatever the order of the model", () => {
    const found = around([points[0], points[1], points[2], [22, 7, 1500], [330, 1, 40]]);
    const random = seededRandom(5);
    for (let i = 0; i < 20; i++)
      expect(named(renumber(found, shuffled(5, random)), known)).toEqual(named(found, known));
    expect(new Set(idOf(identifyClusters(found, known, gbp)))).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  test("with one less says which is gone, and never gives its id again", () => {
    const found = around([points[1], points[0]]);
    const identities = identifyClusters(found, known, gbp);
    expect(idOf(identities)).toEqual([0, 2]);
    expect(identities.gone.map(({ id }) => id)).toEqual([1]);
    const second = clustersToRegister("run-2", found, identities);
    expect(idOf(identifyClusters(around(points), second, gbp)).sort()).toEqual([0, 2, 3]);
  });
});
