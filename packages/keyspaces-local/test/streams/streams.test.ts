import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { createAuthoriser } from "@keyspaces-segmentation/iam-local";
import type { Gateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { createBackend } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/backend.js";
import { ROLE_NAME, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type Client, types } from "cassandra-driver";
import { createSdks, type Sdk } from "../python_sdk.js";
import { createKeyspace, createTable, gatewayBench, region, untilTableIs } from "../support.js";

const identity = temporaryIdentity();
const guest = temporaryIdentity("policies");
const authoriser = createAuthoriser({ region, now: () => new Date() });
let clockAheadMs = 0;
const now = () => new Date(Date.now() + clockAheadMs);
const bench = gatewayBench(identity, { identities: [identity, guest], authoriser, activeAfterMs: 50, now });
const sdks = createSdks(region);

let gateway: Gateway;
let url: string;
let sdk: Sdk;
let client: Client;

beforeAll(async () => {
  await bench.begin();
  gateway = await bench.gatewayWith();
  url = await bench.serveApis(gateway);
  sdk = sdks.start(url, identity);
  client = await bench.connectTo(gateway);
  await createKeyspace(client, "shop");
});
beforeEach(() => {
  clockAheadMs = 0;
});
afterAll(async () => {
  await sdks.end();
  await bench.end();
});

let tables = 0;
/** A table of its own, with a stream. */
async function tableWithStream(columns: string, properties = ""): Promise<string> {
  const table = `t${tables++}`;
  const custom = properties ? ` AND CUSTOM_PROPERTIES = {${properties}}` : "";
  await createTable(client, "shop", table, `(${columns}) WITH cdc = TRUE${custom}`);
  return table;
}
const arnOf = async (table: string): Promise<string> => {
  const { ok } = await sdk.call("keyspacesstreams.list_streams", { keyspaceName: "shop", tableName: table });
  expect(ok.streams).toHaveLength(1);
  return ok.streams[0].streamArn;
};
const shardOf = async (streamArn: string) =>
  (await sdk.call("keyspacesstreams.get_stream", { streamArn })).ok.shards[0].shardId as string;
async function iterator(table: string, shardIteratorType: string, sequenceNumber?: string): Promise<string> {
  const streamArn = await arnOf(table);
  const shardId = await shardOf(streamArn);
  const request = { streamArn, shardId, shardIteratorType, ...(sequenceNumber && { sequenceNumber }) };
  const { ok } = await sdk.call("keyspacesstreams.get_shard_iterator", request);
  return ok.shardIterator;
}
const from = (shardIterator: string, maxResults = 1000) =>
  sdk.call("keyspacesstreams.get_records", { shardIterator, maxResults });
// biome-ignore lint/suspicious/noExplicitAny: as the SDK gives it.
type Rec = any;
const recordsOf = async (table: string): Promise<Rec[]> =>
  (await from(await iterator(table, "TRIM_HORIZON"))).ok.changeRecords;
const run = (query: string, params: unknown[] = []) => client.execute(query, params, { prepare: params.length > 0 });

describe("records", () => {
  test("of an INSERT, an UPDATE and a DELETE: the row before and after, found by whoever has the answer", async () => {
    const table = await tableWithStream("k text, c int, v text, n int, PRIMARY KEY (k, c)");
    await run(`INSERT INTO shop.${table} (k, c, v) VALUES (?, ?, ?)`, ["a", 1, "one"]);
    await run(`UPDATE shop.${table} SET v = 'two', n = 7 WHERE k = 'a' AND c = 1`);
    await run(`DELETE v FROM shop.${table} WHERE k = 'a' AND c = ?`, [1]);
    await run(`DELETE FROM shop.${table} WHERE k = 'a' AND c = 1`);
    await run(`DELETE FROM shop.${table} WHERE k = 'a' AND c = 2`);
    const image = (cells: object) => ({ staticCells: {}, valueCells: cells });
    const one = image({ v: { value: { textT: "one" } } });
    const two = image({ v: { value: { textT: "two" } }, n: { value: { intT: "7" } } });
    const rest = image({ n: { value: { intT: "7" } } });
    const change = {
      eventVersion: "1.1",
      createdAt: { time: expect.any(Number) },
      origin: "USER",
      partitionKeys: { k: { textT: "a" } },
      clusteringKeys: { c: { intT: "1" } },
      sequenceNumber: expect.stringMatching(/^\d{21,48}$/),
    };
    const records = await recordsOf(table);
    expect(records).toEqual([
      { ...change, newImage: one },
      { ...change, oldImage: one, newImage: two },
      { ...change, oldImage: two, newImage: rest },
      { ...change, oldImage: rest },
    ]);
    const numbers = records.map(({ sequenceNumber }) => sequenceNumber);
    expect(numbers).toEqual([...new Set(numbers)].sort());
  });

  test("of a batch with conditions on several partitions: one for each of its rows, and none where it was not applied", async () => {
    const table = await tableWithStream("k int PRIMARY KEY, v int");
    const put = (k: number) => `INSERT INTO shop.${table} (k, v) VALUES (${k}, ${k}) IF NOT EXISTS`;
    expect((await client.batch([put(1), put(2)])).wasApplied()).toBe(true);
    expect((await client.batch([put(3), put(2)])).wasApplied()).toBe(false);
    const keys = (await recordsOf(table)).map(({ partitionKeys }) => partitionKeys.k.intT);
    expect(keys.toSorted()).toEqual(["1", "2"]);
  });

  test.each<[string, string[]]>([
    ["KEYS_ONLY", []],
    ["NEW_IMAGE", ["newImage"]],
    ["OLD_IMAGE", ["oldImage"]],
    ["NEW_AND_OLD_IMAGES", ["newImage", "oldImage"]],
  ])("with the view type %s", async (view, images) => {
    const table = await tableWithStream("k int PRIMARY KEY, v int", `'cdc_specification': {'view_type': '${view}'}`);
    for (const v of [1, 2]) await run(`INSERT INTO shop.${table} (k, v) VALUES (1, ${v})`);
    const [, second] = await recordsOf(table);
    expect(
      Object.keys(second)
        .filter((name) => name.endsWith("Image"))
        .sort(),
    ).toEqual(images);
    const { ok } = await sdk.call("keyspacesstreams.get_stream", { streamArn: await arnOf(table) });
    expect(ok).toMatchObject({ streamStatus: "ENABLED", streamViewType: view, keyspaceName: "shop", tableName: table });
    const other = view === "KEYS_ONLY" ? "NEW_IMAGE" : "KEYS_ONLY";
    await expect(
      run(`ALTER TABLE shop.${table} WITH CUSTOM_PROPERTIES = {'cdc_specification': {'view_type': '${other}'}}`),
    ).rejects.toThrow("The view_type of a stream cannot be changed");
  });

  test("of every type", async () => {
    await run("CREATE TYPE shop.address (street text, number int)");
    const table = await tableWithStream(
      "k int PRIMARY KEY, a ascii, b bigint, bl blob, bo boolean, d date, de decimal, do double, f float, i inet, s smallint, " +
        "t time, ts timestamp, tu timeuuid, ti tinyint, u uuid, vi varint, l list<int>, st set<text>, m map<text, int>, " +
        "tp frozen<tuple<int, text>>, ad frozen<address>",
    );
    await run(
      `INSERT INTO shop.${table} (k, a, b, bl, bo, d, de, do, f, i, s, t, ts, tu, ti, u, vi, l, st, m, tp, ad) VALUES (1, 'x', 9223372036854775807,
       0x00000001, true, '2024-01-01', 123.456, 1.7976, 3.4028235E38, '192.168.1.1', 32767, '12:34:56.789', 1700000000123,
       50554d6e-29bb-11e5-b345-feff819cdc9f, 127, 550e8400-e29b-41d4-a716-446655440000, -1234567890123456789012, [2, 1], {'b', 'a'}, {'z': 1},
       (3, 'c'), {street: 'Main', number: 5})`,
    );
    const cells = Object.fromEntries(
      Object.entries((await recordsOf(table))[0].newImage.valueCells).map(([name, cell]) => [
        name,
        (cell as Rec).value,
      ]),
    );
    // As AWS's adapter for Kinesis has them in its tests.
    expect(cells).toEqual({
      a: { asciiT: "x" },
      b: { bigintT: "9223372036854775807" },
      bl: { blobT: { bytes: "AAAAAQ==" } },
      bo: { boolT: true },
      d: { dateT: "2024-01-01" },
      de: { decimalT: "123.456" },
      do: { doubleT: "1.7976" },
      f: { floatT: "3.4028235E38" },
      i: { inetT: "192.168.1.1" },
      s: { smallintT: "32767" },
      t: { timeT: "12:34:56.789" },
      ts: { timestampT: "1700000000123" },
      tu: { timeuuidT: "50554d6e-29bb-11e5-b345-feff819cdc9f" },
      ti: { tinyintT: "127" },
      u: { uuidT: "550e8400-e29b-41d4-a716-446655440000" },
      vi: { varintT: "-1234567890123456789012" },
      l: { listT: [{ value: { intT: "2" } }, { value: { intT: "1" } }] },
      st: { setT: [{ value: { textT: "a" } }, { value: { textT: "b" } }] },
      m: { mapT: [{ key: { textT: "z" }, value: { intT: "1" } }] },
      tp: { tupleT: [{ value: { intT: "3" } }, { value: { textT: "c" } }] },
      ad: { udtT: { street: { value: { textT: "Main" } }, number: { value: { intT: "5" } } } },
    });
  });

  test("of batches, conditions, static columns and a range", async () => {
    const table = await tableWithStream("k int, c int, s text STATIC, v int, PRIMARY KEY (k, c)");
    const path = `shop.${table}`;
    const batch = [1, 2].map((c) => ({ query: `INSERT INTO ${path} (k, c, v) VALUES (1, ?, 0)`, params: [c] }));
    await client.batch(batch, { prepare: true, logged: false });
    await run(`INSERT INTO ${path} (k, c, v) VALUES (1, 1, 5) IF NOT EXISTS`);
    await run(`UPDATE ${path} SET v = 6 WHERE k = 1 AND c = 1 IF v = 0`);
    await run(`UPDATE ${path} SET s = 'all' WHERE k = 1`);
    await run(`DELETE FROM ${path} WHERE k = 1 AND c >= 1`);
    const seen = (await recordsOf(table)).map(({ clusteringKeys, newImage, oldImage }) => [
      clusteringKeys.c?.intT,
      oldImage?.valueCells.v?.value.intT,
      newImage?.valueCells.v?.value.intT,
      newImage?.staticCells.s?.value.textT,
    ]);
    expect(seen).toEqual([
      ["1", undefined, "0", undefined],
      ["2", undefined, "0", undefined],
      ["1", "0", "6", undefined],
      [undefined, undefined, undefined, "all"],
      ["1", "6", undefined, undefined],
      ["2", "0", undefined, undefined],
    ]);
  });

  test("of static columns: their own, apart from those of rows, as one INSERT writes both", async () => {
    const table = await tableWithStream("k int, c int, s text STATIC, v int, PRIMARY KEY (k, c)");
    const path = `shop.${table}`;
    await run(`INSERT INTO ${path} (k, c, s, v) VALUES (1, 1, 'one', 5)`);
    await run(`INSERT INTO ${path} (k, c, v) VALUES (1, 2, 6)`);
    await run(`UPDATE ${path} SET s = 'two', v = 7 WHERE k = ? AND c = ?`, [1, 1]);
    await run(`INSERT INTO ${path} (k, s) VALUES (2, 'alone')`);
    await run(`DELETE s FROM ${path} WHERE k = 2`);
    await run(`DELETE FROM ${path} WHERE k = 1 AND c > ?`, [1]);
    await run(`DELETE FROM ${path} WHERE k = :c`, [1]);
    const seen = (await recordsOf(table)).map(({ clusteringKeys, newImage, oldImage }) => {
      const cells = [oldImage, newImage].map((image) => [
        image?.valueCells.v?.value.intT,
        image?.staticCells.s?.value.textT,
      ]);
      return [clusteringKeys.c?.intT, ...cells.flat()];
    });
    const no = undefined;
    expect(seen).toEqual([
      ["1", no, no, "5", no],
      [no, no, no, no, "one"],
      ["2", no, no, "6", no],
      ["1", "5", no, "7", no],
      [no, no, "one", no, "two"],
      [no, no, no, no, "alone"],
      [no, no, "alone", no, no],
      ["2", "6", no, no, no],
      ["1", "7", no, no, no],
      [no, no, "two", no, no],
    ]);
  });

  test("of static columns that a DELETE names beside those of rows", async () => {
    const table = await tableWithStream("k int, c int, s text STATIC, l list<int> STATIC, v int, PRIMARY KEY (k, c)");
    const path = `shop.${table}`;
    await run(`INSERT INTO ${path} (k, c, s, l, v) VALUES (1, 1, 'one', [1, 2], 5)`);
    await run(`INSERT INTO ${path} (k, c, v) VALUES (1, 2, 6)`);
    const before = (await recordsOf(table)).length;
    await run(`DELETE s, v FROM ${path} WHERE k = 1 AND c = ?`, [1]);
    await run(`DELETE v, l[0] FROM ${path} WHERE k = 1 AND c = 1`);
    await run(`DELETE v FROM ${path} WHERE k = 1 AND (c) = (2)`);
    const cell = ({ v }: Rec) => v?.value.intT;
    const statics = ({ s, l }: Rec) => [s?.value.textT, l?.value.listT.length];
    const seen = (await recordsOf(table)).slice(before).map(({ clusteringKeys, oldImage, newImage }) => {
      const of = clusteringKeys.c?.intT;
      if (of !== undefined) return [of, cell(oldImage?.valueCells ?? {}), cell(newImage?.valueCells ?? {})];
      return ["static", ...statics(oldImage?.staticCells ?? {}), ...statics(newImage?.staticCells ?? {})];
    });
    const no = undefined;
    expect(seen).toEqual([
      ["1", "5", no],
      ["static", "one", 2, no, 2],
      ["1", no, no],
      ["static", no, 2, no, 1],
      ["2", "6", no],
    ]);
  });

  test("not of what is left unset", async () => {
    const table = await tableWithStream("k int, c int, s text STATIC, v int, PRIMARY KEY (k, c)");
    const path = `shop.${table}`;
    const { unset } = types;
    await run(`INSERT INTO ${path} (k, c, s, v) VALUES (1, 1, 'one', 5)`);
    const before = (await recordsOf(table)).length;
    await run(`INSERT INTO ${path} (k, c, s, v) VALUES (?, ?, ?, ?)`, [1, 1, unset, unset]);
    await run(`UPDATE ${path} SET s = ?, v = ? WHERE k = 1 AND c = 1`, [unset, 6]);
    await run(`UPDATE ${path} SET s = ?, v = ? WHERE k = 1 AND c = 1`, ["two", unset]);
    await run(`UPDATE ${path} SET v = ? WHERE k = 1 AND c = 1`, [unset]);
    // What is written as it was before is written.
    await run(`UPDATE ${path} SET s = ? WHERE k = 1`, ["two"]);
    const seen = (await recordsOf(table)).slice(before).map(({ clusteringKeys, oldImage, newImage }) => {
      const cells = [oldImage, newImage].map(({ staticCells, valueCells }: Rec) =>
        clusteringKeys.c ? valueCells.v?.value.intT : staticCells.s?.value.textT,
      );
      return [clusteringKeys.c?.intT ?? "static", ...cells];
    });
    expect(seen).toEqual([
      ["1", "5", "5"],
      ["1", "5", "6"],
      ["static", "one", "two"],
      ["static", "two", "two"],
    ]);
  });

  test("say of cells when they were written and when they end, where the table has that", async () => {
    const properties = "'ttl': {'status': 'enabled'}, 'client_side_timestamps': {'status': 'enabled'}";
    const table = await tableWithStream("k int PRIMARY KEY, v text, n int, l list<int>", properties);
    const written = Date.now() * 1000;
    await run(`INSERT INTO shop.${table} (k, v) VALUES (1, 'x') USING TTL 600 AND TIMESTAMP ${written}`);
    await run(`UPDATE shop.${table} USING TIMESTAMP ${written + 1} SET n = 2, l = [3] WHERE k = 1`);
    const [first, second] = await recordsOf(table);
    const { v } = first.newImage.valueCells;
    expect(v.metadata.writeTime).toBe(String(written));
    const ends = Number(v.metadata.expirationTime);
    expect(Math.abs(ends - (written / 1_000_000 + 600))).toBeLessThan(3);
    expect(first.newImage.rowMetadata).toEqual({ expirationTime: String(ends) });
    expect(second.newImage.valueCells.n).toEqual({
      value: { intT: "2" },
      metadata: { writeTime: String(written + 1) },
    });
    expect(second.newImage.valueCells.l).toEqual({ value: { listT: [{ value: { intT: "3" } }] } });
    // The row goes on.
    expect(second.newImage.rowMetadata).toBeUndefined();
  });

  test("of counters", async () => {
    const table = await tableWithStream("k int PRIMARY KEY, n counter");
    for (const by of [2, 3]) await run(`UPDATE shop.${table} SET n = n + ${by} WHERE k = 1`);
    const counts = (await recordsOf(table)).map(({ newImage }) => newImage.valueCells.n.value.counterT);
    expect(counts).toEqual(["2", "5"]);
  });

  test("of a row that ends by its time to live", async () => {
    const table = await tableWithStream("k int PRIMARY KEY, v text", "'ttl': {'status': 'enabled'}");
    await run(`INSERT INTO shop.${table} (k, v) VALUES (1, 'gone') USING TTL 5`);
    await run(`INSERT INTO shop.${table} (k, v) VALUES (2, 'kept') USING TTL 5`);
    await run(`INSERT INTO shop.${table} (k, v) VALUES (2, 'kept') USING TTL 600`);
    await waitUntil(
      "the record of the end",
      async () => {
        const records = await recordsOf(table);
        return records.length === 4 ? { done: true, seen: "4" } : { seen: `${records.length}` };
      },
      { deadlineMs: 30_000, firstDelayMs: 100 },
    );
    const last = (await recordsOf(table)).at(-1);
    expect(last).toMatchObject({ origin: "TTL", partitionKeys: { k: { intT: "1" } } });
    expect(last.oldImage.valueCells.v.value.textT).toBe("gone");
    expect(last.newImage).toBeUndefined();
  });

  test("of many writers at once are in the order of their writes", async () => {
    const table = await tableWithStream("k int PRIMARY KEY, n int");
    await run(`INSERT INTO shop.${table} (k, n) VALUES (1, 0)`);
    const writers = Array.from({ length: 40 }, (_, n) => run(`UPDATE shop.${table} SET n = ? WHERE k = 1`, [n + 1]));
    await Promise.all(writers);
    const images = (await recordsOf(table)).map(({ oldImage, newImage }) => [
      oldImage?.valueCells.n.value.intT,
      newImage.valueCells.n.value.intT,
    ]);
    expect(images).toHaveLength(41);
    for (const [index, [old]] of images.entries()) expect(old).toBe(images[index - 1]?.[1]);
    expect((await run(`SELECT n FROM shop.${table}`)).first().get("n")).toBe(Number(images.at(-1)?.[1]));
  });

  test("what they cannot be made of is refused by name, and changes nothing", async () => {
    const table = await tableWithStream("k timeuuid PRIMARY KEY, v int");
    for (const insert of [
      `INSERT INTO shop.${table} (k, v) VALUES (now(), 1)`,
      `INSERT INTO shop.${table} JSON '{"k": "${types.TimeUuid.now()}", "v": 1}'`,
    ]) {
      await expect(run(insert)).rejects.toThrow(/has to be given by itself.*\[KL-CDC\]/);
    }
    await expect(run(`INSERT INTO shop.${table} (k, nothing) VALUES (?, 1)`, [types.TimeUuid.now()])).rejects.toThrow();
    const wrong = run(`INSERT INTO shop.${table} (k, v) VALUES (50554d6e-29bb-11e5-b345-feff819cdc9f, 'x')`);
    await expect(wrong).rejects.toMatchObject({ code: 0x2200 });
    expect(await recordsOf(table)).toEqual([]);
  });
});

describe("iterators", () => {
  test("begin at the oldest record, at or after one, and at the next; and go on page by page", async () => {
    const table = await tableWithStream("k int PRIMARY KEY");
    for (const k of [1, 2, 3]) await run(`INSERT INTO shop.${table} (k) VALUES (${k})`);
    const keys = (answer: Rec) => answer.ok.changeRecords.map((each: Rec) => each.partitionKeys.k.intT);
    const latest = await iterator(table, "LATEST");
    const [, second] = await recordsOf(table);
    expect(keys(await from(await iterator(table, "AT_SEQUENCE_NUMBER", second.sequenceNumber)))).toEqual(["2", "3"]);
    expect(keys(await from(await iterator(table, "AFTER_SEQUENCE_NUMBER", second.sequenceNumber)))).toEqual(["3"]);
    await run(`INSERT INTO shop.${table} (k) VALUES (4)`);
    expect(keys(await from(latest))).toEqual(["4"]);

    let page = await from(await iterator(table, "TRIM_HORIZON"), 3);
    expect(keys(page)).toEqual(["1", "2", "3"]);
    expect(page.ok.iteratorDescription).toEqual({ iteratorPosition: "BEHIND_TIP" });
    page = await from(page.ok.nextShardIterator, 3);
    expect(keys(page)).toEqual(["4"]);
    expect(page.ok.iteratorDescription).toEqual({ iteratorPosition: "AT_TIP" });
    page = await from(page.ok.nextShardIterator);
    expect(keys(page)).toEqual([]);
    await run(`INSERT INTO shop.${table} (k) VALUES (5)`);
    expect(keys(await from(page.ok.nextShardIterator))).toEqual(["5"]);
  });

  test("end after a quarter of an hour, and records after a day", async () => {
    const table = await tableWithStream("k int PRIMARY KEY");
    await run(`INSERT INTO shop.${table} (k) VALUES (1)`);
    const [{ sequenceNumber }] = await recordsOf(table);
    const streamArn = await arnOf(table);
    const shardId = await shardOf(streamArn);
    // Past the signatures, which are never that far from the clock.
    const request = { streamArn, shardId, shardIteratorType: "TRIM_HORIZON" };
    const ask = (operation: string, input: object) => gateway.streamsApi.answer(operation, input, identity);
    const early = await ask("GetShardIterator", request);
    clockAheadMs = 14 * 60_000;
    expect(await ask("GetRecords", early)).toMatchObject({ changeRecords: [{ sequenceNumber }] });
    clockAheadMs = 16 * 60_000;
    await expect(ask("GetRecords", early)).rejects.toThrow("The shardIterator is older than 15 minutes");
    const recordsAt = async (aheadMs: number) => {
      clockAheadMs = aheadMs;
      const answer = await ask("GetRecords", await ask("GetShardIterator", request));
      return (answer as { changeRecords: object[] }).changeRecords;
    };
    expect(await recordsAt(23 * 3_600_000)).toHaveLength(1);
    expect(await recordsAt(25 * 3_600_000)).toEqual([]);
    clockAheadMs = 0;
    expect(
      await sdk.call("keyspacesstreams.get_shard_iterator", {
        streamArn,
        shardId,
        shardIteratorType: "AT_SEQUENCE_NUMBER",
        sequenceNumber: sequenceNumber.replace(/[1-9]/g, "0").padEnd(24, "0"),
      }),
    ).toMatchObject({ error: "ValidationException", errorCode: "TrimmedDataAccess" });
  });

  test.each<[string, object, string]>([
    ["get_records", { shardIterator: "nonsense" }, "InvalidFormat"],
    ["list_streams", { nextToken: "n".repeat(80) }, "InvalidFormat"],
    ["list_streams", { tableName: "alone" }, "InvalidFormat"],
  ])("of nothing: %s %j", async (operation, request, errorCode) => {
    const answer = await sdk.call(`keyspacesstreams.${operation}`, request);
    expect(answer).toMatchObject({ error: "ValidationException", errorCode });
  });
});

describe("streams", () => {
  test("begin and end with the table's cdc, and with the table", async () => {
    await createTable(client, "shop", "later", "(k int PRIMARY KEY)");
    const streams = async () =>
      (await sdk.call("keyspacesstreams.list_streams", { keyspaceName: "shop", tableName: "later" })).ok.streams;
    expect(await streams()).toEqual([]);
    await run("INSERT INTO shop.later (k) VALUES (1)");
    await run("ALTER TABLE shop.later WITH cdc = TRUE");
    const [stream] = await streams();
    expect(stream).toEqual({
      streamArn: `arn:aws:cassandra:${region}:${identity.account}:/keyspace/shop/table/later/stream/${stream.streamLabel}`,
      keyspaceName: "shop",
      tableName: "later",
      streamLabel: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/),
    });
    const table = await sdk.call("get_table", { keyspaceName: "shop", tableName: "later" });
    expect(table.ok.latestStreamArn).toBe(stream.streamArn);
    await run("INSERT INTO shop.later (k) VALUES (2)");
    const begin = await iterator("later", "TRIM_HORIZON");
    await run("ALTER TABLE shop.later WITH cdc = FALSE");
    await run("INSERT INTO shop.later (k) VALUES (3)");

    // What is in it can still be read, to an end.
    expect(await streams()).toEqual([stream]);
    const { ok: ended } = await sdk.call("keyspacesstreams.get_stream", { streamArn: stream.streamArn });
    expect(ended.streamStatus).toBe("DISABLED");
    const [{ sequenceNumberRange: range }] = ended.shards;
    const { ok: first } = await from(begin, 1);
    expect(first.changeRecords.map(({ partitionKeys }: Rec) => partitionKeys.k.intT)).toEqual(["2"]);
    const [{ sequenceNumber }] = first.changeRecords;
    expect([range.startingSequenceNumber, sequenceNumber, range.endingSequenceNumber].sort()).toEqual([
      ...[range.startingSequenceNumber, sequenceNumber, range.endingSequenceNumber],
    ]);
    expect(first.nextShardIterator).toBeUndefined();

    const keysOnly = "CUSTOM_PROPERTIES = {'cdc_specification': {'view_type': 'KEYS_ONLY'}}";
    await run(`ALTER TABLE shop.later WITH cdc = TRUE AND ${keysOnly}`);
    expect((await streams()).map(({ streamArn }: Rec) => streamArn)[0]).toBe(stream.streamArn);
    const { ok: again } = await sdk.call("get_table", { keyspaceName: "shop", tableName: "later" });
    expect((await streams())[1].streamArn).toBe(again.latestStreamArn);
    const { ok: second } = await sdk.call("keyspacesstreams.get_stream", { streamArn: again.latestStreamArn });
    expect(second).toMatchObject({ streamStatus: "ENABLED", streamViewType: "KEYS_ONLY" });

    const request = { streamArn: stream.streamArn };
    clockAheadMs = 25 * 3_600_000;
    await expect(gateway.streamsApi.answer("GetStream", request, identity)).rejects.toThrow("Unable to find stream");
    clockAheadMs = 0;
    await untilTableIs(client, "shop", "later", "ACTIVE");
    await run("DROP TABLE shop.later");
    expect(await streams()).toEqual([]);
  });

  test("are listed page by page", async () => {
    for (let count = 0; count < 2; count++) await tableWithStream("k int PRIMARY KEY");
    const { ok: pages } = await sdk.pages("keyspacesstreams.list_streams", 1, { keyspaceName: "shop" });
    const names = pages.flatMap(({ streams }: Rec) => streams.map(({ tableName }: Rec) => tableName));
    expect(pages.length).toBeGreaterThan(1);
    expect(names).toEqual([...new Set(names)].sort());
  });

  test("and their records outlive the gateway", async () => {
    const table = await tableWithStream("k int PRIMARY KEY");
    await run(`INSERT INTO shop.${table} (k) VALUES (1)`);
    const before = await recordsOf(table);
    const next = await bench.gatewayWith();
    const again = sdks.start(await bench.serveApis(next), identity);
    const shardIterator = await iterator(table, "TRIM_HORIZON");
    const { ok } = await again.call("keyspacesstreams.get_records", { shardIterator });
    expect(ok.changeRecords).toEqual(before);
  });

  test("of a directory of a version whose streams could not end go on as they are", async () => {
    const table = await tableWithStream("k int PRIMARY KEY", "'cdc_specification': {'view_type': 'NEW_IMAGE'}");
    await run(`INSERT INTO shop.${table} (k) VALUES (1)`);
    const [before, streamArn] = [await recordsOf(table), await arnOf(table)];
    const label = streamArn.slice(streamArn.indexOf("/stream/") + "/stream/".length);
    // As that version kept it, and what it showed of the table.
    const earlier = createBackend(bench.cassandra());
    bench.closeLater(async () => earlier.close());
    await earlier.query(`CREATE TABLE IF NOT EXISTS system_gateway.streams (keyspace_name text, table_name text, label text, created timestamp,
      PRIMARY KEY (keyspace_name, table_name))`);
    for (const name of [table, "dropped"]) {
      await earlier.query(`INSERT INTO system_gateway.streams (keyspace_name, table_name, label, created)
        VALUES ('shop', '${name}', '${label}', '${label}Z')`);
    }
    const ofTable = `WHERE keyspace_name = 'shop' AND table_name = '${table}'`;
    await earlier.query(`DELETE FROM system_gateway.table_streams ${ofTable}`);
    await earlier.query(`UPDATE system_schema_mcs.tables SET custom_properties = {'cdc_specification': {'view_type': 'NEW_IMAGE'},
      'capacity_mode': {'throughput_mode': 'PAY_PER_REQUEST'}} ${ofTable}`);

    const next = await bench.gatewayWith();
    const again = sdks.start(await bench.serveApis(next), identity);
    const { ok: listed } = await again.call("keyspacesstreams.list_streams", { keyspaceName: "shop" });
    const arns = listed.streams.map(({ streamArn: arn }: Rec) => arn);
    expect(arns.filter((arn: string) => [table, "dropped"].some((name) => arn.includes(`/${name}/`)))).toEqual([
      streamArn,
    ]);
    const { ok: stream } = await again.call("keyspacesstreams.get_stream", { streamArn });
    expect(stream).toMatchObject({ streamStatus: "ENABLED", streamViewType: "NEW_IMAGE" });
    const shardIterator = await iterator(table, "TRIM_HORIZON");
    const { ok: read } = await again.call("keyspacesstreams.get_records", { shardIterator });
    expect(read.changeRecords).toEqual(before);
    const ofNext = await bench.connectTo(next);
    const shown = (await ofNext.execute(`SELECT custom_properties FROM system_schema_mcs.tables ${ofTable}`)).first();
    expect(shown.get("custom_properties")).toEqual({
      capacity_mode: { throughput_mode: "PAY_PER_REQUEST" },
      cdc_specification: { view_type: "NEW_IMAGE", status: "ENABLED", latest_stream_arn: streamArn },
    });
    // Once and for all.
    expect(
      await earlier.query(
        "SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'system_gateway' AND table_name = 'streams'",
      ),
    ).toEqual([]);
  });

  test("are read by whom policies allow to", async () => {
    const table = await tableWithStream("k int PRIMARY KEY");
    const streamArn = await arnOf(table);
    const reader = sdks.start(url, guest);
    const may = (...actions: string[]) => {
      const statement = { Effect: "Allow", Action: actions.map((action) => `cassandra:${action}`) };
      const document = {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "cassandra:Select", Resource: "*" },
          ...(actions.length > 0 ? [{ ...statement, Resource: streamArn }] : []),
        ],
      };
      const arn = `arn:aws:iam::${identity.account}:role/${ROLE_NAME}`;
      authoriser.setEntities([{ arn, policies: [{ name: "own", document }] }]);
    };
    may();
    expect(await reader.call("keyspacesstreams.get_stream", { streamArn })).toMatchObject({
      error: "AccessDeniedException",
      message: expect.stringContaining(`cassandra:GetStream on resource: ${streamArn}`),
    });
    may("GetStream", "GetShardIterator");
    const shardId = (await reader.call("keyspacesstreams.get_stream", { streamArn })).ok.shards[0].shardId;
    const request = { streamArn, shardId, shardIteratorType: "LATEST" };
    const { shardIterator } = (await reader.call("keyspacesstreams.get_shard_iterator", request)).ok;
    expect(await reader.call("keyspacesstreams.get_records", { shardIterator })).toMatchObject({
      error: "AccessDeniedException",
    });
    may("GetRecords");
    expect((await reader.call("keyspacesstreams.get_records", { shardIterator })).ok.changeRecords).toEqual([]);
    expect(await reader.call("keyspacesstreams.list_streams")).toMatchObject({ error: "AccessDeniedException" });
  });
});

