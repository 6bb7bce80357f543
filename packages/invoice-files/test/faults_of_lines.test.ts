import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID";
/** A file that is longer than its sample, in which every line is of an ordinary sale. */
const LINES = Array.from(
  { length: 40 },
  (_, i) => `${536_365 + i},85048,2,2024-01-${String(1 + (i % 28)).padStart(2, "0")},5.00,${13_085 + (i % 7)}`,
);

test("an amount on both sides of a ledger is none, and one without pieces has no price", async () => {
  const ledger = [
    "1,2024-01-25,7,10.00,",
    "2,2024-01-26,7,15.00,",
    "3,2024-01-27,7,,5.00",
    "4,2024-01-28,7,20.00,5.00",
  ];
  const sides = await readFile("ledger.csv", ["Invoice,Date,Customer ID,Debit,Credit", ...ledger], {
    columns: "amount=Debit; credit=Credit",
  });
  expect(sides.rejects).toEqual(["1 an amount on both sides"]);
  const amounts = ["1,A,2024-01-25,7,2,10.00", "2,B,2024-01-26,7,3,15.00", "3,C,2024-01-27,7,0,5.00"];
  const pieces = await readFile("lines.csv", ["Invoice,SKU,Date,Customer ID,Qty,Line Total", ...amounts]);
  expect(pieces.rejects).toEqual(["1 an amount, and no quantity"]);
});

test("amounts in two currencies by a column of codes cannot be added up", async () => {
  const inEuros = LINES.map((line) => `${line},EUR`);
  const { said } = await readFile("one.csv", [`${HEADER},Currency`, ...inEuros]);
  expect(said).toContain("currency: EUR");
  const lines = [...inEuros.slice(0, 30), ...LINES.slice(30).map((line) => `${line},USD`)];
  await expect(readFile("two.csv", [`${HEADER},Currency`, ...lines])).rejects.toMatchObject({
    question: { parameter: "currency", choices: [{ value: "EUR" }, { value: "USD" }] },
  });
});

test("a column of refunds that has something in it is left out, and one of nothing is not spoken of", async () => {
  const refunds = (amount: string): string[] => [`${HEADER},Refund`, ...LINES.map((line) => `${line},${amount}`)];
  const { said } = await readFile("refunds.csv", refunds("1.00"));
  expect(said).toContain("what was given back: Refund is left out");
  expect((await readFile("none.csv", refunds("0.00"))).said.join()).not.toContain("given back");
});

test("fields with blanks around them are those without", async () => {
  const padded = LINES.map((line) => line.split(",").join(" , "));
  const [plain, blanks] = [
    await readFile("plain.csv", [HEADER, ...LINES]),
    await readFile("blanks.csv", [HEADER, ...padded]),
  ];
  expect(blanks.customers).toEqual(plain.customers);
  expect(blanks.rejects).toEqual([]);
});

test("an index in front of each line moves all columns, of the sample and of the lines", async () => {
  const indexed = LINES.map((line, i) => `${i},${line}`);
  const [plain, moved] = [
    await readFile("plain.csv", [HEADER, ...LINES]),
    await readFile("indexed.csv", [HEADER, ...indexed]),
  ];
  expect(moved.said).toContain("fields: an index in front of each line, left out");
  expect(moved.customers).toEqual(plain.customers);
});

/** Lines with a stock code, and lines with a description alone. */
const described = (coded: number, others: number): string[] => [
  "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID",
  ...Array.from({ length: coded }, (_, i) => `${i},A,Lamp,1,2024-01-25,5.00,7`),
  ...Array.from({ length: others }, (_, i) => `x${i},,Shelf made to order,1,2024-01-25,5.00,7`),
];

test("lines without a stock code that are more than slips are sales by their description", async () => {
  const { customers, rejects, said } = await readFile("codes.csv", described(976, 24));
  expect([customers, rejects]).toEqual([["7 0 1000 5000"], []]);
  expect(said).toContain("stock codes: the description where there is none");
  const slips = await readFile("slips.csv", described(996, 4));
  expect([slips.customers, slips.rejects]).toEqual([["7 0 996 4980"], ["4 no stock code"]]);
});
