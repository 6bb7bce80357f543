import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Gateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import type { Throughput } from "@keyspaces-segmentation/keyspaces-local/dist/rules/capacity.js";
import type { PageOptions } from "@keyspaces-segmentation/keyspaces-local/dist/rules/paging.js";
import { loadBalancers } from "@keyspaces-segmentation/keyspaces-local/dist/schema/system_tables.js";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type Client, types } from "cassandra-driver";
import { sessionOf } from "../../../../test/support/session.js";
import { createKeyspace, createTable, gatewayBench, region, untilTableIs } from "../support.js";

const { consistencies } = types;
const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 100, loggedBatches: "accept" });
const { gatewayWith, connectTo } = bench;
let gateway: Gateway;
let client: Client;

/** A gateway with limits, whose clock for them stands still until it is moved, and a client. */
async function limited(throughput: Partial<Throughput>, pages: Partial<PageOptions> = {}) {
  const clock = { ms: 0 };
  const started = await gatewayWith({ throughput: { ...throughput, now: () => clock.ms }, pages });
  return { clock, gateway: started, client: await connectTo(started) };
}

/** Does it, one after the other, until it fails. */
async function countUntilFailure(action: (n: number) => Promise<unknown>) {
  for (let done = 0; done < 10_000; done++) {
    try {
      await action(done);
    } catch (error) {
      return { done, error };
    }
  }
  throw new Error("It never failed");
}

const timeout = { received: 0, blockFor: 2 };
const writeTimeout = { ...timeout, code: 0x1100, writeType: "SIMPLE", consistencies: consistencies.localQuorum };
const readTimeout = { ...timeout, code: 0x1200, isDataPresent: 0, consistencies: consistencies.localQuorum };

beforeAll(async () => {
  await bench.begin(["127.0.0.1", ...loadBalancers]);
  gateway = await gatewayWith();
  client = await connectTo(gateway);
  await createKeyspace(client, "shop");
  await createTable(client, "shop", "lines", "(k text, c text, v text, s text static, PRIMARY KEY (k, c))");
  await createTable(client, "shop", "numbers", "(a int, b int, c int, v text, PRIMARY KEY ((a, b), c))");
});

afterAll(() => bench.end());

const insert = "INSERT INTO shop.lines (k, c, v) VALUES (?, ?, ?)";
const select = "SELECT v FROM shop.lines WHERE k = ? AND c = ?";
const prepare = { prepare: true };
/** The types of values given by name, which the driver takes although its types do not say so. */
const hinted = (hints: Record<string, string>) => ({ hints: hints as unknown as string[] });

