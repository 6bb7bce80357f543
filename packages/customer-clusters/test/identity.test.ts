import { describe, expect, test } from "@jest/globals";
import {
  introduceClusters,
  type RegisteredClusters,
  recogniseClusters,
} from "@keyspaces-segmentation/customer-clusters/dist/identity.js";
import type { Scaler } from "@keyspaces-segmentation/customer-clusters/dist/scale.js";
import { matrixOf, seededRandom } from "@keyspaces-segmentation/kmeans";

const asItIs: Scaler = { scaling: "min_max", offset: [0, 0], factor: [1, 1] };
const known: RegisteredClusters = {
  runId: "first",
  scaler: asItIs,
  centroids: [
    [0, 0],
    [10, 0],
    [0, 10],
  ],
  clusters: [
    { id: 0, name: "Best" },
    { id: 1, name: "Middle" },
    { id: 4, name: "Lost" },
  ],
  nextId: 5,
};
const recognise = (centroids: number[][], scaler = asItIs) =>
  recogniseClusters(
    known,
    { scaler, centroids: matrixOf(centroids) },
    centroids.map((_, i) => `fresh ${i}`),
  );

test("the clusters of a first run are numbered by their value, whatever the model calls them", () => {
  const { clusters, nextId } = introduceClusters([2, 0, 1], ["b", "c", "a"]);
  expect(clusters.map(({ id, name, relation }) => [id, name, relation])).toEqual([
    [1, "b", "new"],
    [2, "c", "new"],
    [0, "a", "new"],
  ]);
  expect(nextId).toBe(3);
  expect(() => introduceClusters([0, 0], ["a", "b"])).toThrow("each once");
});

