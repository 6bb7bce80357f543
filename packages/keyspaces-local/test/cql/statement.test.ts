import { describe, expect, test } from "@jest/globals";
import { readClauses } from "@keyspaces-segmentation/keyspaces-local/dist/cql/clauses.js";
import { type Token, tokenize } from "@keyspaces-segmentation/keyspaces-local/dist/cql/lexer.js";
import { lookAt } from "@keyspaces-segmentation/keyspaces-local/dist/cql/manipulation.js";
import { type DataStatement, parseStatement } from "@keyspaces-segmentation/keyspaces-local/dist/cql/statement.js";

const data = (text: string) => parseStatement(text) as DataStatement;
const syntax = expect.objectContaining({ code: 0x2000 });

describe("parseStatement", () => {
  test.each([
    ["SELECT * FROM ks.t", "select", "ks", "t"],
    ["select json a, 'from' FROM T where x = 1", "select", undefined, "t"],
    [`SELECT "from" FROM "Ks"."From"`, "select", "Ks", "From"],
    ["INSERT INTO ks . t (a) VALUES (1)", "insert", "ks", "t"],
    ["UPDATE t USING TTL 5 SET a = 1 WHERE b = 2", "update", undefined, "t"],
    ["DELETE a['from'], b FROM ks.t WHERE c = 1;", "delete", "ks", "t"],
    ["/* x */ SELECT a FROM -- y\n ks.t ;;", "select", "ks", "t"],
  ])("finds the table of %s", (text, kind, keyspace, name) => {
    const { kind: found, target } = data(text);
    expect([found, target.keyspace, target.name]).toEqual([kind, keyspace, name]);
  });

  test.each(["SELECT FROM WHERE", "INSERT INTO ks.select (a) VALUES (1)", "DELETE FROM table WHERE a = 1"])(
    "takes no reserved word for a table in %s",
    (text) => {
      expect(() => parseStatement(text)).toThrow(syntax);
    },
  );

  test("says where the table's name stands", () => {
    const text = "SELECT key FROM system /* the */ . local WHERE key='local'";
    const { start, end } = data(text).target;
    expect(text.slice(start, end)).toBe("system /* the */ . local");
  });

  test.each([
    ["INSERT INTO t (a) VALUES (1) IF NOT EXISTS", true],
    ["UPDATE t SET a = 1 WHERE b = 2IF a = 3", true],
    ["DELETE FROM t WHERE b = 1 IF EXISTS", true],
    [`UPDATE t SET "if" = 'if' WHERE b = 2 -- if`, false],
    ["UPDATE t SET a = :if WHERE b = 2", false],
  ])("sees whether %s is conditional", (text, conditional) => {
    expect(data(text).conditional).toBe(conditional);
  });

  test.each([
    ["INSERT INTO t (ttl, timestamp) VALUES (1, 2)", false, false],
    ["INSERT INTO t (a) VALUES (1) USING TTL 5", true, false],
    ["INSERT INTO t (a) VALUES (1) USING TIMESTAMP ? AND TTL ?", true, true],
    ["UPDATE t USING TIMESTAMP 1 SET ttl = 1 WHERE a = 1", false, true],
    ["DELETE FROM t USING TIMESTAMP 1 WHERE timestamp = 1", false, true],
    ["INSERT INTO t (a) VALUES (1) USING TTL :timestamp", true, false],
    ["UPDATE t USING TIMESTAMP :ttl SET a = :where WHERE b = 1", false, true],
  ])("sees what %s is USING", (text, usesTtl, usesTimestamp) => {
    expect(data(text)).toMatchObject({ usesTtl, usesTimestamp });
  });

  test.each<[string, string[]]>([
    [
      'SELECT COUNT(*), Min(a), "max" (b), token(c) FROM t WHERE d IN (1) AND (e, f) > (1, 2)',
      ["count", "min", "max", "token"],
    ],
    ["INSERT INTO t (a) VALUES (now())", ["now"]],
    ["SELECT count, sum FROM t", []],
    ["SELECT system.count(*) FROM t", ["count"]],
    ["SELECT count /**/ (1) FROM t", ["count"]],
  ])("lists the functions of %s", (text, functions) => {
    expect(data(text).functions).toEqual(functions);
  });

  test.each<[string, unknown]>([
    ["SELECT * FROM t WHERE a IN (1, f(2, 3), {4: 5, 6: 7}, 'x,y')", [{ size: 4 }]],
    ["SELECT * FROM t WHERE a IN ()", [{ size: 0 }]],
    ["SELECT * FROM t WHERE z = ? AND a IN ? AND b IN (?, ?)", [{ marker: 1 }, { size: 2 }]],
    ["SELECT * FROM t WHERE (a, b) IN ((1, 2), (3, 4), (5, 6))", [{ size: 3 }]],
    ["SELECT * FROM t WHERE z = :z AND a IN :list", [{ marker: 1 }]],
  ])("measures the IN lists of %s", (text, inLists) => {
    expect(data(text).inLists).toEqual(inLists);
  });

  test.each([
    ["begin batch", "logged"],
    ["BEGIN UNLOGGED BATCH", "unlogged"],
    ["BEGIN COUNTER BATCH", "counter"],
  ])("reads the statements of a %s", (begin, batch) => {
    const inner = "INSERT INTO a (x) VALUES (1) UPDATE b SET c = 1 WHERE d = 2; DELETE FROM e WHERE f = 1";
    expect(parseStatement(`${begin} ${inner} APPLY BATCH;`)).toMatchObject({
      kind: "batch",
      batch,
      statements: [{ target: { name: "a" } }, { target: { name: "b" } }, { target: { name: "e" } }],
    });
  });

  test("carries the timestamp of a batch to its statements", () => {
    const batch = parseStatement("BEGIN UNLOGGED BATCH USING TIMESTAMP 1 DELETE FROM a WHERE b = 1; APPLY BATCH");
    expect(batch).toMatchObject({ statements: [{ usesTimestamp: true }] });
  });

  test.each([
    ["CREATE TABLE IF NOT EXISTS ks.t (a int PRIMARY KEY)", { kind: "create", object: "table", tolerant: true }],
    ["CREATE COLUMNFAMILY t (a int PRIMARY KEY)", { kind: "create", object: "table", tolerant: false }],
    ["DROP SCHEMA IF EXISTS ks", { kind: "drop", object: "keyspace", tolerant: true }],
    ["ALTER TYPE ks.t ADD a int", { kind: "alter", object: "type" }],
    ['USE "Ks"', { kind: "use", keyspace: "Ks" }],
    ["TRUNCATE ks.t", { kind: "unsupported", what: "TRUNCATE" }],
    ["CREATE CUSTOM INDEX ON t (a)", { kind: "unsupported", what: "CREATE CUSTOM INDEX" }],
    ["CREATE OR REPLACE FUNCTION f()", { kind: "unsupported", what: "CREATE OR REPLACE FUNCTION" }],
    ["DROP MATERIALIZED VIEW v", { kind: "unsupported", what: "DROP MATERIALIZED VIEW" }],
    ["DESCRIBE TABLES", { kind: "unsupported", what: "DESCRIBE" }],
  ])("tells what %s is", (text, expected) => {
    expect(parseStatement(text)).toMatchObject(expected);
  });

  test.each([
    "",
    ";",
    "-- nothing",
    "SELECT a",
    "SELEC a FROM t",
    "ALTER TABLE IF EXISTS t ADD b int",
    "CREATE TABEL t (a int PRIMARY KEY)",
    "SELECT * FROM",
    "SELECT * FROM t; DROP TABLE t",
    "INSERT INTO t (a) VALUES (1); INSERT INTO t (a) VALUES (2)",
    "USE ks; SELECT * FROM t",
    "USE ks t",
    "BEGIN BATCH INSERT INTO t (a) VALUES (1)",
    "BEGIN BATCH APPLY BATCH SELECT * FROM t",
    "CREATE",
    "CREATE KEYSPACE a.b WITH x = 1",
    "INSERT t (a) VALUES (1)",
  ])("refuses %p as a syntax error", (text) => {
    expect(() => parseStatement(text)).toThrow(syntax);
  });
});

