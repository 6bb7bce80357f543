import { expect, test } from "@jest/globals";
import { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/keyspaces_client.js";
import type { EncodedRow } from "@keyspaces-segmentation/keyspaces-bulk/dist/row_encoding.js";
import { types } from "cassandra-driver";

interface Request {
  length: number;
  write(encoder: object, streamId: number): Buffer;
  clone(): Request;
}
type Options = Parameters<KeyspacesClient["_createBatchRequest"]>[1];
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

type Cells = (Buffer | undefined)[];
const few: Cells = [Buffer.from("489434"), Buffer.from([0, 0, 0, 7]), Buffer.alloc(300, "x")];
const empty: Cells = [Buffer.alloc(0), Buffer.alloc(4), Buffer.from("£")];
const unset: Cells = [Buffer.from("1"), undefined, undefined];

/** Cells as `rowEncoder` leaves them, somewhere in a slab. */
function encoded(cells: Cells): EncodedRow {
  const parts = cells.flatMap((cell) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(cell?.length ?? -2);
    return [length, cell ?? Buffer.alloc(0)];
  });
  const slab = Buffer.concat([Buffer.from("before"), ...parts, Buffer.from("after")]);
  return { slab, start: 6, end: slab.length - 5 };
}

/** What `insertRows` hands to the driver, which asks for the request once the statement is prepared. */
async function requestOf(rows: Cells[], how: Options): Promise<Request> {
  let request: Promise<Request> | undefined;
  const client: KeyspacesClient = Object.assign(Object.create(KeyspacesClient.prototype), {
    batch: (items: object[]) => {
      request = client._createBatchRequest(
        items.map((item) => ({ params: [], ...item, queryId, meta })),
        how,
      );
      // Under way for as long as the test looks at it.
      return new Promise(() => undefined);
    },
  });
  void client.insertRows("INSERT", rows.map(encoded));
  return request!;
}

const encoder = (version = 4) => new Encoder(version, { encoding: { useUndefinedAsUnset: true } });

test.each<[string, Cells[], object]>([
  ["rows", [few, empty], {}],
  ["values that are not set", [unset, few], {}],
  ["thirty rows", Array(30).fill(few), {}],
  ["no timestamp", [few], { getOrGenerateTimestamp: () => null }],
  ["another consistency", [few], { getConsistency: () => types.consistencies.one }],
])("writes, byte for byte, what the driver writes: %s", async (_, rows, changes) => {
  const items = rows.map((params) => ({ query: "INSERT", queryId, meta, params }));
  const theirs = new BatchRequest(items, options(changes));
  const ours = await requestOf(rows, options(changes));
  expect(ours.write(encoder(), 513).toString("hex")).toBe(theirs.write(encoder(), 513).toString("hex"));
  expect(ours.length).toBe(theirs.length);
});

test("writes the same once more when the driver tries again", async () => {
  const request = await requestOf([few, unset], options());
  const first = request.write(encoder(), 1);
  expect(request.clone().write(encoder(), 1).toString("hex")).toBe(first.toString("hex"));
});

test.each([
  ["answered", async () => undefined],
  ["refused", async () => Promise.reject(new Error("no"))],
])("keeps no row of a batch that was %s, however long the driver keeps its request", async (_, answer) => {
  let items: { params: { rows: readonly EncodedRow[] }[] }[] = [];
  let underWay = 0;
  const client: KeyspacesClient = Object.assign(Object.create(KeyspacesClient.prototype), {
    batch: (sent: typeof items) => {
      items = sent;
      underWay = sent[0]!.params[0]!.rows.length;
      return answer();
    },
  });
  await client.insertRows("INSERT", [encoded(few), encoded(unset)]).catch(() => undefined);
  expect(underWay).toBe(2);
  expect(items[0]!.params[0]!.rows).toEqual([]);
});

test("leaves every other batch to the driver", async () => {
  const items = [{ query: "INSERT", queryId, meta, params: ["489434", 7, null] }];
  const client = Object.create(KeyspacesClient.prototype) as KeyspacesClient;
  const ours = await client._createBatchRequest(items, options());
  const theirs = new BatchRequest(items, options());
  expect(ours.write(encoder(), 1).toString("hex")).toBe(theirs.write(encoder(), 1).toString("hex"));
});

test("refuses a protocol that cannot leave values unset", async () => {
  const request = await requestOf([few], options());
  expect(() => request.write(encoder(3), 1)).toThrow("Expected protocol version 4, got 3");
});
