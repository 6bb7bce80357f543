import { expect, test } from "@jest/globals";
import {
  type Decimal,
  DecimalSum,
  formatDecimal,
  parseDecimal,
  withoutTrailingZeros,
} from "@keyspaces-segmentation/common";
import { foldInvoices, lineAmount, prepareFeatures, pricePerPiece } from "@keyspaces-segmentation/invoices";
import { seededRandom } from "@keyspaces-segmentation/kmeans";

const decimal = (text: string): Decimal => parseDecimal(text)!;
const textOf = (price: Decimal, quantity: Decimal): string => {
  const { units, scale } = lineAmount({ price, quantity });
  return formatDecimal({ unscaled: BigInt(units), scale });
};

test.each([
  ["10.00", "3", "3.333333333333333333", "10.00"],
  ["-10.00", "3", "-3.333333333333333333", "-10.00"],
  ["3.33", "-7", "-0.475714285714285714", "3.33"],
  ["1.00", "0.333", "3.003003003003003003", "1.00"],
  ["12.75", "5", "2.55", "12.75"],
  ["0.0005", "3", "0.000166666666666667", "0.0005"],
  ["19.99", "2147483647", "0.000000009308569138", "19.99"],
  ["7", "9", "0.777777777777777778", "7.00"],
  // The quotient goes on, and its eighteenth digit is 0.
  ["1.00", "42", "0.023809523809523811", "1.00"],
  ["-1.00", "61", "-0.016393442622950821", "-1.00"],
])("an amount of %s for %s pieces comes back of its price", (amount, quantity, price, back) => {
  const each = pricePerPiece(decimal(amount), decimal(quantity));
  expect([formatDecimal(each), textOf(each, decimal(quantity))]).toEqual([price, back]);
});

test("a price of fewer digits is multiplied as it stands", () => {
  expect(textOf(decimal("2.5500000000001"), decimal("24"))).toBe("61.2000000000024");
  expect(textOf(decimal("1.459"), decimal("10"))).toBe("14.590");
});

// As a column of numeric(38,18) or (38,20) is exported; products by hand.
test.each([
  ["0.333333333", "1.500000000000000000", "0.4999999995"],
  ["1", "0.000000000123000000", "0.000000000123"],
  ["3", "0.123456789012000000", "0.370370367036"],
  ["-3", "0.12345678901200000000", "-0.370370367036"],
  ["3.000000000000000000", "2.550000000000000000", "7.65"],
  ["2", "300.000000000000000000", "600.00"],
  ["12", "0.000000000000000000", "0.00"],
  // Amounts divided by quantities: 10.00 by 3, with two zeros more, and 0.01 by 31, which ends in a zero; also as who leaves zeros out has it.
  ["31", "0.000322580645161290", "0.01"],
  ["31", "0.00032258064516129", "0.01"],
  ["-31", "0.000322580645161290", "-0.01"],
  ["3", "0.99999999999999999", "2.99999999999999997"],
  ["3", "3.33333333333333333300", "10.00"],
  ["3000000000.0001", "0.00001", "30000.000000001"],
  ["3000000000.0001", "0.000010000", "30000.000000001"],
])("%s pieces at %s, whose zeros are no digits of a quotient, are %s", (quantity, price, amount) => {
  expect(textOf(decimal(price), decimal(quantity))).toBe(amount);
});

/** Whole numbers, as an oracle: amounts in cents. */
test("whatever amounts and quantities come, what is read back sums to the amounts, to the penny", () => {
  const random = seededRandom(20240125);
  const whole = (below: number): number => Math.floor(random() * below);
  const fold = foldInvoices();
  const invoices = fold.invoices();
  let cents = 0n;
  const sum = new DecimalSum();
  for (let i = 0; i < 3000; i++) {
    const amount = BigInt(whole(i % 3 === 0 ? 100 : 10_000_000) + 1);
    const pieces = BigInt(1 + whole(i % 5 === 0 ? 2_000_000_000 : 60));
    const quantity = { unscaled: pieces, scale: i % 4 === 0 ? whole(4) : 0 };
    const isReturn = i % 7 === 3;
    cents += isReturn ? -amount : amount;
    const total = { unscaled: isReturn ? -amount : amount, scale: 2 };
    const signed = isReturn ? { unscaled: -pieces, scale: quantity.scale } : quantity;
    const price = pricePerPiece(total, signed);
    expect(price.unscaled > 0n).toBe(true);
    // As a database or a spreadsheet may give it back.
    const stored = i % 2 === 0 ? price : decimal(formatDecimal(price).replace(/(\.\d*?)0+$/, "$1"));
    const line = { price: stored, quantity: signed };
    const { units, scale } = lineAmount(line);
    sum.add(units, scale);
    invoices.add({
      invoice: String(i),
      stockCode: "85048",
      customerId: "13085",
      country: null,
      invoiceDate: new Date("2024-01-25"),
      quantity: signed,
      price: stored,
    });
    invoices.end();
  }
  const plain = (value: Decimal): string => formatDecimal(withoutTrailingZeros(value));
  const expected = plain({ unscaled: cents, scale: 2 });
  expect(plain(sum.value())).toBe(expected);
  const { aggregate, ledger } = fold.totals();
  expect(prepareFeatures(aggregate, { preparation: "net" }).customers[0]!.monetary).toBe(Number(expected));
  const money = new DecimalSum();
  for (const { amount } of ledger) money.add(decimal(amount).unscaled, decimal(amount).scale);
  expect(plain(money.value())).toBe(expected);
});
