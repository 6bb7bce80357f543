import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const LINES = 12;
const lines = (line: (i: number) => string): string[] => Array.from({ length: LINES }, (_, i) => line(i));
const day = (i: number): string => `2024-01-${10 + i}`;

test.each([
  ["Print Layout", "Cash Sale", "Memo", "Standard"],
  ["Product line", "Cash Sale", "Memo", "Pen"],
  ["Comment", "Cash Sale", "memo", ""],
  ["Comment", "Cash Sale", "memo", "call"],
  ["Terms", "Cash Sale", "Memo", "Net 30"],
])("a memo in %s tells of no kind of sale that it moves no money", async (name, kind, memo, other) => {
  const { customers } = await readFile("layouts.csv", [
    `Type,Num,Date,Customer,Item,Qty,Price,${name}`,
    ...lines((i) => `${i % 3 === 0 ? kind : "Invoice"},${i},${day(i)},7,A,1,5.00,${i % 3 === 0 ? memo : other}`),
  ]);
  expect(customers).toEqual(["7 0 12 60"]);
});

test("returns whose class of documents is a memo are taken off", async () => {
  const { customers } = await readFile("classes.csv", [
    "Type,Class,Num,Date,Customer,Item,Qty,Price",
    ...lines((i) =>
      i % 4 === 3 ? `Return,Memo,${i},${day(i)},7,A,-1,5.00` : `Order,Invoice,${i},${day(i)},7,A,1,5.00`,
    ),
  ]);
  expect(customers).toEqual(["7 1 9 30"]);
});

test("credit memos of an accountant's list stay, whatever its memos say", async () => {
  const { customers } = await readFile("list.csv", [
    "Type,Date,Num,Memo,Name,Item,Qty,Sales Price,Amount",
    ...lines((i) =>
      i % 4 === 3
        ? `Credit Memo,${day(i)},${i},Memo,7,Lamp,-1,5.00,-5.00`
        : `Invoice,${day(i)},${i},Lamp,7,Lamp,1,5.00,5.00`,
    ),
  ]);
  expect(customers).toEqual(["7 1 9 30"]);
});

test.each([
  [
    "Date,Type,Status,Currency,Gross,From Email Address,Transaction ID,Balance Impact",
    "Invoice Sent",
    "Website Payment",
    "Credit",
  ],
  [
    "Datum,Typ,Status,Währung,Brutto,Absender E-Mail-Adresse,Transaktionscode,Auswirkung auf Guthaben",
    "Rechnung gesendet",
    "Website-Zahlung",
    "Haben",
  ],
])("of a list of payments what leaves the balance as it is is no sale: %s", async (header, sent, paid, side) => {
  const rows = lines((i) => {
    const [kind, impact] = i % 4 === 0 ? [sent, "Memo"] : [paid, side];
    return `${day(i)},${kind},Completed,USD,10.00,anna@example.com,T${i},${impact}`;
  });
  const { customers } = await readFile("payments.csv", [header, ...rows]);
  expect(customers).toEqual(["anna@example.com 0 9 90"]);
});
