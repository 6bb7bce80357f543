import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const shop = (quantity: (pieces: number) => string, price: (each: string) => string, separator = ","): string[] => [
  ["Invoice", "StockCode", "Quantity", "InvoiceDate", "Price", "Customer ID"].join(separator),
  ...[
    [1, "A", 24, "2.55"],
    [2, "B", 1, "12.95"],
    [3, "C", 3, "0.85"],
  ].map(([invoice, code, pieces, each]) =>
    [invoice, code, quantity(Number(pieces)), "2024-01-25", price(String(each)), 7].join(separator),
  ),
];
const asIs = (each: string): string => each;
const comma = (each: string): string => each.replace(".", ",");

test.each<[string, (pieces: number) => string, (each: string) => string]>([
  ["24 Nos", (pieces) => `${pieces} Nos`, asIs],
  ["24x", (pieces) => `${pieces}x`, asIs],
  ["x24", (pieces) => `x${pieces}`, asIs],
  ["24 ×", (pieces) => `${pieces} ×`, asIs],
  ["24 pcs, 1 pc", (pieces) => `${pieces} ${pieces === 1 ? "pc" : "pcs"}`, asIs],
  ["3 Stk.", (pieces) => `${pieces} Stk.`, asIs],
  ["1 EA", (pieces) => `${pieces} EA`, asIs],
  ["pieces where there are several", (pieces) => (pieces === 1 ? "1" : `${pieces} units`), asIs],
  ["12.95 / pc", String, (each) => `${each} / pc`],
  ["12.95 per unit", String, (each) => `${each} per unit`],
  ["12,95 €/Stk", String, (each) => `${comma(each)} €/Stk`],
  ["€ 12,95 je Stück", String, (each) => `€ ${comma(each)} je Stück`],
  ["$12.95 each", String, (each) => `$${each} each`],
  ["Rs. 12.95/-", String, (each) => `Rs. ${each}/-`],
  ["$12.95/ea", String, (each) => `$${each}/ea`],
  ["kilograms at a price for each", (pieces) => `${pieces} kg`, (each) => `${each}/kg`],
  ["24箱 is none, 24個 is", (pieces) => `${pieces}個`, asIs],
])("a word behind a number: %s", async (_what, quantity, price) => {
  const { customers, rejects } = await readFile("words.csv", shop(quantity, price, ";"));
  expect({ customers, rejects }).toEqual({ customers: ["7 0 3 76.7"], rejects: [] });
});

test("quantities in one measure and prices for another are not multiplied", async () => {
  const grams = readFile(
    "grams.csv",
    shop(
      (pieces) => `${pieces * 100} g`,
      (each) => `${each} / kg`,
    ),
  );
  await expect(grams).rejects.toThrow(/quantities are in g and prices for each kg/);
});

test("measures of different things have each a price of its own", async () => {
  const { customers, rejects, said } = await readFile("mixed.csv", [
    ...shop(String, asIs),
    "4,D,0.75 kg,2024-01-25,3.00,7",
  ]);
  expect(customers).toEqual(["7 0 4 78.95"]);
  expect(rejects).toEqual([]);
  expect(said).toContain("quantities: decimal point, in kg");
});

test("measures of the same are said", async () => {
  const { customers, rejects } = await readFile("mixed.csv", [
    ...shop(String, asIs),
    ...["4,D,0.75 kg,2024-01-25,3.00,7", "4,D,250 g,2024-01-25,3.00,7"],
  ]);
  expect(customers).toEqual(["7 0 3 76.7"]);
  expect(rejects).toEqual(["2 quantity … is not a number as the file writes them"]);
});

test("fields in single quotes", async () => {
  const quoted = shop(String, asIs).map((line) =>
    line
      .split(",")
      .map((field) => `'${field}'`)
      .join(),
  );
  const { customers, said } = await readFile("single.csv", [
    ...quoted,
    String.raw`'4','Baker''s, \'A\'','1','2024-01-26','1.00','7'`,
  ]);
  expect(customers).toEqual(["7 0 4 77.7"]);
  expect(said).toContain("quotes: fields are in single quotes, '…'");
});

test("apostrophes within texts are no quotes", async () => {
  const { customers, said } = await readFile("apostrophes.csv", [
    "Invoice,Description,Quantity,InvoiceDate,Price,Customer ID",
    "1,'TIS THE SEASON,1,2024-01-25,1.00,'007",
    "2,CHILDREN'S APRON,1,2024-01-25,1.00,'007",
    "3,O'NEIL'S,1,2024-01-25,1.00,'007",
  ]);
  expect(customers).toEqual(["007 0 3 3"]);
  expect(said.some((each) => each.includes("single quotes"))).toBe(false);
});
