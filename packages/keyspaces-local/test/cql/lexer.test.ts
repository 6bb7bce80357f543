import { describe, expect, test } from "@jest/globals";
import { tokenize } from "@keyspaces-segmentation/keyspaces-local/dist/cql/lexer.js";

const tokens = (text: string) => tokenize(text).map(({ kind, value }) => [kind, value]);

describe("tokenize", () => {
  test("cuts a statement into words, names, strings, numbers, markers and symbols", () => {
    expect(tokens(`SELECT "My Col", b FROM Ks.t WHERE a>=-1.5e3 AND c = ? AND d = :name;`)).toEqual([
      ["word", "select"],
      ["quoted", "My Col"],
      ["symbol", ","],
      ["word", "b"],
      ["word", "from"],
      ["word", "ks"],
      ["symbol", "."],
      ["word", "t"],
      ["word", "where"],
      ["word", "a"],
      ["symbol", ">="],
      ["symbol", "-"],
      ["number", "1.5e3"],
      ["word", "and"],
      ["word", "c"],
      ["symbol", "="],
      ["marker", "?"],
      ["word", "and"],
      ["word", "d"],
      ["symbol", "="],
      ["marker", ":"],
      ["word", "name"],
      ["symbol", ";"],
    ]);
  });

  test.each([
    ["'it''s; --no'", "it's; --no"],
    ["$$it's $ a; /* body */$$", "it's $ a; /* body */"],
    ["''", ""],
    ["$$$$", ""],
  ])("reads %s as one string", (text, value) => {
    expect(tokens(text)).toEqual([["string", value]]);
  });

  test("reads doubled quotes in a name", () => {
    expect(tokens('"a""b"')).toEqual([["quoted", 'a"b']]);
  });

  test.each(["a -- b\nc", "a // b\nc", "a /* b ' */ c", "a--x\rc", "a/**/c", "a\t\n\r c --"])(
    "skips comments and blanks in %j",
    (text) => {
      expect(tokens(text)).toEqual([
        ["word", "a"],
        ["word", "c"],
      ]);
    },
  );

  test("ends a number where Cassandra ends it, so that a word behind it is seen", () => {
    expect(tokens("1IF")).toEqual([
      ["number", "1"],
      ["word", "if"],
    ]);
    expect(tokens("0xCAFEIN")).toEqual([
      ["number", "0xCAFE"],
      ["word", "in"],
    ]);
    expect(tokens("123e4567-e89b-12d3-a456-426614174000")).toHaveLength(1);
  });

  test("keeps the offsets of the text", () => {
    const text = `SELECT/**/a FROM "T"`;
    const last = tokenize(text).at(-1)!;
    expect(text.slice(last.start, last.end)).toBe('"T"');
  });

  test.each(["'open", '"open', "$$open", "/* open", "a # b", "a\u00a0b", "é", "a\0b", "a & b", '""'])(
    "refuses %j as a syntax error",
    (text) => {
      expect(() => tokenize(text)).toThrow(expect.objectContaining({ code: 0x2000 }));
    },
  );

  test("is not slow, and does not overflow, on long literals", () => {
    const long = "x''".repeat(1_000_000);
    expect(tokenize(`'${long}'`)).toHaveLength(1);
    expect(() => tokenize(`'${long}`)).toThrow(expect.objectContaining({ code: 0x2000 }));
  });
});
