import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const ASKS = /no column for the date of the invoice/;

test("the only column of dates is that of the purchase, whatever it is called", async () => {
  const { customers, evidence } = await readFile("pedidos.csv", [
    "num_pedido,id_cliente,nombre,f_pedido,subtotal",
    "1,7,Ana,2024-01-20 18:38:00,10.50",
    "2,8,Eva,2024-01-25 08:00:00,4.00",
    "3,7,Ana,2024-01-25 10:22:00,5.50",
  ]);
  expect(customers).toEqual(["7 0 2 16", "8 0 1 4"]);
  expect(evidence).toContainEqual(expect.stringContaining("f_pedido is the only column of dates"));
});

test("of several columns that may be meant none is guessed", async () => {
  const lines = ["order,customer,f_1,f_2,total", "1,7,2024-01-20,2024-01-21,5.00", "2,7,2024-01-25,2024-01-26,5.00"];
  await expect(readFile("two.csv", lines)).rejects.toThrow(ASKS);
  const { customers } = await readFile("two.csv", lines, { columns: "invoiceDate=f_2" });
  expect(customers).toEqual(["7 0 2 10"]);
});

test.each([
  ["a birthday, which a customer has each time", ["1,7,1980-05-01,5.00", "2,7,1980-05-01,5.00", "3,8,1990-02-03,4.00"]],
  ["a registration, of customers with one line each", ["1,7,2023-05-01,5.00", "2,8,2023-06-01,5.00"]],
  ["blank in some lines", ["1,7,2024-01-20,5.00", "2,7,,5.00", "3,7,2024-01-25,5.00"]],
])("a column of dates is not that of the purchase: %s", async (_, lines) => {
  await expect(readFile("other.csv", ["order,customer,f_1,total", ...lines])).rejects.toThrow(ASKS);
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
