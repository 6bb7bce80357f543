import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const NAMES = "Date,Num,Product,Qty,Sales Price,Amount";
const SALES: readonly [customer: string, lines: readonly string[]][] = [
  ["Amy's Birds", ["01/15/2024,1001,Seed,2,5.00,10.00", "01/15/2024,1001,Feeder,1,20.00,20.00"]],
  ["Bill's Windsurf", ["01/20/2024,1002,Board,1,300.00,300.00", "01/28/2024,1005,Board,-1,300.00,-300.00"]],
  ["Cool Cars", ["02/01/2024,1003,Wax,3,4.00,12.00"]],
];
const CUSTOMERS = ["Amy's Birds 17 1 30", "Bill's Windsurf 12 1 0", "Cool Cars 0 1 12"];

const report = (total: string): string[] =>
  SALES.flatMap(([customer, lines]) => [
    `"${customer}",,,,,,`,
    ...lines.map((line) => `,${line}`),
    ...(total === "" ? [] : [`"${total}${customer}",,,,,,"1.00"`]),
  ]);

test.each<[what: string, above: readonly string[], header: string, total: string]>([
  ["as QuickBooks has it", ["Birds Ltd,,,,,,", "Sales by Customer Detail,,,,,,", ",,,,,,"], `,${NAMES}`, "Total for "],
  ["below the name of the column", [], `Customer,${NAMES}`, "Total "],
  ["without totals", [], `Customer,${NAMES}`, ""],
])("a report has each customer in a row above his lines: %s", async (_what, above, header, total) => {
  const end = total === "" ? [] : ["TOTAL,,,,,,42.00"];
  const { customers, said } = await readFile("sales.csv", [...above, header, ...report(total), ...end]);
  expect(customers).toEqual(CUSTOMERS);
  expect(said).toContain("customers: each in a row of his own above his lines");
});

test("customers of a customer are below him, and his own lines go on behind their total", async () => {
  const { customers } = await readFile("sales.csv", [
    "Sales by Customer,,,,,,",
    `,${NAMES}`,
    ...["Freeman,,,,,,", ",01/14/2024,1,Wax,1,5.00,5.00", "Beach House,,,,,,", ",01/15/2024,2,Wax,2,5.00,10.00"],
    ...["Total for Beach House,,,,,,10.00", ",01/16/2024,3,Wax,1,7.00,7.00", "Total for Freeman,,,,,,22.00"],
  ]);
  expect(customers).toEqual(["Beach House 1 1 10", "Freeman 0 2 12"]);
});

test("titles of anything else are no customers", async () => {
  const lines = ["Sales by Class Detail,,,,,,", `,${NAMES}`, ...report("Total for ")];
  await expect(readFile("sales.csv", lines)).rejects.toThrow(/no column for the customer/);
});

test("notes between lines that have their customers are none", async () => {
  const lines = [
    `Customer,${NAMES}`,
    ...["A,01/14/2024,1,Wax,1,5.00,5.00", "see the letter,,,,,,", "B,01/15/2024,2,Wax,2,5.00,10.00"],
    ...["paid in May,,,,,,", ",01/16/2024,3,Wax,1,7.00,7.00", "A,01/17/2024,4,Wax,1,7.00,7.00"],
  ];
  expect((await readFile("sales.csv", lines)).customers).toEqual(["A 0 2 12", "B 2 1 10"]);
});

test("rows with nothing but a customer are no titles of lines that have their own", async () => {
  const lines = [
    `Customer,${NAMES}`,
    ...["1,,,,,,", "12,01/14/2024,1,Wax,1,5.00,5.00", "2,,,,,,", "21,01/15/2024,2,Wax,2,5.00,10.00"],
    ...["12,01/16/2024,3,Wax,1,7.00,7.00"],
  ];
  expect((await readFile("sales.csv", lines)).customers).toEqual(["12 0 2 12", "21 1 1 10"]);
});
