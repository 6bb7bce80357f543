import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const HEADER = "Order ID,SKU,Quantity,Order Date,Price,Customer ID";

test("a refund's date beside a part of the amount leaves the sale, and is said", async () => {
  const { customers, said } = await readFile("partly.csv", [
    `${HEADER},Refunded at,Refund amount`,
    "1,A,2,2024-01-25,10.00,7,2024-02-01,5.00",
    "2,A,3,2024-01-26,5.00,8,,",
  ]);
  expect(customers).toEqual(["7 1 1 20", "8 0 1 15"]);
  expect(said).toContain("what was given back: Refund amount is left out");
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

test("so does one of the order that is as much as one of its lines leave it", async () => {
  const { customers } = await readFile("order.csv", [
    `${HEADER},Refunded at,Refund amount`,
    "1,A,2,2024-01-25,10.00,7,2024-02-01,7.00",
    "1,B,1,2024-01-25,7.00,7,2024-02-01,7.00",
    "2,A,3,2024-01-26,5.00,8,,",
  ]);
  expect(customers).toEqual(["7 1 1 27", "8 0 1 15"]);
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

test("cancelled as 1 on a line of several pieces beside 0 on its invoice is asked about, and the answer is obeyed", async () => {
  const lines = [CANCELLED, "1,A,3,2024-01-25,10.00,7,1", "1,B,1,2024-01-25,7.00,7,0", "2,A,3,2024-01-26,5.00,8,0"];
  await expect(readFile("pieces.csv", lines)).rejects.toThrow("Cancelled has 1 on 1 line of several pieces");
  const all = await readFile("pieces.csv", lines, { columns: "cancelled=-" });
  expect(all.customers).toEqual(["7 1 1 37", "8 0 1 15"]);
  const some = await readFile("pieces.csv", lines, { columns: "cancelled=Cancelled" });
  expect(some.customers).toEqual(["7 1 1 7", "8 0 1 15"]);
});

test.each([
  ["of all lines of an order", "Cancelled", "1"],
  ["by its name a flag", "Is Cancelled", "0"],
  ["by its name a question", "Refunded?", "0"],
])("cancelled as 1 is yes, %s", async (_, name, second) => {
  const { customers } = await readFile("flag.csv", [
    `${HEADER},${name}`,
    "1,A,3,2024-01-25,10.00,7,1",
    `1,B,1,2024-01-25,7.00,7,${second}`,
    "2,A,3,2024-01-26,5.00,8,0",
  ]);
  expect(customers).toEqual(second === "1" ? ["8 0 1 15"] : ["7 1 1 7", "8 0 1 15"]);
});

test("how many pieces were cancelled is left out, and said", async () => {
  const { customers, said } = await readFile("count.csv", [
    CANCELLED,
    "1,A,3,2024-01-25,10.00,7,2",
    "2,A,3,2024-01-26,5.00,8,0",
  ]);
  expect(customers).toEqual(["7 1 1 30", "8 0 1 15"]);
  expect(said).toContain("what was given back: Cancelled is left out");
});
