import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const HEADER = "Store,Receipt,SKU,Quantity,Date,Price,Customer ID";
const SAYS = "invoices: lines with one number, customer and day are one, whatever Store says";

test("receipts of two stores with one number, customer and day are said", async () => {
  const { customers, said } = await readFile("stores.csv", [
    HEADER,
    "North,1,A,2,2024-01-25,5.00,7",
    "South,1,B,1,2024-01-25,7.00,7",
    "North,2,A,1,2024-01-26,5.00,7",
    "South,2,A,1,2024-01-26,5.00,8",
  ]);
  expect(customers).toEqual(["7 0 2 22", "8 0 1 5"]);
  expect(said).toContain(SAYS);
});

test.each([
  ["an order that two branches send", ["North,1,A,2", "South,1,B,1", "North,2,A,1", "South,3,A,1"], [7, 7, 7, 8]],
  ["stores with numbers of their own", ["North,N1,A,2", "South,S1,B,1", "North,N2,A,1", "South,S2,A,1"], [7, 7, 7, 8]],
  ["receipts of other customers", ["North,1,A,2", "South,1,B,1", "North,2,A,1", "South,2,A,1"], [7, 8, 7, 8]],
])("nothing is said of %s", async (_, lines, customers) => {
  const { said } = await readFile("stores.csv", [
    HEADER,
    ...lines.map((line, i) => `${line},2024-01-25,5.00,${customers[i]}`),
  ]);
  expect(said.some((each) => each.startsWith("invoices:"))).toBe(false);
});
