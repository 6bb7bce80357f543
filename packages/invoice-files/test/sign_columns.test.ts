import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID";
/** Two sales of 25 in all, and one piece of 5 that comes back; all quantities above zero. */
const shop = (name: string, sale: string, back: string): string[] => [
  `${HEADER},${name}`,
  `1,A,2,2024-01-25,5.00,7,${sale}`,
  `2,A,3,2024-01-26,5.00,7,${sale}`,
  `3,A,1,2024-01-27,5.00,7,${back}`,
];

test.each([
  ["Sign", "+", "-"],
  ["Whatever", "+", "-"],
  ["Vorzeichen", "+", "−"],
  ["Sign", "1", "-1"],
  ["Sign", "", "-"],
  ["Dir", "OUT", "IN"],
  ["Movement", "In", "Out"],
  ["Transaction", "Debit", "Credit"],
  ["Type", "D", "C"],
  ["Dir", "C", "D"],
  ["Transaction Type", "DR", "CR"],
  ["Txn", "Soll", "Haben"],
  ["Type", "S", "R"],
  ["Movement", "Sale", "Return"],
  ["Any", "SOLD", "RETURNED"],
  ["Action", "I", "C"],
  ["Type", "V", "R"],
  ["Sens", "D", "C"],
])("values tell which lines have come back, in a column called %s: %s and %s", async (name, sale, back) => {
  const { customers, said } = await readFile("signs.csv", shop(name, sale, back));
  expect(customers).toEqual(["7 1 2 20"]);
  expect(said).toContain(`credit notes: ${back}`);
});

test.each([
  ["Payment Method", "Debit", "Credit"],
  ["Card", "D", "C"],
])("cards are no sides of a ledger: %s", async (name, sale, back) => {
  const { customers, said } = await readFile("cards.csv", shop(name, sale, back));
  expect(customers).toEqual(["7 0 3 30"]);
  expect(said.some((each) => /^(credit notes|kinds of lines):/.test(each))).toBe(false);
});

test("letters in a column with another name are said, and turned where `columns` says so", async () => {
  const lines = shop("Store", "In", "Out").map((line) => line.replace("3,A", "3,B"));
  const { customers, said } = await readFile("letters.csv", lines);
  expect(customers).toEqual(["7 0 3 30"]);
  expect(said).toContain("kinds of lines: Store is left out");
  expect((await readFile("letters.csv", lines, { columns: "type=Store" })).customers).toEqual(["7 1 2 20"]);
});

test("a kind of lines that has a sign of its own is taken as it stands", async () => {
  const { customers } = await readFile("signed.csv", [
    `${HEADER},Type`,
    "1,A,2,2024-01-25,5.00,7,D",
    "2,A,3,2024-01-26,5.00,7,D",
    "3,A,-1,2024-01-27,5.00,7,C",
  ]);
  expect(customers).toEqual(["7 1 2 20"]);
});

test("sides that share the lines are asked about, and settled by `columns`", async () => {
  const lines = [
    `${HEADER},Type`,
    ...Array.from({ length: 24 }, (_, i) => `${i},A,1,2024-01-${10 + (i % 12)},5.00,7,${i % 2 === 0 ? "D" : "C"}`),
    "99,A,1,2024-01-25,5.00,7,D",
  ];
  await expect(readFile("half.csv", lines)).rejects.toMatchObject({
    question: { parameter: "columns", choices: [{ value: "type=-" }, { value: "type=Type" }] },
  });
  expect((await readFile("half.csv", lines, { columns: "type=-" })).customers).toEqual(["7 0 25 125"]);
  expect((await readFile("half.csv", lines, { columns: "type=Type" })).customers).toEqual(["7 0 13 5"]);
});

test("one side of which the customers have bought nothing on the other is asked about", async () => {
  const lines = [
    `${HEADER},Transaction Type`,
    ...Array.from(
      { length: 24 },
      (_, i) => `${i},A${i},1,2024-01-${10 + (i % 12)},5.00,${i % 7},${i % 5 === 0 ? "Debit" : "Credit"}`,
    ),
  ];
  await expect(readFile("cards.csv", lines)).rejects.toMatchObject({ question: { parameter: "columns" } });
});

test.each([
  ["Newsletter", "+", "-"],
  ["Channel", "S", "R"],
  ["Customer kind", "I", "C"],
])("a mark that has nothing to do with returns is left: %s", async (name, most, few) => {
  const { customers } = await readFile("marks.csv", [
    `${HEADER},${name}`,
    `1,A,2,2024-01-25,5.00,7,${most}`,
    `2,B,3,2024-01-26,5.00,8,${most}`,
    `3,C,1,2024-01-27,5.00,9,${few}`,
  ]);
  expect(customers).toEqual(["7 2 1 10", "8 1 1 15", "9 0 1 5"]);
});
