import { describe, expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { PackedRows } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/packed_rows.js";
import { type ScanOptions, scanTable } from "@keyspaces-segmentation/keyspaces-bulk/dist/scan.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { errors, types } from "cassandra-driver";
import {
  badPagingState,
  type FakeOptions,
  type FakePartition,
  type FakeTable,
  fakeTable,
} from "../../../test/support/fake_table.js";

const name = { keyspace: "shop", table: "Lines" };
const columns = ["invoice", "stock_code"] as const;

const murmur3 = "org.apache.cassandra.dht.Murmur3Partitioner";
const random = "org.apache.cassandra.dht.RandomPartitioner";
const byDefault = "com.amazonaws.cassandra.DefaultPartitioner";

/** The ends of each partitioner's ring, as Cassandra documents them. */
const ringEnds = (partitioner: string): [bigint, bigint] =>
  partitioner.endsWith("Murmur3Partitioner") ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 127n];

/** Partitions of 1 to 7 rows all around the ring; with `pairs`, two to each token. */
function partitionsOf(count: number, pairs = false, partitioner = murmur3): FakePartition[] {
  const [lowest, highest] = ringEnds(partitioner);
  const step = (highest - lowest) / BigInt(count);
  return Array.from({ length: count }, (_, i) => ({
    token: lowest + step * BigInt(pairs ? i - (i % 2) : i),
    rows: Array.from({ length: 1 + (i % 7) }, (_, row) => [Buffer.from(`P${1000 + i}`), Buffer.from(`${row}`)]),
  }));
}

/** The partitions that came out of a scan, sorted, each as the rows that it came with: "P1003:0123". */
async function scan(table: FakeTable, options: ScanOptions & { limit?: number } = {}): Promise<string[]> {
  const found: string[] = [];
  const newFold = () => {
    let rows: string[][] = [];
    return {
      row: (row: { bytes: Buffer; starts: Int32Array; lengths: Int32Array }) => {
        rows.push([0, 1].map((i) => row.bytes.toString("utf8", row.starts[i]!, row.starts[i]! + row.lengths[i]!)));
      },
      end: () => {
        expect(new Set(rows.map(([key]) => key)).size).toBe(1);
        found.push(`${rows[0]![0]}:${rows.map(([, row]) => row).join("")}`);
        rows = [];
      },
      drop: () => {
        rows = [];
      },
    };
  };
  await scanTable(table.client, name, columns, newFold, options);
  return found.sort();
}

const whole = (partitions: FakePartition[]) =>
  partitions.map(({ rows }) => `${rows[0]![0]}:${rows.map(([, row]) => String(row)).join("")}`).sort();

test("keeps the bytes of no page that it has read, however long the driver keeps its answer", async () => {
  const { client } = fakeTable(partitionsOf(40), { pageSize: () => 5 });
  const pages: PackedRows[] = [];
  let read = 0;
  const execute = client.execute.bind(client) as (...request: unknown[]) => Promise<types.ResultSet>;
  const keeping = async (...request: unknown[]) => {
    const answer = await execute(...request);
    const rows: unknown = answer.rows;
    if (rows instanceof PackedRows) {
      pages.push(rows);
      read += rows.length;
    }
    return answer;
  };
  Object.assign(client, { execute: keeping });
  await scanTable(client, name, columns, () => ({ row() {}, end() {}, drop() {} }));
  expect(read).toBe(partitionsOf(40).flatMap(({ rows }) => rows).length);
  expect(pages.filter(({ bytes }) => bytes.length > 0)).toEqual([]);
});

