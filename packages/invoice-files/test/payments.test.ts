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

test.each([
  ["newest first", true],
  ["oldest first", false],
])("a refund is of the customer whose payment it refers to: %s", async (_order, isTurned) => {
  const lines = [
    "T1,2024-01-25,20.00,anna,",
    "T2,2024-01-26,30.00,bert,",
    "R1,2024-01-27,-5.00,Shop,T1",
    "R2,2024-01-28,-4.00,shop,T2",
  ];
  const { customers, said } = await readFile("references.csv", [
    "Transaction ID,Date,Amount,Customer,Reference Txn ID",
    ...(isTurned ? lines.reverse() : lines),
  ]);
  expect(customers).toEqual(["anna 3 1 15", "bert 2 1 26"]);
  expect(said).toContain("customers: those of the payments in Reference Txn ID, where a refund has the shop's own id");
});

test("a return that refers to an invoice of the customer's own is theirs", async () => {
  const { customers, said } = await readFile("own.csv", [
    "Invoice,SKU,Qty,Date,Price,Customer,Original Invoice",
    "1,A,2,2024-01-25,5.00,7,",
    "2,A,3,2024-01-26,5.00,8,",
    "3,A,-1,2024-01-27,5.00,7,1",
  ]);
  expect(customers).toEqual(["7 2 1 5", "8 1 1 15"]);
  expect(said.some((each) => each.startsWith("customers:"))).toBe(false);
});

test("payments of which most have no description are payments, and lines beside described ones none", async () => {
  const payments = [
    "Payment ID,Date,Customer ID,Amount,Description",
    "p1,2024-01-25,7,10.00,",
    "p2,2024-01-26,7,20.00,",
    "p3,2024-01-27,8,5.00,Subscription",
  ];
  const { customers, rejects } = await readFile("payments.csv", payments, { columns: "invoice=Payment ID" });
  expect({ customers, rejects }).toEqual({ customers: ["7 1 2 30", "8 0 1 5"], rejects: [] });
  const sums = await readFile(
    "sums.csv",
    [
      "Order ID,Date,Customer ID,Amount,Description",
      ...[1, 2, 3].flatMap((i) => [`${i},2024-01-2${i},7,10.00,`, `${i},2024-01-2${i},7,10.00,Lamp`]),
      "4,2024-01-24,7,5.00,",
    ],
    {},
  );
  expect(sums).toMatchObject({ customers: ["7 0 3 30"], rejects: ["4 no stock code"] });
});
