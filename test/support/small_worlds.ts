import { formatDecimal } from "@keyspaces-segmentation/common";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices";
import { invoiceLine } from "./retail.js";

/** Invoices of so few or so uniform customers that averages, ranks, shares or distances have nothing to go by. */
export interface SmallWorld {
  readonly lines: readonly InvoiceLine[];
  readonly k: number;
  /** Whether nobody has a purchase. */
  readonly withoutPurchase?: boolean;
}

const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));

/** One line of one invoice, a number of days after the first day of 2023, for an amount in whole pennies. */
function bought(customer: number, day: number, pennies: number, quantity = 1): InvoiceLine {
  const invoice = `${quantity < 0 ? "C" : ""}${900_000 + 1000 * customer + day}`;
  return invoiceLine({
    invoice,
    customerId: String(41_000 + customer),
    quantity,
    invoiceDate: new Date(Date.UTC(2023, 0, 1 + day, 12)),
    price: { unscaled: BigInt(pennies), scale: 2 },
  });
}

/** Day and pennies. */
const KINDS: readonly (readonly [number, number])[] = [
  [4, 1275],
  [155, 6375],
  [338, 25_500],
];

export const smallWorlds: Readonly<Record<string, SmallWorld>> = {
  "one customer with one invoice": { k: 1, lines: [bought(1, 3, 1275)] },
  "one customer with two invoices": { k: 1, lines: [bought(1, 3, 1275), bought(1, 90, 500)] },
  "two customers in one cluster": { k: 1, lines: [bought(1, 3, 1275), bought(2, 90, 500)] },
  "as many customers as clusters": { k: 5, lines: times(5, (i) => bought(i, 31 * i, 700 * (i + 1), 1 + i)) },
  "all alike": { k: 6, lines: times(12, (i) => bought(i, 3, 1275)) },
  "three kinds": {
    k: 6,
    lines: KINDS.flatMap(([day, pennies], kind) => times(6, (i) => bought(6 * kind + i, day, pennies))),
  },
  "one day": { k: 6, lines: times(30, (i) => bought(i % 20, 3, 250 * (1 + (i % 5)), 1 + (i % 7))) },
  "nearly all bought once": {
    k: 6,
    lines: [
      ...times(97, (i) => bought(i, (37 * i) % 360, 100 + ((613 * i) % 9000))),
      ...times(9, (i) => bought(97 + (i % 3), 40 * i, 4000)),
    ],
  },
  "all refunded": {
    k: 3,
    lines: times(8, (i) => [bought(i, 30 * i, 500 + i), bought(i, 30 * i + 5, 500 + i, -1)]).flat(),
  },
  "more returned than bought": {
    k: 3,
    lines: times(8, (i) => [bought(i, 30 * i, 500 + i), bought(i, 30 * i + 5, 500 + i, -3)]).flat(),
  },
  "some who bought and some who owe": {
    k: 4,
    lines: [
      ...times(12, (i) => bought(i, 25 * i, 900 * (i + 1))),
      ...times(4, (i) => bought(i, 25 * i + 3, 900 * (i + 1), -1 - i)),
      ...times(3, (i) => bought(20 + i, 60, 0)),
    ],
  },
  "nothing but free samples": { k: 3, withoutPurchase: true, lines: times(8, (i) => bought(i, 30 * i, 0)) },
  "nothing but returns": { k: 3, withoutPurchase: true, lines: times(8, (i) => bought(i, 30 * i, 500 + i, -2)) },
};

/** The lines as a file. */
export function csvOf(lines: readonly InvoiceLine[]): string {
  const records = lines.map(({ invoice, stockCode, description, quantity, invoiceDate, price, customerId, country }) =>
    [
      ...[
        invoice,
        stockCode,
        description,
        formatDecimal(quantity),
        invoiceDate.toISOString().slice(0, 16).replace("T", " "),
      ],
      ...[formatDecimal(price), customerId, country],
    ].join(","),
  );
  return ["Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country", ...records, ""].join("\n");
}
