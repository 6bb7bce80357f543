import { describe, expect, test } from "@jest/globals";
import { workbook } from "../../table-files/test/support/workbook.js";
import { readFile } from "./support/read_file.js";
import { sheet } from "./support/sheet.js";

const NAMES = "Date,Num,Product,Qty,Sales Price,Amount";
const SALES: readonly [customer: string, lines: readonly string[]][] = [
  ["Amy's Birds", ["01/15/2024,1001,Seed,2,5.00,10.00", "01/15/2024,1001,Feeder,1,20.00,20.00"]],
  ["Bill's Windsurf", ["01/20/2024,1002,Board,1,300.00,300.00", "01/28/2024,1005,Board,-1,300.00,-300.00"]],
  ["Cool Cars", ["02/01/2024,1003,Wax,3,4.00,12.00"]],
];
const CUSTOMERS = ["Amy's Birds 17 1 30", "Bill's Windsurf 12 1 0", "Cool Cars 0 1 12"];
const BY_CUSTOMER = "Sales by Customer Detail,,,,,,";

const report = (
  totalOf: (customer: string) => string,
  { title = (customer: string): readonly string[] => [`"${customer}",,,,,,`] } = {},
): string[] =>
  SALES.flatMap(([customer, lines]) => [
    ...title(customer),
    ...lines.map((line) => `,${line}`),
    ...(totalOf(customer) === "" ? [] : [`"${totalOf(customer)}",,,,,,"1.00"`]),
  ]);
const totalFor = (customer: string): string => `Total for ${customer}`;
const noCustomer = /no column for the customer/;

