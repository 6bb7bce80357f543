import { expect, test } from "@jest/globals";
import {
  currencyOfCode,
  dateOfIsoText,
  dateOfSerial,
  shownByBuiltIn,
  shownByCode,
} from "@keyspaces-segmentation/table-files/dist/workbook/cell_dates.js";

// What Excel shows for these numbers, from the documentation of its DATE function and of its two date systems.
test.each([
  [44944.39375, "2023-01-18T09:27:00"],
  [40513.351388888892, "2010-12-01T08:26:00"],
  [40513.3513888889, "2010-12-01T08:26:00"],
  [39448, "2008-01-01T00:00:00"],
  [61, "1900-03-01T00:00:00"],
  [60.5, "1900-02-29T12:00:00"],
  [59, "1900-02-28T00:00:00"],
  [1, "1900-01-01T00:00:00"],
  [0.5, "1900-01-00T12:00:00"],
  [2958465.999988426, "9999-12-31T23:59:59"],
  [44943.999999999, "2023-01-18T00:00:00"],
  [44944.39375011574, "2023-01-18T09:27:00.01"],
  [2958466, undefined],
  [-1, undefined],
  [Number.NaN, undefined],
])("day %p counted from 1900 is %p", (serial, text) => {
  expect(dateOfSerial(serial, "date", false)).toBe(text);
});

test.each([
  [0, "1904-01-01T00:00:00"],
  [43482.39375, "2023-01-18T09:27:00"],
  [37986, "2008-01-01T00:00:00"],
])("day %p counted from 1904 is %p", (serial, text) => {
  expect(dateOfSerial(serial, "date", true)).toBe(text);
});

test("a time of day is one only without a date", () => {
  expect(dateOfSerial(0.39375, "time", false)).toBe("09:27:00");
  expect(dateOfSerial(0, "time", true)).toBe("00:00:00");
  expect(dateOfSerial(44944.39375, "time", false)).toBe("2023-01-18T09:27:00");
});

test("dates that the file has as text", () => {
  expect(dateOfIsoText("2023-01-18")).toBe("2023-01-18T00:00:00");
  expect(dateOfIsoText("2023-01-18T09:27Z")).toBe("2023-01-18T09:27:00");
  expect(dateOfIsoText("2023-01-18T09:27:01.5")).toBe("2023-01-18T09:27:01.5");
  expect(dateOfIsoText("2023-01-18T09:27:10.000")).toBe("2023-01-18T09:27:10");
  expect(dateOfIsoText("PT9H")).toBe("PT9H");
});

test.each([
  ["m/d/yyyy h:mm", "date"],
  ["[$-407]d. mmmm yyyy;@", "date"],
  ["[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "date"],
  ["[$-F400]h:mm:ss\\ AM/PM", "time"],
  ['yyyy"年"m"月"d"日"', "date"],
  ['[$-411]ggge"年"m"月"d"日";@', "date"],
  ["[h]:mm", "time"],
  ["[ss].00", "time"],
  ["mm:ss.0", "time"],
  ["mmm", "date"],
  ["dd\\-mm\\-yyyy hh:mm", "date"],
  ["YYYY-MM-DD", "date"],
  ["General", "number"],
  ["0.00E+00", "number"],
  ["[Red]0.00;[Green]-0.00", "number"],
  ["[Blue]#,##0_);[Red](#,##0)", "number"],
  ['"days" 0', "number"],
  ['0.0 "h"', "number"],
  ["0\\d", "number"],
  ["@", "number"],
  ["# ?/?", "number"],
  ["0%", "number"],
  ['_-[$€-407]* #,##0.00_-;_-* "-"??_-', "number"],
  ["", "number"],
])("%s shows a %s", (code, shownAs) => {
  expect(shownByCode(code)).toBe(shownAs);
});

test("formats that a file names by number only", () => {
  const shown = (as: string) => Array.from({ length: 60 }, (_each, i) => i).filter((i) => shownByBuiltIn(i) === as);
  expect(shown("time")).toEqual([18, 19, 20, 21, 32, 33, 45, 46, 47]);
  expect(shown("date")).toEqual([
    14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58,
  ]);
});

test.each([
  ["[$€-407]\\ #,##0.00", "€"],
  ["_-[$£-809]* #,##0.00_-", "£"],
  ["[$CHF-807]\\ #,##0.00", "CHF"],
  ['"$"#,##0.00_);[Red]\\("$"#,##0.00\\)', "$"],
  ["$#,##0", "$"],
  ['#,##0.00\\ "EUR"', "EUR"],
  ["[$-407]0.00", undefined],
  ["#,##0.00", undefined],
  ['0.0 "kg"', undefined],
])("the currency of %s is %s", (code, currency) => {
  expect(currencyOfCode(code)).toBe(currency);
});
