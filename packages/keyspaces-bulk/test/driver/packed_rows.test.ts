import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import {
  decimalReader,
  readInt,
  textReader,
  timestampReader,
} from "@keyspaces-segmentation/keyspaces-bulk/dist/cell_decoding.js";
import {
  packedAlias,
  packedRowsOf,
  RowCursor,
} from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/packed_rows.js";
import { Client, types } from "cassandra-driver";
import { packedRows } from "../../../../test/support/fake_table.js";
import { borrowedCassandra } from "../../../keyspaces-local/test/support.js";

describe("a cursor", () => {
  test("walks over cells, empty and missing ones too", () => {
    const row = new RowCursor(
      packedRows([
        [Buffer.from("ab"), null],
        [Buffer.alloc(0), Buffer.from("c")],
      ]),
      2,
    );
    expect(row.next()).toBe(true);
    expect([...row.lengths]).toEqual([2, -1]);
    expect([row.copyOf(0).toString(), row.copyOf(1).length]).toEqual(["ab", 0]);
    expect([row.holds(0, Buffer.from("ab")), row.holds(0, Buffer.from("a")), row.holds(1, Buffer.alloc(0))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(row.next()).toBe(true);
    expect([...row.lengths]).toEqual([0, 1]);
    expect([row.next(), row.next()]).toEqual([false, false]);
  });

  test("does not run over the end of a page", () => {
    const { length, bytes, start } = packedRows([[Buffer.from("abc")]]);
    const row = new RowCursor({ length, bytes: bytes.subarray(0, start + 5), start }, 1);
    expect(() => row.next()).toThrow(RangeError);
  });
});

describe("the real driver", () => {
  let client: Client;
  const prices = ["2.95", "-0.0030", "0", "12345678901234567890.123", "-99999999999999999", "140737488355.328"];
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    invoice: `I${i % 700}`,
    line: i - 1500,
    price: i % 7 ? types.BigDecimal.fromString(prices[i % prices.length]!) : null,
    moment: i % 5 ? new Date(Date.UTC(1960 + (i % 90), i % 12, 1 + (i % 28), i % 24)) : null,
    country: i % 3 ? ["", "Ελλάδα", "United Kingdom", "x".repeat(i % 300)][i % 4]! : null,
  }));
  const wanted = rows.map(({ price, moment, ...row }) => ({
    ...row,
    price: price?.toString() ?? null,
    moment: moment?.toISOString() ?? null,
  }));
  const byKey = <T extends { invoice: string; line: number }>(found: T[]) =>
    found.sort((a, b) => (a.invoice === b.invoice ? a.line - b.line : a.invoice < b.invoice ? -1 : 1));

  beforeAll(async () => {
    const cassandra = await borrowedCassandra();
    client = new Client({
      contactPoints: [`${cassandra.host}:${cassandra.port}`],
      localDataCenter: "datacenter1",
      queryOptions: { prepare: true },
    });
    const replication = "{'class': 'SimpleStrategy', 'replication_factor': 1}";
    await client.execute(`CREATE KEYSPACE k WITH replication = ${replication}`, [], { prepare: false });
    const columns = "invoice text, line int, price decimal, moment timestamp, country text";
    await client.execute(`CREATE TABLE k.t (${columns}, PRIMARY KEY (invoice, line))`, [], { prepare: false });
    const insert = "INSERT INTO k.t (invoice, line, price, moment, country) VALUES (?, ?, ?, ?, ?)";
    for (let i = 0; i < rows.length; i += 100) {
      await Promise.all(rows.slice(i, i + 100).map((row) => client.execute(insert, Object.values(row))));
    }
  });
  afterAll(async () => {
    await client?.shutdown();
  });

  const select = (alias: string) => `SELECT invoice AS ${alias}, line, price, moment, country FROM k.t`;

  test.each([3000, 1000, 17])("leaves rows packed that say so, page after page of %i", async (fetchSize) => {
    const [invoice, price, moment, country] = [textReader(), decimalReader(), timestampReader(), textReader()];
    const found: object[] = [];
    let pageState: string | undefined;
    do {
      const paging = pageState === undefined ? {} : { pageState };
      const page = await client.execute(select(packedAlias), [], { fetchSize, ...paging });
      const row = new RowCursor(packedRowsOf(page), 5);
      while (row.next()) {
        const amount = price(row, 2);
        found.push({
          invoice: invoice(row, 0),
          line: readInt(row, 1),
          country: country(row, 4),
          price: amount && formatDecimal(amount),
          moment: moment(row, 3)?.toISOString() ?? null,
        });
      }
      pageState = page.pageState ?? undefined;
    } while (pageState !== undefined);
    expect(byKey(found as typeof wanted)).toEqual(byKey([...wanted]));
  });

  test("many at a time, among results that are not packed", async () => {
    const where = " WHERE invoice = ?";
    const counts = await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        const packed = i % 3 > 0;
        const result = await client.execute(select(packed ? packedAlias : "invoice") + where, [`I${i}`]);
        if (!packed)
          expect(result.rows.map(({ invoice }) => invoice)).toEqual(new Array(result.rowLength).fill(`I${i}`));
        return packed ? packedRowsOf(result).length : result.rowLength;
      }),
    );
    expect(counts).toEqual(
      Array.from({ length: 300 }, (_, i) => rows.filter(({ invoice }) => invoice === `I${i}`).length),
    );
  });

  test("no rows are packed too", async () => {
    const { length } = packedRowsOf(await client.execute(`${select(packedAlias)} WHERE invoice = 'nobody'`));
    expect(length).toBe(0);
  });

  test("rows that are streamed one by one are the driver's own", async () => {
    const invoices: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const onRow = (_: number, row: types.Row) => {
        invoices.push(row[packedAlias]);
      };
      client.eachRow(`${select(packedAlias)} WHERE invoice = 'I1'`, [], {}, onRow, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    expect(invoices).toEqual(new Array(5).fill("I1"));
    const result = await client.execute(select("invoice"));
    expect(() => packedRowsOf(result)).toThrow("did not leave the rows packed");
  });
});