test.each([
  ["SELECT m['a'] FROM t", true],
  ["SELECT key['a'] FROM t", true],
  ["SELECT k FROM t WHERE key['a'] = 1 ALLOW FILTERING", true],
  ["SELECT [a, b] FROM t", false],
  ["SELECT DISTINCT [a] FROM t", false],
  ["SELECT k FROM t WHERE m CONTAINS KEY ['a'] ALLOW FILTERING", false],
  ["SELECT k FROM t WHERE l LIKE [1] ALLOW FILTERING", false],
  ["SELECT k FROM t WHERE l BETWEEN [1] AND [2] ALLOW FILTERING", false],
  ["SELECT k FROM t WHERE l CONTAINS [1] ALLOW FILTERING", false],
  ["SELECT k FROM t WHERE k IN (1) AND v = 2 ORDER BY e ANN OF [1.5] LIMIT 1", false],
  ["SELECT contains[0] FROM t", true],
  ["SELECT like['a'], k FROM t", true],
  ["SELECT u.of[0] FROM t", true],
  ["SELECT k, json['a'] FROM t", true],
  ["SELECT k FROM t WHERE contains['a'] = 1 ALLOW FILTERING", true],
  ["SELECT k FROM t WHERE k = 1 AND contains['a'] = 1 ALLOW FILTERING", true],
])("elements of collections are told from lists: %s", (text, selectsElements) => {
  expect(parseStatement(text)).toMatchObject({ selectsElements });
});

