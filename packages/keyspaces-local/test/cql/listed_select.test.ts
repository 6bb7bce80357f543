import { describe, expect, test } from "@jest/globals";
import { readListedSelect } from "@keyspaces-segmentation/keyspaces-local/dist/cql/listed_select.js";
import { expandSubqueries } from "@keyspaces-segmentation/keyspaces-local/dist/rules/subqueries.js";

/** The statements that are made of one, with nothing bound. */
function statementsOf(text: string, columns = new Map<string, string>(), partition: readonly string[] = []): string[] {
  const select = readListedSelect(text, columns, partition)!;
  const subqueries = expandSubqueries(select, []);
  return Array.from({ length: subqueries?.total ?? 0 }, (_, index) =>
    subqueries!.at(index).text.replaceAll(/\s+/g, " "),
  );
}

describe("a SELECT with IN", () => {
  test("is cut at its lists, whatever stands in strings, names, comments and brackets", () => {
    expect(
      statementsOf(
        `SELECT "in" FROM t WHERE a = 'x IN (1)' AND b IN ('y)', 'z, ''IN'' (') AND c IN ({1, 2}, [3, (4)])`,
      ),
    ).toEqual([
      `SELECT "in" FROM t WHERE a = 'x IN (1)' AND b = 'y)' AND c = {1, 2} `,
      `SELECT "in" FROM t WHERE a = 'x IN (1)' AND b = 'y)' AND c = [3, (4)] `,
      `SELECT "in" FROM t WHERE a = 'x IN (1)' AND b = 'z, ''IN'' (' AND c = {1, 2} `,
      `SELECT "in" FROM t WHERE a = 'x IN (1)' AND b = 'z, ''IN'' (' AND c = [3, (4)] `,
    ]);
    expect(statementsOf("SELECT a FROM t WHERE a IN (1, /* IN (2), */ 3)LIMIT 5")).toEqual([
      "SELECT a FROM t WHERE a = 1 LIMIT 5",
      "SELECT a FROM t WHERE a = /* IN (2), */ 3 LIMIT 5",
    ]);
  });

  test("has each element once, names and numbers in capitals or not, texts as they are", () => {
    expect(statementsOf("SELECT a FROM t WHERE a IN (0xAB, 0xab, 0xac)")).toHaveLength(2);
    expect(statementsOf("SELECT a FROM t WHERE a IN ('a', 'A', 'a')")).toHaveLength(2);
    expect(statementsOf("SELECT a FROM t WHERE a IN (true, TRUE, false)")).toHaveLength(2);
    expect(statementsOf("SELECT a FROM t WHERE a IN ([1, 2], [1,/* then */2], ['1', 2])")).toHaveLength(2);
  });

  test("has each value once, where the column's type tells it", () => {
    const columns = new Map([
      ["a", "int"],
      ["B", "text"],
    ]);
    expect(statementsOf("SELECT a FROM t WHERE A IN (1, 01, -1, - 1)", columns)).toHaveLength(2);
    expect(statementsOf(`SELECT a FROM t WHERE "B" IN ('a', $$a$$, 'A')`, columns)).toHaveLength(2);
    expect(statementsOf(`SELECT a FROM t WHERE (a) IN ((1), (01), (a(1)), (2))`, columns)).toHaveLength(3);
  });

  test("has each value once that is both written and bound", () => {
    const select = readListedSelect("SELECT n FROM t WHERE n IN (TRUE, ?, false, ?)", new Map([["n", "boolean"]]))!;
    expect(expandSubqueries(select, [Buffer.from([0]), Buffer.from([1])])?.total).toBe(2);
  });

  test("has each number once that its column holds for the same, but by its bytes where it is of the partition key", () => {
    const count = (type: string, list: string, partition: readonly string[] = []) =>
      statementsOf(`SELECT n FROM t WHERE n IN (${list})`, new Map([["n", type]]), partition).length;
    expect(count("decimal", "1.5, 1.50, 15E-1, -1.5, 0, 0.0, 100, 1E2")).toBe(4);
    expect(count("decimal", "1.5, 1.50, 1.5", ["n"])).toBe(2);
    expect(count("double", "1, 1.0, 10E-1, 0, -0, 1.5")).toBe(4);
    expect(count("float", "0.1, 0.10, 0.2")).toBe(2);
    expect(count("varint", "128, 0128, -128, 340282366920938463463374607431768211456")).toBe(3);
  });

  test("has its limit, and the numbers of its markers", () => {
    expect(
      readListedSelect("SELECT a FROM t WHERE a IN (?, :in) AND b IN :limit LIMIT :c", new Map([["b", "int"]])),
    ).toEqual({
      fragments: [
        { text: "SELECT a FROM t WHERE a ", markers: [] },
        { text: " AND b ", markers: [] },
        { text: " LIMIT ?", markers: [3] },
      ],
      lists: [
        [
          { text: "?", markers: [0] },
          { text: " ?", markers: [1] },
        ],
        { marker: 2 },
      ],
      types: [undefined, "int"],
      keyList: undefined,
      ofPartition: [false, false],
      limit: { marker: 3 },
    });
    expect(readListedSelect("SELECT a FROM t WHERE a IN (1) LIMIT 7", new Map())?.limit).toBe(7);
  });

  test("has the types of columns in brackets, and the list that is a partition key by itself", () => {
    const columns = new Map([
      ["k", "int"],
      ["a", "text"],
      ["B", "inet"],
    ]);
    const text = `SELECT (int) k FROM t WHERE (a, "B", z) IN ? AND k IN (1) AND ("B") IN ((?))`;
    expect(readListedSelect(text, columns, ["k"])).toMatchObject({
      types: [["text", "inet", ""], "int", ["inet"]],
      keyList: 1,
      ofPartition: [false, true, false],
    });
    expect(readListedSelect(text, columns, ["k", "a"])?.keyList).toBeUndefined();
  });

  test.each([
    ...["a IN", "a IN 5", "a IN (1, 2", "a IN ((1)"],
    ...["a = 1 AND (b IN (1, 2))", "(a IN (1, 2)) AND b IN (1, 2)", "(a IN ?)"],
  ])("is none that is not closed, nor one with an IN in brackets: %s", (where) => {
    expect(readListedSelect(`SELECT a FROM t WHERE ${where}`, new Map())).toBeUndefined();
  });

  test("lists nothing in an empty list", () => {
    expect(statementsOf("SELECT a FROM t WHERE a IN ( )")).toEqual([]);
  });
});
