import { expect, test } from "@jest/globals";
import type { Backend } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/backend.js";
import { ErrorCode, Refusal } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/refusal.js";
import type { Lifecycle } from "@keyspaces-segmentation/keyspaces-local/dist/schema/lifecycle.js";
import type { TableRecord } from "@keyspaces-segmentation/keyspaces-local/dist/schema/records.js";
import type { StreamStore } from "@keyspaces-segmentation/keyspaces-local/dist/schema/stream_store.js";
import { createCapture, type Outcome } from "@keyspaces-segmentation/keyspaces-local/dist/streams/capture.js";

const table: TableRecord = {
  keyspace: "ks",
  table: "t",
  status: "ACTIVE",
  customProperties: new Map(),
  cdc: true,
  partitionKey: [{ name: "k", type: "int" }],
  clusteringKey: [],
  statics: new Set(),
  columns: new Map([["k", "int"]]),
};

test.each<[string, Error, boolean]>([
  ["is not begun where its rows cannot be read", new Refusal(ErrorCode.overloaded, "busy"), false],
  ["is not begun without Cassandra", new Error("busy"), false],
  ["that is wrong is Cassandra's to refuse", new Refusal(ErrorCode.invalid, "busy"), true],
])("a write %s", async (_, error, isBegun) => {
  const backend = { query: () => Promise.reject(error) } as unknown as Backend;
  const capture = createCapture(backend, {} as StreamStore, {} as Lifecycle, () => new Date(0));
  let begun = false;
  const write = async (): Promise<Outcome> => {
    begun = true;
    return "not applied";
  };
  const done = capture.around([{ table, where: "k = 1", values: [], isStatic: false }], write);
  const failure = await done.then(
    () => undefined,
    (reason: Error) => reason.message,
  );
  expect([begun, failure]).toEqual([isBegun, isBegun ? undefined : "busy"]);
});
