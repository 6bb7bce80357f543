import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import { retailOracle } from "../../../test/support/oracle.js";
import { parseAll, parseGenerated, parseRealData, parseText, testOnRealData } from "../../../test/support/retail.js";

const HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
const NASTY = [
  `\uFEFF${HEADER}`,
  '491169,22355,"CHARLOTTE BAG , ""SUKI""",10,12/10/09 11:25,0.85, 12417 ,Belgium',
  "491169,22355,CAFÉ £ ☕,1,2009-12-10T11:25:00Z,.85,12417.0,Belgium\r",
  '491170,A,"two',
  'lines",-3,12/10/2009 9:05,2.50,,',
  "",
  '491171,B,"never closed,1,12/10/09 11:25,1,12417,Belgium',
  "C491172,C,,-1,12/11/09 0:00,0,X-9,Unspecified",
  "491173,D,short,1",
  '491174,E,"bad date",1,2/30/10 11:25,1,1,Spain',
  "491175,F,last,2147483647,12/11/09 0:00,1,1,Spain",
].join("\n");

test("a customer who could not become a key of the results is rejected before anything is paid", async () => {
  const line = (id: string) => `491169,22355,BAG,10,12/10/09 11:25,0.85,${id},Belgium`;
  const { lines, rejects } = await parseText(
    [HEADER, ...["a".repeat(850), "a".repeat(851), "☕".repeat(284)].map(line)].join("\n"),
  );
  expect(lines.map(({ customerId }) => customerId?.length)).toEqual([850]);
  expect(rejects.map(({ reason }) => reason)).toEqual([
    "the customer id has 851 bytes, a key in Keyspaces at most 850",
    "the customer id has 852 bytes, a key in Keyspaces at most 850",
  ]);
});

test("a nasty file, line by line", async () => {
  const { lines, lineNumbers, originals, rejects } = await parseText(NASTY);
  const shown = lines.map(
    ({ quantity, price, invoiceDate, invoice, stockCode, line, description, customerId, country }) =>
      Object.values({
        invoice,
        stockCode,
        line,
        description,
        customerId,
        country,
        at: invoiceDate.toISOString(),
        quantity: formatDecimal(quantity),
        price: formatDecimal(price),
      }),
  );
  expect(shown).toEqual([
    ["491169", "22355", 1, 'CHARLOTTE BAG , "SUKI"', "12417", "Belgium", "2009-12-10T11:25:00.000Z", "10", "0.85"],
    ["491169", "22355", 2, "CAFÉ £ ☕", "12417", "Belgium", "2009-12-10T11:25:00.000Z", "1", "0.85"],
    ["491170", "A", 1, "two\nlines", null, null, "2009-12-10T09:05:00.000Z", "-3", "2.50"],
    ["C491172", "C", 1, null, "X-9", "Unspecified", "2009-12-11T00:00:00.000Z", "-1", "0"],
    ["491175", "F", 1, "last", "1", "Spain", "2009-12-11T00:00:00.000Z", "2147483647", "1"],
  ]);
  expect(lineNumbers).toEqual([2, 3, 4, 8, 11]);
  expect(originals[2]!.text).toBe('491170,A,"two\nlines",-3,12/10/2009 9:05,2.50,,');
  expect(rejects).toMatchObject([
    {
      lineNumber: 7,
      line: '491171,B,"never closed,1,12/10/09 11:25,1,12417,Belgium',
      reason: "text follows a closing quote",
    },
    { lineNumber: 9, line: "491173,D,short,1", reason: "4 fields instead of 8" },
    {
      lineNumber: 10,
      line: '491174,E,"bad date",1,2/30/10 11:25,1,1,Spain',
      reason: '"2/30/10 11:25" is not a date as the file writes them',
    },
  ]);
});

test("the same lines and rejects wherever the bytes are cut", async () => {
  const bytes = Buffer.from(NASTY);
  const whole = await parseAll([bytes]);
  const wrong: unknown[] = [];
  for (let cut = 0; cut <= bytes.length; cut++) {
    const found = await parseAll([bytes.subarray(0, cut), bytes.subarray(cut)]);
    if (!isDeepStrictEqual(found, whole)) wrong.push({ cut, found });
  }
  expect(wrong).toEqual([]);
  expect(await parseAll(Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)))).toEqual(whole);
});

test("a chunk may be filled again by whoever made it", async () => {
  const bytes = Buffer.from(NASTY);
  const shared = Buffer.alloc(7);
  const chunks = (function* () {
    for (let at = 0; at < bytes.length; at += shared.length) {
      yield shared.subarray(0, bytes.copy(shared, 0, at));
    }
  })();
  expect(await parseAll(chunks)).toEqual(await parseAll([bytes]));
});