describe("throttling", () => {
  test("a connection's requests, writes and reads with their own error each", async () => {
    const slow = await limited({ requestsPerConnection: 50 });
    await slow.client.execute(insert, ["connection", "c", "v"], prepare);
    const reads = await countUntilFailure(() => slow.client.execute(select, ["connection", "c"], prepare));
    expect(reads.done).toBeLessThan(50);
    expect(reads.done).toBeGreaterThan(40);
    expect(reads.error).toMatchObject(readTimeout);
    const writing = slow.client.execute(insert, ["connection", "c", "v"], prepare);
    await expect(writing).rejects.toMatchObject(writeTimeout);
    const batch = [{ query: insert, params: ["connection", "c", "v"] }];
    await expect(slow.client.batch(batch, { prepare: true, logged: false })).rejects.toMatchObject(writeTimeout);
    await (await connectTo(slow.gateway)).execute(insert, ["connection", "c", "v"], prepare);
    slow.clock.ms += 1000;
    await slow.client.execute(insert, ["connection", "c", "v"], prepare);
  });

  test("an IN counts its subqueries", async () => {
    const slow = await limited({ requestsPerConnection: 50 });
    const list = Array.from({ length: 20 }, (_, n) => `k${n}`);
    const listed = await countUntilFailure(() =>
      slow.client.execute("SELECT v FROM shop.lines WHERE k IN ?", [list], prepare),
    );
    // Of which a page has ten.
    expect(listed.done).toBeLessThanOrEqual(6);
    const other = await limited({ requestsPerConnection: 50 });
    const named = await countUntilFailure(() =>
      other.client.execute("SELECT v FROM shop.lines WHERE k IN :list", { list }, hinted({ list: "list<text>" })),
    );
    expect(named.done).toBeLessThanOrEqual(6);
    // Those that come together too.
    const burst = await limited({ requestsPerConnection: 100 });
    const together = Array.from({ length: 50 }, () =>
      burst.client.execute("SELECT v FROM shop.lines WHERE k IN ?", [list], prepare),
    );
    const answered = (await Promise.allSettled(together)).filter(({ status }) => status === "fulfilled");
    expect(answered.length).toBeLessThanOrEqual(11);
  });

  test("an IN counts those that it came to: fewer on a short page, more where none may be empty", async () => {
    const list = Array.from({ length: 20 }, (_, n) => `come${n}`);
    const query = "SELECT v FROM shop.lines WHERE k IN ?";
    await client.execute(insert, ["come0", "c", "v"], prepare);
    const short = await limited({ requestsPerConnection: 50 });
    const paged = await countUntilFailure(() => short.client.execute(query, [list], { prepare: true, fetchSize: 1 }));
    expect(paged.done).toBeGreaterThan(30);
    const lenient = await limited({ requestsPerConnection: 50 }, { emptyScanPages: 0, emptyFilteredPages: 0 });
    const absent = list.map((key) => `no ${key}`);
    const whole = await countUntilFailure(() => lenient.client.execute(query, [absent], prepare));
    expect(whole.done).toBeLessThanOrEqual(3);
    expect(whole.error).toMatchObject(readTimeout);
  });

  test("a table's writes: a unit for each started KB, in batches too", async () => {
    const slow = await limited({ tableWriteUnits: 100 });
    const big = "v".repeat(9 * 1024 + 100);
    const rows = await countUntilFailure((n) => slow.client.execute(insert, [`table${n}`, "c", big], prepare));
    expect(rows).toMatchObject({ done: 10, error: writeTimeout });
    await slow.client.execute(select, ["table0", "c"], prepare);
    slow.clock.ms += 1000;
    const batch = Array.from({ length: 10 }, (_, n) => ({ query: insert, params: [`table${n}`, "c", "v"] }));
    const unlogged = await countUntilFailure(() => slow.client.batch(batch, { prepare: true, logged: false }));
    expect(unlogged).toMatchObject({ done: 10, error: writeTimeout });
    slow.clock.ms += 1000;
    const logged = await countUntilFailure(() => slow.client.batch(batch, { prepare: true, logged: true }));
    expect(logged).toMatchObject({ done: 5, error: writeTimeout });
    slow.clock.ms += 1000;
    const text = `BEGIN UNLOGGED BATCH ${"DELETE FROM shop.lines WHERE k = 'x' AND c = 'y';".repeat(5)} APPLY BATCH`;
    expect(await countUntilFailure(() => slow.client.execute(text))).toMatchObject({ done: 20, error: writeTimeout });
  });

  test("a table's reads, by what they gave, and half as much at LOCAL_ONE", async () => {
    const size = 100 * 1024;
    await client.execute(insert, ["reads", "c", "v".repeat(size)], prepare);
    const slow = await limited({ tableReadUnits: 260 });
    const scan = "SELECT v FROM shop.lines WHERE k = 'reads'";
    const strong = await countUntilFailure(() => slow.client.execute(scan));
    expect(strong).toMatchObject({ done: Math.ceil(260 / 26), error: readTimeout });
    slow.clock.ms += 60_000;
    const weak = await countUntilFailure(() => slow.client.execute(scan, [], { consistency: consistencies.localOne }));
    expect(weak).toMatchObject({ done: 20, error: { ...readTimeout, consistencies: consistencies.localOne } });
    await slow.client.execute("SELECT * FROM system.local");
  });

  test("a partition, whether its key is bound or written out", async () => {
    const slow = await limited({ partitionWriteUnits: 10, partitionReadUnits: 10 });
    const hot = await countUntilFailure((n) => slow.client.execute(insert, ["hot", `c${n}`, "v"], prepare));
    expect(hot).toMatchObject({ done: 10, error: writeTimeout });
    const update = "UPDATE shop.lines SET v = 'v' WHERE c = 'c' AND k = 'hot'";
    await expect(slow.client.execute(update)).rejects.toMatchObject(writeTimeout);
    await slow.client.execute(update.replace("hot", "cold"));
    const batch = Array.from({ length: 8 }, (_, n) => ({ query: insert, params: ["batch", `c${n}`, "v"] }));
    const batches = await countUntilFailure(() => slow.client.batch(batch, { prepare: true, logged: false }));
    expect(batches).toMatchObject({ done: 2, error: writeTimeout });
    const reads = await countUntilFailure(() => slow.client.execute(select, ["hot", "c0"], prepare));
    expect(reads).toMatchObject({ done: 10, error: readTimeout });
    await slow.client.execute(select, ["cold", "c"], prepare);

    const composite = "INSERT INTO shop.numbers (a, b, c, v) VALUES (?, ?, ?, ?)";
    const pair = await countUntilFailure((n) => slow.client.execute(composite, [1, 2, n, "v"], prepare));
    expect(pair).toMatchObject({ done: 10, error: writeTimeout });
    const written = "DELETE FROM shop.numbers WHERE b = 2 AND a = 1 AND c = 5";
    await expect(slow.client.execute(written)).rejects.toMatchObject(writeTimeout);
    await slow.client.execute(composite, [2, 1, 0, "v"], prepare);
    slow.clock.ms += 5000;
    await slow.client.execute(written);
  });

  test("a PROVISIONED table as it asked, and after an ALTER as it asks then", async () => {
    const slow = await limited({});
    const capacity = (units: number) =>
      `CUSTOM_PROPERTIES = {'capacity_mode': {'throughput_mode': 'PROVISIONED', 'read_capacity_units': ${units}, 'write_capacity_units': ${units}}}`;
    await createTable(slow.client, "shop", "bought", `(k int PRIMARY KEY) WITH ${capacity(5)}`);
    const put = (k: number) => slow.client.execute("INSERT INTO shop.bought (k) VALUES (?)", [k], prepare);
    expect(await countUntilFailure(put)).toMatchObject({ done: 5, error: writeTimeout });
    await slow.client.execute(`ALTER TABLE shop.bought WITH ${capacity(20)}`);
    await untilTableIs(slow.client, "shop", "bought", "ACTIVE");
    await expect(put(0)).rejects.toMatchObject(writeTimeout);
    slow.clock.ms += 1000;
    expect(await countUntilFailure(put)).toMatchObject({ done: 20, error: writeTimeout });
  });
});