describe("clusters of a later run", () => {
  test("keep id and name, in whatever order the model has them", () => {
    const { clusters, gone, nextId } = recognise([
      [1, 9],
      [0.5, 0],
      [9, 1],
    ]);
    expect(clusters.map(({ id, name, relation }) => [id, name, relation])).toEqual([
      [4, "Lost", "kept"],
      [0, "Best", "kept"],
      [1, "Middle", "kept"],
    ]);
    expect(gone).toEqual([]);
    expect(nextId).toBe(5);
  });

  test("are compared in the last run's scale", () => {
    // The same places, in a scale that turns them around.
    const mirrored: Scaler = { scaling: "min_max", offset: [10, 10], factor: [-0.1, -0.1] };
    const { clusters } = recognise(
      [
        [1, 0],
        [1, 1],
        [0, 1],
      ],
      mirrored,
    );
    expect(clusters.map(({ id }) => id)).toEqual([4, 0, 1]);
  });

  test("are split from one that another continues, with an id that was never given before", () => {
    const { clusters, gone, nextId } = recognise([
      [0, 1],
      [1, -1],
      [10, 0],
      [0, 10],
    ]);
    expect(clusters.map(({ id, relation, origin }) => [id, relation, origin?.id])).toEqual([
      [0, "kept", 0],
      [5, "split", 0],
      [1, "kept", 1],
      [4, "kept", 4],
    ]);
    expect(clusters[1]!.name).toBe("fresh 1");
    expect(gone).toEqual([]);
    expect(nextId).toBe(6);
  });

  test("leave behind those that are gone", () => {
    const { clusters, gone } = recognise([
      [0, 0],
      [9, 0],
    ]);
    expect(clusters.map(({ id }) => id)).toEqual([0, 1]);
    expect(gone.map(({ id }) => id)).toEqual([4]);
  });

  test("do not take the place of one that is gone on the other side", () => {
    const { clusters, gone } = recognise([
      [0, 0],
      [11, 0],
      [9, 0],
    ]);
    expect(clusters.map(({ id, relation }) => [id, relation])).toEqual([
      [0, "kept"],
      expect.anything(),
      expect.anything(),
    ]);
    expect(clusters.map(({ relation }) => relation).sort()).toEqual(["kept", "kept", "split"]);
    expect(gone.map(({ id }) => id)).toEqual([4]);
  });

  test("are those they lie nearest to, where that is mutual, whatever is left for the others", () => {
    // The shortest distances in all would pair each with the next one's place.
    const { clusters } = recognise([
      [10, 1],
      [20, 0.5],
      [0, 10],
    ]);
    expect(clusters[0]).toMatchObject({ id: 1, relation: "kept" });
  });

  test("are new, not forced to match, where they lie farther from a cluster than the next one was", () => {
    const { clusters, gone, nextId } = recognise([
      [0, 1],
      [25, 0],
      [0, 9],
    ]);
    expect(clusters.map(({ id, relation, origin }) => [id, relation, origin?.id])).toEqual([
      [0, "kept", 0],
      [5, "new", undefined],
      [4, "kept", 4],
    ]);
    expect(gone.map(({ id }) => id)).toEqual([1]);
    expect(nextId).toBe(6);
  });

  test("may be anywhere where the last run had a single one", () => {
    const single = { ...known, centroids: [[0, 0]], clusters: [{ id: 7, name: "All" }], nextId: 8 };
    const centroids = matrixOf([[500, 3]]);
    expect(recogniseClusters(single, { scaler: asItIs, centroids }, ["fresh"]).clusters[0]).toMatchObject({ id: 7 });
  });

  test("are each found again, split off from one that is, or new, and nearest to each other means the same", () => {
    const random = seededRandom(3);
    const rowsOf = (rows: number) => Array.from({ length: rows }, () => [random(), random()]);
    for (let run = 0; run < 300; run++) {
      const before = rowsOf(1 + Math.floor(6 * random()));
      const centroids = rowsOf(1 + Math.floor(6 * random()));
      const last: RegisteredClusters = {
        ...known,
        centroids: before,
        clusters: before.map((_, id) => ({ id, name: `old ${id}` })),
        nextId: before.length,
      };
      const { clusters, gone, nextId } = recogniseClusters(
        last,
        { scaler: asItIs, centroids: matrixOf(centroids) },
        centroids.map((_, i) => `fresh ${i}`),
      );
      const kept = clusters.filter(({ relation }) => relation === "kept").map(({ id }) => id);
      const split = clusters.filter(({ relation }) => relation === "split");
      expect(new Set(clusters.map(({ id }) => id)).size).toBe(clusters.length);
      expect([...kept, ...gone.map(({ id }) => id)].sort()).toEqual(last.clusters.map(({ id }) => id));
      for (const { origin } of split) expect(kept).toContain(origin?.id);
      expect(nextId).toBe(before.length + clusters.length - kept.length);
      // Each is the other's nearest: the same cluster, beyond doubt.
      const away = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!);
      const nearestOf = (to: readonly number[], of: readonly (readonly number[])[]) =>
        of.reduce((best, row, i) => (away(row, to) < away(of[best]!, to) ? i : best), 0);
      centroids.forEach((centroid, i) => {
        const old = nearestOf(centroid, before);
        const others = before.filter((_, other) => other !== old).map((other) => away(other, before[old]!));
        const isNear = away(centroid, before[old]!) <= Math.min(...others);
        if (!isNear) expect(clusters[i]!.relation).not.toBe("split");
        else if (nearestOf(before[old]!, centroids) === i) expect(clusters[i]!.id).toBe(old);
      });
    }
  });

  test("get a name that no other has", () => {
    const names = ["Best", "Best", "Middle", "Lost"];
    const centroids = matrixOf([
      [0, 0],
      [1, 1],
      [10, 0],
      [0, 10],
    ]);
    const { clusters } = recogniseClusters(known, { scaler: asItIs, centroids }, names);
    expect(clusters.map(({ name }) => name)).toEqual(["Best", "Best (2)", "Middle", "Lost"]);
    const few = matrixOf([
      [0, 1],
      [1, -1],
      [10, 0],
    ]);
    const afterwards = recogniseClusters(known, { scaler: asItIs, centroids: few }, ["Best", "Lost", "Middle"]);
    expect(afterwards.gone.map(({ name }) => name)).toEqual(["Lost"]);
    expect(afterwards.clusters.map(({ name }) => name)).toEqual(["Best", "Lost (2)", "Middle"]);
  });

  test("get one number, not a number behind another", () => {
    const two = { ...known, clusters: [{ id: 0, name: "Best" }, { id: 1, name: "Best (2)" }, known.clusters[2]!] };
    const centroids = matrixOf([
      [0, 0],
      [10, 0],
      [0, 10],
      [1, 9],
    ]);
    const { clusters } = recogniseClusters(two, { scaler: asItIs, centroids }, ["Best", "a", "b", "Best (2)"]);
    expect(clusters.map(({ name }) => name)).toEqual(["Best", "Best (2)", "Lost", "Best (3)"]);
  });

  test("with other features are none of the last run's", () => {
    const scaler = { scaling: "min_max", offset: [0], factor: [1] } as const;
    expect(() => recogniseClusters(known, { scaler, centroids: matrixOf([[1]]) }, ["a"])).toThrow("as in the last run");
  });
});
