import { describe, expect, test } from "@jest/globals";
import { type DataStatement, parseStatement } from "@keyspaces-segmentation/keyspaces-local/dist/cql/statement.js";
import {
  createBoundValues,
  readBoundValues,
} from "@keyspaces-segmentation/keyspaces-local/dist/protocol/bound_values.js";
import { type RowShape, shapeOf } from "@keyspaces-segmentation/keyspaces-local/dist/rules/row_shape.js";
import { partitionOf, weigh } from "@keyspaces-segmentation/keyspaces-local/dist/rules/row_size.js";
import { valueWeight } from "@keyspaces-segmentation/keyspaces-local/dist/rules/value_weight.js";
import type { TableRecord } from "@keyspaces-segmentation/keyspaces-local/dist/schema/records.js";
import { encodedValues, weighedRows } from "../../../../test/support/row_sizes.js";

const table: TableRecord = {
  keyspace: "ks",
  table: "t",
  status: "ACTIVE",
  customProperties: new Map(),
  cdc: false,
  partitionKey: [
    { name: "a", type: "text" },
    { name: "b", type: "int" },
  ],
  clusteringKey: [{ name: "c", type: "text" }],
  statics: new Set(),
  columns: new Map([
    ["a", "text"],
    ["b", "int"],
    ["c", "text"],
    ["v", "text"],
  ]),
};
const shape = (text: string) => shapeOf(parseStatement(text) as DataStatement, table, text);

function bound(...values: (string | number | null)[]) {
  const cells = values.map((value) => {
    const bytes = typeof value === "string" ? Buffer.from(value) : Buffer.alloc(4);
    if (typeof value === "number") bytes.writeInt32BE(value);
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? -1 : bytes.length);
    return value === null ? length : Buffer.concat([length, bytes]);
  });
  const into = createBoundValues();
  const source = Buffer.concat([Buffer.from([0, values.length]), ...cells]);
  expect(readBoundValues(source, 0, into)).toBe(source.length);
  return into;
}

describe("the partition", () => {
  const insert = shape("INSERT INTO t (a, b, c) VALUES (?, ?, ?)");
  const here = partitionOf(insert, bound("a1", 7, "c"));

  test.each<[string, RowShape, (string | number)[]]>([
    ["in another row", insert, ["a1", 7, "other"]],
    ["in another order", shape("UPDATE t SET v = ? WHERE c = ? AND b = ? AND a = ?"), ["v", "c", 7, "a1"]],
    ["written out", shape("DELETE FROM t WHERE a = 'a1' AND b = 7"), []],
    ["half and half", shape("SELECT * FROM t WHERE a = ? AND b = 7"), ["a1"]],
  ])("is the same %s", (_, where, values) => {
    expect(here).toBeDefined();
    expect(partitionOf(where, bound(...values))).toBe(here);
  });

  test("is another for other values", () => {
    const keys = [bound("a1", 8, "c"), bound("a2", 7, "c"), bound("a", 7, "c")];
    for (const key of keys) expect(partitionOf(insert, key)).not.toBe(here);
  });

  test("is unknown without the whole key", () => {
    expect(partitionOf(shape("SELECT * FROM t WHERE a = ?"), bound("a1"))).toBeUndefined();
    expect(partitionOf(shape("SELECT * FROM t WHERE a = ? AND b IN (1, 2)"), bound("a1"))).toBeUndefined();
    expect(partitionOf(insert, bound("a1"))).toBeUndefined();
    expect(partitionOf(insert, bound("a1", null, "c"))).toBeUndefined();
  });
});