describe("pages", () => {
  const rows = 60;
  const rowBytes = 100_000;
  const value = "v".repeat(rowBytes);

  beforeAll(async () => {
    await createTable(client, "shop", "wide", "(k int, c int, v text, PRIMARY KEY (k, c))");
    for (let n = 0; n < rows; n++) {
      await client.execute("INSERT INTO shop.wide (k, c, v) VALUES (?, ?, ?)", [n % 6, n, value], prepare);
    }
    await createTable(client, "shop", "small", "(k int PRIMARY KEY, even boolean)");
    for (let k = 0; k < 200; k++) {
      await client.execute("INSERT INTO shop.small (k, even) VALUES (?, ?)", [k, k % 2 === 0], prepare);
    }
  });

  async function pagesOf(reader: Client, query: string, params: unknown[], options: object) {
    const pages: types.ResultSet[] = [];
    let pageState: string | undefined;
    do {
      const page = await reader.execute(query, params, { ...options, ...(pageState && { pageState }) });
      pages.push(page);
      pageState = page.pageState ?? undefined;
    } while (pageState);
    return pages;
  }
  const never: Partial<PageOptions> = { emptyScanPages: 0, emptyFilteredPages: 0 };
  const valuesOf = (pages: types.ResultSet[], column: string) =>
    pages.flatMap((page) => page.rows.map((row) => Number(row.get(column)))).toSorted((a, b) => a - b);
  const all = (count: number) => Array.from({ length: count }, (_, n) => n);

  describe.each([3, 4])("in protocol version %p", (maxVersion) => {
    test.each([
      ["prepared", { prepare: true }],
      ["not prepared", {}],
      ["without a page size", { prepare: true, fetchSize: 0 }],
      ["with a small page size", { prepare: true, fetchSize: 4 }],
    ])("end at 1 MB, %s", async (_, options) => {
      const reader = await connectTo(await gatewayWith({ pages: never }), {
        protocolOptions: { port: gateway.port, maxVersion },
      });
      for (const [query, expected] of [
        ["SELECT c, v FROM shop.wide", all(rows)],
        ["SELECT c, v FROM shop.wide WHERE k = 1", all(rows).filter((n) => n % 6 === 1)],
      ] as const) {
        const pages = await pagesOf(reader, query, [], options);
        expect(valuesOf(pages, "c")).toEqual(expected);
        const largest = Math.max(...pages.map(({ rowLength }) => rowLength));
        expect(largest).toBeLessThanOrEqual("fetchSize" in options && options.fetchSize > 0 ? options.fetchSize : 10);
        expect(largest).toBeGreaterThanOrEqual("fetchSize" in options && options.fetchSize > 0 ? options.fetchSize : 8);
      }
    });

    test.each([
      ["prepared", { prepare: true }],
      ["not prepared", {}],
    ])("come empty now and then, and lose nothing, %s", async (_, options) => {
      const reader = await connectTo(await gatewayWith({ pages: { emptyScanPages: 0.5 } }), {
        protocolOptions: { port: gateway.port, maxVersion },
      });
      const pages = await pagesOf(reader, "SELECT k FROM shop.small", [], { ...options, fetchSize: 7 });
      expect(valuesOf(pages, "k")).toEqual(all(200));
      const empty = pages.filter(({ rowLength }) => rowLength === 0);
      expect(empty.length).toBeGreaterThan(5);
      for (const page of empty) expect(page.columns.map(({ name }) => name)).toEqual(["k"]);
      for (const [index, page] of pages.entries()) {
        if (page.rowLength === 0) expect(pages[index + 1]?.rowLength).toBeGreaterThan(0);
      }
    });
  });

  test("the driver's own stream goes through all of them", async () => {
    const reader = await connectTo(await gatewayWith({ pages: { emptyScanPages: 1 } }));
    const seen: number[] = [];
    // Not `for await` over a result: that ends at a first page without rows.
    const rowsOf = reader.stream("SELECT k FROM shop.small", [], { prepare: true, fetchSize: 30, autoPage: true });
    for await (const row of rowsOf as Readable) seen.push(row.get("k"));
    expect(seen.toSorted((a, b) => a - b)).toEqual(all(200));
  });

  test("filtering gives short and empty ones", async () => {
    const query = "SELECT k FROM shop.small WHERE even = ? ALLOW FILTERING";
    const pages = await pagesOf(client, query, [true], { prepare: true, fetchSize: 40 });
    expect(valuesOf(pages, "k")).toEqual(all(200).filter((k) => k % 2 === 0));
    expect(Math.max(...pages.map(({ rowLength }) => rowLength))).toBe(10);
    expect(pages.some(({ rowLength }) => rowLength === 0)).toBe(true);
  });

  test("none is empty where the result is a single page, or the partition is named", async () => {
    const reader = await connectTo(await gatewayWith({ pages: { emptyScanPages: 1 } }));
    expect((await reader.execute("SELECT k FROM shop.small", [], prepare)).rowLength).toBe(200);
    const query = "SELECT c FROM shop.wide WHERE k = 1";
    const pages = await pagesOf(reader, query, [], { prepare: true, fetchSize: 3 });
    expect(pages.map(({ rowLength }) => rowLength)).toEqual([3, 3, 3, 1]);
  });

  test("a paging state goes on through another gateway, but not with another statement", async () => {
    const query = "SELECT k FROM shop.small";
    const { pageState } = await client.execute(query, [], { prepare: true, fetchSize: 50 });
    const other = await connectTo(await gatewayWith({ pages: never }));
    expect((await other.execute(query, [], { prepare: true, pageState: pageState! })).rowLength).toBeGreaterThan(0);
    const foreign = { code: 0x000a, message: expect.stringContaining("Invalid value for the paging state") };
    for (const [text, state] of [
      ["SELECT c FROM shop.wide", pageState!],
      [query, "00112233"],
      [query, `${pageState!}00`],
      ["SELECT * FROM system.local", pageState!],
    ] as const) {
      for (const prepared of [true, false]) {
        const asking = client.execute(text, [], { prepare: prepared, pageState: state });
        await expect(asking).rejects.toMatchObject(foreign);
      }
    }
    await client.execute(query);
  });
});

