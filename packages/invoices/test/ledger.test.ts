import { expect, test } from "@jest/globals";
import { binOf, Ledger } from "@keyspaces-segmentation/invoices/dist/ledger.js";
import { retailOracle } from "../../../test/support/oracle.js";
import { foldLines, invoiceLine, parseGenerated, parseRealData, testOnRealData } from "../../../test/support/retail.js";

const zero = { unscaled: 0n, scale: 0 };

test.each([
  ["purchase", {}],
  ["no_customer", { customerId: null, invoice: "C1", quantity: -1 }],
  ["cancelled", { invoice: "C1", quantity: -1, price: zero }],
  ["quantity_not_positive", { quantity: 0 }],
  ["quantity_not_positive", { quantity: -3, price: zero }],
  ["price_not_positive", { price: zero }],
  ["price_not_positive", { invoice: "A506401", price: { unscaled: -5_359_436n, scale: 2 } }],
  ["purchase", { invoice: "A563185" }],
  ["purchase", { stockCode: "15056BL" }],
  ["not_a_product", { stockCode: "POST" }],
  ["not_a_product", { stockCode: "C2" }],
  ["price_not_positive", { stockCode: "POST", price: zero }],
])("%s", (bin, different) => expect(binOf(invoiceLine(different))).toBe(bin));

test("an amount is exact", () => {
  const { ledger } = foldLines([invoiceLine({ quantity: 3, price: { unscaled: 255n, scale: 2 } })]);
  expect(ledger.at(-1)).toEqual({ bin: "purchase", lines: 1, amount: "7.65" });
});

test("without lines, all bins with nothing in them", () => {
  const bins = new Ledger().bins();
  expect(bins.map(({ lines, amount }) => [lines, amount])).toEqual(new Array(6).fill([0, "0"]));
});

test("the generated file as pandas sees it: every line in one bin", async () => {
  const bins = foldLines((await parseGenerated()).lines).ledger;
  const filled = bins.filter(({ lines }) => lines > 0);
  expect(Object.fromEntries(filled.map(({ bin, lines, amount }) => [bin, [lines, Number(amount)]]))).toEqual(
    Object.fromEntries(
      Object.entries(retailOracle.ledger).map(([bin, [lines, amount]]) => [bin, [lines, Number(amount)]]),
    ),
  );
  expect(bins.reduce((sum, { lines }) => sum + lines, 0)).toBe(retailOracle.lines);
});

testOnRealData("the real file sums to £541,177.16", async () => {
  const bins = foldLines((await parseRealData()).lines).ledger;
  expect(bins).toEqual([
    { bin: "no_customer", lines: 169, amount: "1648.05" },
    { bin: "cancelled", lines: 419, amount: "-37367.23" },
    { bin: "quantity_not_positive", lines: 0, amount: "0" },
    { bin: "price_not_positive", lines: 2, amount: "0" },
    { bin: "not_a_product", lines: 405, amount: "33081.49" },
    { bin: "purchase", lines: 13_274, amount: "543814.85" },
  ]);
  expect(bins.reduce((sum, { amount }) => sum + Math.round(100 * Number(amount)), 0)).toBe(54_117_716);
});
