import { expect, test } from "@jest/globals";
import { type RowBytes, rowSize, STORED_ROW_BYTES, type TableColumns } from "@keyspaces-segmentation/aws-costs";
import { retailTable } from "@keyspaces-segmentation/invoices";
import { types } from "cassandra-driver";
import { encodedValues, weighedRows } from "../../../test/support/row_sizes.js";

const rowIn = (slab: Buffer): RowBytes => ({ slab, start: 0, end: slab.length });
const rowOf = (table: TableColumns, values: Readonly<Record<string, unknown>>): RowBytes =>
  rowIn(encodedValues(table, values));
const withTtl = ({ slab }: RowBytes): RowBytes => rowIn(Buffer.concat([slab, Buffer.from([0, 0, 0, 4, 0, 0, 14, 16])]));

test("rows weigh what AWS's calculator says, for the types on which it agrees with the guide", () => {
  expect(weighedRows.length).toBeGreaterThanOrEqual(30);
  for (const each of weighedRows) {
    const row = rowOf(each, each.values);
    expect({ key: each.primaryKey, bytes: rowSize(each)(row) }).toEqual({ key: each.primaryKey, bytes: each.bytes });
    expect(rowSize(each)(row) + STORED_ROW_BYTES).toBe(each.stored);
    expect(rowSize(each, [...Object.keys(each.columns), "[ttl]"])(withTtl(row))).toBe(each.expiring);
  }
});

test("the guide's example weighs 31 bytes, and 131 where it is stored", () => {
  const table = {
    columns: { pk1: "int", pk2: "int", ck1: "int", ck2: "int", reg_col1: "int" },
    primaryKey: "(pk1, pk2), ck1, ck2",
  };
  const bytes = rowSize(table)(rowOf(table, { pk1: 1, pk2: 2, ck1: 3, ck2: 4, reg_col1: 5 }));
  expect([bytes, bytes + STORED_ROW_BYTES]).toEqual([31, 131]);
});

test("a line of invoices: where the calculator counts the characters of decimals and moments, their digits and bytes count", () => {
  const row = rowOf(retailTable, {
    invoice: "489434",
    stock_code: "85048",
    line: 1,
    description: "15CM CHRISTMAS GLASS BALL 20 LIGHTS",
    quantity: types.BigDecimal.fromString("12"),
    invoice_date: new Date("2009-12-01T07:45:00Z"),
    price: types.BigDecimal.fromString("6.95"),
    customer_id: "13085",
    country: "United Kingdom",
  });
  // 16 + 12 + 6 of the key; 36; 3 for 12, 9 for the moment, 4 for 6.95; 6; 15.
  expect(rowSize(retailTable)(row)).toBe(107);
});

test("columns that are left unset are not in the row", () => {
  const table = { columns: { p: "text", a: "text", b: "text" }, primaryKey: "p" };
  const row = rowOf(table, { p: "pp", a: "aaaa" });
  row.slab.writeInt32BE(-2, row.end - 4);
  expect(rowSize(table)(row)).toBe(2 * 2 + 1 + 3 + 4 + 1);
});

test("whole numbers lose the zeros at their ends, and a sign costs nothing", () => {
  const table = { columns: { p: "text", n: "varint" }, primaryKey: "p" };
  const of = (n: string) => rowSize(table)(rowOf(table, { p: "", n })) - (1 + 3) - 1;
  expect(["0", "7", "-7", "12", "1200", "-123", "123456789012345678901234567890"].map(of)).toEqual([
    2, 2, 2, 2, 2, 3, 16,
  ]);
});
