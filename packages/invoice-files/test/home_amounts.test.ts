import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const LINES = 12;
const lines = (line: (i: number) => string): string[] => Array.from({ length: LINES }, (_, i) => line(i));
/** Sales of two pieces at 8.00, and at 10.00 each third time. */
const price = (i: number): string => (i % 3 === 0 ? "10.00" : "8.00");
const currency = (i: number): string => (i % 2 === 0 ? "USD" : "EUR");
const day = (i: number): string => `2024-01-${10 + i}`;

test.each([
  ["Price", "Base Price", "10.00"],
  ["Price", "Base Cost Price", "4.00"],
  ["Price", "Basispreis", "12.00"],
  ["Preis", "Hauspreis", "10.00"],
  ["Precio", "Precio base", "12.00"],
  ["Prix", "Prix de base", "12.00"],
  ["Price", "Company Price", "10.00"],
  // What is in the currency of a sale abroad is not that of the shop's own.
  ["Price", "Price (transaction currency)", "12.00"],
])("the sales price stays, in %s beside %s", async (own, other, value) => {
  const rows = lines((i) => `${i},${day(i)},7,A,2,${price(i)},${value}`);
  const file = await readFile("list.csv", [`Order,Date,Customer,SKU,Quantity,${own},${other}`, ...rows]);
  expect(file.customers).toEqual(["7 0 12 208"]);
});

test.each([
  ["Total", "Home Delivery Total", "3.50"],
  ["Amount", "Local Delivery Amount", "3.50"],
  ["Betrag", "Provisionsbasisbetrag", "3.50"],
  ["Total", "Company Total", "200.00"],
  ["Amount", "Base Amount", "6.72"],
  ["Sales", "Sales Company Code", "1003"],
  ["Amount", "Database Amount Id", "1003"],
])("the amount stays, in %s beside %s", async (own, other, value) => {
  const rows = lines((i) => `${i},${day(i)},7,A,2,${price(i)},${value}`);
  const file = await readFile("other.csv", [`Order,Date,Customer,SKU,Quantity,${own},${other}`, ...rows]);
  expect(file.customers).toEqual(["7 0 12 104"]);
});

test.each(["Amount (home currency)", "Converted Amount", "Amount in Company Currency"])(
  "an amount that is called one of the shop's own currency is that: %s",
  async (name) => {
    const rows = lines((i) => `${i},${day(i)},7,100.00,${i % 2 === 0 ? "92.00" : "100.00"}`);
    const { customers } = await readFile("home.csv", [`Num,Date,Customer,Amount,${name}`, ...rows]);
    expect(customers).toEqual(["7 0 12 1152"]);
  },
);

test.each([
  ["Price,Currency,List Price EUR", (i: number) => `8.00,${currency(i)},${i % 2 === 0 ? "12.00" : "9.00"}`],
  ["Price,Currency,Purchase Price EUR", (i: number) => `${8 + (i % 2)}.00,${currency(i)},4.00`],
  ["Amount,Currency,Amount shipping,Shop currency", (i: number) => `${80 + 20 * (i % 2)},${currency(i)},5.00,EUR`],
  [
    "Amount,Currency,Amount Commission,Settlement currency",
    (i: number) => `${80 + 20 * (i % 2)},${currency(i)},8.00,EUR`,
  ],
  ["Price,Currency,Price Total (base)", (i: number) => `10.00,${currency(i)},${i % 2 === 0 ? "18.00" : "20.00"}`],
  [
    "Price,Currency,Price of old (base),Shop currency",
    (i: number) => `10.00,${currency(i)},${16 + 4 * (i % 2)}.00,EUR`,
  ],
])("of two currencies no other amount is taken for a converted one: %s", async (names, money) => {
  const rows = lines((i) => `${i},${day(i)},7,A,2,${money(i)}`);
  const file = readFile("two.csv", [`Order,Date,Customer,SKU,Quantity,${names}`, ...rows]);
  await expect(file).rejects.toMatchObject({ message: expect.stringContaining("cannot be added up") });
});

test("an order's total is no converted amount of its lines, and what is converted line by line is", async () => {
  const header = "Order,Date,Customer,SKU,Quantity,Amount,Currency,Converted Amount,Home Currency";
  const rows = (inAll: number): string[] =>
    lines((i) => {
      const order = Math.floor(i / 2);
      return `${order},${day(order)},7,A${i},1,10.00,${currency(order)},${(order % 2 === 0 ? 9 : 10) * inAll}.00,EUR`;
    });
  const ofOrders = readFile("orders.csv", [header, ...rows(2)]);
  await expect(ofOrders).rejects.toMatchObject({ message: expect.stringContaining("cannot be added up") });
  const { customers } = await readFile("lines.csv", [header, ...rows(1)]);
  expect(customers).toEqual(["7 0 6 114"]);
});
