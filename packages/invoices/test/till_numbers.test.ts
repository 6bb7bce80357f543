import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common";
import type { RetailTotals } from "@keyspaces-segmentation/invoices/dist/fold.js";
import { numberRemarks } from "@keyspaces-segmentation/invoices/dist/number_remarks.js";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices/dist/parse.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { askPandas } from "../../../test/support/pandas.js";
import { foldLines, invoiceLine, parseText } from "../../../test/support/retail.js";

const HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
const DAY_MS = 86_400_000;

interface Sold {
  /** Which receipt it really is of. */
  readonly receipt: string;
  readonly number: number;
  readonly at: string;
  readonly customer: string;
  readonly code: string;
  readonly price: string;
}

/** A till whose numbers begin again each morning: so many days, a few regular customers among many who leave no name. */
function till(seed: number, { days, receipts }: { days: number; receipts: [least: number, most: number] }): Sold[] {
  const random = seededRandom(seed);
  const upTo = (n: number): number => Math.floor(random() * n);
  return Array.from({ length: days }, (_, day) => {
    const count = receipts[0] + upTo(receipts[1] - receipts[0] + 1);
    const minutes = Array.from({ length: count }, () => upTo(13 * 60)).sort((a, b) => a - b);
    return minutes.flatMap((minute, i) => {
      const at = new Date(Date.UTC(2024, 0, 1 + day, 8, minute)).toISOString().slice(0, 16).replace("T", " ");
      const customer = random() < 0.6 ? "" : String(101 + upTo(8));
      return Array.from({ length: 1 + upTo(4) }, () => {
        const code = upTo(6);
        return { receipt: `${day}/${i + 1}`, number: i + 1, at, customer, code: `P${code}`, price: `${code + 1}.50` };
      });
    });
  }).flat();
}

const csvOf = (sold: readonly Sold[]): string =>
  [
    HEADER,
    ...sold.map(({ number, at, customer, code, price }) => `${number},${code},x,1,${at},${price},${customer},Norway`),
  ].join("\n");

/** What a file comes to, with what it has twice left out. */
async function totalsOf(sold: readonly Sold[]): Promise<RetailTotals & { repeated: number }> {
  const { lines, lineNumbers, repeats } = await parseText(`${csvOf(sold)}\n`);
  const once = lines.filter((_, i) => !repeats?.has(lineNumbers[i]!));
  return { ...foldLines(once), repeated: lines.length - once.length };
}

const inRows = ({ aggregate }: RetailTotals) =>
  [...aggregate.customers].map(({ customerId, purchaseInvoices, netAmount, lastPurchase }) => [
    customerId,
    purchaseInvoices,
    Math.round(100 * Number(formatDecimal(netAmount))),
    lastPurchase!.toISOString().slice(0, 16).replace("T", " "),
  ]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "receipts-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function rowsByPandas(sold: readonly Sold[]): Promise<unknown> {
  const path = join(folder, "receipts.csv");
  const lines = sold.map(({ receipt, customer, at, price }) => `${receipt},${customer},${at},1,${price}`);
  await writeFile(path, ["receipt,customer_id,invoice_date,quantity,price", ...lines].join("\n"));
  return askPandas("receipts", path);
}

/** How often a customer has a number again that they had less than a day before. */
function soonAgain(sold: readonly Sold[]): number {
  const receipts = [...new Map(sold.map((line) => [line.receipt, line])).values()].filter(
    ({ customer }) => customer !== "",
  );
  return receipts.filter(({ number, customer, at }) =>
    receipts.some((other) => {
      const gap = Date.parse(`${at}Z`) - Date.parse(`${other.at}Z`);
      return other.number === number && other.customer === customer && gap > 0 && gap < DAY_MS;
    }),
  ).length;
}

