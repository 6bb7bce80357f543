import { expect, test } from "@jest/globals";
import { foldInvoices } from "@keyspaces-segmentation/invoices";
import { orderKey } from "@keyspaces-segmentation/invoices/dist/text_order.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";

test("texts are in the order of their bytes in UTF-8", () => {
  const random = seededRandom(99);
  const pieces = ["", "a", "b", "é", "\ud7ff", "\ue000", "\uffee", "\uffff", "\u{10000}", "\u{1d4b3}", "\u{10ffff}"];
  const text = (): string => Array.from({ length: 3 }, () => pieces[Math.floor(random() * pieces.length)]!).join("");
  for (let i = 0; i < 5000; i++) {
    const [a, b] = [text(), text()];
    const [one, other] = [orderKey(a), orderKey(b)];
    const order = one === other ? 0 : one < other ? -1 : 1;
    expect([a, b, order]).toEqual([a, b, Buffer.compare(Buffer.from(a), Buffer.from(b))]);
  }
});

const number = { unscaled: 1n, scale: 0 };
const line = { quantity: number, price: number, invoiceDate: new Date("2011-12-09T12:50:00Z"), customerId: "7" };
const totalsOf = (lines: readonly { invoice: string; stockCode: string; country: string; customerId?: string }[]) => {
  const fold = foldInvoices();
  const invoices = fold.invoices();
  for (const one of lines) {
    invoices.add({ ...line, ...one });
    invoices.end();
  }
  return [...fold.totals().aggregate.customers];
};

test("of lines of one moment, that with the higher invoice and stock code in a database's order names the country", () => {
  const [low, high] = ["\uffee", "\u{1d4b3}"];
  const byInvoice = [
    { invoice: high, stockCode: "61000", country: "Spain" },
    { invoice: low, stockCode: "61000", country: "EIRE" },
  ];
  expect(totalsOf(byInvoice)[0]?.country).toBe("Spain");
  expect(totalsOf(byInvoice.toReversed())[0]?.country).toBe("Spain");
  const byCode = byInvoice.map((of) => ({ ...of, invoice: "1", stockCode: of.invoice }));
  expect(totalsOf(byCode)[0]?.country).toBe("Spain");
});

test("customers are in a database's order", () => {
  const ids = ["\u{1d4b3}", "\uffee", "10", "9", "b", "a"];
  const customers = totalsOf(ids.map((customerId) => ({ invoice: "1", stockCode: "1", country: "EIRE", customerId })));
  expect(customers.map(({ customerId }) => customerId)).toEqual(["9", "10", "a", "b", "\uffee", "\u{1d4b3}"]);
});
