import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const lines = (
  rows: readonly (readonly [invoice: number, sku: string, pieces: number, ...money: string[]])[],
): string[] =>
  rows.map(([invoice, sku, pieces, ...money]) => [invoice, sku, pieces, `2024-01-${24 + invoice}`, ...money, 7].join());

/** With the price of one piece, and what the line comes to. */
const PIECES_AND_LINES = lines([
  [1, "A", 2, "5.00", "10.00"],
  [1, "B", 1, "3.00", "3.00"],
  [2, "A", 3, "5.00", "15.00"],
  [3, "B", 4, "3.00", "12.00"],
]);

test("a price is that of the line where another column times the quantity comes to it, whatever they are called", async () => {
  const { customers, said } = await readFile("toast.csv", [
    "Order Id,SKU,Qty,Order Date,Average,Gross Price,Customer Id",
    ...PIECES_AND_LINES,
  ]);
  expect(customers).toEqual(["7 0 3 40"]);
  expect(said).toContain("amounts of lines: Gross Price is the amount of the line, not the price of one piece");
});

test("an amount is the price of one piece where another column is the quantity times it", async () => {
  const { customers, said } = await readFile("amount.csv", [
    "Invoice,SKU,Qty,Date,Amount,Total,Customer ID",
    ...PIECES_AND_LINES,
  ]);
  expect(customers).toEqual(["7 0 3 40"]);
  expect(said).toContain("amounts of lines: Amount is the price of one piece, not the amount of the line");
});

test("the total of an order on each of its lines is no amount of a line", async () => {
  const file = readFile("totals.csv", [
    "Invoice,SKU,Qty,Date,Total,Customer ID",
    ...[1, 2, 3].flatMap((invoice) =>
      lines([
        [invoice, "A", 2, `1${invoice}.00`],
        [invoice, "B", 1, `1${invoice}.00`],
      ]),
    ),
  ]);
  await expect(file).rejects.toThrow(
    /Total is the same on all lines of an invoice \(of 3 of 3 invoices of several lines\)/,
  );
});

test("lines of a shop where everything costs the same are lines", async () => {
  const { customers } = await readFile("dollar.csv", [
    "Invoice,SKU,Date,Sales,Customer ID",
    ...[1, 2, 3, 4].flatMap((invoice) => ["A", "B"].map((sku) => `${invoice},${sku},2024-01-25,1.00,7`)),
  ]);
  expect(customers).toEqual(["7 0 4 8"]);
});

test("a price with the sign and the code of its currency, and yen with thousands", async () => {
  const dollars = await readFile("wave.csv", [
    "Invoice,SKU,Qty,Date,Price,Customer ID",
    ...lines([[1, "A", 2, '"$1,005.00 USD"']]),
  ]);
  expect(dollars.customers).toEqual(["7 0 1 2010"]);
  const yen = await readFile("yen.csv", [
    "Invoice,SKU,Qty,Date,Price,Customer ID",
    ...lines([
      [1, "A", 2, '"¥1,295"'],
      [2, "B", 1, "¥85"],
    ]),
  ]);
  expect(yen.customers).toEqual(["7 0 2 2675"]);
});

test("payments without a column of articles or a word about them are lines", async () => {
  const { customers } = await readFile("payments.csv", [
    "id,Amount,Created (UTC),Customer ID,Description",
    "txn_1,20.00,2024-01-25 10:00,7,",
    "txn_2,30.00,2024-01-26 10:00,7,",
  ]);
  expect(customers).toEqual(["7 0 2 50"]);
});

const OF_PRODUCTS: readonly (readonly [sku: string, pieces: number, each: number])[] = [
  ["A", 2, 5],
  ["A", 3, 5],
  ["B", 1, 7.25],
  ["B", 4, 7.25],
  ["C", 10, 0.85],
  ["C", 1, 0.85],
];

