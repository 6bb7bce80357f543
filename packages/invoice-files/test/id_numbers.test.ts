import { expect, test } from "@jest/globals";
import { NOTHING_GIVEN } from "@keyspaces-segmentation/invoice-files";
import { readLines } from "@keyspaces-segmentation/invoice-files/dist/lines/read_lines.js";
import { decideReading } from "@keyspaces-segmentation/invoice-files/dist/reading/decide_reading.js";
import type { TableRecord } from "@keyspaces-segmentation/table-files";

const HEADER = ["Invoice", "StockCode", "Quantity", "InvoiceDate", "Price", "Customer ID"];
const records = (of: readonly (readonly [invoice: string, customer: string])[]): TableRecord[] =>
  [HEADER, ...of.map(([invoice, customer]) => [invoice, "85048", "2", "2024-01-25", "2.50", customer])].map(
    (fields, at) => ({ lineNumber: at + 1, text: fields.join("\t"), fields }),
  );

/** The numbers of invoices and customers, or why there are none, of a file of which a sample is the first part. */
async function idsOf(
  sample: readonly (readonly [string, string])[],
  rest: readonly (readonly [string, string])[] = [],
): Promise<{ ids: string[]; reasons: string[]; rows: string[] }> {
  const reading = decideReading({ pieces: [records(sample)], whole: rest.length === 0 }, NOTHING_GIVEN);
  async function* all() {
    yield records([...sample, ...rest]);
  }
  const ids: string[] = [];
  const reasons: string[] = [];
  for await (const { lines, rejects } of readLines(all(), reading)) {
    ids.push(...lines.map(({ invoice, customerId }) => `${invoice}/${customerId}`));
    reasons.push(...rejects.map(({ reason }) => reason));
  }
  const rows = reading.rows.filter(({ what }) => /ids|invoice numbers/.test(what)).map(({ readAs }) => readAs);
  return { ids, reasons, rows };
}

const ofCustomers = (customers: readonly string[]) =>
  customers.map((customer, i) => [String(i + 1), customer] as const);

test.each<[what: string, customers: string[], meant: string[]]>([
  ["commas", ["13,000", "999", "1,204,317"], ["13000", "999", "1204317"]],
  ["points", ["13.000", "13.001", "7"], ["13000", "13001", "7"]],
  ["blanks", ["13 000", "13\u00a0001", "13\u202f002"], ["13000", "13001", "13002"]],
  ["apostrophes", ["13'000", "13’001", "7"], ["13000", "13001", "7"]],
  ["lakhs", ["1,23,456", "12,345", "7"], ["123456", "12345", "7"]],
  ["and cents", ["13,000.00", "13,001.00", "7.00"], ["13000", "13001", "7"]],
  ["and German cents", ["13.000,00", "13.001,00", "7,00"], ["13000", "13001", "7"]],
  ["a formula around", ['="13,000"', '="13,001"', "'7"], ["13000", "13001", "7"]],
  ["some lines without", ["13,000", "13000", "13,001"], ["13000", "13000", "13001"]],
])("ids with thousands signs are numbers: %s", async (_what, customers, meant) => {
  const { ids, reasons, rows } = await idsOf(ofCustomers(customers));
  expect({ ids, reasons }).toEqual({ ids: meant.map((id, i) => `${i + 1}/${id}`), reasons: [] });
  expect(rows).toEqual([expect.stringMatching(/^without the thousands sign: 13.000( and 13.000)* is 13000$/)]);
});

test.each<[what: string, customers: string[], meant: string[]]>([
  ["three zeros", ["13.000", "14.000", "131.000"], ["13", "14", "131"]],
  ["a comma and zeros", ["17850,0", "17851,0", "7,0"], ["17850", "17851", "7"]],
  ["names", ["Smith, J", "Brown 1,000", "1,234"], ["Smith, J", "Brown 1,000", "1,234"]],
  ["zeros in front", ["001,234", "001,235", "x"], ["001,234", "001,235", "x"]],
])("other ids stay apart: %s", async (_what, customers, meant) => {
  const { ids, rows } = await idsOf(ofCustomers(customers));
  expect({ ids, rows }).toEqual({ ids: meant.map((id, i) => `${i + 1}/${id}`), rows: [] });
});

test("an id with a sign behind a sample without one is rejected", async () => {
  const plain = ofCustomers(["13000", "13001", "13002"]);
  const { ids, reasons } = await idsOf(plain, ofCustomers(["13,000", "13.000", "13000.0"]));
  expect(ids.slice(3)).toEqual(["3/13000"]);
  expect(reasons).toEqual([
    'the customer id "13,000" has a sign in it, unlike others',
    'the customer id "13.000" has a sign in it, unlike others',
  ]);
});

