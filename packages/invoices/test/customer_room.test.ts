import { expect, test } from "@jest/globals";
import { roomIn, tooManyCustomers } from "@keyspaces-segmentation/invoices/dist/customer_room.js";
import { type FoldOptions, foldInvoices } from "@keyspaces-segmentation/invoices/dist/fold.js";
import { readSums } from "@keyspaces-segmentation/invoices/dist/kept_sums.js";
import { invoiceLine } from "../../../test/support/retail.js";

const room = { customers: 2, heapBytes: 4 * 2 ** 30 };
const GB = 2 ** 30;

/** A fold that has taken an invoice of each of these customers, one a month. */
function folded(customerIds: readonly (string | null)[], options: FoldOptions) {
  const fold = foldInvoices(options);
  const { add, end } = fold.invoices();
  for (const [i, customerId] of customerIds.entries()) {
    add(invoiceLine({ invoice: String(i), customerId, invoiceDate: new Date(Date.UTC(2010, i, 1)) }));
    end();
  }
  return fold;
}

test("more customers than there is room for are refused before memory runs out, in words that say what to do", () => {
  expect(() => folded(["a", "b", "c"], { room })).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/there are more than 2 customers, for whom the 4\.0 GB that Node may take here/),
      hint: expect.stringMatching(/ NODE_OPTIONS=--max-old-space-size=\d+ .* engine: "spark"/),
    }),
  );
});

test("each customer counts once: on both sides of a cut, in many invoices, and nobody not at all", () => {
  const cut = new Date("2010-04-01T00:00:00Z");
  const ids = ["a", "b", null, "a", "b", "a", null, "b"];
  for (const options of [{}, { cut }])
    expect(folded(ids, { room, ...options }).totals().aggregate.customers.length).toBe(2);
  expect(() => folded([...ids, "c"], { room, cut })).toThrow("more than 2 customers");
});

test("customers of an earlier read count as well", async () => {
  const cut = new Date("2010-02-01T00:00:00Z");
  const records = async function* () {
    yield* folded(["a", "b", "a"], { cut }).records();
  };
  const goOn = async (...ids: string[]) => folded(ids, { room, cut, from: await readSums(records()) });
  await expect(goOn("b", "a", "b")).resolves.toBeDefined();
  await expect(goOn("c")).rejects.toThrow("more than 2 customers");
});

test("a larger heap has room for more customers, up to what a Map holds", () => {
  // Node's own heap where there is a GB of memory: what is nearly full of other things is not for this to refuse.
  expect(roomIn(256 * 2 ** 20).customers).toBe(100_000);
  expect(roomIn(8 * GB).customers).toBeGreaterThan(2 * roomIn(4 * GB).customers);
  expect(roomIn(4 * GB).customers).toBeGreaterThan(1_000_000);
  const most = roomIn(100 * GB);
  expect(most.customers).toBe(2 ** 24);
  expect(tooManyCustomers(most)).toMatchObject({
    message: expect.stringContaining(
      "more than 16,777,216 customers, which are as many as one process of Node can tell",
    ),
    hint: 'Instead, set the parameter engine: "spark", which needs no memory for customers here.',
  });
});
