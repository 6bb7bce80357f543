import { expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { type FileLedger, noEvidence, noExtremes, rulesOf } from "@keyspaces-segmentation/invoices";
import { ledgerWaterfall } from "@keyspaces-segmentation/notebook-charts/dist/charts/ledger_waterfall.js";

const gbp = { money: moneyOf("GBP") };

const file: FileLedger = {
  lines: 100,
  amount: "1000.00",
  firstInvoice: "2009-12-01T09:28:00.000Z",
  lastInvoice: "2010-12-09T14:55:00.000Z",
  bins: [
    { bin: "no_customer", lines: 10, amount: "50.00" },
    { bin: "cancelled", lines: 5, amount: "-200.00" },
    { bin: "quantity_not_positive", lines: 0, amount: "0" },
    { bin: "price_not_positive", lines: 2, amount: "0" },
    { bin: "not_a_product", lines: 3, amount: "30.00" },
    { bin: "purchase", lines: 79, amount: "1115.00" },
  ],
  rejects: [{ reason: "… is not a date", lines: 1, amount: "5.00" }],
  repeated: { lines: 0, amount: "0" },
  rules: rulesOf(noEvidence),
  extremes: noExtremes,
};
const { figure, title, summary } = ledgerWaterfall(file, gbp);
const [trace] = figure.data as unknown as [
  { y: number[]; x: string[]; measure: string[]; text: string[]; customdata: string[] },
];

test("starts with all lines and ends with the purchases, to which the steps add up", () => {
  expect(trace.measure).toEqual(["absolute", ...Array(5).fill("relative"), "total"]);
  expect(trace.y.slice(0, -1).reduce((sum, step) => sum + step, 0)).toBe(1115);
  expect(title).toBe("The file comes to £1,000; purchases of products alone are £1,115");
});

test("has a step for each bin with lines, and none for the others", () => {
  expect(trace.x.map((label) => label.replace("<br>", " "))).toEqual([
    "All lines",
    "Rejected lines",
    "No customer",
    "Cancelled or returned",
    "Price not positive",
    "Postage, fees, not a product",
    "Purchases of products",
  ]);
  expect(trace.text).toEqual(["£1,000", "−£5", "−£50", "+£200", "£0", "−£30", "£1,115"]);
  expect(trace.customdata).toEqual(["100", "1", "10", "5", "2", "3", "79"]);
  expect(summary).toContain("Rejected lines: 1, £5");
});

test("takes off what is in the file twice, and does not speak of products where every code is one", () => {
  const own = ledgerWaterfall(
    {
      ...file,
      lines: 104,
      amount: "1080.00",
      bins: file.bins
        .filter(({ bin }) => bin !== "not_a_product")
        .map((each) => (each.bin === "purchase" ? { ...each, lines: 82, amount: "1145.00" } : each)),
      repeated: { lines: 4, amount: "80.00" },
      rules: { ...file.rules, productCode: null },
    },
    gbp,
  );
  const [{ x, y, text }] = own.figure.data as unknown as [typeof trace];
  expect(x).toContain("Repeated in the<br>file");
  expect(x.at(-1)).toBe("Purchases");
  expect(text.at(-1)).toBe("£1,145");
  expect(y.slice(0, -1).reduce((sum, step) => sum + step, 0)).toBe(1145);
  expect([own.title, own.summary, ...x].join(" ")).not.toMatch(/products?|Postage/);
});
