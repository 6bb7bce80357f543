import { expect, test } from "@jest/globals";
import { types } from "cassandra-driver";
import { PackingClient } from "../../../src/keyspaces/packed_batches.js";

interface Request {
  length: number;
  write(encoder: object, streamId: number): Buffer;
}
type Options = Parameters<PackingClient["_createBatchRequest"]>[1];
const { BatchRequest } = require("cassandra-driver/lib/requests") as {
  BatchRequest: new (items: object[], how: object) => Request;
};
const Encoder = require("cassandra-driver/lib/encoder") as new (
  version: number,
  options: object,
) => { protocolVersion: number };
const { text, int } = types.dataTypes;
const meta = { columns: [{ type: { code: text } }, { type: { code: int } }, { type: { code: text } }] };
const queryId = Buffer.from("0123456789abcdef", "hex");
const timestamp = types.Long.fromString("1700000000000123");

const options = (changes: object = {}) =>
  ({
    getOrGenerateTimestamp: () => timestamp,
    getHints: () => null,
    isBatchCounter: () => false,
    isBatchLogged: () => false,
    isQueryTracing: () => false,
    getCustomPayload: () => null,
    getConsistency: () => types.consistencies.localQuorum,
    getSerialConsistency: () => undefined,
    getKeyspace: () => undefined,
    ...changes,
  }) as unknown as Options;

const cells = (...params: unknown[]) => ({ query: "INSERT", queryId, meta, params });
const row = cells(Buffer.from("489434"), Buffer.from([0, 0, 0, 7]), Buffer.alloc(300, "x"));

/** What the driver writes, and what ours does, for the same batch. */
async function written(
  items: { params: unknown[] }[],
  how: Options,
  version = 4,
): Promise<[Buffer, Buffer, number, number]> {
  const encoder = new Encoder(version, { encoding: { useUndefinedAsUnset: true } });
  const theirs = new BatchRequest(items, how);
  const ours = await PackingClient.prototype._createBatchRequest(items, how);
  return [ours.write(encoder, 513), theirs.write(encoder, 513), ours.length, theirs.length];
}

test.each<[string, { params: unknown[] }[], object]>([
  ["encoded values", [row, cells(Buffer.alloc(0), Buffer.alloc(4), Buffer.from("£"))], {}],
  ["values that are not set", [cells(Buffer.from("1"), undefined, undefined), row], {}],
  ["thirty rows", Array(30).fill(row), {}],
  ["no timestamp", [row], { getOrGenerateTimestamp: () => null }],
  ["a logged batch", [row], { isBatchLogged: () => true }],
  ["values that are not encoded", [cells("489434", 7, "x"), row], {}],
  ["a null", [cells(Buffer.from("1"), null, Buffer.from("2"))], {}],
  ["a statement that is not prepared", [{ query: "INSERT", params: [Buffer.from("1")] } as { params: unknown[] }], {}],
  ["serial consistency", [row], { getSerialConsistency: () => types.consistencies.localSerial }],
  ["a custom payload", [row], { getCustomPayload: () => ({ a: Buffer.from("b") }) }],
  ["tracing", [row], { isQueryTracing: () => true }],
])("writes, byte for byte, what the driver writes: %s", async (_, items, changes) => {
  const [ours, theirs, length, theirLength] = await written(items, options(changes));
  expect(ours.toString("hex")).toBe(theirs.toString("hex"));
  expect(length).toBe(theirLength);
});

test("protocol version 3", async () => {
  const [ours, theirs] = await written([row], options(), 3);
  expect(ours.toString("hex")).toBe(theirs.toString("hex"));
});
