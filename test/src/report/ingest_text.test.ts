import { expect, test } from "@jest/globals";
import { ingestText } from "../../../src/report/ingest_text.js";

const state = { lines: 0, stored: 0, rejected: 0, retries: 0, rowsPerSecond: 0, fraction: 0, remainingSeconds: null };

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
