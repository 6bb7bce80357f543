import { describe, expect, test } from "@jest/globals";
import { readRegisteredClusters } from "@keyspaces-segmentation/customer-clusters/dist/registered_clusters.js";
import { registeredClusters } from "../../../test/support/registered_clusters.js";

const known = registeredClusters("run-2026-01-02");

describe("the clusters that a run has registered", () => {
  test("is what JSON gives back", () => {
    expect(readRegisteredClusters(JSON.parse(JSON.stringify(known)))).toEqual(known);
  });

  test("has no fields but its own", () => {
    const more = JSON.parse(JSON.stringify({ ...known, extra: 1 }).replace("{", '{"__proto__":{"nextId":0},'));
    expect(Object.keys(readRegisteredClusters(more))).toEqual(Object.keys(known));
  });

  test.each<[string, unknown]>([
    ["known", null],
    ["known", [known]],
    ["known", "text"],
    ["runId", { ...known, runId: "" }],
    ["runId", { ...known, runId: "../other" }],
    ["runId", { ...known, runId: "a/b" }],
    ["runId", { ...known, runId: 7 }],
    ["scaler", { ...known, scaler: null }],
    ["scaler.scaling", { ...known, scaler: { ...known.scaler, scaling: "toString" } }],
    ["scaler.offset", { ...known, scaler: { ...known.scaler, offset: "012" } }],
    ["scaler.offset.length", { ...known, scaler: { ...known.scaler, offset: [] } }],
    ["scaler.offset[1]", { ...known, scaler: { ...known.scaler, offset: [0, null, 0] } }],
    ["scaler.factor.length", { ...known, scaler: { ...known.scaler, factor: [1, 1] } }],
    ["scaler.factor[0]", { ...known, scaler: { ...known.scaler, factor: [Number.NaN, 1, 1] } }],
    ["centroids", { ...known, centroids: {} }],
    ["centroids.length", { ...known, centroids: [] }],
    ["centroids[1].length", { ...known, centroids: [[0, 0, 0], [1]] }],
    ["centroids[0][2]", { ...known, centroids: [[0, 0, "1"]] }],
    ["centroids[0][0]", { ...known, centroids: [[Number.POSITIVE_INFINITY, 0, 0]] }],
    ["clusters", { ...known, clusters: null }],
    ["clusters.length", { ...known, clusters: known.clusters.slice(1) }],
    ["clusters", { ...known, clusters: known.clusters.map((each) => ({ ...each, id: 0 })) }],
    ["clusters[0].id", { ...known, clusters: known.clusters.map((each) => ({ ...each, id: -1 })) }],
    ["clusters[0].id", { ...known, clusters: known.clusters.map((each) => ({ ...each, id: 0.5 })) }],
    ["clusters[0].name", { ...known, clusters: known.clusters.map((each) => ({ ...each, name: "" })) }],
    ["clusters[0].name", { ...known, clusters: known.clusters.map((each) => ({ ...each, name: "x".repeat(201) })) }],
    ["clusters[0].name", { ...known, clusters: known.clusters.map((each) => ({ ...each, name: "<b>" })) }],
    ["clusters[0].name", { ...known, clusters: known.clusters.map((each) => ({ ...each, name: "a\nb" })) }],
    ...[
      "![x](http://evil.example/x.png)",
      "`code`",
      "a | b",
      "see http://evil.example",
      "$\\href{x}{y}$",
      "a\u202eb",
    ].map((name): [string, unknown] => [
      "clusters[0].name",
      { ...known, clusters: known.clusters.map((each) => ({ ...each, name })) },
    ]),
    ["scaler.offset.length", { ...known, scaler: { ...known.scaler, offset: [1, 2], factor: [1, 2] } }],
    ["centroids[0][0]", { ...known, centroids: [[1e200, 0, 0], known.centroids[1]] }],
    ["centroids", { ...known, scaler: { ...known.scaler, factor: [1e-99, 1, 1] } }],
    ["centroids.length", { ...known, centroids: Array.from({ length: 1001 }, () => [0, 0, 0]) }],
    ["nextId", { ...known, nextId: 2 ** 31 }],
    ["nextId", { ...known, nextId: 4 }],
    ["nextId", { ...known, nextId: "9" }],
  ])("is refused when it is wrong in %s (%#)", (field, value) => {
    expect(() => readRegisteredClusters(value)).toThrow(`Expected \`${field}\` to be `);
  });
});
