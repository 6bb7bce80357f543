import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const ASKS = /no column for the date of the invoice/;

const LINES = 30;
const lines = (line: (i: number) => string): string[] => Array.from({ length: LINES }, (_, i) => line(i));
const day = (i: number): string => `2024-01-${String(1 + (i % 28)).padStart(2, "0")}`;
/** Ten customers, who come three times each. */
const customer = (i: number): number => 1 + (i % 10);

test("the only column of dates is that of the purchase, whatever it is called", async () => {
  const { customers, evidence } = await readFile("pedidos.csv", [
    "num_pedido,id_cliente,nombre,f_pedido,subtotal",
    "1,7,Ana,2024-01-20 18:38:00,10.50",
    "2,8,Eva,2024-01-24 08:00:00,4.00",
    "3,9,Luis,2024-01-24 09:00:00,4.00",
    "4,7,Ana,2024-01-25 10:22:00,5.50",
    "5,8,Eva,2024-01-25 11:00:00,1.00",
    "6,9,Luis,2024-01-25 12:00:00,2.00",
  ]);
  expect(customers).toEqual(["7 0 2 16", "8 0 2 5", "9 0 2 6"]);
  expect(evidence).toContainEqual(expect.stringContaining("f_pedido is the only column of dates"));
});

test("of several columns that may be meant none is guessed", async () => {
  const rows = lines((i) => `${i},${customer(i)},${day(i)},2024-02-02,5.00`);
  const several = ["order,customer,f_1,f_2,total", ...rows];
  await expect(readFile("two.csv", several)).rejects.toThrow(ASKS);
  expect((await readFile("two.csv", several, { columns: "invoiceDate=f_1" })).customers).toHaveLength(10);
  // Blank in most lines, a column of dates is one still.
  const few = rows.map((row, i) => (i % 9 === 0 ? row : row.replace("2024-02-02", "")));
  await expect(readFile("few.csv", ["order,customer,f_1,f_2,total", ...few])).rejects.toThrow(ASKS);
  const booked = lines((i) => `${i},${customer(i)},${i % 10 === 0 ? "" : day(i)},2025-${day(i).slice(5)},5.00`);
  await expect(readFile("booked.csv", ["order,customer,f_1,f_2,total", ...booked])).rejects.toThrow(ASKS);
});

test.each<[string, (i: number) => string]>([
  ["a birthday, which a customer has each time", (i) => `${i},${customer(i)},1980-05-0${1 + (customer(i) % 9)}`],
  ["a registration, of customers with one line each", (i) => `${i},${i},${day(i)}`],
  ["a birthday, where two customers are called the same", (i) => `${i},${Math.max(i, 1)},${day(i)}`],
  [
    "one that few customers have several of",
    (i) => `${i},${customer(i)},${i === 12 || i === 13 ? day(i) : day(customer(i))}`,
  ],
  ["blank in some lines", (i) => `${i},${customer(i)},${i % 9 === 0 ? "" : day(i)}`],
])("a column of dates is not that of the purchase: %s", async (_, row) => {
  const file = readFile("other.csv", ["order,customer,f_1,total", ...lines((i) => `${row(i)},5.00`)]);
  await expect(file).rejects.toThrow(ASKS);
});

test.each([
  ...["Date of birth", "Geburtstag", "Tier geboren", "Patient DOB", "Fecha de nacimiento", "Data de nascimento"],
  ...["Member since", "Last contact", "Last modified", "Warranty until", "Warranty end", "Next visit", "Best before"],
  ...["Valid from", "Gültig ab", "Expires"],
])("a date that is called another is not that of the purchase: %s", async (name) => {
  const rows = lines((i) => `${i},${customer(i)},${day(i)},A,2,5.00`);
  const file = readFile("another.csv", [`Order,Customer,${name},SKU,Qty,Price`, ...rows]);
  await expect(file).rejects.toThrow(ASKS);
  await expect(file).rejects.toMatchObject({ hint: expect.stringContaining("invoiceDate=Name of the column") });
});

test.each(["Booked", "Bought", "f_pedido", "Gekauft", "When", "Visit"])(
  "a date that is called what it may be is that of the purchase: %s",
  async (name) => {
    const rows = lines((i) => `${i},${customer(i)},${day(i)},A,2,5.00`);
    const { customers } = await readFile("bought.csv", [`Order,Customer,${name},SKU,Qty,Price`, ...rows]);
    expect(customers).toHaveLength(10);
    expect(customers.every((each) => each.endsWith(" 3 30"))).toBe(true);
  },
);

test("a list of the prices that customers pay is no list of purchases, and one with numbers of orders is", async () => {
  const list = readFile("prices.csv", [
    "Customer,Article,Description,Price,Applies",
    ...lines((i) => `${customer(i)},P${i},Lamp,${10 + i}.00,${day(i)}`),
  ]);
  await expect(list).rejects.toThrow(/no column for the quantity, date of the invoice/);
  const { customers } = await readFile("orders.csv", [
    "Order,Customer,Article,Price,Booked",
    ...lines((i) => `${i},${customer(i)},P${i},10.00,${day(i)}`),
  ]);
  expect(customers).toHaveLength(10);
});

test("a date that is left out by the parameter is not looked for", async () => {
  const lines = ["order,customer,f_1,total", "1,7,2024-01-20,5.00", "2,7,2024-01-25,5.00"];
  await expect(readFile("left.csv", lines, { columns: "invoiceDate=-" })).rejects.toThrow(ASKS);
});

