import { describe, expect, test } from "@jest/globals";
import { type ReadFile, readFile } from "./support/read_file.js";

const day = (i: number): string =>
  `2023-${String(1 + (Math.floor(i / 28) % 12)).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")}`;
const customer = (i: number): string => `K${1 + (i % 7)}`;
const rows = (count: number, line: (i: number) => string | readonly string[]): string[] =>
  Array.from({ length: count }, (_, i) => line(i)).flat();
const sumOf = ({ customers }: ReadFile): number => customers.reduce((sum, each) => sum + Number(each.split(" ")[3]), 0);

const COUNTED = "Invoice,SKU,Quantity,Date,Amount,Customer";
const PLAIN = "Receipt,SKU,Date,Amount,Customer";

describe("of lines that have no article while the others have", () => {
  test.each<[string, string, string[], number, number]>([
    [
      "payments of invoices of two lines, numbered apart",
      COUNTED,
      rows(30, (i) => [
        `${i},A,1,${day(i)},5.00,${customer(i)}`,
        `${i},B,1,${day(i)},5.00,${customer(i)}`,
        `PMT${i},,1,${day(i)},10.00,${customer(i)}`,
      ]),
      300,
      30,
    ],
    [
      "payments of invoices of one line, numbered as these are",
      COUNTED,
      rows(40, (i) => [
        `${2 * i},A,1,${day(i)},${5 + i}.00,${customer(i)}`,
        `${2 * i + 1},,1,${day(i + 9)},${5 + i}.00,${customer(i)}`,
      ]),
      980,
      40,
    ],
    [
      "closings of a day",
      PLAIN,
      rows(100, (i) => (i % 10 === 9 ? `Z${i},,${day(i)},45.00,K1` : `R${i},A,${day(i)},5.00,${customer(i)}`)),
      450,
      10,
    ],
    [
      "closings with numbers of the same row",
      PLAIN,
      rows(100, (i) => (i % 10 === 9 ? `${i},,${day(i)},45.00,K1` : `${i},A,${day(i)},5.00,${customer(i)}`)),
      450,
      10,
    ],
    [
      "sums of a customer",
      PLAIN,
      rows(80, (i) => (i % 8 === 7 ? `${i},,${day(i)},35.00,K${i >> 3}` : `${i},A${i % 3},${day(i)},5.00,K${i >> 3}`)),
      350,
      10,
    ],
    [
      "orders before their lines",
      PLAIN,
      rows(30, (i) => [
        `${i},,${day(i)},10.00,${customer(i)}`,
        `${i}-1,A,${day(i)},5.00,${customer(i)}`,
        `${i}-2,B,${day(i)},5.00,${customer(i)}`,
      ]),
      300,
      30,
    ],
    [
      "payments without a quantity",
      COUNTED,
      rows(50, (i) => [`R${2 * i},A,1,${day(i)},5.00,${customer(i)}`, `R${2 * i + 1},,,${day(i)},7.00,${customer(i)}`]),
      250,
      50,
    ],
    [
      "what was taken out of the till",
      PLAIN,
      rows(100, (i) => (i % 10 === 9 ? `R${i},,${day(i)},-50.00,K1` : `R${i},A,${day(i)},5.00,${customer(i)}`)),
      450,
      10,
    ],
    [
      "dear faults beside invoices of several lines",
      COUNTED,
      rows(60, (i) =>
        i % 12 === 9
          ? `${900 + i},,1,${day(i)},500.00,K1`
          : `${i >> 1},A${i % 9},1,${day(i >> 1)},5.00,${customer(i >> 1)}`,
      ),
      275,
      5,
    ],
  ])("%s are no sales", async (_, header, lines, sum, rejected) => {
    const read = await readFile("shop.csv", [header, ...lines]);
    expect([sumOf(read), read.rejects]).toEqual([sum, [`${rejected} no stock code`]]);
    expect(read.warnings).toContainEqual(expect.stringContaining(`${rejected} of them because: no stock code`));
  });

  test("sales of what has no number, of other money than the others, count, and what they come to is said", async () => {
    const read = await readFile("till.csv", [
      PLAIN,
      ...rows(60, (i) =>
        i % 6 === 5 ? `R${i},,${day(i)},${13 + i}.50,${customer(i)}` : `R${i},A${i % 3},${day(i)},5.00,${customer(i)}`,
      ),
    ]);
    expect([sumOf(read), read.rejects]).toEqual([250 + 455, []]);
    expect(read.warnings).toEqual([expect.stringContaining("10 lines worth 455 of the sample have no article at all")]);
  });

  test("payments of which most have neither article nor quantity count", async () => {
    const read = await readFile("payments.csv", [
      COUNTED,
      ...rows(60, (i) =>
        i % 3 === 0 ? `T${i},A,1,${day(i)},5.00,C${i % 9}` : `T${i},,,${day(i)},${6 + i}.50,C${i % 9}`,
      ),
    ]);
    expect(read.rejects).toEqual([]);
    expect(sumOf(read)).toBe(100 + 40 * 6.5 + 1200);
  });
});