test("invoice numbers are read in the same way", async () => {
  const { ids, rows } = await idsOf([
    ["536,365", "1"],
    ["536,366.0", "1"],
    ['="536,365"', "1"],
    ["C536,379", "2"],
  ]);
  expect(ids).toEqual(["536365/1", "536366/1", "536365/1", "C536,379/2"]);
  expect(rows).toEqual(["without the thousands sign: 13,000 is 13000"]);
});

test("invoice numbers that a spreadsheet has rounded stop the file", () => {
  const sample = { pieces: [records([["5.36E+05", "1"]])], whole: true };
  expect(() => decideReading(sample, NOTHING_GIVEN)).toThrow(
    "some look rounded by a spreadsheet, such as 5.36E+05: different invoices have the same",
  );
});

test("a word beside ids that are numbers is nobody, in however many lines, and not in a column of names", async () => {
  const numbers = ofCustomers(["13000", "13001", "13002", "13003", "13004"]);
  const { ids } = await idsOf(
    [...numbers, ["6", "Not registered"], ["7", "Not registered"]],
    [["8", "Unbekannter Kunde"]],
  );
  expect(ids.slice(5)).toEqual(["6/null", "7/null", "8/null"]);
  const names = await idsOf(ofCustomers(["Miller", "Smith", "13002"]));
  expect(names.ids).toEqual(["1/Miller", "2/Smith", "3/13002"]);
});

const FROM_CARDS = Array.from({ length: 12 }, (_, i) => 4111111111111111111n + 7_919_373_187n * BigInt(i));

test.each([
  ["JavaScript, of 19 digits", FROM_CARDS.map((id) => String(Number(id)))],
  ["JavaScript, of 17 digits", FROM_CARDS.map((id) => String(Number(id / 50n)))],
  ["pandas, with a point", FROM_CARDS.map((id) => `${Number(id)}.0`)],
])("ids that a program has taken for doubles stop the file: %s", (_what, ids) => {
  const sample = { pieces: [records(ofCustomers(ids))], whole: true };
  expect(() => decideReading(sample, NOTHING_GIVEN)).toThrow("some look rounded by a spreadsheet, such as ");
});

test.each([
  ["whole ones", FROM_CARDS.map(String)],
  ["half of them in tens", FROM_CARDS.map((id, i) => String(i % 2 === 0 ? id : (id / 100_000n) * 100_000n))],
  ["moments", FROM_CARDS.map((_id, i) => `2024012510${10 + i}00000`)],
  ["of 16 digits, all even", FROM_CARDS.map((_id, i) => String(4111111111111112n + 2n * BigInt(i)))],
  // A time, the maker and a count of 0, in 64 bits.
  ["snowflakes", FROM_CARDS.map((_id, i) => String(((1_400_000_000_000n + BigInt(i * 977)) << 22n) | (3n << 12n)))],
])("long ids that are as they were are read: %s", async (_what, ids) => {
  expect((await idsOf(ofCustomers(ids))).ids).toEqual(ids.map((id, i) => `${i + 1}/${id}`));
});

test.each<[what: string, customers: string[], meant: string[]]>([
  [
    "as Java writes doubles",
    [...Array.from({ length: 9 }, (_each, i) => `1.234567${i + 1}E7`), "1.234568E7", "7.0"],
    ["12345671", "12345679", "12345680", "7"],
  ],
  ["with a plus", ["4.47700912494E+11", "4.47700912495E+11"], ["447700912494", "447700912495"]],
])("ids with powers of ten that have all their digits are numbers: %s", async (_what, customers, meant) => {
  const { ids, reasons } = await idsOf(ofCustomers(customers));
  expect(reasons).toEqual([]);
  expect(ids.map((id) => id.split("/")[1])).toEqual(expect.arrayContaining(meant));
  expect(ids.join()).not.toMatch(/E/);
});

test.each([
  [["4.47701E+11", "4.47702E+11"]],
  [["1.2345E4", "1.2346E4", "1.2345E5"]],
  [["1.2345601E7", "1.2345602E7", "1.2345603E7", "1.2345604E7", "1.2345605E7", "1.23457E+12"]],
  [["2.0647e+04", "2.0517e+04", "2.0647e+05", "2.0517e+04", "2.0518e+04"]],
])("those that a program has rounded are not: %j", async (customers) => {
  await expect(idsOf(ofCustomers(customers))).rejects.toThrow(/look rounded/);
});
