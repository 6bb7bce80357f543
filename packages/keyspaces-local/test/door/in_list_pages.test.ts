import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { Client, types } from "cassandra-driver";
import { createKeyspace, createTable, gatewayBench } from "../support.js";

const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 60 });
const prepare = true;
/** Past the gateway, so that it knows nothing of what rows weigh. */
let plain: Client;
let strict: Client;
let lenient: Client;
const numbers = (count: number, first = 0) => Array.from({ length: count }, (_, n) => first + n);

beforeAll(async () => {
  await bench.begin();
  strict = await bench.connectTo(await bench.gatewayWith());
  const { host, port } = bench.cassandra();
  plain = new Client({ contactPoints: [`${host}:${port}`], localDataCenter: "datacenter1" });
  await plain.connect();
  bench.closeLater(() => plain.shutdown());
  await createKeyspace(strict, "shop");
  await createTable(strict, "shop", "blobs", "(k int, c int, v blob, PRIMARY KEY (k, c))");
  const insert = (k: number, c: number, bytes: number) =>
    plain.execute("INSERT INTO shop.blobs (k, c, v) VALUES (?, ?, ?)", [k, c, Buffer.alloc(bytes)], { prepare });
  for (const c of numbers(6)) await insert(1, c, 200_000);
  for (const k of numbers(10, 2)) for (const c of numbers(10)) await insert(k, c, 10);
  lenient = await bench.connectTo(await bench.gatewayWith({ pages: { emptyScanPages: 0, emptyFilteredPages: 0 } }));
});
afterAll(() => bench.end());

/** How many rows each page has. */
async function pagesOf(client: Client, query: string, params: unknown[] = [], fetchSize = 5000): Promise<number[]> {
  const sizes: number[] = [];
  let pageState: string | undefined;
  do {
    const page = await client.execute(query, params, { prepare, fetchSize, ...(pageState && { pageState }) });
    sizes.push(page.rowLength);
    ({ pageState } = page);
  } while (pageState);
  return sizes;
}

/** As the Node driver's own iteration goes on, which ends at an empty page. */
async function iterated(client: Client, query: string, params: unknown[]): Promise<string[]> {
  const seen: string[] = [];
  for await (const row of await client.execute(query, params, { prepare }))
    seen.push(`${row.get("k")}.${row.get("c")}`);
  return seen;
}

const select = "SELECT k, c, v FROM shop.blobs WHERE k IN ?";
const rowsOf = (k: number, count: number) => numbers(count).map((c) => `${k}.${c}`);

describe("a page is empty only where the service has it so", () => {
  test("not in front of a subquery that has more than a page holds", async () => {
    for (const client of [strict, lenient]) {
      const sizes = await pagesOf(client, select, [[500, 1, 3]]);
      expect(sizes).not.toContain(0);
      expect(sizes.reduce((sum, size) => sum + size)).toBe(16);
      expect(await iterated(client, select, [[500, 1, 3]])).toEqual([...rowsOf(1, 6), ...rowsOf(3, 10)]);
    }
  });

  test("after ten subqueries without rows, but not in lenient mode", async () => {
    const list = [...numbers(10, 500), 3];
    expect(await pagesOf(strict, select, [list])).toEqual([0, 10]);
    expect(await pagesOf(lenient, select, [list])).toEqual([10]);
    expect(await iterated(lenient, select, [list])).toEqual(rowsOf(3, 10));
    expect(await pagesOf(lenient, select, [numbers(30, 500)])).toEqual([0]);
  });
});

test("pages grow again once their rows are small", async () => {
  const client = await bench.connectTo(await bench.gatewayWith());
  const query = `${select} AND c >= 0`;
  expect(await pagesOf(client, query, [[3, 4, 5, 6]])).toEqual([40]);
  expect((await pagesOf(client, query, [[1, 3]]))[0]).toBeLessThan(6);
  await pagesOf(client, query, [[3, 4, 5, 6]]);
  expect(await pagesOf(client, query, [[3, 4, 5, 6]])).toEqual([40]);
});

test("what columns are called costs nothing", async () => {
  const columns = numbers(220).map((n) => `a_rather_long_column_name_${n} int`);
  await createTable(strict, "shop", "wide", `(k int PRIMARY KEY, ${columns.join()})`);
  for (const k of numbers(10)) await plain.execute("INSERT INTO shop.wide (k) VALUES (?)", [k], { prepare });
  const gateway = await bench.gatewayWith();
  const client = await bench.connectTo(gateway);
  expect(await pagesOf(client, "SELECT * FROM shop.wide WHERE k IN ?", [numbers(10)])).toEqual([10]);
  expect(gateway.units()["shop.wide"]?.read).toBe(10);
});

test("what Cassandra warns of in any of the subqueries is told", async () => {
  await createTable(strict, "shop", "graves", "(k int, c int, PRIMARY KEY (k, c))");
  for (const k of [1, 3]) {
    for (const first of numbers(12).map((n) => n * 100)) {
      const deletes = numbers(100, first).map((c) => ({
        query: "DELETE FROM shop.graves WHERE k = ? AND c = ?",
        params: [k, c],
      }));
      await plain.batch(deletes, { prepare });
    }
  }
  await plain.execute("INSERT INTO shop.graves (k, c) VALUES (2, 1)");
  for (const traceQuery of [false, true]) {
    const { info, rows } = await strict.execute("SELECT * FROM shop.graves WHERE k IN (2, 1, 3)", [], { traceQuery });
    expect(rows.map((row) => row.values())).toEqual([[2, 1]]);
    expect(info.warnings).toEqual([1, 3].map((k) => expect.stringMatching(new RegExp(`1200 tombstone.*k = ${k}`))));
    expect(info.traceId === undefined || info.traceId === null).toBe(!traceQuery);
  }
});

test("a paging state of its own statement that holds no place is refused", async () => {
  const { pageState } = await strict.execute(select, [[2, 3]], { prepare, fetchSize: 3 });
  const fingerprint = createHash("sha256").update(`shop.blobs\0${select}`).digest("base64");
  const forge = (place: Buffer) => {
    const check = createHash("sha256")
      .update(fingerprint)
      .update(Buffer.from([0]))
      .update(place)
      .digest();
    return Buffer.concat([Buffer.from("KSP\0"), check.subarray(0, 8), place]).toString("hex");
  };
  const next = (state: string) => strict.execute(select, [[2, 3]], { prepare, fetchSize: 3, pageState: state });
  // It is made as those are that are given out.
  expect(forge(Buffer.from(pageState, "hex").subarray(12))).toBe(pageState);
  for (const length of [1, 2, 5]) {
    await expect(next(forge(Buffer.alloc(length)))).rejects.toMatchObject({
      code: types.responseErrorCodes.protocolError,
      message: expect.stringContaining("Invalid value for the paging state"),
    });
  }
});
