import { expect, test } from "@jest/globals";
import { types } from "cassandra-driver";
import { keyOf, lineEncoder } from "../../../src/keyspaces/cells.js";
import { parseDecimal } from "../../../src/retail/decimal.js";
import type { InvoiceLine } from "../../../src/retail/parse.js";

const line = (changes: Partial<InvoiceLine> = {}): InvoiceLine => ({
  invoice: "489434",
  stockCode: "85048",
  line: 1,
  description: "15CM CHRISTMAS GLASS BALL, £",
  quantity: 12,
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
const columns = [text, text, int, text, int, timestamp, decimal, text, text];

function byTheDriver(it: InvoiceLine, price: string): (Buffer | undefined)[] {
  const values = [it.invoice, it.stockCode, it.line, it.description, it.quantity, it.invoiceDate];
  const all = [...values, types.BigDecimal.fromString(price), it.customerId, it.country];
  return all.map((value, i) => (value === null ? undefined : encoder.encode(value, { code: columns[i]! })));
}

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
  expect(lineEncoder()(it)).toEqual(byTheDriver(it, price));
});

test.each([
  line({ quantity: -80995, line: 2_147_483_647 }),
  line({ quantity: -2_147_483_648, invoiceDate: new Date(-1) }),
  line({ invoiceDate: new Date("1899-12-31T23:59:59.999Z") }),
  line({ description: null, customerId: null, country: null }),
  line({ description: "日本語 🎁", country: "" }),
])("%#: extremes and what is missing", (it) => {
  expect(lineEncoder()(it)).toEqual(byTheDriver(it, "6.95"));
});

test("values that come again, and others between them, keep their own cells", () => {
  const encode = lineEncoder();
  for (let i = 0; i < 50_000; i++) {
    const it = line({
      invoice: String(i >> 4),
      stockCode: String(i % 3001),
      quantity: i % 77,
      price: { unscaled: BigInt(i), scale: 2 },
    });
    const [invoice, stockCode, , , quantity, , price] = encode(it);
    if (i % 997 > 0 && i < 49_000) continue;
    expect([String(invoice), String(stockCode), quantity!.readInt32BE()]).toEqual([
      it.invoice,
      it.stockCode,
      it.quantity,
    ]);
    expect(price).toEqual(encoder.encode(types.BigDecimal.fromString((i / 100).toFixed(2)), { code: decimal }));
  }
});

test("the key is read back from the cells", () => {
  expect(keyOf(lineEncoder()(line({ line: 7 })))).toEqual(["489434", "85048", 7]);
});
