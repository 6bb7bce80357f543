import { expect, test } from "@jest/globals";
import { workbook } from "../../table-files/test/support/workbook.js";
import { readFile } from "./support/read_file.js";
import { sheet } from "./support/sheet.js";

const HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID";
const SALES = ["1,A,2,2024-01-25,5.00,7", "2,A,3,2024-01-26,5.00,7"];
const RETURN = "3,A,1,2024-01-27,5.00,7";

test.each([
  ["Returns", [HEADER, RETURN]],
  ["Gutschriften", [RETURN]],
  ["Refunds,,,,,", [HEADER, RETURN]],
])("what a report has below a title of returns are returns: %s", async (title, below) => {
  const { customers, said } = await readFile("report.csv", [HEADER, ...SALES, "", title, ...below]);
  expect(customers).toEqual(["7 1 2 20"]);
  expect(said).toContain(`sections: what stands below ${JSON.stringify(title.replace(/,+/, ""))} are returns`);
});

test("lines that have an index in front, which the header has not, are returns below such a title", async () => {
  const lines = [HEADER, ...SALES, RETURN].map((line, i) => (i === 0 ? line : `${i},${line}`));
  const { customers, said } = await readFile("report.csv", [...lines.slice(0, -1), "Returns,,,,,,", lines.at(-1)!]);
  expect(customers).toEqual(["7 1 2 20"]);
  expect(said).toContain('sections: what stands below "Returns" are returns');
});

test("a further section of sales ends that of returns", async () => {
  const { customers } = await readFile("report.csv", [
    HEADER,
    ...SALES,
    "Returns",
    RETURN,
    "Sales",
    "4,A,1,2024-01-28,5.00,7",
  ]);
  expect(customers).toEqual(["7 0 3 25"]);
});

test("a sheet that is called returns has them, with a minus or without", async () => {
  for (const back of [RETURN, RETURN.replace(",1,", ",-1,")]) {
    const bytes = workbook({ sheets: { Orders: sheet([HEADER, ...SALES]), Returns: sheet([HEADER, back]) } });
    expect((await readFile("book.xlsx", bytes)).customers).toEqual(["7 1 2 20"]);
  }
});

test("sheets may have their columns in another order, or go on without a header", async () => {
  const other = ["Customer ID,Price,Invoice,StockCode,Quantity,InvoiceDate", "7,5.00,4,A,1,2024-01-28"];
  const reordered = workbook({ sheets: { "2023": sheet([HEADER, ...SALES]), "2024": sheet(other) } });
  expect((await readFile("book.xlsx", reordered)).customers).toEqual(["7 0 3 30"]);
  const continued = workbook({ sheets: { p1: sheet([HEADER, ...SALES]), p2: sheet(["4,A,1,2024-01-28,5.00,7"]) } });
  expect((await readFile("book.xlsx", continued)).customers).toEqual(["7 0 3 30"]);
});

test("a sheet with other columns is left out", async () => {
  const bytes = workbook({ sheets: { Lines: sheet([HEADER, ...SALES]), Summary: sheet(["Month,Turnover", "1,25"]) } });
  expect((await readFile("book.xlsx", bytes)).customers).toEqual(["7 0 2 25"]);
});
