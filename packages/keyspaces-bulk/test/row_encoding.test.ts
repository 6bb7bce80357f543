import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "@jest/globals";
import { formatDecimal, parseDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import { type InvoiceLine, retailTable } from "@keyspaces-segmentation/invoices";
import {
  copyRow,
  type EncodedRow,
  keyReader,
  rowEncoder,
} from "@keyspaces-segmentation/keyspaces-bulk/dist/row_encoding.js";
import { types } from "cassandra-driver";

const line = (changes: Partial<InvoiceLine> = {}): InvoiceLine => ({
  invoice: "489434",
  stockCode: "85048",
  line: 1,
  description: "15CM CHRISTMAS GLASS BALL, £",
  quantity: parseDecimal("12")!,
  invoiceDate: new Date("2009-12-01T07:45:00Z"),
  price: parseDecimal("6.95")!,
  customerId: "13085",
  country: "United Kingdom",
  ...changes,
});

// The driver's own encoder, behind its public face, is the oracle.
const Encoder = require("cassandra-driver/lib/encoder") as new (
  version: number,
  options: object,
) => { encode(value: unknown, type: { code: number }): Buffer };
const encoder = new Encoder(4, { encoding: {} });
const { text, int, timestamp, decimal } = types.dataTypes;
const columns = [text, text, int, text, decimal, timestamp, decimal, text, text];

/** The values of a row, each with its length before it; −2 where it is unset. */
function byTheDriver(it: InvoiceLine, price: string): Buffer {
  const quantity = types.BigDecimal.fromString(formatDecimal(it.quantity));
  const values = [it.invoice, it.stockCode, it.line, it.description, quantity, it.invoiceDate];
  const all = [...values, types.BigDecimal.fromString(price), it.customerId, it.country];
  const cells = all.map((value, i) => {
    const cell = value === null ? Buffer.alloc(0) : encoder.encode(value, { code: columns[i]! });
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? -2 : cell.length);
    return Buffer.concat([length, cell]);
  });
  return Buffer.concat(cells);
}

const lineEncoder = () => {
  const encode = rowEncoder(retailTable);
  return (it: InvoiceLine) => encode(retailTable.values(it));
};
const bytesOf = ({ slab, start, end }: EncodedRow): Buffer => slab.subarray(start, end);

test.each([
  "0",
  "0.00",
  "6.95",
  "-6.95",
  "127",
  "128",
  "-128",
  "-129",
  "255.5",
  "256",
  "32767",
  "32768",
  "-32768",
  "-32769",
  "8388607.99",
  "80995.25",
  "-11062.06",
  "12345678901234567.89",
  "-1234567890123456789012345678.0123456789",
  "0.0000000001",
])("a line at %s is encoded as the driver does it", (price) => {
  const it = line({ price: parseDecimal(price)! });
  expect(bytesOf(lineEncoder()(it))).toEqual(byTheDriver(it, price));
});

test.each([
  line({ quantity: parseDecimal("-80995")!, line: 2_147_483_647 }),
  line({ quantity: parseDecimal("0.75")!, line: -2_147_483_648 }),
  line({ quantity: parseDecimal("-2147483648.125")!, invoiceDate: new Date(-1) }),
  line({ invoiceDate: new Date("1899-12-31T23:59:59.999Z") }),
  line({ invoiceDate: new Date("9999-12-31T23:59:59.999Z") }),
  line({ invoiceDate: new Date("0001-01-01T00:00:00Z") }),
  line({ invoiceDate: new Date(2 ** 32) }),
  line({ description: null, customerId: null, country: null }),
  line({ description: "\u0080 \ud83c \u07ff \u0800 \uffff" }),
  ...[99, 100, 101].flatMap((length) =>
    ["x", "é", "日"].map((last) => line({ description: "x".repeat(length - 1) + last })),
  ),
  line({ description: "日本語 🎁", country: "" }),
])("%#: extremes and what is missing", (it) => {
  expect(bytesOf(lineEncoder()(it))).toEqual(byTheDriver(it, "6.95"));
});

test("values that come again, and others between them, keep their own bytes", () => {
  const encode = lineEncoder();
  const rows: [InvoiceLine, string, EncodedRow][] = [];
  for (let i = 0; i < 50_000; i++) {
    const price = (i / 100).toFixed(2);
    const it = line({
      invoice: String(i >> 4),
      stockCode: String(i % 3001),
      quantity: { unscaled: BigInt(i % 77), scale: 0 },
      price: parseDecimal(price)!,
    });
    const row = encode(it);
    if (i % 997 === 0 || i > 49_000) rows.push([it, price, row]);
  }
  // Only now: no later row may have written over an earlier one.
  const hexOf = (bytes: Buffer): string => bytes.toString("hex");
  expect(rows.map(([, , row]) => hexOf(bytesOf(row)))).toEqual(
    rows.map(([it, price]) => hexOf(byTheDriver(it, price))),
  );
});

test("a row that is longer than a slab has one of its own", () => {
  const encode = lineEncoder();
  const [before, long, after] = [line(), line({ description: "x".repeat(100_000) }), line({ line: 2 })];
  const rows = [before, long, after].map(encode);
  for (const [i, it] of [before, long, after].entries()) expect(bytesOf(rows[i]!)).toEqual(byTheDriver(it, "6.95"));
});

test.each([0, 1, 199, 200, 201, 5000])("a row with a description of %d bytes is copied whole", (length) => {
  const row = lineEncoder()(line({ description: "é".repeat(length / 2) }));
  const target = Buffer.alloc(10_000);
  const end = copyRow(row, target, 7);
  expect(target.subarray(7, end)).toEqual(bytesOf(row));
  expect([target[6], target[end]]).toEqual([0, 0]);
});

test.each<[string, Partial<InvoiceLine>]>([
  ["an invalid date", { invoiceDate: new Date(Number.NaN) }],
  ["a number of 33 bits", { line: 2 ** 31 }],
  ["a broken number", { line: 1.5 }],
  ["a scale of 33 bits", { price: { unscaled: 1n, scale: 2 ** 31 } }],
])("%s is written as nothing else", (_, changes) => {
  expect(() => lineEncoder()(line(changes))).toThrow(RangeError);
});

test("the key is read back", () => {
  expect(keyReader(retailTable)(lineEncoder()(line({ line: 7 })))).toEqual(["489434", "85048", 7]);
});

test("rows that are done with leave nothing in memory", () => {
  setFlagsFromString("--expose-gc");
  const collectOnce = runInNewContext("gc") as () => void;
  const collect = (): void => {
    // Buffers of a collection are given back beside the program, which the next one waits for.
    collectOnce();
    collectOnce();
  };
  const encode = lineEncoder();
  encode(line());
  collect();
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 900; i++) {
    encode(line({ description: `PAPER CHAIN KIT ${i}` }));
    // As the frames of requests, a piece of the pool that Node cuts small buffers from, 8 KiB at a time.
    Buffer.allocUnsafe(4000);
  }
  collect();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  // What it keeps is there as long as the encoder is.
  encode(line());
});