describe("a scan", () => {
  test.each([1, 2, 3, 10, 5000])("hands out each partition once and in one piece, pages of %i rows", async (size) => {
    const partitions = partitionsOf(200);
    const table = fakeTable(partitions, { pageSize: () => size });
    expect(await scan(table)).toEqual(whole(partitions));
    expect(table.pages[0]).toMatchObject({
      query:
        'SELECT "invoice" AS rows_as_bytes, "stock_code" FROM "shop"."Lines" ' +
        'WHERE token("invoice") >= ? AND token("invoice") <= ?',
      consistency: types.consistencies.localQuorum,
    });
  });

  test("reads a ring that it cannot cut in one go", async () => {
    const partitions = partitionsOf(50);
    const table = fakeTable(partitions, { partitioner: "com.example.Partitioner" });
    expect(await scan(table, { consistency: "LOCAL_ONE" })).toEqual(whole(partitions));
    expect(table.pages[0]).toMatchObject({
      query: 'SELECT "invoice" AS rows_as_bytes, "stock_code" FROM "shop"."Lines"',
      from: undefined,
      consistency: types.consistencies.localOne,
    });
    expect(table.pages.slice(1).every(({ from }) => from !== undefined)).toBe(true);
  });

  test("of a ring that it cannot cut says so, and of one that it can does not", async () => {
    const newFold = () => ({ row: () => undefined, end: () => undefined, drop: () => undefined });
    const serial = async (partitioner: string) =>
      (await scanTable(fakeTable([], { partitioner }).client, name, columns, newFold)).serial;
    expect(await serial("com.example.Partitioner")).toBe(
      "one page after the other, as the tokens of the partitioner com.example.Partitioner are not known",
    );
    for (const known of [murmur3, random, byDefault]) expect(await serial(known)).toBeUndefined();
  });

  test.each([murmur3, random, byDefault])("cuts %s's ring, and misses no token at any cut", async (partitioner) => {
    const [lowest, highest] = ringEnds(partitioner);
    const size = (highest - lowest + 1n) / 32n;
    const cuts = Array.from({ length: 33 }, (_, i) => (i === 32 ? highest : lowest + size * BigInt(i)));
    const tokens = new Set(cuts.flatMap((cut) => [cut - 1n, cut, cut + 1n]));
    const partitions = [...tokens]
      .filter((token) => token >= lowest && token <= highest)
      .map((token, i) => ({ token, rows: [[Buffer.from(`P${1000 + i}`), Buffer.from("0")]] }));
    const table = fakeTable(partitions, { partitioner, pageSize: () => 1 });
    expect(await scan(table)).toEqual(whole(partitions));
    const ranges = new Set(
      table.pages.map(({ params }) => (params as Buffer[]).map((bytes) => bytes.toString("hex")).join()),
    );
    expect(ranges.size).toBe(32);
  });

  test("goes on after empty pages", async () => {
    const partitions = partitionsOf(60);
    let request = 0;
    const table = fakeTable(partitions, { pageSize: () => (request++ % 3 === 0 ? 4 : 0) });
    expect(await scan(table)).toEqual(whole(partitions));
  });

  test("of nothing ends", async () => {
    expect(await scan(fakeTable([]))).toEqual([]);
  });

  test("asks again for a page that the service throttled, and for no other", async () => {
    const partitions = partitionsOf(200);
    const undisturbed = fakeTable(partitions);
    await scan(undisturbed);
    const failed = new Set<string>();
    const table = fakeTable(partitions, {
      fault: ({ params, from }) => {
        const page = `${params.map(String)} ${from}`;
        if (failed.size >= 20 || failed.has(page)) return;
        failed.add(page);
        throw new errors.ResponseError(types.responseErrorCodes.readTimeout, "timed out");
      },
    });
    expect(await scan(table)).toEqual(whole(partitions));
    expect(table.pages).toHaveLength(undisturbed.pages.length + 20);
    expect(table.tokenRequests).toBe(0);
  });

  test("reports how far it is, up to the end", async () => {
    const partitions = partitionsOf(100);
    const seen: { rows: number; requests: number; fraction: number }[] = [];
    await scan(fakeTable(partitions), { onProgress: (now) => seen.push(now) });
    for (const [i, { fraction, rows }] of seen.entries()) {
      expect(fraction).toBeGreaterThanOrEqual(seen[i - 1]?.fraction ?? 0);
      expect(rows).toBeGreaterThanOrEqual(seen[i - 1]?.rows ?? 0);
    }
    expect(seen.at(-1)!.fraction).toBeCloseTo(1, 9);
    expect(seen.at(-1)!.rows).toBe(partitions.flatMap(({ rows }) => rows).length);
  });

  test("with a limit reads the first page only", async () => {
    const table = fakeTable(partitionsOf(100), { pageSize: ({ fetchSize }) => fetchSize! });
    expect((await scan(table, { limit: 6 })).map((rows) => rows.split(":")[1])).toEqual(["0", "01", "012"]);
    expect(table.pages).toHaveLength(1);
    expect(table.pages[0]).toMatchObject({ params: [], fetchSize: 6 });
  });
});

