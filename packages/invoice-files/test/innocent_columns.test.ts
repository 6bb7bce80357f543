import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { type GivenFile, inspectFile, NOTHING_GIVEN } from "@keyspaces-segmentation/invoice-files";
import { readColumns } from "@keyspaces-segmentation/invoice-files/dist/columns/given_columns.js";

const folder = mkdtempSync(join(tmpdir(), "innocent-"));
afterAll(() => rmSync(folder, { recursive: true }));

const LINES = 24;
const PRODUCTS = ["Oak desk lamp", "Linen cushion", "Ceramic mug", "Wool throw", "Pine shelf"];
/** Sales of six customers, of which nothing is to be left out or turned. */
const SALES = Array.from({ length: LINES }, (_, i) => {
  const [invoice, product] = [1000 + Math.floor(i / 2), i % PRODUCTS.length];
  return [
    ...[invoice, `2024-01-${13 + Math.floor(i / 2)}`, `C${2000 + (invoice % 6)}`, `SKU-${product}`, PRODUCTS[product]!],
    ...[1 + (i % 3), (4.99 + 3 * product).toFixed(2)],
  ].join(",");
});
const HEADER = "Order ID,Order Date,Customer ID,SKU,Description,Quantity,Unit Price";

type Further = Readonly<Record<string, readonly string[]>>;

/** The file with further columns, whose values come again and again; a column that is there already is replaced. */
async function customersOf(further: Further, given: GivenFile = NOTHING_GIVEN): Promise<string[]> {
  const names = HEADER.split(",");
  const rows = SALES.map((line, i) => {
    const fields = line.split(",");
    return [...fields, ...Object.values(further).map((values) => values[i % values.length]!)].join(",");
  });
  const file = join(folder, `${Object.keys(further).join(" ").replaceAll("/", "-") || "plain"}.csv`);
  writeFileSync(file, `${[...names, ...Object.keys(further)].join(",")}\n${rows.join("\n")}\n`);
  const { customers } = await inspectFile(file, given, {
    preparation: "net",
    analysisDate: null,
    now: () => new Date("2026-01-01"),
  });
  return customers.map(({ customerId, frequency, monetary }) => `${customerId} ${frequency} ${monetary}`);
}

const plain = customersOf({});

describe("columns of an ordinary export that say nothing of what was sold", () => {
  test.each<[Further]>([
    [{ "Event Date": ["2024-06-01", "2024-07-01"] }],
    [{ "Creation Date": ["2023-12-31"] }],
    [{ "Completed at": ["2024-03-01", ""] }],
    [{ "Visitor ID": ["v1", "v2", "v3", "v4"] }],
    [{ Passenger: ["Ann", "Bob"] }],
    [{ Guest: ["Yes", "No"] }],
    [{ NF: ["7000", "7001", ""] }],
    [{ NF: ["1"] }],
    [{ NFe: ["S", "N"] }],
    [{ "NFC-e": ["Emitida", "Pendente"] }],
    [{ Kredit: ["Ja", "Nej"] }],
    [{ Abono: ["Sí", "No"] }],
    [{ Units: ["EA", "PC"] }],
    [{ "Qty Refund": ["0"] }],
    [{ "Return Status": ["", "Rejected", "Cancelled"] }],
    [{ "Refund Status": ["", "Declined", "Failed"] }],
    [{ "Order Status": ["Completed"], "Delivery Status": ["Delivered", "Cancelled"] }],
    [{ "Sync Status": ["Success", "Failed"] }],
    [{ "Email Status": ["Delivered", "Failed", "Delivered"] }],
    [{ "Payment Status": ["Completed", "Canceled_Reversal"] }],
    [{ Kind: ["1", "0"] }],
    [{ "Line Type": ["S", "N", "F"] }],
    [{ "Sale Type": ["T", "F"] }],
    [{ "Sale Type": ["Cash Sale", "Credit Sale"] }],
    [{ "Invoice Type": ["Cash", "Card", "Credit"] }],
    [{ "Voucher Type": ["Sales", "Credit Sales"] }],
    [{ Type: ["Resort wear", "Shirts"] }],
    [{ Type: ["Returnable", "Final"] }],
    [{ Type: ["Single", "Return"] }],
    [{ Type: ["Product", "Training", "Service"] }],
    [{ "Document Type": ["Invoice", "Invoice with return slip"] }],
    [{ Mode: ["1", "0"] }],
    [{ Mode: ["Online", "Store"] }],
    [{ Test: ["1", "0"] }],
    [{ "Cancel By": ["2024-02-01"] }],
    [{ "Cancel Reason": ["Not cancelled", "n/a", ""] }],
  ])("%j", async (further) => {
    expect(await customersOf(further)).toEqual(await plain);
  });
});

test("a state on the first line of an order is of its other lines too, whatever other states these have", async () => {
  const once = (word: string) => [word, "", "paid", ""];
  const further = { "Financial Status": once("voided"), "Item Status": ["Shipped"] };
  const sold = SALES.map((_, i) => i).filter((i) => i % 4 > 1);
  const expected = new Set(sold.map((i) => SALES[i]!.split(",")[2]!));
  const found = await customersOf(further);
  expect(found.map((customer) => customer.split(" ")[0]).sort()).toEqual([...expected].sort());
  const cancelled = await customersOf({ "Cancelled at": ["2024-02-01", "", "", ""], Test: ["false"] });
  expect(cancelled).toEqual(found);
});

test("a column that would make most lines no sales is asked about, and the answer is obeyed", async () => {
  const further = { "Cancellation Date": ["2024-02-01"] };
  await expect(customersOf(further)).rejects.toThrow(
    "Cancellation Date would make 24 lines of 24 lines of the sample no sales",
  );
  const given = { ...NOTHING_GIVEN, columns: readColumns("cancelled=-") };
  expect(await customersOf(further, given)).toEqual(await plain);
});

test("a coupon below zero leaves refunded orders what they are", async () => {
  const rows = [
    "1,2024-01-13,anna,A,Lamp,1,20.00,completed",
    "1,2024-01-13,anna,COUPON,Coupon,1,-5.00,completed",
    "2,2024-01-14,ben,A,Lamp,1,20.00,refunded",
    "3,2024-01-15,ben,B,Mug,1,7.00,completed",
  ];
  const file = join(folder, "coupon.csv");
  writeFileSync(file, `${HEADER},Order Status\n${rows.join("\n")}\n`);
  const { customers } = await inspectFile(file, NOTHING_GIVEN, {
    preparation: "net",
    analysisDate: null,
    now: () => new Date("2026-01-01"),
  });
  expect(customers.map(({ customerId, monetary }) => [customerId, String(monetary)])).toEqual([
    ["anna", "15"],
    ["ben", "7"],
  ]);
});
