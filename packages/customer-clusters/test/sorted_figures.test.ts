import { expect, test } from "@jest/globals";
import {
  clusterSizes,
  figuresByCluster,
  joinFigures,
  sortedFigures,
} from "@keyspaces-segmentation/customer-clusters/dist/sorted_figures.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";

const FEATURES = ["recencyDays", "frequency", "monetary"] as const;

/** Customers in k clusters, the third of which has nobody. */
function world(length: number, k: number) {
  const random = seededRandom(length + k);
  const customers = Array.from({ length }, () => ({
    recencyDays: Math.floor(400 * random()),
    frequency: 1 + Math.floor(3 / (0.01 + random())),
    monetary: Math.round(1e5 * (random() - 0.1)) / 100,
  }));
  const clusters = Int32Array.from(customers, () => Math.floor(k * random())).map((cluster) =>
    cluster === 2 ? 0 : cluster,
  );
  return { customers, clusters };
}

test.each([
  [0, 3],
  [1, 1],
  [7, 4],
  [900, 5],
  [20_000, 6],
])("the figures of %i customers in %i clusters are those of each cluster taken by itself", (length, k) => {
  const { customers, clusters } = world(length, k);
  const found = figuresByCluster(customers, clusters, k);
  const members = Array.from({ length: k }, (_, cluster) => customers.filter((_, i) => clusters[i] === cluster));
  expect(clusterSizes(length, clusters, k)).toEqual(members.map((of) => of.length));
  for (const feature of FEATURES) {
    const columns = members.map((of) => of.map((customer) => customer[feature]));
    expect(found.map(({ figures }) => [...figures[feature]])).toEqual(
      columns.map((of) => of.toSorted((a, b) => a - b)),
    );
    // To the last bit: in the customers' order.
    expect(found.map(({ sums }) => sums[feature])).toEqual(columns.map((of) => of.reduce((a, b) => a + b, 0)));
  }
  const everybody = sortedFigures(customers);
  expect(joinFigures(found.map(({ figures }) => figures))).toEqual(everybody);
  expect([...everybody.monetary]).toEqual(customers.map(({ monetary }) => monetary).sort((a, b) => a - b));
});

test("a customer without a cluster is told by their place", () => {
  const { customers } = world(3, 2);
  const wanted = "an integer from 0 to 1";
  for (const bad of [2, -1, 0.5, Number.NaN])
    expect(() => figuresByCluster(customers, [0, bad, 1], 2)).toThrow(new RegExp(`clusters\\[1\\].*${wanted}`));
  expect(() => figuresByCluster(customers, [0, 1], 2)).toThrow("3, one per customer");
});
