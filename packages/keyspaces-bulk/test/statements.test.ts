import { expect, test } from "@jest/globals";
import { retailTable } from "@keyspaces-segmentation/invoices";
import { insertInto, keyOf, qualified, readRows } from "@keyspaces-segmentation/keyspaces-bulk/dist/statements.js";
import type { Client } from "cassandra-driver";

test("names keep their capitals and cannot break out of their quotes", () => {
  expect(qualified({ keyspace: "Blog", table: 'a"b' })).toBe('"Blog"."a""b"');
});

test("an insert has a place for every column", () => {
  expect(insertInto({ keyspace: "ks", table: "t" }, retailTable)).toBe(
    'INSERT INTO "ks"."t" (invoice, stock_code, line, description, quantity, invoice_date, price, customer_id, country) ' +
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
});

test("an insert of a row that expires binds its time to live last", () => {
  const table = { columns: { a: "int" }, primaryKey: "a" };
  expect(insertInto({ keyspace: "ks", table: "t" }, table, { withTtl: true })).toBe(
    'INSERT INTO "ks"."t" (a) VALUES (?) USING TTL ?',
  );
});

test.each([
  ["a", ["a"], 1],
  ["invoice, stock_code, line", ["invoice", "stock_code", "line"], 1],
  ["(run_id, cluster, bucket), customer_id", ["run_id", "cluster", "bucket", "customer_id"], 3],
  ["(a, b)", ["a", "b"], 2],
])("the columns of the key (%s), and how many of them tell partitions apart", (primaryKey, columns, partition) => {
  expect(keyOf({ primaryKey })).toEqual({ columns, partition });
});

interface Options {
  fetchSize: number;
  pageState?: string;
}

/** Answers with these pages, one after the other, and notes what it was asked. */
function clientWith(pages: number[][]): { client: Client; asked: Options[] } {
  const asked: Options[] = [];
  const execute = async (_query: string, _params: unknown[], options: Options) => {
    asked.push(options);
    const page = Number(options.pageState ?? 0);
    return { rows: pages[page], pageState: page + 1 < pages.length ? String(page + 1) : null };
  };
  return { client: { execute } as unknown as Client, asked };
}

test("goes on behind pages that are empty or short, up to the last", async () => {
  const { client, asked } = clientWith([[], [1, 2], [], [3]]);
  expect(await readRows(client, "SELECT", [])).toEqual([1, 2, 3]);
  expect(asked.map(({ pageState }) => pageState)).toEqual([undefined, "1", "2", "3"]);
});

test("asks for no more than is wanted", async () => {
  const { client, asked } = clientWith([[1, 2], [], [3], [4]]);
  expect(await readRows(client, "SELECT", [], { limit: 3 })).toEqual([1, 2, 3]);
  expect(asked.map(({ fetchSize }) => fetchSize)).toEqual([3, 1, 1]);
});
