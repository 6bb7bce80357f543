import { expect, test } from "@jest/globals";
import { customersOfFiles } from "../../../bench/scale/files.js";
import { sizedCsv } from "../../../local/data/sized.js";

function linesAnInvoice(lines: number, customers: number): number {
  const text = [...sizedCsv({ lines, customers }, 1)].join("");
  return lines / new Set(text.split("\n").map((line) => line.slice(0, line.indexOf(",")))).size;
}

test("a file of twice the length has more invoices, not longer ones", () => {
  const lengths = [40_000, 80_000, 160_000];
  const customers = customersOfFiles(lengths);
  const [shortest, ...others] = lengths.map((lines) => linesAnInvoice(lines, customers));
  for (const each of others) expect(Math.abs(each / shortest! - 1)).toBeLessThan(0.03);
});

test("there is a customer however short the files are", () => {
  expect(customersOfFiles([100, 200])).toBe(1);
});
