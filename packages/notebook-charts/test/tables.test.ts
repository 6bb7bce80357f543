import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { tableHtml, tableText, unitOf } from "@keyspaces-segmentation/notebook-charts/dist/tables.js";

const ROWS = [
  { name: "Ana & <b>", count: 1234, amount: 5.5, since: new Date("2009-12-01T07:45:00Z"), amountText: "10.10" },
  { name: "Bo", count: 7, amount: Number.NaN, since: null, amountText: "2.05" },
];
const COLUMNS = [
  { key: "name", title: "Name" },
  { key: "count", title: "Orders" },
  { key: "amount", title: "Spent", unit: "£" },
  { key: "since", title: "Since" },
  { key: "amountText", title: "Exact", align: "right" },
] as const;

describe("tableText", () => {
  test("aligns columns, numbers to the right, with decimals only where there are some", () => {
    expect(tableText(ROWS, { columns: COLUMNS, caption: "Customers" })).toBe(
      [
        "Customers",
        "Name       Orders  Spent (£)  Since                Exact",
        "─────────  ──────  ─────────  ───────────────────  ─────",
        "Ana & <b>   1,234       5.50  2009-12-01 07:45:00  10.10",
        "Bo              7          –  –                     2.05",
      ].join("\n"),
    );
  });

  test("whole amounts are numbers as well, as those in yen", () => {
    const rows = [
      { amountInFile: "-28600", id: "12417" },
      { amountInFile: "31088310", id: "9" },
    ];
    expect(tableText(rows, {}).split("\n")).toEqual([
      "amount in file  id",
      "──────────────  ─────",
      "       −28,600  12417",
      "    31,088,310  9",
    ]);
  });

  test("exact amounts in text are numbers, ids are not", () => {
    const rows = [
      { amount: "400925.5", id: "12417" },
      { amount: "-0.25", id: "9" },
      { amount: "0", id: "10" },
    ];
    expect(tableText(rows, { money: moneyOf("GBP") })).toBe(
      ["amount (£)  id   ", "──────────  ─────", "400,925.50  12417", "     −0.25  9    ", "      0.00  10   "]
        .map((line) => line.trimEnd())
        .join("\n"),
    );
  });

  test("has as many decimals as tell numbers apart, and two for money", () => {
    const rows = [
      { margin: 0.00121, distance: 0.5, monetary: 150341.254 },
      { margin: 0.00124, distance: 12.25, monetary: 150341.25 },
      { margin: 0.25, distance: 1.125, monetary: 7 },
    ];
    expect(
      tableText(rows, { money: moneyOf("GBP") })
        .split("\n")
        .slice(2),
    ).toEqual([
      "0.00121      0.50    150,341.25",
      "0.00124     12.25    150,341.25",
      "0.25000      1.13          7.00",
    ]);
  });

  test("has no more decimals than large numbers are known to, however alike they are", () => {
    const rows = [{ std: 309_272.0463571 }, { std: 1.4201917 }, { std: 1.4201918 }];
    expect(tableText(rows, {}).split("\n").slice(2)).toEqual(["309,272.05", "      1.42", "      1.42"]);
  });

  test("says how many rows it leaves out, and where they are", () => {
    const text = tableText(ROWS, {
      columns: [{ key: "count", title: "Orders" }],
      limit: 1,
      total: 5878,
      link: { text: "All", href: "all.csv" },
    });
    expect(text.split("\n").at(-1)).toBe("1 of 5,878 rows · All: all.csv");
  });

  test("keeps a row on one line", () => {
    expect(tableText([{ name: "a\nb" }], { columns: [{ key: "name", title: "N" }] })).toBe("N\n───\na b");
  });

  test("shows the headings of a table without rows", () => {
    expect(tableText<{ a: number }>([], { columns: [{ key: "a", title: "A" }] })).toBe("A\n─");
  });
});

describe("tableHtml", () => {
  test("escapes every text and aligns numbers to the right", () => {
    const html = tableHtml(ROWS, {
      columns: COLUMNS,
      caption: "<i>",
      link: { text: "<u>", href: `"><script>` },
    });
    expect(html).not.toMatch(/<(b|i|u|script)>/);
    expect(html).toContain("Ana &amp; &lt;b&gt;");
    expect(html).toMatch(/text-align:right[^>]*>1,234</);
    expect(html).toMatch(/text-align:left[^>]*>Bo</);
  });
});

test.each([
  ["monetary", "£"],
  ["monetaryMean", "£"],
  ["netMonetary", "£"],
  ["amountInFile", "£"],
  ["revenue", "£"],
  ["frequency", "invoices"],
  ["recencyTo", "days"],
  ["total", "£"],
  ["monetary_mean", "£"],
  ["frequency_mean", "invoices"],
  ["recency_days_mean", undefined],
  ["recencyDays", undefined],
  ["monetaryDiffers", undefined],
  ["revenueShare", undefined],
  ["customers", undefined],
])("the unit of %s is %s", (key, unit) => {
  expect(unitOf(key, moneyOf("GBP"))?.unit).toBe(unit);
});

test("amounts are in their currency and have its decimals; where nobody knows it, they stand alone", () => {
  const units = ["EUR", "JPY", "KWD", null].map((currency) => unitOf("monetary", moneyOf(currency)));
  expect(units.map((unit) => [unit?.unit, unit?.mostDigits])).toEqual([
    ["€", 2],
    ["¥", 0],
    ["KWD", 3],
    ["", 2],
  ]);
  expect(unitOf("frequency", moneyOf("EUR"))).toEqual({ unit: "invoices", mostDigits: 2 });
});