describe("sizes", () => {
  const megabyte = 1024 * 1024;
  const refused = (text: string) => ({ code: 0x2200, message: expect.stringContaining(text) });

  test.each<[string, unknown[], string]>([
    ["a row", ["k", "c", "v".repeat(megabyte)], "The row has"],
    ["a partition key", ["k".repeat(2049), "c", "v"], "The partition key has 2049 bytes"],
    ["a clustering column", ["k", "c".repeat(851), "v"], "The clustering columns have 851 bytes"],
    ["an empty clustering column", ["k", "", "v"], "A clustering column cannot be empty"],
  ])("%s that is refused, bound, in a batch and as a constant", async (_, params, text) => {
    await expect(client.execute(insert, params, prepare)).rejects.toMatchObject(refused(text));
    const batch = [
      { query: insert, params: ["k", "c", "v"] },
      { query: insert, params },
    ];
    await expect(client.batch(batch, { prepare: true, logged: false })).rejects.toMatchObject(refused(text));
    const literals = params.map((value) => `'${value}'`).join(", ");
    const written = insert.replace("?, ?, ?", literals);
    await expect(client.execute(written)).rejects.toMatchObject(refused(text));
    const both = `BEGIN UNLOGGED BATCH ${insert}; ${insert} APPLY BATCH`;
    const values = ["k", "c", "v", ...params];
    await expect(client.execute(both, values, prepare)).rejects.toMatchObject(refused(text));
  });

  test("what is just small enough is accepted", async () => {
    await client.execute(insert, ["k".repeat(2048), "c".repeat(850), "v".repeat(megabyte - 6000)], prepare);
  });

  test.each([
    [225, "disabled"],
    [166, "enabled"],
  ])("at most %p columns where ttl is %s", async (limit, ttl) => {
    const names = Array.from({ length: limit + 1 }, (_, n) => `v${n}`);
    const table = `columns_${limit}`;
    const property = `CUSTOM_PROPERTIES = {'ttl': {'status': '${ttl}'}}`;
    const columns = names.map((name) => `${name} int`).join(", ");
    await createTable(client, "shop", table, `(k int PRIMARY KEY, ${columns}) WITH ${property}`);
    const put = (count: number) => {
      const used = names.slice(0, count);
      return `INSERT INTO shop.${table} (k, ${used.join(", ")}) VALUES (1, ${used.map(() => "1").join(", ")})`;
    };
    const set = (count: number) => {
      const assignments = names.slice(0, count).map((name) => `${name} = 1`);
      return `UPDATE shop.${table} SET ${assignments.join(", ")} WHERE k = 1`;
    };
    for (const write of [put, set]) {
      await client.execute(write(limit), [], prepare);
      const tooMany = refused(`writes ${limit + 1} columns; at most ${limit} are supported`);
      await expect(client.execute(write(limit + 1), [], prepare)).rejects.toMatchObject(tooMany);
    }
  });

  test("a DELETE of more than 1,000 rows is refused, however it names them", async () => {
    await createTable(client, "shop", "ranges", "(k int, c int, d int, v int, s int static, PRIMARY KEY (k, c, d))");
    const put = "INSERT INTO shop.ranges (k, c, d) VALUES (?, ?, ?)";
    const unlimited = await connectTo(await gatewayWith({ throughput: { partitionWriteUnits: 1e9 } }));
    for (let c = 0; c < 40; c++) {
      const batch = Array.from({ length: 26 }, (_, d) => ({ query: put, params: [1, c, d] }));
      await unlimited.batch(batch, { prepare: true, logged: false });
    }
    const text = "Range delete requests are limited by the amount of items that can be deleted in a single range.";
    const tooMany = { code: 0x2200, message: `${text} [KL-RANGE-DELETE]` };
    const partition = "DELETE FROM shop.ranges WHERE k = ?";
    await expect(unlimited.execute(partition, [1], prepare)).rejects.toMatchObject(tooMany);
    await expect(unlimited.execute("DELETE FROM shop.ranges WHERE k = 1 AND c >= 0")).rejects.toMatchObject(tooMany);
    await expect(
      unlimited.execute("DELETE FROM shop.ranges WHERE k = :k", { k: 1 }, hinted({ k: "int" })),
    ).rejects.toMatchObject(tooMany);
    const batch = [
      { query: partition, params: [2] },
      { query: partition, params: [1] },
    ];
    await expect(unlimited.batch(batch, { prepare: true, logged: false })).rejects.toMatchObject(tooMany);
    const both = `BEGIN UNLOGGED BATCH ${put}; ${partition} APPLY BATCH`;
    await expect(unlimited.execute(both, [3, 3, 3, 1], prepare)).rejects.toMatchObject(tooMany);
    await unlimited.execute("DELETE s FROM shop.ranges WHERE k = 1");
    await unlimited.execute("DELETE FROM shop.ranges WHERE k = ? AND c = ?", [1, 0], prepare);
    await unlimited.execute("DELETE FROM shop.ranges WHERE k = ? AND (c, d) < (?, ?)", [1, 1, 14], prepare);
    await unlimited.execute(partition, [1], prepare);
    expect((await unlimited.execute("SELECT k FROM shop.ranges WHERE k = 1")).rowLength).toBe(0);
    await expect(unlimited.execute("DELETE FROM shop.ranges WHERE nothing = 1")).rejects.toThrow("Undefined column");
  });

  test("a range costs a unit for each of its rows", async () => {
    const slow = await limited({ tableWriteUnits: 100 });
    for (let n = 0; n < 30; n++) await slow.client.execute(insert, ["range", `c${n}`, "v"], prepare);
    slow.clock.ms += 1000;
    const remove = "DELETE FROM shop.lines WHERE k = 'range'";
    await slow.client.execute(remove);
    expect(await countUntilFailure(() => slow.client.execute(remove))).toMatchObject({ done: 70, error: writeTimeout });
  });
});