test("a line with an article that has no quantity, where most have one, is a fault", async () => {
  const { rejects } = await readFile("faults.csv", [
    COUNTED,
    ...rows(60, (i) => `R${i},A,${i % 10 === 9 ? "" : 2},${day(i)},5.00,${customer(i)}`),
  ]);
  expect(rejects).toEqual(["6 quantity … is not a number as the file writes them"]);
});

describe("a few lines with a description and no stock code", () => {
  const described = (text: string, money: string): string[] => [
    "Invoice,SKU,Description,Quantity,Date,Price,Customer",
    ...rows(400, (i) =>
      i % 100 === 9
        ? `I${i},,${text},1,${day(i)},${money},${customer(i)}`
        : `I${i},A${i % 9},Lamp,1,${day(i)},5.00,${customer(i)}`,
    ),
  ];
  test.each([
    ["Balance carried forward", "500.00", "2000"],
    ["Check / wrong count", "400.00", "1600"],
  ])(
    "stay out where each comes to more than any other and all to as much as the sales: %s",
    async (text, money, sum) => {
      const read = await readFile("balances.csv", described(text, money));
      expect([sumOf(read), read.rejects]).toEqual([1980, ["4 no stock code"]]);
      expect(read.warnings).toContainEqual(expect.stringContaining(`4 lines worth ${sum} of the sample`));
    },
  );
  test.each([
    ["Payment received", "-5.00", 1960, "4 lines worth -20"],
    ["Gift card", "50.00", 2180, "4 lines worth 200"],
  ])("count otherwise, and what they come to is said: %s", async (text, money, sum, says) => {
    const read = await readFile("cards.csv", described(text, money));
    expect([sumOf(read), read.rejects]).toEqual([sum, []]);
    expect(read.warnings).toContainEqual(expect.stringContaining(says));
    expect(read.evidence).toContainEqual(expect.stringContaining(says));
  });
  test("are not worth a word where they are a hundredth of the sales or less", async () => {
    const read = await readFile("postage.csv", described("Postage", "4.00"));
    expect([sumOf(read), read.rejects, read.warnings]).toEqual([1996, [], []]);
  });
});

test("few lines in another currency are left out, and what they come to is said", async () => {
  const read = await readFile("currencies.csv", [
    "Order,Date,Customer,SKU,Qty,Price,Currency",
    ...rows(200, (i) => `T${i},${day(i)},${customer(i)},A,1,${i < 2 ? "99999.00,USD" : "12.00,EUR"}`),
  ]);
  expect([sumOf(read), read.rejects]).toEqual([2376, ["2 amount in USD, and others are in EUR"]]);
  expect(read.warnings).toEqual([expect.stringContaining("2 lines worth 199998 in USD of the sample: left out")]);
});

describe("refunded orders", () => {
  const header = "Order,Date,Customer,SKU,Quantity,Price,Status";
  const orders = rows(120, (i) => `${100 + i},${day(i)},${customer(i)},A,1,5.00,${i < 22 ? "refunded" : "completed"}`);
  test.each<[string, string[]]>([
    ["lines under one number", rows(22, (i) => `SETTLE,${day(30)},${customer(i)},A,-1,5.00,completed`)],
    ["pieces in one line", [`R1,${day(30)},K1,A,-22,5.00,completed`]],
  ])("that are taken off once, by %s, stay sales", async (_, slips) => {
    expect(sumOf(await readFile("settled.csv", [header, ...orders, ...slips]))).toBe(490);
  });
  test("are no sales where one line below zero is far too little for them", async () => {
    const slip = `R1,${day(30)},K1,A,-1,5.00,completed`;
    expect(sumOf(await readFile("refunded.csv", [header, ...orders, slip]))).toBe(98 * 5 - 5);
  });
});