describe("tags", () => {
  const listed = async (streamArn: string) => {
    const { ok, error } = await sdk.call("list_tags_for_resource", { resourceArn: streamArn });
    return error ?? Object.fromEntries(ok.tags.map(({ key, value }: { key: string; value: string }) => [key, value]));
  };

  test("of the latest stream, by CQL and by the SDK, beside those of its table", async () => {
    const table = await tableWithStream(
      "k int PRIMARY KEY",
      "'cdc_specification': {'propagate_tags': 'TABLE', 'tags': {'own': 'a'}}} AND TAGS = {'team': 'shop'",
    );
    const resourceArn = await arnOf(table);
    expect(await listed(resourceArn)).toEqual({ own: "a", team: "shop" });
    await run(`ALTER TABLE shop.${table} ADD TAGS_FOR_CDC {'key1':'val1', 'key2':'val2'};`);
    await untilTableIs(client, "shop", table, "ACTIVE");
    await run(`ALTER TABLE shop.${table} DROP TAGS_FOR_CDC {'key1':'val1'};`);
    await untilTableIs(client, "shop", table, "ACTIVE");
    await sdk.call("tag_resource", { resourceArn, tags: [{ key: "key3", value: "val3" }] });
    await sdk.call("untag_resource", { resourceArn, tags: [{ key: "own", value: "a" }] });
    const tags = { team: "shop", key2: "val2", key3: "val3" };
    expect(await listed(resourceArn)).toEqual(tags);
    const query = "SELECT * FROM system_schema_mcs.tags WHERE resource_id = ?";
    expect({ ...(await run(query, [resourceArn])).first() }).toEqual({
      resource_id: resourceArn,
      keyspace_name: "shop",
      resource_name: resourceArn.split("/").at(-1),
      resource_type: "stream",
      tags,
    });
    const ofTable = await run(
      `SELECT tags FROM system_schema_mcs.tags WHERE keyspace_name = 'shop' AND resource_name = '${table}'`,
    );
    expect(ofTable.first().get("tags")).toEqual({ team: "shop" });
    await run(`DROP TABLE shop.${table}`);
    await untilTableIs(client, "shop", table, "gone");
    expect((await run(query, [resourceArn])).rowLength).toBe(0);
    expect(await listed(resourceArn)).toBe("ResourceNotFoundException");
  });

  test("of a table without a stream are refused", async () => {
    await createTable(client, "shop", "plain_tags", "(k int PRIMARY KEY)");
    const tagged = run("ALTER TABLE shop.plain_tags ADD TAGS_FOR_CDC {'key1':'val1'}");
    await expect(tagged).rejects.toMatchObject({ code: 0x2200, message: expect.stringContaining("[KL-CDC]") });
  });
});