test.each([
  ["SELECT contains - 1 FROM t", true],
  ["SELECT contains + contains FROM t", true],
  ["SELECT contains * 2 FROM t", true],
  ["SELECT u.contains - 1 FROM t", true],
  ["SELECT k, contains -1 FROM t", true],
  ["SELECT k, json - 1 FROM t", true],
  ["SELECT k, distinct - 1 FROM t", true],
  ["SELECT key - 1 FROM t", true],
  ["SELECT k FROM t WHERE k = :contains - 1", true],
  ["SELECT k FROM t WHERE k = :limit - 1", true],
  ["SELECT -1 FROM t", false],
  ["SELECT json -1 FROM t", false],
  ["SELECT json distinct * FROM t", false],
  ["SELECT contains FROM t LIMIT -1", false],
  ["SELECT contains, - 1 FROM t PER PARTITION LIMIT -1", false],
  ["SELECT k FROM t WHERE contains CONTAINS -1 ALLOW FILTERING", false],
  ["SELECT k FROM t WHERE k = 1 AND m CONTAINS KEY -1 ALLOW FILTERING", false],
  ["SELECT k FROM t WHERE k BETWEEN -2 AND -1 ALLOW FILTERING", false],
])("arithmetic is told from signs and from all columns: %s", (text, computes) => {
  expect(parseStatement(text)).toMatchObject({ computes });
});

/** Tokens that count how often they are looked at. */
function counted(tokens: readonly Token[]): { tokens: readonly Token[]; looks: () => number } {
  let looks = 0;
  const get = (target: readonly Token[], key: string | symbol, receiver: unknown) => {
    if (typeof key === "string" && /^\d+$/.test(key)) looks++;
    return Reflect.get(target, key, receiver) as unknown;
  };
  return { tokens: new Proxy(tokens, { get }), looks: () => looks };
}

describe("what is looked at grows with the statement, not with its square", () => {
  test.each<[string, string, (depth: number) => string]>([
    ["in(in(…", "select", (n) => `SELECT a FROM t WHERE b ${"in(".repeat(n)}1${")".repeat(n)}`],
    ["in(in(… without an end", "select", (n) => `SELECT a FROM t WHERE b ${"in(".repeat(n)}`],
    ["in [in {…", "select", (n) => `SELECT a FROM t WHERE b ${"in [in {in (".repeat(n)}`],
    [":in in(…", "select", (n) => `SELECT a FROM t WHERE b ${":in in(".repeat(n)}`],
    ["in ? in ?…", "select", (n) => `SELECT a FROM t WHERE b ${"in ? and b ".repeat(n)}`],
    ["((…", "select", (n) => `SELECT a FROM t WHERE b = ${"(".repeat(n)}1${")".repeat(n)}`],
    ["cast(cast(…", "select", (n) => `SELECT ${"cast(".repeat(n)}a${" as int)".repeat(n)} FROM t`],
    ["[{1: [{…", "update", (n) => `UPDATE t SET a = ${"[{1: ".repeat(n)}1${"}]".repeat(n)} WHERE b = 1`],
    ["and and…", "delete", (n) => `DELETE FROM t WHERE a = 1${" and a = 1".repeat(n)}`],
    ["a, a, …", "insert", (n) => `INSERT INTO t (${"a, ".repeat(n)}a) VALUES (${"?, ".repeat(n)}?)`],
    ["using using…", "insert", (n) => `INSERT INTO t (a) VALUES (1) ${"USING TTL 1 ".repeat(n)}`],
  ])("%s", (_, kind, text) => {
    const looksAt = (depth: number) => {
      const tokens = tokenize(text(depth));
      const target = { name: "t", start: 0, end: tokens.find(({ value }) => value === "t")!.end };
      const manipulation = counted(tokens);
      lookAt(kind, manipulation.tokens, target);
      const clauses = counted(tokens);
      readClauses(kind, clauses.tokens, target);
      return manipulation.looks() + clauses.looks();
    };
    // Twice as much for twice the length; four times would be the square.
    expect(looksAt(800) / looksAt(400)).toBeLessThan(2.5);
  });

  test.each<[string, number]>([
    ["SELECT a, cast(b as int) AS c, token(d) FROM t WHERE e IN (1) AND f IN (2) AND (g, h) > (1, 2)", 1],
    ["SELECT (int)(int)(text) a FROM t", 4],
    ["SELECT writetime(a), cast((int)b AS text) AS c FROM t", 3],
    ["INSERT INTO t (a) VALUES ({1: [(2, 3)]})", 4],
    ["SELECT a FROM t", 0],
    ["SELECT a FROM t WHERE b IN ((", 2],
  ])("the depth of %s", (text, depth) => {
    expect(data(text).depth).toBe(depth);
  });

  test("and IN lists are counted as before, whatever they are nested in", () => {
    const { inLists } = data(
      "SELECT a FROM t WHERE b IN (1, (2, 3), [4, 5]) AND (c, d) IN ((1, 2), (3, f(4, 5))) AND e IN () AND g IN ? AND h IN (:in, in(6, 7, 8), {9: 10, 11: 12})",
    );
    expect(inLists).toEqual([{ size: 3 }, { size: 2 }, { size: 0 }, { marker: 0 }, { size: 3 }, { size: 3 }]);
  });
});
