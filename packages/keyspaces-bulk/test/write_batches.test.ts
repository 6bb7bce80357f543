import { expect, test } from "@jest/globals";
import { type BoundStatement, writeBatches } from "@keyspaces-segmentation/keyspaces-bulk/dist/write_batches.js";
import { type Client, errors, types } from "cassandra-driver";

const { writeTimeout, invalid } = types.responseErrorCodes;
const answer = (code: number) => new errors.ResponseError(code, "as the server words it");
const pace = { maxRowsPerSecond: Number.POSITIVE_INFINITY, giveUpAfterMs: 60_000 };

/** A client whose batches call `respond` with the number that each binds. */
function clientOf(respond: (of: number) => unknown): { client: Client; sent: number[] } {
  const sent: number[] = [];
  const client = {
    batch: async ([{ params }]: [BoundStatement]) => {
      sent.push(params[0] as number);
      await respond(params[0] as number);
    },
    getState: () => ({ getConnectedHosts: () => ["host"], getOpenConnections: () => 2 }),
  };
  return { client: client as unknown as Client, sent };
}

function* batches(count: number, onMade: (of: number) => void = () => undefined): Generator<BoundStatement[]> {
  for (let of = 0; of < count; of++) {
    onMade(of);
    yield [{ query: "INSERT", params: [of] }];
  }
}

test("every batch goes in, those that time out again", async () => {
  let failures = 3;
  const { client, sent } = clientOf((of) => {
    if (of === 7 && failures-- > 0) throw answer(writeTimeout);
  });
  expect(await writeBatches(client, batches(50), pace)).toMatchObject({ requests: 53, retries: 3 });
  expect(new Set(sent).size).toBe(50);
});

test("batches are asked for as there is room, not all at once", async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { client } = clientOf(() => gate);
  let made = 0;
  const writing = writeBatches(
    client,
    batches(2000, () => made++),
    pace,
  );
  await new Promise(setImmediate);
  expect(made).toBeLessThan(300);
  open();
  expect((await writing).requests).toBe(2000);
});

test("a batch that is refused ends it with the refusal, and nothing is sent after it", async () => {
  const refusal = answer(invalid);
  const { client, sent } = clientOf((of) => {
    if (of === 3) throw refusal;
  });
  await expect(writeBatches(client, batches(10_000), pace)).rejects.toBe(refusal);
  const before = sent.length;
  expect(before).toBeLessThan(1000);
  await new Promise(setImmediate);
  expect(sent).toHaveLength(before);
});

test("a ceiling that is none is refused before anything is sent", async () => {
  const { client, sent } = clientOf(() => undefined);
  await expect(writeBatches(client, batches(1), { ...pace, maxRowsPerSecond: 0 })).rejects.toThrow(
    "Expected `maxRowsPerSecond` to be a number above 0, got 0",
  );
  expect(sent).toEqual([]);
});
