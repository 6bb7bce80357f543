import { describe, expect, test } from "@jest/globals";
import { type DataStatement, parseStatement } from "@keyspaces-segmentation/keyspaces-local/dist/cql/statement.js";
import { consistencyRules } from "@keyspaces-segmentation/keyspaces-local/dist/rules/consistency_rules.js";
import { countSubqueries, dataRules, enforce } from "@keyspaces-segmentation/keyspaces-local/dist/rules/rules.js";

describe("consistency, by code", () => {
  const accepted = (writes: boolean) =>
    Array.from({ length: 12 }, (_, consistency) => consistency).filter((consistency) =>
      consistencyRules.every(({ refuse }) => refuse({ writes, consistency }) === undefined),
    );

  test("LOCAL_QUORUM alone for writes", () => {
    expect(accepted(true)).toEqual([0x06]);
  });

  test("ONE, LOCAL_QUORUM and LOCAL_ONE for reads", () => {
    expect(accepted(false)).toEqual([0x01, 0x06, 0x0a]);
  });
});

describe("a table's properties", () => {
  const subject = (text: string, enabled: boolean) => ({
    statement: parseStatement(text) as DataStatement,
    ttlEnabled: enabled,
    clientTimestampsEnabled: enabled,
    regularColumns: 1,
    keys: new Set(["a"]),
    types: new Map<string, string>(),
    now: new Date(0),
  });

  test.each([
    "INSERT INTO t (a) VALUES (1) USING TTL 5",
    "DELETE FROM t USING TIMESTAMP 5 WHERE a = 1",
    "SELECT writetime(b) FROM t",
  ])("decide on %s", (text) => {
    expect(() => enforce(dataRules, subject(text, true))).not.toThrow();
    expect(() => enforce(dataRules, subject(text, false))).toThrow(expect.objectContaining({ code: 0x2200 }));
  });
});

describe("countSubqueries", () => {
  test("multiplies the lists, bound ones too", () => {
    expect(countSubqueries([])).toBe(1);
    expect(countSubqueries([{ size: 10 }, { size: 11 }])).toBe(110);
    expect(countSubqueries([{ size: 3 }, { marker: 1 }], [7, 50])).toBe(150);
  });

  test("counts a bound list as one while its values are not known", () => {
    expect(countSubqueries([{ size: 3 }, { marker: 0 }])).toBe(3);
  });
});
