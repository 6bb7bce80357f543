import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { NOTHING_GIVEN, openInvoiceFile } from "@keyspaces-segmentation/invoice-files";
import { workbook } from "../../table-files/test/support/workbook.js";
import { readFile } from "./support/read_file.js";
import { sheet } from "./support/sheet.js";

const MONTHS = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];

test("a list of purchases without invoice numbers: lines of one customer and one day are one", async () => {
  const { customers, said, evidence } = await readFile("orders.csv", [
    "customer_id,order_date,revenue",
    "Mr. Brion,2024-01-25,20.00",
    "Mr. Brion,2024-01-25,5.00",
    "Mr. Brion,2024-01-27,7.00",
    "Ethyl Botsford,2024-01-20,9.00",
  ]);
  expect(customers).toEqual(["Ethyl Botsford 7 1 9", "Mr. Brion 0 2 32"]);
  expect(said).toContain("invoices: lines of one customer and one day are one purchase");
  expect(evidence.join()).toContain("4 lines of the sample are 3 purchases");
});

test("with a time of day, those of one moment are: at the same minute two customers have bought", async () => {
  const { customers } = await readFile("till.csv", [
    "MemberNo,SaleDate,SaleTime,ItemCode,Qty,Amount",
    "7,2024-01-25,10:00,A,1,5.00",
    "7,2024-01-25,10:00,B,2,6.00",
    "7,2024-01-25,17:30,A,1,5.00",
    "8,2024-01-25,10:00,A,1,5.00",
  ]);
  expect(customers).toEqual(["7 0 2 16", "8 0 1 5"]);
});

