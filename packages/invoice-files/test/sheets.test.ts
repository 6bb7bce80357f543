import { expect, test } from "@jest/globals";
import { workbook } from "../../table-files/test/support/workbook.js";
import { readFile } from "./support/read_file.js";
import { sheet } from "./support/sheet.js";

const HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID";
const LINES = ["1,A,2,2024-01-25,5.00,7", "2,A,3,2024-01-26,5.00,7"];
const LATER = "3,A,1,2024-01-27,5.00,7";
const BOOK = workbook({
  sheets: {
    Cover: sheet(["Export of the shop"]),
    Lines: sheet([HEADER, ...LINES]),
    Later: sheet([HEADER, LATER]),
    Stock: sheet(["SKU,Pieces", "A,5"]),
  },
});

test.each([
  ["Lines", ["7 0 2 25"]],
  ["lines", ["7 0 2 25"]],
  ["2", ["7 0 2 25"]],
  ["Later, Lines", ["7 0 3 30"]],
])("sheets are read that the parameter names, in any case or by number: %s", async (name, customers) => {
  const read = await readFile("book.xlsx", BOOK, { sheet: name });
  expect(read.customers).toEqual(customers);
  expect(read.evidence).toContainEqual(expect.stringMatching(/^left out: .*Stock/));
});

test.each([
  ["Orders", /4 sheets: 1 Cover, 2 Lines, 3 Later, 4 Stock/],
  ["Cover", /header of the invoice lines/],
  ["Lines, Stock", /header of the invoice lines/],
])("a sheet that is not there, or has no lines, is none: %s", async (name, says) => {
  await expect(readFile("book.xlsx", BOOK, { sheet: name })).rejects.toThrow(says);
});

test("sheets that a parameter names have to have the same columns", async () => {
  const other = sheet([`${HEADER.replace("StockCode", "Product code")},Store`, `${LATER},North`]);
  const bytes = workbook({ sheets: { Lines: sheet([HEADER, ...LINES]), Other: other } });
  await expect(readFile("book.xlsx", bytes, { sheet: "Lines, Other" })).rejects.toThrow(
    /as one table: Other has other columns than Lines/,
  );
  expect((await readFile("book.xlsx", bytes)).customers).toEqual(["7 0 2 25"]);
});

test.each([
  ["in another order of columns", "Later", `Country,${HEADER}`, "France,4,A,two,2024-01-28,5.00,7"],
  ["of returns", "Returns", HEADER, "4,A,two,2024-01-28,5.00,7"],
])("a line of a later sheet that cannot be read is rejected as it stands: %s", async (_, name, header, line) => {
  const bytes = workbook({ sheets: { Lines: sheet([HEADER, ...LINES]), [name]: sheet([header, line]) } });
  const { rejects, customers } = await readFile("book.xlsx", bytes);
  expect(rejects).toEqual(["1 quantity … is not a number as the file writes them"]);
  expect(customers).toEqual(["7 0 2 25"]);
});

test("where no sheet has lines, the largest one tells why", async () => {
  const bytes = workbook({ sheets: { Cover: sheet(["Export"]), Stock: sheet(["SKU,Pieces", "A,5", "B,6"]) } });
  await expect(readFile("book.xlsx", bytes)).rejects.toMatchObject({
    message: expect.stringMatching(/none of its sheets has the columns: Cover, Stock/),
    hint: expect.stringMatching(/^Stock: /),
  });
});

test("formulas without a value are read as empty, and said", async () => {
  const rows = sheet([HEADER, ...LINES]).replace(
    '<c r="C3" t="inlineStr"><is><t>3</t></is></c>',
    '<c r="C3"><f>1+2</f></c>',
  );
  const { said, rejects } = await readFile("book.xlsx", workbook({ sheets: { Lines: rows } }));
  expect(said).toContain("formulas: read as empty");
  expect(rejects).toEqual(["1 quantity … is not a number as the file writes them"]);
});
