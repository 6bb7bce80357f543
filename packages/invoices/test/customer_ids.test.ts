import { describe, expect, test } from "@jest/globals";
import { alikeIds } from "@keyspaces-segmentation/invoices/dist/alike_ids.js";
import {
  customerIdReader,
  looksRounded,
  nobodyReader,
  roundedIdsError,
} from "@keyspaces-segmentation/invoices/dist/customer_ids.js";

test("an address as a link is the address", () => {
  const { read } = customerIdReader();
  expect(["mailto:Anna@Example.com", "anna@example.com", "mailto"].map(read)).toEqual([
    ...["anna@example.com", "anna@example.com", "mailto"],
  ]);
});

test("an accent of its own makes no other customer", () => {
  const { read } = customerIdReader();
  expect(["K\u00e4the 7", "Ka\u0308the 7"].map(read)).toEqual(["K\u00e4the 7", "K\u00e4the 7"]);
  expect(read("K\u00e4the\u00b2")).toBe("K\u00e4the\u00b2");
});

describe("nobody", () => {
  test.each([
    ...["", "  ", "nan", "NaN", "NAN", "NULL", "null", "None", "none", "N/A", "n/a", "NA", "\\N", "#N/A", "nil", "-"],
    ...["0", "0.0", "000", '"0"', ' "NULL" ', "'nan'", "\u00a0", "\0", "\0\0", '=""', '="NULL"', "<NA>", "\ufeff", "—"],
    ...["(anonymous)", "<Unknown>", "[guest]", "Not provided", "(not set)"],
    ...["Walk In Customer", "Guest User", "One-time customer", "Einmalkunde", "Client comptoir", "Cliente ocasional"],
    ...["Público en general", "Kassakunde", "Miscellaneous", "[deleted]", "[object Object]", "no-email@example.com"],
    ...["#DIV/0!", "#NV", "#BEZUG!", "#¡VALOR!", "#N/D", "guest@example.com"],
  ])("%j", (text) => expect(nobodyReader()(text)).toBeNull());

  test.each([
    "1",
    "12417",
    "00012",
    "Nina",
    "NAN-7",
    "null@example.com",
    "10",
    "O",
    "N",
    "x-9",
    "0815",
    "(Anna)",
    "missing link",
  ])("%j is somebody", (text) => expect(nobodyReader()(text)).toBe(text));

  test("has further words, and exceptions", () => {
    const read = nobodyReader({ words: ["Guest", "walk-in customer"], except: ["0", "na"] });
    expect(["GUEST", "Walk-In Customer", "nan", "0.0"].map(read)).toEqual([null, null, null, null]);
    expect(["0", "NA", "Guests"].map(read)).toEqual(["0", "NA", "Guests"]);
  });
});

describe("ids", () => {
  test.each([
    [" 12417 ", "12417"],
    ["17850.0", "17850"],
    ["17850.", "17850"],
    ["17850.5", "17850.5"],
    ['="0012346"', "0012346"],
    ['"0012346"', "0012346"],
    ["0012346", "0012346"],
    ["=1+1", "=1+1"],
    ["Anna.12346@Example.COM", "anna.12346@example.com"],
    ["X-9", "X-9"],
    ["4.47701E+11", "4.47701E+11"],
  ])("%j is %s", (text, id) => expect(customerIdReader().read(text)).toBe(id));

  test("addresses that differ in case only are counted, each once", () => {
    const { read, notes } = customerIdReader();
    for (const id of [
      "a@x.com",
      "A@x.com",
      "a@X.com",
      "A@x.com",
      "b@x.com",
      "b@x.com",
      "C@x.com",
      "c@x.com",
      "Bob",
      "bob",
    ]) {
      read(id);
    }
    expect(notes()).toEqual({ addressesInTwoCases: 2 });
  });
});

describe("ids that a spreadsheet has rounded", () => {
  test.each(["4.47701E+11", "4.47701e+11", "4,47701E+11", "4E+11", "1.5E12"])("%s", (id) =>
    expect(looksRounded(id)).toBe(true),
  );
  test.each(["447701234567", "E11", "12E4", "4.5", "A4.47701E+11", "1e", ""])("%j is none", (id) =>
    expect(looksRounded(id)).toBe(false),
  );
  test("stop the run in a line that shows some", () => {
    expect(roundedIdsError(["4.47701E+11", "4.47702E+11", "4.47703E+11", "4.47704E+11"]).message).toBe(
      "Could not read the customer ids: some look rounded by a spreadsheet, such as 4.47701E+11, 4.47702E+11, 4.47703E+11: different customers have the same.",
    );
  });
});

describe("ids that are alike", () => {
  test("among themselves", () => {
    expect(alikeIds(["12457", "0012457", "7", "anna", "Anna", "0", "00", "A01", "A1"])).toEqual({
      leadingZeros: [
        ["0012457", "12457"],
        ["00", "0"],
      ],
      letterCase: [["Anna", "anna"]],
      signs: [],
    });
  });

  test("telephones", () => {
    const ids = [
      "+44 20 7946 0018",
      "+442079460018",
      "(020) 7946-0018",
      "020.7946.0018",
      "+44 20 7946 0019",
      "1.5",
      "15",
    ];
    expect(alikeIds(ids).signs).toEqual([
      ["+442079460018", "+44 20 7946 0018"],
      ["020.7946.0018", "(020) 7946-0018"],
    ]);
  });

  test("none in none", () => expect(alikeIds([])).toEqual({ leadingZeros: [], letterCase: [], signs: [] }));
});
