import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const PAYPAL =
  "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Reference Txn ID,Invoice Number";
const SHOP = "shop@example.com";
const paid = (day: number, from: string, gross: string, id: string): string =>
  `01/${day}/2024,10:00:00,PST,x,Express Checkout Payment,Completed,USD,${gross},-0.50,9.50,${from},${SHOP},${id},,`;
const refunded = (day: number, to: string, gross: string, id: string, of: string): string =>
  `01/${day}/2024,10:00:00,PST,x,Payment Refund,Completed,USD,${gross},0.00,${gross},${SHOP},${to},${id},${of},`;

test("a refund is of the customer who gets it back, not of the shop that sends it", async () => {
  const { customers, said } = await readFile("paypal.csv", [
    PAYPAL,
    paid(25, "anna@example.com", "20.00", "T1"),
    paid(26, "bert@example.com", "30.00", "T2"),
    paid(27, "anna@example.com", "12.00", "T3"),
    refunded(28, "Anna@example.com", "-5.00", "T4", "T1"),
  ]);
  expect(customers).toEqual(["anna@example.com 1 2 27", "bert@example.com 2 1 30"]);
  expect(said).toContain("customers: To Email Address where From Email Address is the shop's own");
});

test("refunds that name nobody but the shop are said", async () => {
  const lines = (ids: readonly string[]): string[] => [
    "Transaction ID,Date,Amount,Customer",
    ...["anna", "bert", "cleo", "dora"].map((id, i) => `T${i},2024-01-2${i},20.00,${id}`),
    ...ids.map((id, i) => `R${i},2024-01-2${i + 5},-5.00,${id}`),
  ];
  const says = "returns: of one id, taken off no other customer";
  expect((await readFile("shop.csv", lines(["shop", "shop", "shop"]))).said).toContain(says);
  expect((await readFile("customers.csv", lines(["anna", "anna", "anna"]))).said).not.toContain(says);
  expect((await readFile("customers.csv", lines(["eve", "anna", "bert"]))).said).not.toContain(says);
});
