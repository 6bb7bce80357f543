import { describe, expect, test } from "@jest/globals";
import { foldInvoices, type RetailFold } from "@keyspaces-segmentation/invoices/dist/fold.js";
import { readSums } from "@keyspaces-segmentation/invoices/dist/kept_sums.js";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices/dist/parse.js";
import { foldLines, invoiceLine, invoicesOf, parseGenerated } from "../../../test/support/retail.js";

function folded(invoices: readonly InvoiceLine[][], options: Parameters<typeof foldInvoices>[0] = {}): RetailFold {
  const fold = foldInvoices(options);
  const { add, end } = fold.invoices();
  for (const lines of invoices) {
    for (const line of lines) add(line);
    end();
  }
  return fold;
}

async function* each(records: Iterable<string>): AsyncGenerator<string> {
  yield* records;
}
const kept = (fold: RetailFold) => readSums(each(fold.records()));

describe("sums that are kept", () => {
  test("and gone on from with other invoices are those of all, at whatever invoice they were kept", async () => {
    const invoices = invoicesOf((await parseGenerated()).lines);
    const whole = folded(invoices).totals();
    for (const share of [0, 0.1, 0.5, 0.99, 1]) {
      const at = Math.floor(share * invoices.length);
      // In between, once more: as it is in months.
      const middle = Math.floor((at + invoices.length) / 2);
      const first = await kept(folded(invoices.slice(0, at)));
      const second = await kept(folded(invoices.slice(at, middle), { from: first }));
      expect(folded(invoices.slice(middle), { from: second }).totals()).toEqual(whole);
    }
  });

  test("are those of both sides of a cut", async () => {
    const invoices = invoicesOf((await parseGenerated()).lines);
    const cut = new Date("2010-06-01T00:00:00Z");
    const from = await kept(folded(invoices, { cut }));
    expect(foldInvoices({ from }).totals()).toEqual(folded(invoices).totals());
    const half = Math.floor(invoices.length / 2);
    const first = await kept(folded(invoices.slice(0, half), { cut }));
    const both = folded(invoices, { cut }).totals();
    expect(folded(invoices.slice(half), { cut, from: first }).totals()).toEqual(both);
    expect(both.beforeCut!.customers.length).toBeLessThan(both.aggregate.customers.length);
  });

  test("keep money to the last digit, and what decides a tie", async () => {
    const price = { unscaled: 123456789012345678901n, scale: 4 };
    const a = invoiceLine({ invoice: "2", price, quantity: 3, country: "France" });
    const b = invoiceLine({ invoice: "1", price: { unscaled: 5n, scale: 3 }, country: "Spain" });
    const later = new Date("2010-05-01T00:00:00Z");
    const until = new Date("2010-04-01T00:00:00Z");
    const c = invoiceLine({ invoice: "3", invoiceDate: later, customerId: null });
    for (const [first, second] of [
      [[a], [b]],
      [[b], [a]],
      [[c], [a]],
    ] as [InvoiceLine[], InvoiceLine[]][]) {
      const options = { until };
      const from = await kept(folded([first], options));
      expect(folded([second], { ...options, from }).totals()).toEqual(foldLines([...first, ...second], options));
    }
  });

  test("are not gone on from by other rules, to another day, or with another cut", async () => {
    const rules = { creditPrefix: null, productCode: null };
    const cut = new Date("2010-06-01T00:00:00Z");
    for (const options of [{ rules }, { until: cut }, { cut }]) {
      const from = await kept(folded([[invoiceLine()]]));
      expect(() => foldInvoices({ ...options, from })).toThrow("`from` to be sums made by the same rules");
    }
  });

  test("are refused where they are anything else", async () => {
    const records = [...folded([[invoiceLine()], [invoiceLine({ invoice: "8", customerId: "9" })]]).records()];
    const head = JSON.parse(records[0]!);
    const customer = JSON.parse(records[1]!);
    const headWith = (change: object) => [JSON.stringify({ ...head, ...change }), ...records.slice(1)];
    const customerWith = (at: number, value: unknown) => [
      records[0]!,
      JSON.stringify(customer.with(at, value)),
      records[2]!,
    ];
    const wrong = [
      [],
      records.slice(0, 2),
      [...records, records[2]!],
      [records[0]!, "[", records[2]!],
      [records[0]!, "null", records[2]!],
      headWith({ lines: -1 }),
      headWith({ later: null }),
      headWith({ ledger: [{ bin: "gift", lines: 1, amount: "1" }] }),
      headWith({ ledger: [{ bin: "purchase", lines: 1, amount: "1e3" }] }),
      headWith({ basis: { ...head.basis, creditPrefix: "D" } }),
      headWith({ basis: { ...head.basis, until: "yesterday" } }),
      headWith({ cut: "2010-01-01T00:00:00.000Z" }),
      headWith({ cut: "never" }),
      headWith({ sides: [] }),
      headWith({ sides: [{ customers: 2, span: [1] }] }),
      headWith({ sides: [{ customers: 3, span: null }] }),
      headWith({ sides: [{ customers: 1, span: null }] }),
      customerWith(0, 7),
      customerWith(1, 1.5),
      customerWith(2, "today"),
      customerWith(3, 2.5),
      customerWith(5, 44),
      customerWith(11, null),
      ...Array.from(customer, (_, at) => [records[0]!, JSON.stringify(customer.toSpliced(at, 1)), records[2]!]),
    ];
    for (const changed of wrong) await expect(readSums(each(changed as string[]))).rejects.toThrow();
    await expect(readSums(each(records))).resolves.toMatchObject({ lines: 2 });
  });
});
