import { expect, test } from "@jest/globals";
import { printable } from "@keyspaces-segmentation/common/dist/printable.js";

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