test.each<[what: string, above: readonly string[], header: string, total: (customer: string) => string]>([
  ["as QuickBooks has it", ["Birds Ltd,,,,,,", BY_CUSTOMER, ",,,,,,"], `,${NAMES}`, totalFor],
  ["in German", ["Umsatz je Kunde,,,,,,"], `,${NAMES}`, (customer) => `Summe ${customer.toUpperCase()}`],
  ["with the word behind", ["Ventes par client,,,,,,"], `,${NAMES}`, (customer) => `${customer} total`],
  ["below the name of the column", [], `Customer,${NAMES}`, (customer) => `Total ${customer}`],
])("a report has each customer in a row above his lines: %s", async (_what, above, header, total) => {
  const end = ["TOTAL,,,,,,42.00", "Accrual Basis Monday 3 June 2024,,,,,,"];
  const { customers, said, evidence } = await readFile("sales.csv", [...above, header, ...report(total), ...end]);
  expect(customers).toEqual(CUSTOMERS);
  expect(said).toContain("customers: each in a row of his own above his lines");
  expect(evidence.join()).toContain("(Amy's Birds, Bill's Windsurf, Cool Cars)");
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

test("the header comes again, on each page or below each customer", async () => {
  const header = `,${NAMES}`;
  const pages = report(totalFor, { title: (customer) => [`"${customer}",,,,,,`, header] });
  expect((await readFile("sales.csv", [BY_CUSTOMER, ...pages])).customers).toEqual(CUSTOMERS);
});

test("parameters name other columns", async () => {
  const lines = [BY_CUSTOMER, `,${NAMES.replace("Sales Price", "Rate X")}`, ...report(totalFor)];
  expect((await readFile("sales.csv", lines, { columns: "price=Rate X" })).customers).toEqual(CUSTOMERS);
  const own = [`Who,${NAMES}`, ...report(totalFor)];
  expect((await readFile("sales.csv", own, { columns: "customerId=Who" })).customers).toEqual(CUSTOMERS);
});

describe("rows that are no customers", () => {
  const [amy, bill, cool] = report(totalFor)
    .join("\n")
    .split(/\n(?="(?:Bill|Cool))/)
    .map((rows) => rows.split("\n"));

  test("titles of anything else", async () => {
    const lines = ["Sales by Class Detail,,,,,,", `,${NAMES}`, ...report(totalFor)];
    await expect(readFile("sales.csv", lines)).rejects.toThrow(noCustomer);
  });

  test.each(["Customer: All", "Filter: Customer = all", "All customers", "Sales by Customer Type"])(
    "titles below %s",
    async (above) => {
      const lines = [`${above},,,,,,`, `,${NAMES}`, ...report(totalFor)];
      await expect(readFile("sales.csv", lines)).rejects.toThrow(noCustomer);
    },
  );

  test("titles without totals", async () => {
    const lines = [BY_CUSTOMER, `,${NAMES}`, ...report(() => "")];
    await expect(readFile("sales.csv", lines)).rejects.toThrow(noCustomer);
  });

  test("months, in a report by customer and month", async () => {
    const within = ["January,,,,,,", ",01/14/2024,1,Wax,1,5.00,5.00", "Total for January,,,,,,5.00"];
    const lines = ["Ann", "Bob", "Cy"].flatMap((name) => [`${name},,,,,,`, ...within, `Total for ${name},,,,,,5.00`]);
    await expect(readFile("sales.csv", [BY_CUSTOMER, `,${NAMES}`, ...lines])).rejects.toThrow(noCustomer);
  });

  test("regions of customers without totals", async () => {
    const within = report(() => "");
    const lines = ["North", "South"].flatMap((name) => [`${name},,,,,,`, ...within, `Total for ${name},,,,,,5.00`]);
    await expect(readFile("sales.csv", [BY_CUSTOMER, `,${NAMES}`, ...lines])).rejects.toThrow(noCustomer);
  });

  test("marks of pages and notes, where nearly all have totals", async () => {
    const many = Array.from({ length: 10 }, (_, i) => [
      ...[`Shop ${i},,,,,,`, `,01/14/2024,${i},Wax,1,5.00,5.00`, `Total for Shop ${i},,,,,,5.00`],
    ]);
    const page = [...amy!.slice(0, 2), "Page 2 of 3,,,,,,", ...amy!.slice(2)];
    const noted = ["Note: paid late,,,,,,", ...bill!];
    const { customers } = await readFile("sales.csv", [
      ...[BY_CUSTOMER, `,${NAMES}`, ...page, ...noted, ...cool!, ...many.flat()],
    ]);
    expect(customers.filter((customer) => !customer.startsWith("Shop"))).toEqual(CUSTOMERS);
    expect(customers).toHaveLength(CUSTOMERS.length + many.length);
  });

  test("lines of products that have a customer's name in theirs", async () => {
    const { customers, rejects } = await readFile("sales.csv", [
      ...[BY_CUSTOMER, "Product,Date,Num,Qty,Sales Price"],
      ...["Rose,,,,", "Rose bouquet,01/14/2024,1,1,500.00", "Total rose,01/15/2024,2,1,7.00", "Rose wine,,3,2,5.00"],
      ...["Total for Rose,,,,507.00", "Ed,,,,", "Total care,01/16/2024,4,1,9.00", "Total for Ed,,,,9.00"],
    ]);
    expect(customers).toEqual(["Ed 0 1 9", "Rose 1 2 507"]);
    expect(rejects).toEqual(["1 no date"]);
  });

  test("notes between lines that have their customers", async () => {
    const lines = [
      `Customer,${NAMES}`,
      ...["A,01/14/2024,1,Wax,1,5.00,5.00", "see the letter,,,,,,", "B,01/15/2024,2,Wax,2,5.00,10.00"],
      ...["paid in May,,,,,,", ",01/16/2024,3,Wax,1,7.00,7.00", "A,01/17/2024,4,Wax,1,7.00,7.00"],
    ];
    expect((await readFile("sales.csv", lines)).customers).toEqual(["A 0 2 12", "B 2 1 10"]);
  });

  test("customers without lines above lines that have their own", async () => {
    const lines = [
      `Customer,${NAMES}`,
      ...["1,,,,,,", "12,01/14/2024,1,Wax,1,5.00,5.00", "2,,,,,,", "21,01/15/2024,2,Wax,2,5.00,10.00"],
      ...["12,01/16/2024,3,Wax,1,7.00,7.00", "Total 1,,,,,,12.00", "Total 2,,,,,,10.00"],
    ];
    expect((await readFile("sales.csv", lines)).customers).toEqual(["12 0 2 12", "21 1 1 10"]);
  });
});

describe("sheets of a workbook", () => {
  const head = ["Sales by Customer Detail,,,,", ",Date,Num,Qty,Sales Price"];
  const of = (name: string, day: string, i: number): string[] => [
    ...[`${name},,,,`, `,${day},${i},2,5.00`, `Total for ${name},,,2,`],
  ];
  const january = [...of("Ann", "2024-01-14", 1), ...of("Bob", "2024-01-15", 2)];

  test("are reports with their customers in titles", async () => {
    const sheets = { Jan: sheet([...head, ...january]), Feb: sheet([...head, ...of("Cy", "2024-02-01", 3)]) };
    const { customers } = await readFile("book.xlsx", workbook({ sheets }));
    expect(customers).toEqual(["Ann 18 1 10", "Bob 17 1 10", "Cy 0 1 10"]);
  });

  test("stop where a later one has customers without totals", async () => {
    const february = ["Cy,,,,", ",2024-02-01,3,2,5.00", "Di,,,,", ",2024-02-02,4,2,5.00"];
    const sheets = { Jan: sheet([...head, ...january]), Feb: sheet([...head, ...february]) };
    await expect(readFile("book.xlsx", workbook({ sheets }))).rejects.toThrow(noCustomer);
  });

  test("with a column of customers are read, and not the report beside them", async () => {
    const list = sheet(["Customer,Date,Num,Qty,Sales Price", "Ed,2024-02-01,3,2,5.00", "Ed,2024-02-03,4,2,5.00"]);
    const report = sheet([...head, ...january]);
    for (const sheets of [
      { Report: report, List: list },
      { List: list, Report: report },
    ]) {
      expect((await readFile("book.xlsx", workbook({ sheets }))).customers).toEqual(["Ed 0 2 20"]);
    }
  });
});

test("a report that is larger than its sample", async () => {
  const lines = Array.from({ length: 24_000 }, (_, i) => [
    ...[`Shop ${i},,,,,,`, `,01/14/2024,${i},Wax ${"x".repeat(40)},1,5.00,5.00`, `Total for Shop ${i},,,,,,5.00`],
  ]);
  const { customers } = await readFile("sales.csv", [BY_CUSTOMER, `,${NAMES}`, ...lines.flat()]);
  expect(customers).toHaveLength(lines.length);
});
