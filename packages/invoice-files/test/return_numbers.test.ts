import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID";
const SHOP = ["1001,A,2,2024-01-25,5.00,7", "1002,B,3,2024-01-26,7.50,8", "1003,C,4,2024-01-27,2.25,7"];

test.each([
  ["1001-R", "*-R"],
  ["1001R", "*R"],
  ["1001/RET", "*/RET"],
  ["1001-CN", "*-cn"],
])(
  "a number that ends as %s behind that of a sale is said, and a parameter makes it a credit note",
  async (number, creditNotes) => {
    const lines = [HEADER, ...SHOP, `${number},A,1,2024-01-28,5.00,7`];
    const { customers, said } = await readFile("suffix.csv", lines);
    expect(customers).toEqual(["7 0 3 24", "8 2 1 22.5"]);
    expect(said).toContain(`returns: invoices such as ${number} count as sales`);
    const given = await readFile("suffix.csv", lines, { creditNotes });
    expect(given.customers).toEqual(["7 1 2 14", "8 2 1 22.5"]);
    expect(given.said.some((each) => each.startsWith("returns:"))).toBe(false);
  },
);

test.each([
  ["parts of an order", "1001-B,A,1,2024-01-28,5.00,7"],
  ["a further delivery of something else", "1001-R,C,1,2024-01-28,5.00,7"],
  ["a number of its own", "1009-R,A,1,2024-01-28,5.00,7"],
  ["a return with a minus", "1001-R,A,-1,2024-01-28,5.00,7"],
])("nothing is said of %s", async (_, line) => {
  const { said } = await readFile("parts.csv", [HEADER, ...SHOP, line]);
  expect(said.some((each) => each.startsWith("returns:"))).toBe(false);
});

test.each(["Action", "Transaction", "Type"])(
  "exchanges in a column called %s are said to count as sales",
  async (name) => {
    const { customers, said } = await readFile("exchange.csv", [
      `${HEADER},${name}`,
      ...SHOP.map((line) => `${line},Purchase`),
      "1004,A,1,2024-01-28,5.00,7,Exchange",
    ]);
    expect(customers).toEqual(["7 0 3 24", "8 2 1 22.5"]);
    expect(said).toContain(`kinds of lines: Exchange in ${name} as sales`);
  },
);

test.each([
  ["Channel", ["Exchange", "Web"]],
  ["Payment", ["Cash", "Exchange"]],
])("an exchange that is no kind beside sales is none: %s", async (name, values) => {
  const { said } = await readFile("channel.csv", [
    `${HEADER},${name}`,
    ...SHOP.map((line, i) => `${line},${values[i % 2]}`),
  ]);
  expect(said.some((each) => each.includes("Exchange in"))).toBe(false);
});
