import { describe, expect, test } from "@jest/globals";
import { ArgumentError } from "@keyspaces-segmentation/common";
import { detectText, isOpen, isSeparator, type OpenQuestion } from "@keyspaces-segmentation/table-files";
import { wholeSample } from "./samples.js";

const separatorOf = (text: string, given?: string) => detectText(wholeSample(text), { separator: given }).separator!;
const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join("\n");

describe("the separator", () => {
  test.each<[kind: string, text: string, separator: string]>([
    ["commas", "a,b\n1,2\n", ","],
    ["decimal commas in every line", `nr;price;sum\n${lines(50, (at) => `${at};12,75;${at},50`)}`, ";"],
    ["only decimal commas", lines(50, (at) => `${at},75;1,50;3,10`), ";"],
    ["semicolons in quotes", `id,tags\n${lines(30, (at) => `${at},"a;b;c;d"`)}`, ","],
    ["commas in quotes", `id;tags\n${lines(30, (at) => `${at};"a,b,c,d"`)}`, ";"],
    ["commas in quotes, and no number", `name;tags\n${lines(30, () => 'x;"a,b"')}`, ";"],
    ["commas in descriptions", `id\ttext\n${lines(40, (at) => `${at}\t${"very, ".repeat(at % 7)}big`)}`, "\t"],
    ["more commas than tabs, each line as many", `id\ttext\n${lines(40, (at) => `${at}\tred, white, blue`)}`, "\t"],
    ["lists in brackets", `id;a;b;c\n${lines(6, (at) => `${at};False;['345'];${at}.5`)}\n7;True;['1', '2'];2.5`, ";"],
    ["dates with a comma", `id;at;sum\n${lines(20, (at) => `${at};0${1 + (at % 9)}.02.2023, 10:15;5,5`)}`, ";"],
    ["line ends in quotes", 'id,comment\n1,"line one\nline two"\n2,"normal"\n3,"has ""quotes"" inside"\n', ","],
    ["pipes", "a|b, c\n1|2, 3\n4|5\n", "|"],
    ["a title above", `Sales\nFrom 1/1/2023, all shops\n\nid;sum\n${lines(20, (at) => `${at};2,5`)}`, ";"],
    ["a comma in each description, and none in the header", `name;city\n${lines(30, () => "Doe, Jane;Berlin")}`, ";"],
    ["empty cells of a spreadsheet behind whole lines", lines(30, (at) => `"${at},""a, b"",2.5";;;`), ","],
    ["a table of one line", "a;b\n1;2", ";"],
    ["named on the first line", "sep=;\n1,2;3,4\n5,6;7,8\n", ";"],
    ["named in quotes", '"sep=|"\na|b\n1|2\n', "|"],
    ["a tab named", "sep=\t\na\tb\n1\t2\n", "\t"],
    ["named, but not there", "sep=;\na,b\n1,2\n", ","],
  ])("of a text with %s", (_, text, separator) => {
    expect(separatorOf(text)).toMatchObject({ value: separator, evidence: expect.any(String) });
  });

  test.each([
    ["tab", "\t"],
    ["\\t", "\t"],
    ["\t", "\t"],
    ["Semicolon", ";"],
    ["comma", ","],
    ["pipe", "|"],
    ["^", "^"],
  ])("that a parameter names: %j", (given, value) => {
    expect(separatorOf("a,b;c|d\n1,2;3|4\n", given)).toMatchObject({ value, confidence: "given" });
  });

  test.each(["", "x", "5", '"', "commas", ",,"])("that cannot be one is refused: %j", (given) => {
    expect(() => separatorOf("a,b\n1,2\n", given)).toThrow(ArgumentError);
  });
});

test("two separators that fit alike are asked about, with the first records as either reads them", () => {
  const separator = separatorOf("a,b;c\nx,y;z\nu,v;w\nr,s;t\n");
  expect(separator).toMatchObject({
    parameter: "separator",
    choices: expect.arrayContaining([
      { value: "comma", reads: ["a ‖ b;c", "x ‖ y;z", "u ‖ v;w"] },
      { value: "semicolon", reads: ["a,b ‖ c", "x,y ‖ z", "u,v ‖ w"] },
    ]),
  });
});

test.each(["Invoice\n1\n2\n", "a^b\n1^2\n", "only words here\nand there\n"])("none is asked about: %j", (text) => {
  const reading = detectText(wholeSample(text));
  expect(isOpen(reading.separator!)).toBe(true);
  expect((reading.separator as OpenQuestion).got).toMatch(/no comma, semicolon, tab or pipe/);
  expect(reading.format).toBeNull();
});

test("an unusual separator is offered where it fits", () => {
  expect(separatorOf("a^b\n1^2\n")).toMatchObject({ choices: [{ value: "^", reads: ["a ‖ b", "1 ‖ 2"] }] });
});

test("a table that R has written is separated by blanks, also where its texts have commas", () => {
  const text = `"id" "text" "sum"\n${lines(30, (at) => `"${at + 1}" "${at}" "red, ${at % 2 ? "white" : "large, blue"}" ${at}.5`)}`;
  expect(separatorOf(text)).toMatchObject({ value: " " });
});

test("of the same with commas and blanks in texts it is the comma", () => {
  const text = `"","id","text"\n${lines(30, (at) => `"${at + 1}","${at}","a ""b"" c"`)}`;
  expect(separatorOf(text)).toMatchObject({ value: "," });
});

test.each([
  ["control-a", "\u0001"],
  ["line", "│"],
])("a parameter may name %s", (given, value) => {
  expect(separatorOf("a,b\n1,2\n", given)).toMatchObject({ value, confidence: "given" });
});

test("another separator is asked about before columns of a fixed width are seen in texts of one length", () => {
  const text = lines(30, (at) => `${1000 + at}^A RED B TIN C^2^2023-01-${10 + at} 09:27`);
  expect(separatorOf(text)).toMatchObject({ parameter: "separator", choices: [{ value: "^" }, { value: ":" }] });
});

test.each([
  ["control-a", true],
  ["Tab", true],
  ["\\t", true],
  ["│", true],
  ["x", false],
  ["comma,", false],
])("whether %s is a separator", (given, isOne) => {
  expect(isSeparator(given)).toBe(isOne);
});
