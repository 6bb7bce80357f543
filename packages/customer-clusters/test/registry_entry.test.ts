import { expect, test } from "@jest/globals";
import {
  entryText,
  type RegistryEntry,
  readEntry,
} from "@keyspaces-segmentation/customer-clusters/dist/registry_entry.js";
import { registeredClusters } from "../../../test/support/registered_clusters.js";

const entry: RegistryEntry = {
  keyspace: "shop",
  table: "online_retail",
  savedAt: new Date(Date.UTC(2026, 0, 2)),
  loads: ["0123456789abcdef".repeat(4)],
  preparation: "as_published",
  known: registeredClusters("run-1"),
};

test("the entry of a run comes back as it was kept, and without anything else", () => {
  const text = entryText(entry);
  expect(readEntry(text)).toEqual(entry);
  expect(readEntry(text.replace("{", '{"__proto__":{"x":1},"more":2,'))).toEqual(entry);
});

test.each<[string, object | string]>([
  ["JSON", "{"],
  ["`entry`", "null"],
  ["`entry`", "[]"],
  ["`keyspace`", { ...entry, keyspace: null }],
  ["`table`", { ...entry, table: 5 }],
  ["`savedAt`", { ...entry, savedAt: 5 }],
  ["`savedAt`", { ...entry, savedAt: "yesterday" }],
  ["`loads`", { ...entry, loads: undefined }],
  ["`loads.length`", { ...entry, loads: [] }],
  ["`loads[0]`", { ...entry, loads: [7] }],
  ["`loads[0]`", { ...entry, loads: ["../x"] }],
  ["`preparation`", { ...entry, preparation: "toString" }],
  ["`known`", { ...entry, known: undefined }],
  ["`centroids`", { ...entry, known: { ...entry.known, centroids: null } }],
])("an entry that is damaged in %s is refused (%#)", (what, content) => {
  expect(() => readEntry(typeof content === "string" ? content : JSON.stringify(content))).toThrow(what);
});