describe("where the service no longer goes on from a paging state", () => {
  const draw = seededRandom(4);
  const cases = Array.from({ length: 40 }, (_, i) => ({
    pageSize: 1 + Math.floor(12 * draw()),
    share: 0.3 * draw(),
    pairs: i % 8 > 3,
    partitioner: ["com.example.Partitioner", murmur3, random, byDefault][i % 4]!,
  }));
  test.each(cases)("nothing is lost and nothing doubled: %j", async ({ pageSize, share, pairs, partitioner }) => {
    const partitions = partitionsOf(150, pairs, partitioner);
    let forgotten = 0;
    let lastBroken = "";
    const table = fakeTable(partitions, {
      partitioner,
      pageSize: () => (draw() < 0.1 ? 0 : Math.max(7, pageSize)),
      fault: ({ from, params }) => {
        // Not twice at one place: a partition whose pages break off again and again is another test.
        const place = `${params.map(String)} ${from}`;
        if (from === undefined || draw() > share || place === lastBroken) return;
        lastBroken = place;
        forgotten++;
        throw draw() < 0.5 ? badPagingState() : new errors.ResponseError(types.responseErrorCodes.invalid, "paging?");
      },
    });
    const seen: number[] = [];
    expect(await scan(table, { onProgress: ({ rows }) => seen.push(rows) })).toEqual(whole(partitions));
    expect(seen.at(-1)).toBe(partitions.flatMap(({ rows }) => rows).length);
    if (share > 0.1) expect(forgotten).toBeGreaterThan(0);
  });

  test("or gives no answer to it in time, the range is read on from the partition's token", async () => {
    const partitions = partitionsOf(100);
    let done = false;
    const fault: FakeOptions["fault"] = ({ from }) => {
      if (from === undefined || done) return;
      done = true;
      throw new StepError({ tried: "get an answer", got: "none within 30 s" });
    };
    const table = fakeTable(partitions, { fault });
    expect(await scan(table)).toEqual(whole(partitions));
    expect(table.tokenRequests).toBe(1);
  });

  test("in the middle of one partition again and again, the scan gives up", async () => {
    const rows = Array.from({ length: 30 }, (_, i) => [Buffer.from("P"), Buffer.from(String(i))]);
    const table = fakeTable([{ token: 5n, rows }], {
      fault: ({ from }) => {
        if (from !== undefined) throw badPagingState();
      },
    });
    await expect(scan(table)).rejects.toThrow(
      "Could not read the table shop.Lines: Invalid value for the paging state.",
    );
    expect(table.tokenRequests).toBe(10);
  });

  test("of a partition that has vanished meanwhile, the scan fails", async () => {
    const table: FakeTable = fakeTable(partitionsOf(1000), {
      fault: ({ from }) => {
        if (from === undefined) return;
        table.partitions = [];
        throw badPagingState();
      },
    });
    await expect(scan(table)).rejects.toThrow("Invalid value for the paging state");
  });
});

describe("a failure for good", () => {
  test("of the first page is told, and stops the other ranges", async () => {
    let requests = 0;
    const table = fakeTable(partitionsOf(5000), {
      fault: () => {
        if (++requests === 20) throw new errors.ResponseError(types.responseErrorCodes.unauthorized, "no permission");
      },
      pageSize: () => 1,
    });
    await expect(scan(table)).rejects.toThrow("Could not read the table shop.Lines: no permission.");
    expect(table.pages.length).toBeLessThan(40);
  });

  test("of a fold stops the scan and is not taken for one of the service", async () => {
    const table = fakeTable(partitionsOf(5000));
    const newFold = () => ({
      row: () => {
        throw new StepError({ tried: "fold", got: "too much" });
      },
      end: () => undefined,
      drop: () => undefined,
    });
    await expect(scanTable(table.client, name, columns, newFold)).rejects.toThrow("Could not fold: too much.");
    expect(table.pages.length).toBeLessThanOrEqual(16);
    expect(table.tokenRequests).toBe(0);
  });

  test("an abort ends the scan with its reason", async () => {
    const controller = new AbortController();
    const table = fakeTable(partitionsOf(5000));
    const options = { signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) };
    await expect(scan(table, options)).rejects.toThrow("enough");
    expect(table.pages.length).toBeLessThanOrEqual(16);
  });
});