describe("hard mode", () => {
  let hard: Gateway;
  beforeAll(async () => {
    hard = await gatewayWith({ hardMode: true });
  });
  const hostsOf = async (connected: Client) => {
    const hosts = new Set<string>();
    for (let n = 0; n < 9; n++) {
      const { info } = await connected.execute("SELECT v FROM shop.lines WHERE k = 'hard'", [], prepare);
      hosts.add(info.queriedHost.slice(0, info.queriedHost.lastIndexOf(":")));
    }
    return [...hosts].toSorted();
  };

  test("system.local has the address of the loopback interface and the host_id of a peer", async () => {
    const connected = await connectTo(hard);
    const local = (await connected.execute("SELECT * FROM system.local")).first();
    expect(String(local.get("rpc_address"))).toBe("127.0.0.1");
    expect(String(local.get("broadcast_address"))).toBe("127.0.0.1");
    expect([local.get("rack"), local.get("data_center")]).toEqual([region, region]);
    expect(local.get("tokens")).toBeNull();
    const peers = (await connected.execute("SELECT * FROM system.peers")).rows;
    expect(peers.map((peer) => String(peer.get("peer"))).toSorted()).toEqual(loadBalancers);
    const ids = peers.map((peer) => String(peer.get("host_id")));
    expect(ids.filter((id) => id === String(local.get("host_id")))).toHaveLength(1);
    expect(new Set(ids).size).toBe(loadBalancers.length);
    for (const peer of peers) expect(peer.get("tokens")).toHaveLength(1);
    await expect(client.execute("SELECT * FROM system.peers")).resolves.toMatchObject({ rowLength: 0 });
  });

  test("the driver works with it, on all load balancers and never on 127.0.0.1", async () => {
    expect(await hostsOf(await connectTo(hard))).toEqual(loadBalancers);
  });

  test("so does the project's own connection", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hard-"));
    const keyspacesCaFile = join(folder, "ca.pem");
    await writeFile(keyspacesCaFile, bench.certificates().ca);
    const aws = sessionOf({ region, arn: identity.arn, credentials: async () => identity });
    const { host, port } = hard;
    const connected = await connectToKeyspaces(aws, { keyspacesEndpoint: { host, port }, keyspacesCaFile });
    bench.closeLater(() => connected.shutdown());
    expect(await hostsOf(connected)).toEqual(loadBalancers);
    await rm(folder, { recursive: true });
  });
});
