import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const lines = (name: string, back: string, sold: string): string[] => [
  `InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,${name}`,
  `1,A,3,2024-01-25 10:00,5.00,7,${sold}`,
  `2,A,1,2024-01-26 10:00,5.00,8,${sold}`,
  `C3,A,-2,2024-01-27 10:00,5.00,7,${back}`,
];

test.each([
  ["is_cancelled", "True", "False"],
  ["IsCancelled", "1", "0"],
  ["Cancelled", "yes", "no"],
  ["Status", "Cancelled", "Completed"],
  ["order_status", "Canceled", "Delivered"],
])("a column that calls off returns alone leaves them: %s", async (name, back, sold) => {
  const { customers, rejects, evidence } = await readFile("returns.csv", lines(name, back, sold));
  expect(customers).toEqual(["7 2 1 5", "8 1 1 5"]);
  expect(rejects).toEqual([]);
  expect(evidence.join()).toContain(`${name} calls off lines below zero alone, which count as returns`);
});

test("lines below zero that are no credit notes, as corrections of stock, may be beside them", async () => {
  const { customers } = await readFile("returns.csv", [
    ...lines("is_cancelled", "True", "False"),
    "4,A,-1,2024-01-27 11:00,0.00,,False",
  ]);
  expect(customers).toEqual(["7 2 1 5", "8 1 1 5"]);
});

test("what calls off sales as well calls off orders, and a void credit note among others is none", async () => {
  const sales = await readFile("orders.csv", [
    ...lines("is_cancelled", "True", "False"),
    "5,A,1,2024-01-27 12:00,5.00,8,True",
  ]);
  expect(sales.customers).toEqual(["7 1 1 15", "8 0 1 5"]);
  const notes = await readFile("notes.csv", [
    ...lines("Cancelled", "no", "no"),
    "9,A,1,2024-01-25 10:00,5.00,9,no",
    "10,A,1,2024-01-25 10:00,5.00,9,no",
    "C4,A,-1,2024-01-27 10:00,5.00,8,no",
    "C5,A,-1,2024-01-27 10:00,5.00,7,no",
    "C6,A,-1,2024-01-27 10:00,5.00,7,yes",
  ]);
  expect(notes.customers).toEqual(["7 2 1 0", "8 1 1 0", "9 2 2 10"]);
  const isVoid = await readFile("void.csv", lines("Voided", "yes", "no"));
  expect(isVoid.customers).toEqual(["7 1 1 15", "8 0 1 5"]);
});

test("what a line says of itself is not said of the blank lines below: one piece of an order has come back", async () => {
  const { customers } = await readFile("items.csv", [
    "order_id,user_id,sku,created_at,sale_price,quantity,returned_at",
    "1,7,A,2024-01-25,5.00,1,2024-01-28",
    "1,7,B,2024-01-25,6.00,1,",
    "2,8,A,2024-01-26,5.00,1,",
    "2,8,B,2024-01-26,6.00,1,2024-01-29",
  ]);
  expect(customers).toEqual(["7 1 1 6", "8 0 1 5"]);
});

test("on the first line alone it is said of the order", async () => {
  const { customers } = await readFile("orders.csv", [
    "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem price,Cancelled at",
    "#1,a@example.com,paid,2024-01-25 10:00:00 +0000,2,Lamp,5.00,",
    "#2,a@example.com,paid,2024-01-26 10:00:00 +0000,1,Lamp,7.00,2024-01-27 10:00:00 +0000",
    "#2,,,,1,Vase,9.00,",
  ]);
  expect(customers).toEqual(["a@example.com 0 1 10"]);
});
