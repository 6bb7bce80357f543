import { expect, test } from "@jest/globals";
import { formatNumber, formatPlural, formatShare, printable } from "@keyspaces-segmentation/common/dist/formats.js";

test("numbers have thousands separators, a real minus and as many decimals as asked for", () => {
  expect([formatNumber(541909), formatNumber(1234.56), formatNumber(2, 1), formatNumber(-2)]).toEqual([
    "541,909",
    "1,235",
    "2.0",
    "−2",
  ]);
  expect([formatNumber(-0.4), formatNumber(-0.004, 2), formatNumber(Number.NaN)]).toEqual(["0", "0.00", "–"]);
  expect(formatNumber(12_345_678_901_234_567_890n)).toBe("12,345,678,901,234,567,890");
});

test("shares and counts", () => {
  expect([0, 0.001, 0.006, 0.999, Number.NaN].map(formatShare)).toEqual(["0 %", "< 1 %", "1 %", "100 %", "–"]);
  expect([formatPlural(1, "customer"), formatPlural(1235, "customer")]).toEqual(["1 customer", "1,235 customers"]);
});

test.each([
  ["a terminal's escapes", "\u001b[31mred \u009b2J", "�[31mred �2J"],
  ["marks that turn the direction of writing", "cod\u202Evsc.exe\u2069", "cod�vsc.exe�"],
  ["what XML refuses", "\u0000\u0008\ufffe", "���"],
  ["halves of a pair", "\ud83d \ude00", "� �"],
  ["a return that would write over the line", "bad\rgood", "bad�good"],
])("%s are seen, and do nothing", (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("what people write stays: letters of all scripts, emoji, tabs, lines", () => {
  const text = "Größe\tعمان שלום 日本 👩‍👩‍👧 £1 “x”\nnext";
  expect(printable(text)).toBe(text);
  expect(printable("a\r\nb")).toBe("a\nb");
});