test("a purchase has one number in any spelling of its date, in which no customer stands", async () => {
  const numbersIn = async (name: string, lines: readonly string[]): Promise<Set<string>> => {
    const folder = mkdtempSync(join(tmpdir(), "purchases-"));
    try {
      writeFileSync(join(folder, name), `customer,date,amount\n${lines.join("\n")}\n`);
      const found = new Set<string>();
      for await (const { lines } of (await openInvoiceFile(join(folder, name), NOTHING_GIVEN)).lines()) {
        for (const { invoice } of lines) found.add(invoice);
      }
      return found;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const numbers = await numbersIn("iso.csv", [
    "a@example.com,2023-05-19,1.00",
    ",2023-05-19,2.00",
    "b,2023-05-19,2.00",
  ]);
  expect([...numbers].map((number) => number.replace(/[0-9a-f]{12}$/, "…"))).toEqual([
    "2023-05-19 …",
    "2023-05-19",
    "2023-05-19 …",
  ]);
  expect(await numbersIn("de.csv", ["a@example.com,19.05.2023,1.00", ",19.05.2023,2.00", "b,19.05.2023,2.00"])).toEqual(
    numbers,
  );
});

test("an id on each of the lines numbers them where these are orders, and not where they have products", async () => {
  const orders = ["1,a,2024-01-25,5.00", "2,a,2024-01-25,6.00", "3,b,2024-01-26,7.00"];
  const asOrders = await readFile("orders.csv", ["ID,Customer,Date,Total", ...orders]);
  expect(asOrders.customers).toEqual(["a 1 2 11", "b 0 1 7"]);
  const asLines = await readFile("lines.csv", [
    "ID,Customer,Date,Total,SKU",
    ...orders.map((line, i) => `${line},${"ABC"[i]}`),
  ]);
  expect(asLines.customers).toEqual(["a 1 1 11", "b 0 1 7"]);
});

test("a column that may number invoices under a name of its own is asked about", async () => {
  const lines = [
    "Vorgang,Customer,Date,Product,Amount",
    "V1,a,2024-01-25,A,5.00",
    "V1,a,2024-01-25,B,6.00",
    "V2,a,2024-01-25,A,5.00",
    "V3,b,2024-01-26,A,5.00",
  ];
  await expect(readFile("vorgang.csv", lines)).rejects.toThrow(/Vorgang tells more than one purchase/);
  expect((await readFile("vorgang.csv", lines, { columns: "invoice=Vorgang" })).customers).toEqual([
    "a 1 2 16",
    "b 0 1 5",
  ]);
  expect((await readFile("vorgang.csv", lines, { columns: "invoice=-" })).customers).toEqual(["a 1 1 16", "b 0 1 5"]);
});

test("a list of customers is no list of purchases, unless a parameter says so", async () => {
  const lines = [
    "customer_id,created_at,total_spent",
    ...MONTHS.map((month, i) => `${100 + i},2023-${month}-05,${20 + i}.00`),
  ];
  await expect(readFile("customers.csv", lines)).rejects.toThrow(/each of 12 customers has one line, as in a list/);
  const { customers } = await readFile("customers.csv", lines, { columns: "invoice=-" });
  expect(customers).toHaveLength(12);
});

test("what a file without a header has in order may have no invoice number", async () => {
  const { customers } = await readFile(
    "purchases.txt",
    ["760\t25.5\t2009-11-06", "860\t50\t2012-09-28", "760\t25\t2012-09-28"],
    { columns: "customerId, amount, invoiceDate" },
  );
  expect(customers).toEqual(["760 0 2 50.5", "860 0 1 50"]);
});

test("lines below a number of their own stay as they were: a later line of an order that leaves its customer out", async () => {
  const { customers } = await readFile("shop.csv", [
    "Order ID,Customer,Date,SKU,Quantity,Price",
    "1,a,2024-01-25,A,1,5.00",
    "1,,,B,1,6.00",
    "2,b,2024-01-26,A,1,5.00",
  ]);
  expect(customers).toEqual(["a 1 1 11", "b 0 1 5"]);
});

test("where a name is missing, the message takes the columns that there are", async () => {
  await expect(readFile("clv.csv", ["id,date,spend", "1,2024-01-25,5.00", "1,2024-01-26,5.00"])).rejects.toThrow(
    expect.objectContaining({ hint: expect.stringContaining('columns="customerId=id"') }),
  );
});

test("a sheet of customers in front of that of invoices is none of purchases; a sheet of purchases alone is one", async () => {
  const customers = sheet(["Customer ID,Created,Total", ...MONTHS.map((month, i) => `${i},2023-${month}-01,100.50`)]);
  const orders = sheet(["Order ID,Customer ID,Date,SKU,Quantity,Price", "1,7,2024-01-25,A,2,5.00"]);
  const both = await readFile("book.xlsx", workbook({ sheets: { Customers: customers, Orders: orders } }));
  expect(both.customers).toEqual(["7 0 1 10"]);
  const purchases = sheet(["Customer ID,Date,Amount", "7,2024-01-25,5.00", "7,2024-01-26,6.00"]);
  const alone = await readFile("book.xlsx", workbook({ sheets: { Purchases: purchases } }));
  expect(alone.customers).toEqual(["7 0 2 11"]);
});

test("of a workbook without the columns it is told what the largest of its sheets lacks", async () => {
  const lines = sheet(["transaction_id,customer_id,transaction_date,list_price", "1,7,2024-01-25,5.00"]);
  const bytes = workbook({ sheets: { Title: sheet(["Sprocket"]), Transactions: lines } });
  await expect(readFile("kpmg.xlsx", bytes)).rejects.toThrow(
    expect.objectContaining({ hint: expect.stringMatching(/^Transactions: .*columns="price=-; amount=list_price"/s) }),
  );
});

test("an entry with a description in a list of payments without any does not make them lines without a code", async () => {
  const { customers } = await readFile("balance.csv", [
    "created_utc,gross,description,customer_id",
    "2024-01-25 10:00:00,5.00,,C1",
    "2024-01-25 11:00:00,6.00,,C1",
    "2024-01-26 10:00:00,7.00,,C2",
    "2024-01-27 00:00:00,-18.00,PAYOUT,",
  ]);
  expect(customers).toEqual(["C1 2 2 11", "C2 1 1 7"]);
});
