import { describe, expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

/** A name that is meant where nothing else is, and gives way beside another; what stands beside it is what a shop has. */

const LINES = 60;
const day = (i: number): string => `2024-0${1 + Math.floor(i / 28)}-${String(1 + (i % 28)).padStart(2, "0")}`;
const sumOf = (customers: readonly string[]): number =>
  customers.reduce((sum, each) => sum + Number(each.split(" ")[3]), 0);
async function sumIn(header: string, line: (i: number) => readonly unknown[], separator = ","): Promise<number> {
  const lines = Array.from({ length: LINES }, (_, i) => line(i).join(separator));
  const { customers } = await readFile("shop.csv", [header.replaceAll(",", separator), ...lines]);
  return sumOf(customers);
}

describe("three letters in brackets", () => {
  const sale = (i: number): readonly unknown[] => [`T${i}`, day(i), `K${i % 7}`, "A", 2, "12.00"];
  test.each([
    ["Order,Date,Customer,SKU,Qty,Price (RMB)"],
    ["Order,Date,Customer,SKU,Qty,Price (YEN)"],
    ["Order,Date,Customer,SKU,Qty (Nos),Price"],
    ["Order,Date,Customer,SKU,Menge (VPE),Price"],
    ["Order,Datum (MEZ),Customer,SKU,Qty,Price"],
    ["Order ID (WEB),Order Date (ISO),Customer ID (CRM),Product (ERP),Quantity (PCE),Unit Price (STG)"],
  ])("are a currency, a clock or a measure that no list has: %s", async (header) => {
    expect(await sumIn(header, sale)).toBe(1440);
  });
  test("an amount of a line in the currency of the house is one", async () => {
    expect(await sumIn("Order,Date,Customer,SKU,Qty (BOX),Amount (LCY)", sale)).toBe(720);
  });
  test("a quantity in pieces goes before units in a pack, a price in dollars before that of a list, an order's day before that of the parcel", async () => {
    const packs = await sumIn("Order,Date,Customer,SKU,Quantity (PCE),Price,Units", (i) => [...sale(i), 24]);
    const list = await sumIn("Order,Date,Customer,SKU,Qty,Price (NTD),List Price", (i) => [...sale(i), "17.00"]);
    expect([packs, list]).toEqual([1440, 1440]);
    const { said } = await readFile("days.csv", [
      "Order,Ship Date,Order Date (MSK),Customer,SKU,Qty,Price",
      "1,2024-01-28,2024-01-24,7,A,2,5.00",
    ]);
    expect(said).toContainEqual(expect.stringContaining("date of the invoice: Order Date (MSK)"));
  });
});

test.each([
  ["Price (RRP)", "Price"],
  ["Price (old)", "Price"],
  ["Amount (LST)", "Amount"],
  ["Qty (RET)", "Qty"],
])("%s is not meant beside %s", async (other, name) => {
  const rest = name === "Qty" ? "Price" : "Qty";
  const { customers } = await readFile("beside.csv", [
    `Order,Date,Customer,SKU,${rest},${other},${name}`,
    "1,2024-01-25,7,A,2,9.00,5.00",
  ]);
  expect(customers).toEqual([`7 0 1 ${name === "Amount" ? 5 : 10}`]);
});

describe("what a thing has cost the shop is no price", () => {
  test.each([
    ["Invoice,Date,Customer,Item,Qty,Purchase price per unit,Price", [2, "3.00", "5.00"], 600],
    ["Invoice,Date,Customer,Item,Total compra,Total", ["3.00", "5.00"], 300],
    ["Factura,Fecha,Cliente,Artículo,Cantidad,Precio venta,Valor compra", [2, "5.00", "3.00"], 600],
  ])("%s", async (header, money, sum) => {
    expect(await sumIn(header, (i) => [`F${i}`, day(i), `K${i % 7}`, "A", ...money])).toBe(sum);
  });
});

describe("a bare word for an order", () => {
  const line = (i: number): readonly unknown[] => [day((i >> 1) % 14), `K${(i >> 1) % 7}`, `A${i % 2}`, 1, "5.00"];
  const rest = "Fecha,Cliente,Articulo,Cantidad,Precio";
  test("is the place of a line beside the number of a ticket", async () => {
    for (const names of ["Ticket,Orden", "Venta,Orden", "Venda,Ordem"]) {
      expect(await sumIn(`${names},${rest}`, (i) => [`T${i >> 1}`, 1 + (i % 2), ...line(i)])).toBe(300);
    }
  });
  test("is the number of the order where there is no other, and with a word for number beside one", async () => {
    expect(await sumIn(`Orden,${rest}`, (i) => [100 + (i >> 1), ...line(i)])).toBe(300);
    const { said } = await readFile("numbers.csv", [
      `Ticket,Número de orden,${rest}`,
      "1,4327,2024-01-24,7,A,2,5.00",
      "2,4328,2024-01-25,7,A,2,5.00",
    ]);
    expect(said).toContainEqual(expect.stringContaining("invoice number: Número de orden"));
  });
});

test.each([
  ["Fecha contabilización,Fecha documento"],
  ["Fecha contabilización,Fecha venta"],
  ["Data contabilização,Data"],
])("the day of posting is that of the invoice where there is no other: %s", async (names) => {
  const [posted, other] = names.split(",");
  const rest = "Cliente,Artículo,Cantidad,Precio";
  const both = await readFile("both.csv", [`Factura,${names},${rest}`, "T1,2024-02-24,2024-01-24,7,A,2,5.00"]);
  expect(both.said).toContainEqual(expect.stringContaining(`date of the invoice: ${other}`));
  const one = await readFile("one.csv", [`Factura,${posted},${rest}`, "T1,2024-02-24,7,A,2,5.00"]);
  expect(one.customers).toEqual(["7 0 1 10"]);
});

test("a Polish amount of a discount stands beside the value of the sale, and is that of the sale where it stands alone", async () => {
  const of = (i: number): readonly unknown[] => [`T${i}`, day(i), `K${i % 7}`, "1.00", "12.30"];
  expect(await sumIn("Faktura,Data,Klient,Kwota,Wartość", of)).toBeCloseTo(738);
  expect(await sumIn("Faktura,Data,Klient,Rabat,Kwota", of)).toBeCloseTo(738);
});

test("how much was ordered in Indonesian may be an amount, and how many things are not", async () => {
  const line = (i: number): readonly unknown[] => [`T${i}`, day(i), `K${i % 7}`, "A", 20000 + 5000 * (i % 3), 20000];
  await expect(sumIn("No Pesanan,Tanggal,Pelanggan,Produk,Jumlah Pesanan,Harga", line)).rejects.toThrow("quantity");
  const sold = (i: number): readonly unknown[] => [`T${i}`, day(i), `K${i % 7}`, "A", 2, 5000];
  expect(await sumIn("No Pesanan,Tanggal,Pelanggan,Produk,Jumlah Barang,Harga", sold)).toBe(600_000);
});