test("money that grows with the quantity of a product is that of the line, and money that does not is its price", async () => {
  const header = (money: string): string => `Invoice,SKU,Qty,Date,${money},Customer ID`;
  const rows = (of: (pieces: number, each: number) => number): string[] =>
    OF_PRODUCTS.map(([sku, pieces, each], i) => `${i},${sku},${pieces},2024-01-25,${of(pieces, each).toFixed(2)},7`);
  const all = "7 0 6 70.6";
  const totals = await readFile("totals.csv", [header("Price"), ...rows((pieces, each) => pieces * each)]);
  expect(totals.customers).toEqual([all]);
  expect(totals.said).toContain("amounts of lines: Price is the amount of the line, not the price of one piece");
  const prices = await readFile("prices.csv", [header("Amount"), ...rows((_, each) => each)]);
  expect(prices.customers).toEqual([all]);
  expect(prices.said).toContain("amounts of lines: Amount is the price of one piece, not the amount of the line");
});

/** Pieces and what each costs, in cents; no article comes twice. */
const SINGLE = Array.from({ length: 40 }, (_, i) => ({ pieces: 1 + ((i * 7) % 9), cents: 137 + 211 * i }));
const withoutArticles = (name: string, of: (pieces: number, cents: number) => number): string[] => [
  `Invoice,Qty,Date,${name},Customer ID`,
  ...SINGLE.map(({ pieces, cents }, i) => `${i},${pieces},2024-01-25,${(of(pieces, cents) / 100).toFixed(2)},7`),
];
const ALL_OF_THEM = SINGLE.reduce((sum, { pieces, cents }) => sum + pieces * cents, 0) / 100;

test("without articles, money that always divides by the quantity is that of the line", async () => {
  const totals = await readFile(
    "totals.csv",
    withoutArticles("Price", (pieces, cents) => pieces * cents),
  );
  expect(totals.customers).toEqual([`7 0 40 ${ALL_OF_THEM}`]);
  expect(totals.said).toContain("amounts of lines: Price is the amount of the line, not the price of one piece");
  const prices = await readFile(
    "prices.csv",
    withoutArticles("Price", (_pieces, cents) => cents),
  );
  expect(prices.customers).toEqual([`7 0 40 ${ALL_OF_THEM}`]);
  expect(prices.said.some((each) => each.startsWith("amounts of lines:"))).toBe(false);
});

test("without articles, what nothing shows is said", async () => {
  const few = (name: string): string[] => [
    `Invoice,Qty,Date,${name},Customer ID`,
    ...["10.00", "20.00", "30.00"].map((money, i) => `${i},2,2024-01-25,${money},7`),
  ];
  expect((await readFile("few.csv", few("Price"))).said).toContain(
    "amounts of lines: Price is taken for the price of one piece",
  );
  const prices = await readFile(
    "amount.csv",
    withoutArticles("Amount", (_pieces, cents) => cents),
  );
  expect(prices.said).toContain("amounts of lines: Amount is taken for the amount of the line");
  const amounts = await readFile(
    "amounts.csv",
    withoutArticles("Amount", (pieces, cents) => pieces * cents),
  );
  expect(amounts.customers).toEqual([`7 0 40 ${ALL_OF_THEM}`]);
  expect(amounts.said.some((each) => each.startsWith("amounts of lines:"))).toBe(false);
});

test("amounts that do not divide by their quantities sum to themselves, to the penny", async () => {
  const { customers } = await readFile("thirds.csv", [
    "Invoice,SKU,Qty,Date,Line Total,Customer ID",
    ...[
      [3, "10.00"],
      [7, "20.01"],
      [11, "253.032"],
      [-3, "-0.01"],
    ].map(([pieces, money], i) => `${i},A${i},${pieces},2024-01-25,${money},7`),
  ]);
  expect(customers).toEqual(["7 0 3 283.032"]);
});

const MONEY = "Invoice,SKU,Qty,Date,Price,Customer ID";