test("a column of words is no quantity, whatever it is called", async () => {
  const header = "id_invoice;tanggal;id_customer;id_barang;jumlah_barang;unit;harga";
  const { customers, said } = await readFile("penjualan.csv", [
    header,
    "IN1;20/01/2024;C7;B1;3;DUS;1000,50",
    "IN2;25/01/2024;C7;B2;2;BOTOL;500,00",
  ]);
  expect(customers).toEqual(["C7 0 2 4001.5"]);
  expect(said).toContainEqual(expect.stringContaining("quantity: jumlah_barang"));
});

test("a column of numbers called unit still is the quantity", async () => {
  const lines = ["invoice,date,customer,sku,unit,price", "1,2024-01-20,7,A,3,5.00", "2,2024-01-25,7,A,x,5.00"];
  const { customers, rejects } = await readFile("units.csv", lines);
  expect([customers, rejects]).toEqual([["7 0 1 15"], ["1 quantity … is not a number as the file writes them"]]);
});

test("a date of zeros is none", async () => {
  const lines = (zeros: string): string[] => [
    "invoice,date,customer,sku,quantity,price",
    "1,2024-01-20,7,A,3,5.00",
    `2,${zeros},7,A,1,5.00`,
    `3,${zeros},7,A,1,5.00`,
    "4,2024-01-25,7,A,1,5.00",
  ];
  for (const zeros of ["00-00-0000", "0000-00-00", "0000-00-00 00:00:00", "00/00/0000"]) {
    const { customers, rejects } = await readFile("zeros.csv", lines(zeros));
    expect([customers, rejects]).toEqual([["7 0 2 20"], ["2 … is not a date as the file writes them"]]);
  }
});

const ASKS_FOR_PIECES = /no column for the quantity in its header/;
const ofPrices = (names: string, fields: (i: number) => string): string[] => [
  `Bill No,Customer,Date,${names}`,
  ...lines((i) => `B${i},${customer(i)},${day(i)},${fields(i)}`),
];
const pieces = (i: number): number => 1 + (i % 3);

test.each<[string, (i: number) => string]>([
  ...["Nos", "Total Nos", "Item Nos.", "Anz. Nr", "Bottles Nr", "Pack No", "packNo", "No", "Packs"].map(
    (name): [string, (i: number) => string] => [name, (i) => `${pieces(i)}`],
  ),
  ["Packs", (i) => `x${pieces(i)}`],
  ["Packs", (i) => `×${pieces(i)}`],
  ["Packs", (i) => `x ${pieces(i)}`],
  ["Packs", (i) => `= ${pieces(i)}`],
  ["Gebinde", (i) => `Karton ${pieces(i)}`],
  ["Weight", (i) => `ca. ${pieces(i)} kg`],
  ["Quantity", (i) => ["one", "two", "dozen"][i % 3]!],
])("a price is no amount where a column may count its pieces: %s", async (name, value) => {
  const file = readFile(
    "counts.csv",
    ofPrices(`Item,Price,${name}`, (i) => `P${i % 4},5.00,${value(i)}`),
  );
  await expect(file).rejects.toThrow(ASKS_FOR_PIECES);
});

test.each<[string, (i: number) => string]>([
  ["Room No", (i) => `${100 + (i % 3)}`],
  ["Voucher Nr.", (i) => `${i + 1}`],
  ["Voucher No", () => ""],
  ["Shop No", () => "1"],
  ["store_id", (i) => `${pieces(i)}`],
  ["Opened", (i) => `March ${1 + (i % 3)} 2024`],
  ["Payment", (i) => ["card", "cash"][i % 2]!],
  ["Address", (i) => `${["Mill", "Park"][i % 2]} Street ${i + 1}`],
])("a price is the amount beside a column that counts no pieces: %s", async (name, value) => {
  const { customers } = await readFile(
    "rooms.csv",
    ofPrices(`Item,Price,${name}`, (i) => `P${i % 4},5.00,${value(i)}`),
  );
  expect(customers).toHaveLength(10);
  expect(customers.every((each) => each.endsWith(" 15"))).toBe(true);
});

test.each([
  "Unit Price",
  "Price each",
  "Price per item",
  "Einzelpreis",
  "Stückpreis",
  "Precio unitario",
  "Harga satuan",
])("the price of one piece is no amount of a line: %s", async (name) => {
  const file = readFile(
    "each.csv",
    ofPrices(`Item,${name}`, (i) => `P${i % 4},5.00`),
  );
  await expect(file).rejects.toThrow(ASKS_FOR_PIECES);
});

test.each<[string, (i: number) => string]>([
  ["3 x Lamp", (i) => `${pieces(i)} x Lamp`],
  ["3x Lamp", (i) => `${pieces(i)}x Lamp`],
  ["Lamp (x2)", (i) => `Lamp (x${pieces(i)})`],
  ["Lamp x 2", (i) => (i % 3 === 0 ? `Lamp x ${pieces(i)}` : "Lamp")],
])("a price is no amount where articles say how many there are: %s", async (_, article) => {
  const file = readFile(
    "several.csv",
    ofPrices("Item,Price", (i) => `${article(i)},5.00`),
  );
  await expect(file).rejects.toThrow(ASKS_FOR_PIECES);
});

test.each<[string, (i: number) => string]>([
  ["sizes", (i) => `Frame ${10 + (i % 3)} x 15 cm`],
  ["sizes in one", (i) => `Frame ${10 + (i % 3)}x15`],
  ["names", (i) => `Xbox ${i}`],
  ["one of many", (i) => (i === 4 ? "Lamp x2" : "Lamp")],
])("a price is the amount where articles have numbers that are none of pieces: %s", async (_, article) => {
  const { customers } = await readFile(
    "sizes.csv",
    ofPrices("Item,Price", (i) => `${article(i)},5.00`),
  );
  expect(customers).toHaveLength(10);
});
