import { expect, test } from "@jest/globals";
import { memoryText, type RunMemory, readMemory } from "@keyspaces-segmentation/customer-clusters/dist/run_memory.js";
import { knownClusters } from "../../../test/support/known_clusters.js";

const memory: RunMemory = {
  keyspace: "shop",
  table: "online_retail",
  savedAt: new Date(Date.UTC(2026, 0, 2)),
  loads: ["0123456789abcdef".repeat(4)],
  preparation: "as_published",
  known: knownClusters("run-1"),
};

test("the memory of a run comes back as it was kept, and without anything else", () => {
  const text = memoryText(memory);
  expect(readMemory(text)).toEqual(memory);
  expect(readMemory(text.replace("{", '{"__proto__":{"x":1},"more":2,'))).toEqual(memory);
});

test.each<[string, object | string]>([
  ["JSON", "{"],
  ["`memory`", "null"],
  ["`memory`", "[]"],
  ["`keyspace`", { ...memory, keyspace: null }],
  ["`table`", { ...memory, table: 5 }],
  ["`savedAt`", { ...memory, savedAt: 5 }],
  ["`savedAt`", { ...memory, savedAt: "yesterday" }],
  ["`loads`", { ...memory, loads: undefined }],
  ["`loads.length`", { ...memory, loads: [] }],
  ["`loads[0]`", { ...memory, loads: [7] }],
  ["`loads[0]`", { ...memory, loads: ["../x"] }],
  ["`preparation`", { ...memory, preparation: "toString" }],
  ["`known`", { ...memory, known: undefined }],
  ["`centroids`", { ...memory, known: { ...memory.known, centroids: null } }],
])("a memory that is damaged in %s is refused (%#)", (what, content) => {
  expect(() => readMemory(typeof content === "string" ? content : JSON.stringify(content))).toThrow(what);
});