test("the total of an order is no price of a piece either", async () => {
  const file = readFile("totals.csv", [
    MONEY,
    ...[1, 2, 3].flatMap((invoice) =>
      lines([
        [invoice, "A", 2, `1${invoice}.00`],
        [invoice, "B", 1, `1${invoice}.00`],
      ]),
    ),
  ]);
  await expect(file).rejects.toThrow(/Price is the same on all lines of an invoice .*, as the total of an order is/);
});

test.each([
  ["a share in percent", "Discount %", (_off: string) => "10"],
  ["a share with its sign", "Discount", (_off: string) => "10%"],
  ["a share with its sign and a blank behind it", "Discount", (_off: string) => "10% "],
  ["a share of one", "Discount", (_off: string) => "0.1"],
  ["money", "Discount Amount", (off: string) => off],
])("an amount with a discount taken off is what the line has come to: %s", async (_what, name, discount) => {
  const { customers, said } = await readFile("net.csv", [
    `Invoice,SKU,Qty,Date,Price,${name},Net Amount,Customer ID`,
    ...[
      [2, "5.00", "1.00", "9.00"],
      [1, "3.00", "0.30", "2.70"],
      [4, "7.50", "3.00", "27.00"],
    ].map(([pieces, each, off, net], i) => `${i},A${i},${pieces},2024-01-25,${each},${discount(String(off))},${net},7`),
  ]);
  expect(customers).toEqual(["7 0 3 38.7"]);
  expect(said).toContain(`amounts of lines: Net Amount counts, with ${name} taken off`);
});

test("of two columns of quantities that one is meant which makes the amounts, and pieces of the order are none", async () => {
  const rows = lines([
    [1, "A", 2, "5.00", "10.00"],
    [1, "B", 1, "3.00", "3.00"],
    [2, "A", 3, "5.00", "15.00"],
    [3, "B", 4, "3.00", "12.00"],
  ]);
  const header = "Invoice,SKU,Item Qty,Date,Price,Line Total,Customer ID";
  const ofOrder = (line: string): string => `${line.startsWith("1,") ? 3 : line.split(",")[2]},${line}`;
  for (const name of ["Sold Quantity", "Order Quantity", "Total Quantity"]) {
    const { customers } = await readFile("pieces.csv", [`${name},${header}`, ...rows.map(ofOrder)]);
    expect({ name, customers }).toEqual({ name, customers: ["7 0 3 40"] });
  }
  const { customers } = await readFile("pieces.csv", [
    `Total Quantity,${header.replace("Line Total,", "")}`,
    ...rows.map((line) => ofOrder(line.replace(/,[^,]*,7$/, ",7"))),
  ]);
  expect(customers).toEqual(["7 0 3 40"]);
});

test("a price in two currencies is said", async () => {
  const { said } = await readFile("two.csv", [
    "Invoice,SKU,Qty,Date,Price (EUR),Price (USD),Customer ID",
    ...lines([[1, "A", 2, "5.00", "5.50"]]),
  ]);
  expect(said).toContain("prices: Price (EUR), and not Price (USD)");
});

test("prices that may be cents are said, unless their currency has none", async () => {
  const of = (prices: readonly string[], code: string): string[] => [
    `${MONEY},Currency`,
    ...prices.map((each, i) => `${i},A${i},1,2024-01-25,${each},7,${code}`),
  ];
  const cents = ["550", "1295", "725", "3400", "85", "249"];
  const says = "prices: Price in whole units of the currency";
  expect((await readFile("cents.csv", of(cents, "GBP"))).said).toContain(says);
  expect((await readFile("padded.csv", of(["001", "002", "003", "004", "005"], "GBP"))).said).toContain(says);
  expect((await readFile("yen.csv", of(cents, "JPY"))).said).not.toContain(says);
  expect((await readFile("pounds.csv", of(["5", "12", "7", "34", "85", "2"], "GBP"))).said).not.toContain(says);
  expect((await readFile("pence.csv", of([...cents, "1.50"], "GBP"))).said).not.toContain(says);
});