describe("a till whose numbers begin again each day", () => {
  test.each([1, 2, 3])(
    "has each receipt counted as pandas counts them, also those of a number within a day (seed %i)",
    async (seed) => {
      const sold = till(seed, { days: 60, receipts: [40, 55] });
      expect(soonAgain(sold)).toBeGreaterThan(20);
      const totals = await totalsOf(sold);
      expect([inRows(totals), totals.repeated]).toEqual([await rowsByPandas(sold), 0]);
      expect(totals.reusedNumbers).toBeGreaterThan(40);
    },
  );

  test.each([
    ["many receipts", [40, 55]],
    ["few", [2, 6]],
    ["one or two", [1, 2]],
  ] as const)("has an overlap of two exports once, with %s a day", async (_, [least, most]) => {
    const sold = till(5, { days: 60, receipts: [least, most] });
    const dayOf = ({ receipt }: Sold): number => Number(receipt.split("/")[0]);
    // The last number of the first export may be the first one of the second.
    for (const end of [40, 41, 42, 43]) {
      const overlap = sold.filter((line) => dayOf(line) >= 25 && dayOf(line) < end);
      const joined = [...sold.filter((line) => dayOf(line) < end), ...sold.filter((line) => dayOf(line) >= 25)];
      const totals = await totalsOf(joined);
      expect(totals.repeated).toBe(overlap.length);
      expect(inRows(totals)).toEqual(await rowsByPandas(sold));
    }
  });

  test.each([8, -10])("has it so where the day begins at %i o'clock in UTC", async (hours) => {
    const sold = till(6, { days: 50, receipts: [30, 60] }).map((line) => {
      const at = new Date(Date.parse(`${line.at}Z`) + hours * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
      return { ...line, at };
    });
    const dayOf = ({ receipt }: Sold): number => Number(receipt.split("/")[0]);
    const joined = [...sold.filter((line) => dayOf(line) < 31), ...sold.filter((line) => dayOf(line) >= 21)];
    const totals = await totalsOf(joined);
    expect(totals.repeated).toBe(joined.length - sold.length);
    expect(inRows(totals)).toEqual(await rowsByPandas(sold));
  });
});

const at = (invoice: string, customerId: string | null, moment: string, stockCode = "61000") =>
  invoiceLine({ invoice, customerId, invoiceDate: new Date(moment), stockCode });
const [MINUS_ONE, NOTHING] = [-1n, 0n].map((unscaled) => ({ unscaled, scale: 0 }));
const frequencyOf = (totals: RetailTotals) =>
  [...totals.aggregate.customers].map(({ purchaseInvoices }) => purchaseInvoices);

describe("orders whose lines are entered over a day stay one", () => {
  const order = [at("1001", "7", "2022-03-01T09:00:00Z"), at("1001", "7", "2022-03-01T17:30:00Z", "61001")];
  const next = (customer: string | null, moments: readonly string[], line: object = {}): InvoiceLine[] =>
    moments.map((moment, i) => ({ ...at("1001", customer, `${moment}:00Z`, `6100${2 + i}`), ...line }));

  test("where a number is used once", () => {
    const totals = foldLines(order);
    expect([frequencyOf(totals), totals.reusedNumbers]).toEqual([[1], 0]);
  });

  test.each([
    ["numbers begin again each month", next("8", ["2022-04-02T09:00"]), [1, 1]],
    ["each year", next("8", ["2023-03-01T09:00"]), [1, 1]],
    [
      "each week",
      next("7", ["2022-03-08T09:00", "2022-03-08T16:00", "2022-03-15T09:00", "2022-03-15T16:00", "2022-03-22T09:00"]),
      [4],
    ],
    [
      "each week, sometimes five days after the last time",
      next("7", [
        "2022-03-07T09:00",
        "2022-03-07T16:00",
        "2022-03-15T09:00",
        "2022-03-15T16:00",
        "2022-03-21T09:00",
        "2022-03-29T09:00",
      ]),
      [5],
    ],
    ["two branches have the same", next("8", ["2022-03-04T09:00", "2022-03-04T16:00"]), [1, 1]],
    ["a parcel follows three days later", next("7", ["2022-03-04T10:00"]), [2]],
    [
      "some is returned, and more again",
      next("7", ["2022-03-04T10:00", "2022-03-07T10:00"], { quantity: MINUS_ONE }),
      [1],
    ],
    ["stock is corrected, twice", next(null, ["2022-03-04T10:00", "2022-03-07T10:00"], { price: NOTHING }), [1]],
  ])("where %s", (_, others, frequency) => {
    expect(frequencyOf(foldLines([...order, ...others]))).toEqual(frequency);
  });
});

test("whoever buys with a number next tells that it begins again, once it is not for the first time", () => {
  const [monday, tuesday] = [at("57", "7", "2024-01-01T20:00:00Z"), at("57", "7", "2024-01-02T18:00:00Z", "61001")];
  expect(frequencyOf(foldLines([monday, tuesday]))).toEqual([1]);
  const others = [at("57", "8", "2024-01-05T12:00:00Z", "61002"), at("57", "9", "2024-01-07T12:00:00Z", "61003")];
  expect(frequencyOf(foldLines([monday, tuesday, others[0]!]))).toEqual([1, 1]);
  expect(frequencyOf(foldLines([monday, tuesday, ...others]))).toEqual([2, 1, 1]);
  expect(numberRemarks(foldLines([monday, tuesday, ...others]))).toEqual([
    expect.stringMatching(/^1 invoice number names more than one invoice/),
  ]);
});
