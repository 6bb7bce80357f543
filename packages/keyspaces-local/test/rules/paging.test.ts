import { describe, expect, test } from "@jest/globals";
import {
  createPages,
  pagedStatement,
  readPosition,
  writePosition,
} from "@keyspaces-segmentation/keyspaces-local/dist/rules/paging.js";

const scan = pagedStatement("ks.t", "SELECT * FROM t", { scans: true, filters: false });
const filter = pagedStatement("ks.t", "SELECT * FROM t WHERE a = 1 ALLOW FILTERING", { scans: true, filters: true });
const lookup = pagedStatement("ks.t", "SELECT * FROM t WHERE k = 1", { scans: false, filters: false });

describe("paging states", () => {
  const state = Buffer.from("Cassandra's own");

  test.each([
    { state, wasEmpty: false },
    { state, wasEmpty: true },
    { state: undefined, wasEmpty: true },
  ])("come back as they were given out: %j", (position) => {
    expect(readPosition(scan, writePosition(scan, position))).toEqual(position);
  });

  test("none is the start", () => {
    expect(readPosition(scan, undefined)).toEqual({ state: undefined, wasEmpty: false });
  });

  const foreign = expect.objectContaining({ code: 0x000a, message: "Invalid value for the paging state" });

  test("of another statement, or of the same text on another table, are refused", () => {
    const other = pagedStatement("ks.u", "SELECT * FROM t", { scans: true, filters: false });
    for (const statement of [lookup, other]) {
      expect(() => readPosition(statement, writePosition(scan, { state, wasEmpty: false }))).toThrow(foreign);
    }
  });

  test("that were cut or changed anywhere are refused", () => {
    const good = writePosition(scan, { state, wasEmpty: false });
    for (let at = 0; at < good.length; at++) {
      const changed = Buffer.from(good);
      changed[at]! ^= 1;
      expect(() => readPosition(scan, changed)).toThrow(foreign);
      expect(() => readPosition(scan, good.subarray(0, at))).toThrow(foreign);
    }
  });
});

describe("empty pages", () => {
  const draw = (statement: typeof scan, seed: number) => {
    const pages = createPages({ seed });
    return Array.from({ length: 1000 }, () => pages.drawEmpty(statement));
  };
  const count = (draws: boolean[]) => draws.filter(Boolean).length;

  test("are drawn often where rows are filtered, now and then in scans, and never elsewhere", () => {
    expect(count(draw(filter, 1))).toBeGreaterThan(400);
    expect(count(draw(scan, 1))).toBeGreaterThan(50);
    expect(count(draw(scan, 1))).toBeLessThan(200);
    expect(count(draw(lookup, 1))).toBe(0);
  });

  test("are the same for the same seed", () => {
    expect(draw(scan, 7)).toEqual(draw(scan, 7));
    expect(draw(scan, 7)).not.toEqual(draw(scan, 8));
  });
});

describe("the size of a page", () => {
  test("is the client's, but less of what is filtered", () => {
    const pages = createPages();
    expect(pages.pageSize(scan, 5000)).toBe(5000);
    expect(pages.pageSize(scan, undefined)).toBeUndefined();
    expect(pages.pageSize(filter, 5000)).toBe(1250);
    expect(pages.pageSize(filter, 1)).toBe(1);
  });

  test("shrinks with large rows, grows with small ones, and is never nothing", () => {
    const pages = createPages({ maxBytes: 1000 });
    pages.learn(scan, 100, 5000);
    expect(pages.pageSize(scan, 5000)).toBe(18);
    expect(pages.pageSize(scan, 10)).toBe(10);
    expect(pages.pageSize(scan, undefined)).toBe(18);
    pages.learn(scan, 18, 180);
    expect(pages.pageSize(scan, 5000)).toBe(90);
    pages.learn(scan, 1, 1e6);
    expect(pages.pageSize(scan, 5000)).toBe(1);
    expect(pages.pageSize(lookup, 5000)).toBe(5000);
  });
});
