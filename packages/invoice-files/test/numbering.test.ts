import { describe, expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

/** Two purchases of each customer a day, of two lines and of one: number of the purchase from 0, of the line in it, customer, day. */
const TWICE_A_DAY = Array.from({ length: 45 }, (_, i) => {
  const purchase = 2 * Math.floor(i / 3) + (i % 3 === 2 ? 1 : 0);
  return { purchase, line: i % 3 === 1 ? 2 : 1, customer: Math.floor(i / 3) % 4, day: 10 + Math.floor(i / 6), i };
});
type Twice = (typeof TWICE_A_DAY)[number];
const withSlips = (slipOf: (line: Twice) => string, timeOf: (line: Twice) => string = () => ""): string[] => [
  "Slip,StockCode,Quantity,InvoiceDate,Price,Customer ID",
  ...TWICE_A_DAY.map((each) => {
    const { customer, day, i } = each;
    return `${slipOf(each)},${"ABC"[i % 3]},${1 + (i % 2)},2024-01-${day}${timeOf(each)},${1 + (i % 5)}.50,C${customer}`;
  }),
];
const frequencies = ({ customers }: { customers: string[] }): number[] =>
  customers.map((each) => Number(each.split(" ")[2]));
const PURCHASES = [8, 8, 8, 6];

test.each<[kind: string, lines: string[]]>([
  [
    "beside a time in each line",
    withSlips(
      ({ purchase }) => `${1001 + purchase}`,
      ({ i }) => ` 10:${10 + i}:07`,
    ),
  ],
  ["as a program writes numbers with a point", withSlips(({ purchase }) => `${1001 + purchase}.0`)],
  ["behind the day", withSlips(({ purchase, day }) => `202401${day}-${1001 + purchase}`)],
  ["with one of them missing", withSlips(({ purchase, i }) => (i === 18 ? "" : `${1001 + purchase}`))],
  [
    "of letters alone",
    withSlips(({ purchase }) => `K${"ABCDEFGHIJ"[Math.floor(purchase / 10)]}${"ABCDEFGHIJ"[purchase % 10]}`),
  ],
])("numbers of purchases %s are asked about", async (_, lines) => {
  await expect(readFile("slips.csv", lines)).rejects.toThrow(
    expect.objectContaining({ hint: expect.stringMatching(/invoice=Slip reads .* invoice=- reads/) }),
  );
  const read = await readFile("slips.csv", lines, { columns: "invoice=Slip" });
  expect(frequencies(read)).toEqual(PURCHASES);
});

test.each<[kind: string, slipOf: (line: Twice) => string, said: RegExp]>([
  [
    "that of the line behind it",
    ({ purchase, line }) => `${1001 + purchase}-${line}`,
    /that of its line in one, such as 1001-1/,
  ],
  ["one that begins again", ({ purchase }) => `${1 + (purchase % 10)}`, /counts purchases and begins again 2 times/],
])("a number of purchases that cannot be taken as it stands, %s, is told of", async (_, slipOf, said) => {
  await expect(readFile("slips.csv", withSlips(slipOf))).rejects.toThrow(said);
});

test.each<[kind: string, slipOf: (line: Twice) => string]>([
  ["a store", ({ i }) => `S${i % 3}`],
  ["a number of the line in its purchase", ({ line }) => `${line}`],
  ["a number of the line in the file", ({ i }) => `${i}`],
  ["a name of the customer", ({ customer }) => `Name${customer}`],
  ["a later date", ({ purchase, day }) => `2024-02-${day} 10:${10 + purchase}`],
  ["a sum", ({ i }) => `${i}.5`],
  ["a day of the month", ({ day }) => `${day}`],
  ["nothing in most lines", ({ purchase, i }) => (i % 5 === 0 ? `R${purchase}` : "")],
])("%s is no number of a purchase", async (_, slipOf) => {
  const read = await readFile("slips.csv", withSlips(slipOf));
  expect(frequencies(read)).toEqual([4, 4, 4, 3]);
});

test("a value of its own in each line of a list without products is asked about, but not where it counts from 0", async () => {
  const list = (idOf: (i: number) => string): string[] => [
    "charge,Date,Amount,Customer ID",
    ...TWICE_A_DAY.map(({ i, customer, day }) => `${idOf(i)},2024-01-${day},${i}.25,C${customer}`),
  ];
  await expect(
    readFile(
      "charges.csv",
      list((i) => `ch_${1000 + i}`),
    ),
  ).rejects.toThrow(/charge has another value in each of 45 lines, which are 15 purchases/);
  expect(frequencies(await readFile("charges.csv", list(String)))).toEqual([4, 4, 4, 3]);
});

describe("a customer on the first line of a purchase without a number", () => {
  const lines = (
    customerOf: (line: Twice) => string,
    dayOf = ({ day }: Twice): string => `2024-01-${day}`,
  ): string[] => [
    "Date,Item,Quantity,Price,Customer",
    ...TWICE_A_DAY.map((each) => `${dayOf(each)},${"ABC"[each.i % 3]},1,${1 + (each.i % 5)}.50,${customerOf(each)}`),
  ];
  const onFirst = ({ i, customer }: Twice): string => (i % 3 === 0 ? `C${customer}` : "");
  test.each<[kind: string, lines: string[]]>([
    ["below it are those of one day", lines(onFirst)],
    ["the date stands there alone as well", lines(onFirst, (each) => (each.i % 3 === 0 ? `2024-01-${each.day}` : ""))],
    [
      "it stands above all lines of theirs",
      lines(
        ({ i }) => (i % 9 === 0 ? `C${i}` : ""),
        ({ i }) => `2024-01-${10 + (i % 9)}`,
      ),
    ],
  ])("is asked about: %s", async (_, content) => {
    await expect(readFile("first.csv", content)).rejects.toThrow(/fill the column down in the file/);
    const { customers } = await readFile("first.csv", content, { columns: "invoice=-" });
    expect(customers.length).toBeGreaterThan(0);
  });
  test("is none where the others are guests'", async () => {
    const { customers } = await readFile(
      "guests.csv",
      lines(({ i, customer }) => ((i * 7) % 5 < 2 ? "" : `C${customer}`)),
    );
    expect(customers).toHaveLength(4);
  });
});
