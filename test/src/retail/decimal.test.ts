import { expect, test } from "@jest/globals";
import {
  addDecimal,
  formatDecimal,
  multiplyByInteger,
  parseDecimal,
  toNumber,
  truncateDecimal,
} from "../../../src/retail/decimal.js";

const decimal = (text: string) => parseDecimal(text)!;

test.each(["0", "2.95", "-0.05", "0.001", "15", "-11062.06", "123456789012345678901234567.89", "2.50"])(
  "%s survives reading and writing",
  (text) => expect(formatDecimal(decimal(text))).toBe(text),
);

test.each([
  ["5.", "5"],
  [".5", "0.5"],
  ["-.5", "-0.5"],
  ["-0.00", "0.00"],
])("%s is read as %s", (text, written) => expect(formatDecimal(decimal(text))).toBe(written));

test.each([
  "",
  ".",
  "-",
  "1e3",
  "1,5",
  "£2",
  "NaN",
  "Infinity",
  "0x1",
  " 1",
  "1 ",
  "--1",
  "+1",
  "1.2.3",
  "9".repeat(41),
])("%j is no decimal", (text) => expect(parseDecimal(text)).toBeUndefined());

test("sums and products are exact where floats are not", () => {
  expect(formatDecimal(addDecimal(decimal("0.1"), decimal("0.2")))).toBe("0.3");
  expect(formatDecimal(addDecimal(decimal("0.125"), decimal("-3")))).toBe("-2.875");
  expect(formatDecimal(multiplyByInteger(decimal("2.55"), -80_995))).toBe("-206537.25");
});

test("a number is the nearest one, a whole part is cut towards zero", () => {
  expect(toNumber(decimal("49457.1"))).toBe(49_457.1);
  expect([truncateDecimal(decimal("2.99")), truncateDecimal(decimal("-2.99"))]).toEqual([2, -2]);
});
