import { describe, expect, test } from "@jest/globals";
import { formatDecimal, parseDecimal } from "@keyspaces-segmentation/common";
import { describeNumbers, type NumberFormat, numberReader } from "@keyspaces-segmentation/table-files";

const point: NumberFormat = { decimal: ".", unit: null };
const comma: NumberFormat = { decimal: ",", unit: null };
const open: NumberFormat = { decimal: null, unit: null };

function read(text: string, format: NumberFormat): string | undefined {
  const number = numberReader(format)(text);
  return number && formatDecimal(number);
}

describe("a double with all its digits", () => {
  test.each([
    ["2.5500000000001", "2.55"],
    ["14.900000000000041", "14.9"],
    ["267.49999999999994", "267.5"],
    ["-0.30000000000000004", "-0.3"],
    ["9.999999999999998", "10"],
    ["2.5500000000000e+01", "25.5"],
  ])("%s is the number that was meant", (text, meant) => expect(read(text, point)).toBe(meant));

  test.each([
    ["0.000000001234"],
    ["33.333333333333336"],
    ["1.00000000123456"],
    ["12345678.000000001234"],
    ["0.10000001"],
    ["1.000000000000000001"],
    ["0.0000000000001"],
  ])("%s has decimals of its own", (text) => expect(read(text, point)).toBe(text));
});

describe("under a decimal point", () => {
  test.each([
    ["1,234.50", "1234.50"],
    ["1,234", "1234"],
    ["1,234,567", "1234567"],
    ["12,34,567.50", "1234567.50"],
    ["1'234.50", "1234.50"],
    ["1’234.50", "1234.50"],
    ["1 234.50", "1234.50"],
    ["1.234", "1.234"],
    ["24.0", "24.0"],
    ["+24", "24"],
    ["2-", "-2"],
    ["2 -", "-2"],
    ["(2)", "-2"],
    ["( 1,234.50 )", "-1234.50"],
    ["−2", "-2"],
    ["–2", "-2"],
    ["‐2", "-2"],
    ["－２", "-2"],
    ["£2.50", "2.50"],
    ["£.50", "0.50"],
    ["-£2.50", "-2.50"],
    ["£-2.50", "-2.50"],
    ["£ 2.50-", "-2.50"],
    ["(£2.50)", "-2.50"],
    ["£(2.50)", "-2.50"],
    ["US$ 1,253.50", "1253.50"],
    ["2.50 EUR", "2.50"],
    ["2.50\u00a0€", "2.50"],
    ["CHF 1'253.50", "1253.50"],
    ["Rs.50", "50"],
    ["R$2.50", "2.50"],
    ['="2.50"', "2.50"],
    ["'2.50", "2.50"],
    ["\u200f2.50\u00a0\u200f₪", "2.50"],
    ["12.-", "12"],
    ["1.2750e+01", "12.750"],
    ["1E3", "1000"],
    ["-2.5e-3", "-0.0025"],
    ["١٢٫٥", "12.5"],
    [" 2.50 ", "2.50"],
  ])("%s is %s", (text, number) => expect(read(text, point)).toBe(number));

  test.each([
    "",
    "-",
    ".",
    "nan",
    "NULL",
    "1,23",
    "1,2345",
    "0,750",
    ",750",
    "12,75",
    "1.234,50",
    "1.2.3",
    "--1",
    "-(2)",
    "-2-",
    "(2",
    "2)",
    "1 2",
    "1'23",
    "1, 234",
    "1,234e3",
    "12%",
    "0.75 kg",
    "2 Cr",
    "3k",
    "£€2",
    "C12",
    "0x1",
    "3²",
    "½",
    "Infinity",
    "1e41",
    "1e999999999",
    "9".repeat(41),
    `1${",000".repeat(1_000_000)}`,
  ])("%.40j does not fit", (text) => expect(read(text, point)).toBeUndefined());
});

describe("under a decimal comma", () => {
  test.each([
    ["1.234,50", "1234.50"],
    ["1 234,50", "1234.50"],
    ["1\u202f234,50", "1234.50"],
    ["1\u00a0234,50", "1234.50"],
    ["1\u2009234,50", "1234.50"],
    ["1'234,50", "1234.50"],
    ["1.234", "1234"],
    ["1,234", "1.234"],
    ["0,55", "0.55"],
    ["2,5E+2", "250"],
    ["12,-", "12"],
    ["12,--", "12"],
    ["12,50-", "-12.50"],
    ["€ 1.234,50-", "-1234.50"],
    ["5,50 kr", "5.50"],
    ["zł5,50", "5.50"],
  ])("%s is %s", (text, number) => expect(read(text, comma)).toBe(number));

  test.each(["1.5", "12.75", "1.23", "0.750", "1,234.50", "1.2750e+01", "24.0"])("%s does not fit", (text) =>
    expect(read(text, comma)).toBeUndefined(),
  );
});

test("where nothing told the decimal sign, what could be either is not read", () => {
  expect(["1.234", "1,234", "-1.200", "12.75", "1.2345", "24", "0.001"].map((text) => read(text, open))).toEqual([
    undefined,
    undefined,
    undefined,
    "12.75",
    "1.2345",
    "24",
    "0.001",
  ]);
});

test("a measure is read where the column has it, and no other", () => {
  const kilos: NumberFormat = { decimal: ".", unit: "kg" };
  expect(["0.75 kg", "3kg", "3 KG", "-2 kg", "2 kg-", "300 g", "3"].map((text) => read(text, kilos))).toEqual([
    "0.75",
    "3",
    "3",
    "-2",
    undefined,
    undefined,
    undefined,
  ]);
});

test.each(["0", "2.95", "-0.05", "15", "-11062.06", "123456789012345678901234567.89", "5.", ".5", "-.5", "-0.00"])(
  "%s is read as a plain decimal is",
  (text) => expect(numberReader(point)(text)).toEqual(parseDecimal(text)),
);

test("a format in words", () => {
  expect([point, comma, open, { decimal: ".", unit: "kg" } as const].map(describeNumbers)).toEqual([
    "decimal point",
    "decimal comma",
    "whole numbers",
    "decimal point, in kg",
  ]);
});