test("lines that a program may have doubled are said", async () => {
  const rows = (doubled: number): string[] =>
    Array.from({ length: 40 }, (_, i) => `${i},A,1,2024-01-25,5.00,7`).flatMap((line, i) =>
      i < doubled ? [line, line] : [line],
    );
  expect((await readFile("joined.csv", [MONEY, ...rows(8)])).said).toContain("repeated lines: each counts");
  expect((await readFile("twice.csv", [MONEY, ...rows(2)])).said).not.toContain("repeated lines: each counts");
});

test("a price is what its line comes to where no column counts pieces, and is asked for where one may", async () => {
  const olist = ["order_id,product_id,price,customer_id,date", "1,A,5.00,7,2024-01-25", "1,A,5.00,7,2024-01-25"];
  const { customers, evidence } = await readFile("olist.csv", olist);
  expect(customers).toEqual(["7 0 1 10"]);
  expect(evidence).toContainEqual(expect.stringContaining("price is what a line comes to, as no column counts pieces"));
  // The first two have numbers that may count pieces, the last has the price of a list.
  for (const [header, line] of [
    ["order_id,ks,price,customer_id,date", "1,2,5.00,7,2024-01-25"],
    ["order_id,pocet,price,customer_id,date", "1,2 ks,5.00,7,2024-01-25"],
    ["order_id,product_id,list_price,customer_id,date", "1,2,5.00,7,2024-01-25"],
  ] as const) {
    await expect(readFile("asks.csv", [header, line])).rejects.toMatchObject({
      hint: expect.stringMatching(/columns="price=-; amount=(?:list_)?price"/),
    });
  }
});

test.each(["VAT 20%", "Sales Tax", "MwSt. 19 %"])("taxes in lines of their own are said: %s", async (name) => {
  const { customers, said } = await readFile("taxes.csv", [
    MONEY,
    ...lines([
      [1, "A", 2, "5.00"],
      [1, name, 1, "2.00"],
    ]),
  ]);
  expect(customers).toEqual(["7 0 1 12"]);
  expect(said).toContain("taxes: lines of their own, which count as sales");
  const none = await readFile("goods.csv", [MONEY, ...lines([[1, "TAXI", 1, "2.00"]])]);
  expect(none.said.some((each) => each.startsWith("taxes"))).toBe(false);
});

test("an amount is the quantity where it makes the amounts of another column out of the prices", async () => {
  const { customers, said } = await readFile("translated.csv", [
    "Order,Article,Amount,Date,Unit Price,Total,Customer",
    ...PIECES_AND_LINES,
  ]);
  expect(customers).toEqual(["7 0 3 40"]);
  expect(said).toContain("quantities: Amount is the quantity");
});

test("a total that is not quantity × price is said where each line is an order, and counts where a discount tells it", async () => {
  const header = "order_id,date,customer_id,sku,quantity,unit_price,discount,total_sales";
  const orders = (total: (whole: number, off: number) => number, perOrder = 1): string[] => [
    header,
    ...Array.from({ length: 40 }, (_, i) => {
      const [pieces, off] = [1 + (i % 4), (i % 3) / 10];
      const order = Math.floor(i / perOrder);
      return `o${order},2024-01-25,7,A${i},${pieces},10.00,${off},${total(10 * pieces, off).toFixed(2)}`;
    }),
  ];
  const withShipping = await readFile(
    "shipped.csv",
    orders((whole, off) => whole * (1 - off) + 5),
  );
  expect(withShipping.customers).toEqual(["7 0 40 1000"]);
  expect(withShipping.said).toContain("amounts of lines: total_sales is left out, quantity × unit_price counts");
  const discounted = await readFile(
    "discounted.csv",
    orders((whole, off) => whole * (1 - off)),
  );
  expect(discounted.said).toContain("amounts of lines: total_sales counts, with discount taken off");
  expect(discounted.customers).toEqual(["7 0 40 902"]);
  // Of orders with several lines it is the order's own.
  const several = await readFile(
    "several.csv",
    orders(() => 55, 2),
  );
  expect([several.customers, several.said.some((each) => each.startsWith("amounts"))]).toEqual([
    ["7 0 20 1000"],
    false,
  ]);
});
