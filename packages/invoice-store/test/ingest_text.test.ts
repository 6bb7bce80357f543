import { expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { ingestText, overlapText } from "@keyspaces-segmentation/invoice-store/dist/ingest_text.js";

const gbp = { money: moneyOf("GBP") };

const state = {
  lines: 0,
  stored: 0,
  rejected: 0,
  retries: 0,
  throttled: 0,
  rowsPerSecond: 0,
  fraction: 0,
  remainingSeconds: null,
};

test.each([
  [{}, "0 rows, 0 rows/s"],
  [{ stored: 1, rejected: 1, retries: 1, rowsPerSecond: 3 }, "1 row, 3 rows/s, 1 retry, 1 reject"],
  [
    { stored: 12_000, rejected: 2, retries: 3456, rowsPerSecond: 8200, remainingSeconds: 39.2 },
    "12,000 rows, 8,200 rows/s, 40 s left, 3,456 retries, 2 rejects",
  ],
  [{ stored: 5, rowsPerSecond: 1, remainingSeconds: 3000 }, "5 rows, 1 rows/s, 50 min left"],
  [{ stored: 5, rowsPerSecond: 1, remainingSeconds: 0 }, "5 rows, 1 rows/s"],
])("%p", (changes, text) => {
  expect(ingestText({ ...state, ...changes })).toBe(text);
});

const nothing = { lines: 0, amount: "0" };

test.each([
  [{ invoices: 0, same: nothing, further: nothing }, ""],
  [
    { invoices: 1, same: { lines: 1, amount: "2.5" }, further: nothing },
    "1 invoice of the file was in the table already: 1 line (£2.50) equals a row there and is not counted twice.",
  ],
  [
    { invoices: 1234, same: { lines: 20_000, amount: "54321.005" }, further: { lines: 2, amount: "-12" } },
    "1,234 invoices of the file were in the table already: 20,000 lines (£54,321.01) equal rows there and are not counted twice, " +
      "2 lines (−£12.00) come on top. A corrected line cannot be told from a further one.",
  ],
  [
    { invoices: 3, same: nothing, further: { lines: 1, amount: "0" } },
    "3 invoices of the file were in the table already: 1 line (£0.00) comes on top. A corrected line cannot be told from a further one.",
  ],
])("of an overlap %p", (overlap, text) => {
  expect(overlapText(overlap, gbp)).toBe(text);
});
