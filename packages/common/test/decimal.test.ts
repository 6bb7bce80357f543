import { expect, test } from "@jest/globals";
import {
  type Decimal,
  DecimalSum,
  formatDecimal,
  parseDecimal,
  productScale,
  timesDecimal,
  toNumber,
  truncateDecimal,
  withoutTrailingZeros,
} from "@keyspaces-segmentation/common/dist/decimal.js";

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

/** Σ price × quantity. */
function sumOf(...lines: [price: string, quantity: string][]): DecimalSum {
  const sum = new DecimalSum();
  for (const line of lines) {
    const [price, quantity] = line.map(decimal) as [Decimal, Decimal];
    sum.add(timesDecimal(price, quantity), productScale(price, quantity));
  }
  return sum;
}

test.each([
  ["0", []],
  ["0.3", ["0.1", "0.2"]],
  ["-2.875", ["0.125", "-3"]],
  ["0.00", ["0.00"]],
  ["9007199254740993.5", ["9007199254740991", "2.5"]],
  ["9007199254740993.50", ["2.50", "9007199254740991"]],
  ["123456789012345678901234567.90", ["123456789012345678901234567.89", "0.01"]],
  ["0.01", ["123456789012345678901234567.89", "0.01", "-123456789012345678901234567.89"]],
  ["90071992547409.9312345678901234567", ["90071992547409.91", "0.0212345678901234567"]],
])("%s is the exact sum of %j, in every order and split", (total, prices: string[]) => {
  const lines = prices.map((price): [string, string] => [price, "1"]);
  expect(formatDecimal(sumOf(...lines).value())).toBe(total);
  expect(formatDecimal(sumOf(...lines.toReversed()).value())).toBe(total);
  for (const at of lines.keys()) {
    const sum = sumOf(...lines.slice(0, at));
    sum.addSum(sumOf(...lines.slice(at)));
    expect(formatDecimal(sum.value())).toBe(total);
  }
});

test.each([
  ["2.55", "-80995", "-206537.25"],
  ["2.55", "0.75", "1.9125"],
  ["-2.55", "-1.250", "3.18750"],
  ["90071992547409.91", "2147483647", "193428131048268653930741.77"],
  ["90071992547409.91", "2147483647.5", "193428131093304650204446.725"],
  ["9007199254740993", "1", "9007199254740993"],
  ["1", "-9007199254740993", "-9007199254740993"],
  ["123456789012345678901234567.89", "0", "0.00"],
  ["-0.5", "0", "0.0"],
])("%s × %s = %s, exactly", (price, quantity, product) => {
  expect(formatDecimal(sumOf([price, quantity]).value())).toBe(product);
});

test.each([
  ["24.0", "24"],
  ["2.50", "2.5"],
  ["-0.750", "-0.75"],
  ["100", "100"],
  ["0.00", "0"],
])("%s without trailing zeros is %s", (text, written) => {
  expect(formatDecimal(withoutTrailingZeros(decimal(text)))).toBe(written);
});

test("a number is the nearest one, a whole part is cut towards zero", () => {
  expect(toNumber(decimal("49457.1"))).toBe(49_457.1);
  expect([truncateDecimal(decimal("2.99")), truncateDecimal(decimal("-2.99"))]).toEqual([2n, -2n]);
  // Beyond what a double holds.
  expect(truncateDecimal(decimal("-214748364578525162.55"))).toBe(-214_748_364_578_525_162n);
});
