import { expect, test } from "@jest/globals";
import {
  type Decimal,
  DecimalSum,
  formatDecimal,
  parseDecimal,
  timesInteger,
  toNumber,
  truncateDecimal,
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
function sumOf(...lines: [price: string, quantity: number][]): DecimalSum {
  const sum = new DecimalSum();
  for (const [price, quantity] of lines) {
    const { unscaled, scale }: Decimal = decimal(price);
    sum.add(timesInteger({ unscaled, scale }, quantity), scale);
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
  const lines = prices.map((price): [string, number] => [price, 1]);
  expect(formatDecimal(sumOf(...lines).value())).toBe(total);
  expect(formatDecimal(sumOf(...lines.toReversed()).value())).toBe(total);
  for (const at of lines.keys()) {
    const sum = sumOf(...lines.slice(0, at));
    sum.addSum(sumOf(...lines.slice(at)));
    expect(formatDecimal(sum.value())).toBe(total);
  }
});

test.each([
  ["2.55", -80_995, "-206537.25"],
  ["90071992547409.91", 2_147_483_647, "193428131048268653930741.77"],
  ["123456789012345678901234567.89", 0, "0.00"],
  ["-0.5", 0, "0.0"],
])("%s × %i = %s, exactly", (price, quantity, product) => {
  expect(formatDecimal(sumOf([price, quantity]).value())).toBe(product);
});

test("a number is the nearest one, a whole part is cut towards zero", () => {
  expect(toNumber(decimal("49457.1"))).toBe(49_457.1);
  expect([truncateDecimal(decimal("2.99")), truncateDecimal(decimal("-2.99"))]).toEqual([2, -2]);
});