describe("the weight", () => {
  const weightOf = (text: string, values = bound()) =>
    weigh(shape(text), values, { partitionKey: 0, clusteringKey: 0, hasEmptyClustering: false, row: 0 });

  test("counts the key twice, and constants like bound values", () => {
    const weight = { partitionKey: 6, clusteringKey: 3, hasEmptyClustering: false };
    // (2 × 2 + 4) + (2 × 2 + 4) + (2 × 3 + 1 + 1) + (5 + 1)
    const row = 30;
    const text = "INSERT INTO t (a, b, c, v) VALUES (?, ?, ?, ?)";
    expect(weightOf(text, bound("a1", 7, "ccc", "vvvvv"))).toEqual({ ...weight, row });
    expect(weightOf("INSERT INTO t (a, b, c, v) VALUES (?, ?, 'ccc', 'vvvvv')", bound("a1", 7))).toEqual({
      ...weight,
      row,
    });
    expect(weightOf("UPDATE t SET v = ? WHERE a = ? AND b = ? AND c = ?", bound("vvvvv", "a1", 7, "ccc")).row).toBe(
      row,
    );
  });

  test("is what AWS's calculator says, for the types on which it agrees with the guide", () => {
    for (const { columns, primaryKey, values, bytes, expiring } of weighedRows) {
      const names = Object.keys(columns);
      const [, partition = "", clustering = ""] = /^\((.*)\)(.*)$/.exec(primaryKey)!;
      const columnsOf = (list: string) => (list.match(/\w+/g) ?? []).map((name) => ({ name, type: columns[name]! }));
      const record: TableRecord = {
        ...table,
        partitionKey: columnsOf(partition),
        clusteringKey: columnsOf(clustering),
        columns: new Map(Object.entries(columns)),
      };
      const weightIn = (using: string, more: readonly Buffer[]) => {
        const text = `INSERT INTO t (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})${using}`;
        const count = Buffer.alloc(2);
        count.writeUInt16BE(names.length + more.length);
        const into = createBoundValues();
        const ttl = more.map((value) => Buffer.concat([Buffer.from([0, 0, 0, 4]), value]));
        readBoundValues(Buffer.concat([count, encodedValues({ columns }, values), ...ttl]), 0, into);
        const statement = parseStatement(text) as DataStatement;
        const shaped = shapeOf(statement, record, text, { expires: statement.usesTtl });
        return weigh(shaped, into, { partitionKey: 0, clusteringKey: 0, hasEmptyClustering: false, row: 0 }).row;
      };
      expect({ primaryKey, bytes: weightIn("", []) }).toEqual({ primaryKey, bytes });
      expect(weightIn(" USING TTL ?", [Buffer.from([0, 0, 14, 16])])).toBe(expiring);
    }
  });

  test("of the guide's example is 31 bytes", () => {
    const text = "INSERT INTO t (pk1, pk2, ck1, ck2, reg_col1) VALUES (1, 2, 3, 4, 5)";
    const columns = new Map(["pk1", "pk2", "ck1", "ck2", "reg_col1"].map((name) => [name, "int"]));
    const int = (name: string) => ({ name, type: "int" });
    const keys = { partitionKey: [int("pk1"), int("pk2")], clusteringKey: [int("ck1"), int("ck2")] };
    const example = shapeOf(parseStatement(text) as DataStatement, { ...table, ...keys, columns }, text);
    const into = { partitionKey: 0, clusteringKey: 0, hasEmptyClustering: false, row: 0 };
    expect(weigh(example, bound(), into).row).toBe(31);
  });

  test("knows an empty clustering value from a missing one", () => {
    const text = "INSERT INTO t (a, b, c) VALUES (?, ?, ?)";
    expect(weightOf(text, bound("a1", 7, "")).hasEmptyClustering).toBe(true);
    expect(weightOf(text, bound("a1", 7, null)).hasEmptyClustering).toBe(false);
    expect(weightOf(text, bound("a1", 7)).hasEmptyClustering).toBe(false);
  });
});

test("a bound number as large as a row is weighed by its bytes", () => {
  const digits = valueWeight("varint")(Buffer.alloc(2 ** 20, 0x55), 0, 2 ** 20);
  // As many digits as 8 bits a byte have, two to a byte, and one more.
  expect(Math.abs(digits - (2 ** 20 * 8 * Math.log10(2)) / 2)).toBeLessThan(3);
});

test("values that end too early are a protocol error", () => {
  const source = Buffer.from([0, 1, 0, 0, 0, 5, 1, 2]);
  for (let end = 0; end <= source.length; end++) {
    expect(() => readBoundValues(source.subarray(0, end), 0, createBoundValues())).toThrow(
      expect.objectContaining({ code: 0x000a }),
    );
  }
});

test("a DELETE of a range is counted by its own WHERE", () => {
  const range = shape('DELETE FROM t USING TIMESTAMP ? WHERE a = ? AND b = 1 AND c > "x" IF EXISTS').range;
  expect(range).toEqual({
    text: 'SELECT "a" FROM "ks"."t" WHERE a = ? AND b = 1 AND c > "x" LIMIT 1001',
    firstMarker: 1,
  });
  expect(shape("DELETE FROM t WHERE a = ? AND b = ? AND c = ?").range).toBeUndefined();
  expect(shape("DELETE v FROM t WHERE a = ? AND b = ?").range).toBeUndefined();
});
