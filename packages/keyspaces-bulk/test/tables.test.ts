import { expect, test } from "@jest/globals";
import { insertInto, qualified, retailTable } from "@keyspaces-segmentation/keyspaces-bulk/dist/tables.js";
import { ownTables } from "../../../src/schema.js";

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

test("every key column is a column", () => {
  for (const { columns, primaryKey } of [retailTable, ...Object.values(ownTables)]) {
    for (const column of primaryKey.match(/\w+/g) ?? []) expect(Object.keys(columns)).toContain(column);
  }
});