test.each([
  ["no invoice number", " ,A,x,1,12/6/09 10:30,1,1,Spain"],
  ["no stock code", "2,,,1,12/6/09 10:30,1,1,Spain"],
  ['quantity "six" is not a number as the file writes them', "1,A,x,six,12/6/09 10:30,1,1,Spain"],
  ['quantity "" is not a number as the file writes them', "1,A,x,,12/6/09 10:30,1,1,Spain"],
  ["quantity 2147483648 does not fit 32 bits", "1,A,x,2147483648,12/6/09 10:30,1,1,Spain"],
  ['price "n/a" is not a number as the file writes them', "1,A,x,1,12/6/09 10:30,n/a,1,Spain"],
  ["no date", "1,A,x,1,,1,1,Spain"],
  ["9 fields instead of 8", "1,A,x,y,1,12/6/09 10:30,1,1,Spain"],
])("rejected: %s", async (reason, line) => {
  const { lines, rejects } = await parseText(`${HEADER}\n${line}\n2,B,x,1,12/6/09 10:30,1,1,Spain\n`);
  expect(rejects).toMatchObject([{ lineNumber: 2, line, reason }]);
  expect(lines).toHaveLength(1);
});

test("columns go by either data set's names, in any order, beside others", async () => {
  const { lines } = await parseText(
    "Country,more,CustomerID,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo\nSpain,?,7,1.5,1/2/11 8:00,3,x,A,1\n",
  );
  expect(lines[0]).toMatchObject({
    invoice: "1",
    stockCode: "A",
    quantity: { unscaled: 3n, scale: 0 },
    customerId: "7",
    country: "Spain",
  });
});

test.each([
  ["0.75", "0.75"],
  ["24.0", "24"],
  ["-.50", "-0.5"],
  ["3.", "3"],
])("quantity %s is %s", async (text, quantity) => {
  const { lines } = await parseText(`${HEADER}\n1,A,x,${text},12/6/09 10:30,1,1,Spain\n`);
  expect(formatDecimal(lines[0]!.quantity)).toBe(quantity);
});

test("a line in another encoding is read as Windows-1252, its neighbours as UTF-8", async () => {
  const latin = Buffer.concat([
    Buffer.from("2,B,CARD "),
    Buffer.from([0xa3, 0x31]),
    Buffer.from(",1,12/6/09 10:30,1,1,EIRE\n"),
  ]);
  const { lines } = await parseAll([Buffer.from(`${HEADER}\n1,A,CAFÉ,1,12/6/09 10:30,1,1,EIRE\n`), latin]);
  expect(lines.map(({ description }) => description)).toEqual(["CAFÉ", "CARD £1"]);
});

describe("a file that is not one of invoice lines", () => {
  const failure = (chunks: Uint8Array[]) =>
    parseAll(chunks).then(
      () => "no failure",
      (error: Error) => error.message,
    );
  test.each([
    ["", "Could not read the file: the file is empty."],
    ["\uFEFF\r\n\n", "Could not read the file: there is nothing in the file but blanks and separators."],
    [HEADER, "Could not read the file: there is one line in the file: a header and nothing below it, or no table."],
    [
      "Invoice,StockCode,Price,UnitPrice,Quantity,Description,Country\n1,2\n",
      "Could not tell the columns of the file apart: no column for the date of the invoice, customer in its header (line 1): Invoice, StockCode, Price, UnitPrice, Quantity, Description, Country.",
    ],
  ])("%j", async (text, message) => expect(await failure([Buffer.from(text)])).toBe(message));

  test("a line without end", async () => {
    expect(await failure([Buffer.alloc(1 << 20, "x"), Buffer.alloc(1, "x")])).toBe(
      "Could not read the file: there is one line in the file: a header and nothing below it, or no table.",
    );
  });
});

test("the generated file as Python reads it", async () => {
  const { lines, rejects } = await parseGenerated();
  expect(lines).toHaveLength(retailOracle.lines);
  expect(rejects.map(({ lineNumber }) => lineNumber)).toEqual(retailOracle.rejects);
  expect(lines.filter(({ line }) => line > 1)).toHaveLength(retailOracle.repeats);
  expect(new Set(lines.flatMap(({ customerId }) => customerId ?? [])).size).toBe(retailOracle.knownCustomers);
});

testOnRealData("the real file: no reject, and the counts of its description", async () => {
  const { lines, rejects } = await parseRealData();
  expect(rejects).toMatchObject([]);
  expect(lines).toHaveLength(14_269);
  expect(lines.filter(({ line }) => line > 1)).toHaveLength(73);
  expect(lines.filter(({ customerId }) => customerId === null)).toHaveLength(169);
  expect(lines.filter(({ invoice }) => invoice.startsWith("C"))).toHaveLength(420);
  expect(new Set(lines.map(({ invoice }) => invoice)).size).toBe(759);
  expect(new Set(lines.flatMap(({ customerId }) => customerId ?? [])).size).toBe(159);
});
