import { describe, expect, test } from "@jest/globals";
import { type DataStatement, parseStatement } from "@keyspaces-segmentation/keyspaces-local/dist/cql/statement.js";

const clauses = (text: string) => (parseStatement(text) as DataStatement).clauses;
/** Columns with the numbers of their markers, or the constants as they are read. */
const valuesOf = (text: string) =>
  Object.fromEntries(
    [...clauses(text).values].map(([name, term]) => [
      name,
      term && ("marker" in term ? term.marker : `${term.literal.kind} ${term.literal.value}`),
    ]),
  );

describe("the columns and values of", () => {
  test.each<[string, object]>([
    ["INSERT INTO ks.t (a, \"B\", c) VALUES (?, 'x', ?)", { a: 0, B: "string x", c: 1 }],
    [
      "INSERT INTO t (a, b, c, d) VALUES (-5, {1: ?}, now(), ?) USING TTL ?",
      { a: "number -5", b: undefined, c: undefined, d: 1 },
    ],
    ['INSERT INTO t (a, b) VALUES (:where, :"B b") IF NOT EXISTS', { a: 0, b: 1 }],
    ["INSERT INTO t JSON '{}'", {}],
    ["UPDATE t USING TTL ? SET v = ?, m['and'] = ? WHERE k = ? AND c = 0xff IF v = ?", { k: 3, c: "number 0xff" }],
    ["DELETE v, w FROM t USING TIMESTAMP ? WHERE k = ? AND c > ?", { k: 1 }],
    ["SELECT * FROM t WHERE token(k) > ? AND token(k) <= ?", {}],
    ["SELECT * FROM t WHERE k = :limit AND c IN (1, 2) AND (d, e) > (1, ?) LIMIT ?", { k: 0 }],
    ["SELECT * FROM t WHERE k = ? PER PARTITION LIMIT 1", { k: 0 }],
    ["SELECT * FROM t WHERE k = 'a AND b' ORDER BY c", { k: "string a AND b" }],
    ["SELECT * FROM t", {}],
  ])("%s", (text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });
});

test.each<[string, string[]]>([
  ["UPDATE t SET v = v + ?, v = 1, m['k'] = ?, \"W\" = f(1, 2) WHERE k = 1", ["v", "m", "W"]],
  ["INSERT INTO t (a, b) VALUES (1, 2)", ["a", "b"]],
  ["DELETE a FROM t WHERE k = 1", []],
])("the columns that %s writes", (text, columns) => {
  expect(clauses(text).assigned).toEqual(columns);
});

test("the names of markers", () => {
  expect(clauses('UPDATE t SET a = ?, b = :b WHERE c = :"C" AND d = ?').markers).toEqual([
    undefined,
    "b",
    "C",
    undefined,
  ]);
});

test.each<[string, string | undefined, number | undefined]>([
  ["DELETE FROM t USING TIMESTAMP ? WHERE k = ? AND c > 1;", "k = ? AND c > 1", 1],
  ["DELETE FROM t WHERE k = :if IF EXISTS", "k = :if", 0],
  ["SELECT * FROM t", undefined, undefined],
])("what stands behind the WHERE of %s", (text, condition, firstMarker) => {
  const { where } = clauses(text);
  expect(where && text.slice(where.start, where.end)).toBe(condition);
  expect(where?.firstMarker).toBe(firstMarker);
});

test("whether a DELETE deletes rows or columns", () => {
  expect(clauses("DELETE FROM t WHERE k = 1").deletesRows).toBe(true);
  expect(clauses("DELETE a FROM t WHERE k = 1").deletesRows).toBe(false);
});

test("whether a SELECT filters", () => {
  expect(clauses("SELECT * FROM t WHERE a = 1 ALLOW FILTERING").allowsFiltering).toBe(true);
  expect(clauses("SELECT allow FROM filtering").allowsFiltering).toBe(false);
});

test.each([
  ["INSERT INTO t (a) VALUES ('äb')", 3],
  ["INSERT INTO t (a) VALUES (0xcafe)", 2],
  ["INSERT INTO t (a) VALUES (123e4567-e89b-12d3-a456-426614174000)", 16],
  ["INSERT INTO t (a) VALUES (?)", 0],
])("how many bytes the constants of %s take", (text, bytes) => {
  expect(clauses(text).literalBytes).toBe(bytes);
});
