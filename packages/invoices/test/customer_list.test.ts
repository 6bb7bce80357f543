import { expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import type { CustomerAggregate } from "@keyspaces-segmentation/invoices/dist/aggregate.js";
import { customerList } from "@keyspaces-segmentation/invoices/dist/customer_list.js";

const amount = (unscaled: bigint, scale: number) => ({ unscaled, scale });
const customer = (customerId: string, of: Partial<CustomerAggregate> = {}): CustomerAggregate => ({
  customerId,
  country: "France",
  purchaseInvoices: 1,
  lastPurchase: new Date("2010-03-04T10:30:00.123Z"),
  salesAmount: amount(295n, 2),
  netAmount: amount(-5n, 3),
  merged: { invoices: 2, lastLine: new Date("2010-03-05T00:00:00Z"), amount: amount(0n, 0) },
  ...of,
});

test("customers come back as they were given, in order, as often as they are asked for", () => {
  const given = [
    customer("b", { lastPurchase: null, merged: null, purchaseInvoices: 0 }),
    customer("10", { country: "Spain" }),
    customer("9", {
      lastPurchase: new Date(0),
      salesAmount: amount(2n ** 53n, 4),
      netAmount: amount(-(10n ** 30n), 30),
    }),
    customer("", { lastPurchase: new Date("1969-01-01T00:00:00Z") }),
  ];
  const list = customerList(given);
  const inOrder = [given[2], given[1], given[3], given[0]];
  expect([...list]).toEqual(inOrder);
  expect([...list]).toEqual(inOrder);
  expect([list.length, ...list.ids()]).toEqual([4, "9", "10", "", "b"]);
});

test("however many there are", () => {
  const list = customerList(
    Array.from({ length: 5000 }, (_, i) =>
      customer(String(5000 - i), { purchaseInvoices: i, salesAmount: amount(BigInt(i) * 10n ** 12n, i % 7) }),
    ),
  );
  let row = 0;
  for (const { customerId, purchaseInvoices, salesAmount } of list) {
    const i = 4999 - row++;
    expect([customerId, purchaseInvoices]).toEqual([String(row), i]);
    expect(formatDecimal(salesAmount)).toBe(formatDecimal(amount(BigInt(i) * 10n ** 12n, i % 7)));
  }
  expect(row).toBe(5000);
});
