import { describe, expect, test } from "@jest/globals";
import { readCustomers, readInvoiceLines } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import type { Client } from "cassandra-driver";
import {
  badPagingState,
  cellsOf,
  type FakeOptions,
  type FakeTable,
  fakeTable,
} from "../../../test/support/fake_table.js";
import { foldLines, invoiceLine, invoicesOf, parseGenerated } from "../../../test/support/retail.js";

const name = { keyspace: "shop", table: "lines" };

/** A table of these lines, its invoices anywhere on the ring. */
function tableOf(lines: readonly InvoiceLine[], options: FakeOptions = {}): FakeTable {
  const random = seededRandom(1);
  const token = () => BigInt.asIntN(64, BigInt(Math.floor(random() * 2 ** 53)) << 11n);
  return fakeTable(
    invoicesOf(lines).map((invoice) => ({ token: token(), rows: invoice.map(cellsOf) })),
    { pageSize: ({ fetchSize }) => fetchSize!, ...options },
  );
}

const byKey = (lines: readonly InvoiceLine[]) =>
  lines.toSorted((a, b) => {
    const [left, right] = [a, b].map(({ invoice, stockCode, line }) => [invoice, stockCode, line]);
    return left!.join("\0") < right!.join("\0") ? -1 : 1;
  });

describe("reading customers", () => {
  test("with a cut, has what was before it apart, from the same pass", async () => {
    const { lines } = await parseGenerated();
    const cut = new Date("2010-09-09T14:55:00Z");
    const table = tableOf(lines);
    const { requests, seconds, ...totals } = await readCustomers(table.client, name, { cut });
    expect(totals).toEqual(foldLines(lines, { cut }));
    expect(totals.aggregate).toEqual(foldLines(lines).aggregate);
    expect(totals.beforeCut!.customers.length).toBeGreaterThan(20);
    const uncut = await readCustomers(tableOf(lines).client, name);
    expect(requests).toBe(uncut.requests);
  });

  test("comes to what the lines come to, though pages break off", async () => {
    const { lines } = await parseGenerated();
    const random = seededRandom(3);
    const table = tableOf(lines, {
      pageSize: () => Math.floor(200 * random()),
      fault: ({ from }) => {
        if (from !== undefined && random() < 0.4) throw badPagingState();
      },
    });
    const { requests, seconds, ...totals } = await readCustomers(table.client, name);
    expect(totals).toEqual(foldLines(lines));
    expect(table.tokenRequests).toBeGreaterThan(5);
    expect(requests).toBeGreaterThan(lines.length / 200);
    expect(seconds).toBeGreaterThan(0);
  });

  test("asks for the columns that it folds, and no others", async () => {
    const table = tableOf([invoiceLine()]);
    await readCustomers(table.client, name);
    expect(table.pages[0]!.query).toMatch(
      /^SELECT "invoice" AS \w+, "stock_code", "quantity", "invoice_date", "price", "customer_id", "country" FROM/,
    );
  });

  test("a row that lacks what a line needs is told", async () => {
    const table = tableOf([invoiceLine()]);
    table.partitions[0]!.rows[0]![4] = null;
    await expect(readCustomers(table.client, name)).rejects.toThrow(
      "Could not read the table shop.lines: price is missing for 61000 on invoice 700001.",
    );
  });

  test("answers that another copy of the driver has unpacked are told", async () => {
    const client = {
      execute: async () => ({ rows: [{ partitioner: "RandomPartitioner" }], pageState: null }),
    } as unknown as Client;
    await expect(readCustomers(client, name)).rejects.toThrow("second copy of cassandra-driver");
  });
});

describe("reading lines", () => {
  const lines = Array.from({ length: 40 }, (_, i) =>
    invoiceLine({
      invoice: String(100 + (i >> 2)),
      stockCode: String((i * 7) % 3),
      line: 100 + i,
      description: i % 5 ? `No. ${i}` : null,
      price: { unscaled: BigInt(-i), scale: i % 4 },
      customerId: i % 3 ? String(i) : null,
    }),
  );

  test("gives back every line, in order", async () => {
    expect((await readInvoiceLines(tableOf(lines).client, name)).lines).toEqual(byKey(lines));
  });

  test("also after a break", async () => {
    let broken = false;
    const table = tableOf(lines, {
      pageSize: () => 3,
      fault: ({ from }) => {
        if (from === undefined || broken) return;
        broken = true;
        throw badPagingState();
      },
    });
    expect((await readInvoiceLines(table.client, name, { atMost: 40 })).lines).toEqual(byKey(lines));
    expect(table.tokenRequests).toBe(1);
  });

  test("more than fit are refused, with what to do", async () => {
    const read = readInvoiceLines(tableOf(lines).client, name, { atMost: 39 });
    await expect(read).rejects.toMatchObject({
      message: "Could not read the table shop.lines into memory: it has more than 39 lines.",
      hint: expect.stringMatching(/readCustomers.*`limit`.*`atMost`.*`keyspace`/),
    });
  });

  test("the first ones come with one request", async () => {
    const table = tableOf(lines);
    const { lines: first, requests } = await readInvoiceLines(table.client, name, { limit: 6, atMost: 6 });
    expect(first).toHaveLength(6);
    expect(lines).toEqual(expect.arrayContaining(first));
    expect(requests).toBe(1);
    expect((await readInvoiceLines(table.client, name, { limit: 100 })).lines).toHaveLength(40);
    await expect(readInvoiceLines(table.client, name, { limit: 0 })).rejects.toThrow("`limit`");
  });
});
