import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const HEADER = "Order ID,SKU,Quantity,Order Date,Price,Customer ID";

/** Orders of which all was given back, and then one of its own. */
const givenBack = (names: string, all: string, ...lines: readonly string[]): string[] => [
  `${HEADER},${names}`,
  ...Array.from({ length: 6 }, (_, i) => `${100 + i},A,2,2024-01-20,5.00,9,2024-02-01,${all}`),
  ...lines,
  "2,A,3,2024-01-26,5.00,8,,",
];

test("a refund's date beside a part of the amount leaves that sale, and no other, and is said", async () => {
  const { customers, said, evidence } = await readFile(
    "partly.csv",
    givenBack("Refunded at,Refund amount", "10.00", "1,A,2,2024-01-25,10.00,7,2024-02-01,5.00"),
  );
  expect(customers).toEqual(["7 1 1 20", "8 0 1 15"]);
  expect(said).toContain("what was given back: Refund amount is left out");
  expect(evidence.join()).toContain("6 lines of the sample have such a state; 1 line of which a part was paid back");
});

test("a part that was paid back of an order leaves all of its lines", async () => {
  const { customers } = await readFile(
    "lines.csv",
    givenBack(
      "Refunded at,Refund amount",
      "10.00",
      "1,A,2,2024-01-25,10.00,7,2024-02-01,8.00",
      "1,B,1,2024-01-25,7.00,7,2024-02-01,",
      "3,A,2,2024-01-25,10.00,7,2024-02-01,7.00",
      "3,B,1,2024-01-25,7.00,7,2024-02-01,7.00",
    ),
  );
  expect(customers).toEqual(["7 1 2 54", "8 0 1 15"]);
});

test.each([
  ["Refunded Qty", "2"],
  ["Items refunded", "1"],
  ["Refund count", "1"],
  ["Refund number", "3"],
  ["Refund ref", "4"],
  ["Retourennummer", "5"],
  ["Erstattungsnr", "6"],
  ["Refund tax", "1.60"],
  ["Refunded shipping", "4.90"],
  ["Refund fee", "1.50"],
  ["Refund price", "5.00"],
  ["Refund amount net", "8.40"],
  ["Refund amount", "9.00"],
  ["Non-refundable deposit", "2.00"],
  ["Days to refund", "5"],
])("what is no amount on the footing of the prices leaves nothing of what was paid back: %s", async (name, text) => {
  const { customers } = await readFile("others.csv", givenBack(`Refunded at,${name}`, text));
  expect(customers).toEqual(["8 0 1 15"]);
  const both = givenBack(`Refunded at,${name},Refunded Total`, `${text},10.00`).map((line) =>
    line.startsWith("2,") ? `${line},` : line,
  );
  expect((await readFile("both.csv", both)).customers).toEqual(["8 0 1 15"]);
});

test("how many orders a customer has cancelled is not said to have been given back", async () => {
  for (const name of ["Orders cancelled", "Cancelled orders of customer"]) {
    const { said } = await readFile("counts.csv", [`${HEADER},${name}`, "1,A,2,2024-01-25,10.00,7,3"]);
    expect(said.some((each) => each.startsWith("what was given back"))).toBe(false);
  }
});

test.each([
  ["of the line", "20.00", "7.00"],
  ["of the order, on each line", "27.00", "27.00"],
  ["of the order, on its first line", "27.00", ""],
])("one beside the whole amount makes it no sale: %s", async (_, first, second) => {
  const { customers } = await readFile("whole.csv", [
    `${HEADER},Refunded at,Refund amount`,
    `1,A,2,2024-01-25,10.00,7,2024-02-01,${first}`,
    `1,B,1,2024-01-25,7.00,7,2024-02-01,${second}`,
    "2,A,3,2024-01-26,5.00,8,,",
  ]);
  expect(customers).toEqual(["8 0 1 15"]);
});

test("a refund's date without an amount, or with a flag of 1 and 0, is of all of it", async () => {
  const { customers, said } = await readFile("flags.csv", [
    `${HEADER},Refunded at,Fully refunded`,
    "1,A,2,2024-01-25,10.00,7,2024-02-01,1",
    "2,A,3,2024-01-26,5.00,8,,0",
  ]);
  expect(customers).toEqual(["8 0 1 15"]);
  expect(said.some((each) => each.includes("left out"))).toBe(false);
});

const CANCELLED = `${HEADER},Cancelled`;

test.each(["Cancelled", "Voided", "Storno", "Deleted", "Draft", "Test order"])(
  "1 on a line of several pieces or kilograms, beside 0 on its invoice, is yes: %s",
  async (name) => {
    const { customers } = await readFile("flag.csv", [
      `${HEADER},${name}`,
      "1,A,3,2024-01-25,10.00,7,1",
      "1,B,1,2024-01-25,7.00,7,0",
      "2,C,0.75,2024-01-26,8.00,8,1",
      "2,A,3,2024-01-26,5.00,8,0",
    ]);
    expect(customers).toEqual(["7 1 1 7", "8 0 1 15"]);
  },
);

test("how many pieces were cancelled is left out, and said", async () => {
  const { customers, said } = await readFile("count.csv", [
    CANCELLED,
    "1,A,3,2024-01-25,10.00,7,2",
    "2,A,3,2024-01-26,5.00,8,0",
  ]);
  expect(customers).toEqual(["7 1 1 30", "8 0 1 15"]);
  expect(said).toContain("what was given back: Cancelled is left out");
});
