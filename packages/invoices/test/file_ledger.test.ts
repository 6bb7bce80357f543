import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { formatDecimal, parseDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import { noExtremes } from "@keyspaces-segmentation/invoices/dist/file_extremes.js";
import { createFileLedger, type FileLedger, reconcile } from "@keyspaces-segmentation/invoices/dist/file_ledger.js";
import { isPurchase } from "@keyspaces-segmentation/invoices/dist/ledger.js";
import { noEvidence, rulesOf } from "@keyspaces-segmentation/invoices/dist/line_rules.js";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices/dist/parse.js";
import { generateRetailCsv } from "../../../local/data/generate.js";
import { parseInvoices } from "../../../test/support/invoice_files.js";
import { retailOracle } from "../../../test/support/oracle.js";
import { realFile } from "../../../test/support/real_data.js";
import { foldLines, generatedCsv, testOnRealData } from "../../../test/support/retail.js";

/** The ledger of a file, and the lines and rejects that have come into it. */
async function readLedger(text: string): Promise<{ file: FileLedger; lines: InvoiceLine[]; rejects: number }> {
  const ledger = createFileLedger();
  const lines: InvoiceLine[] = [];
  let rejects = 0;
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
  }
  for await (const chunk of parseInvoices(chunks())) {
    ledger.add(chunk);
    lines.push(...chunk.lines);
    rejects += chunk.rejects.length;
  }
  return { file: ledger.report(), lines, rejects };
}

/** In units of 1/1000, exact. */
function thousandths(amount: string): bigint {
  const { unscaled, scale } = parseDecimal(amount)!;
  expect(scale).toBeLessThanOrEqual(3);
  return unscaled * 10n ** BigInt(3 - scale);
}

/** Bins and rejects come to the whole file, in lines and in money. */
function expectToAddUp({ lines, amount, bins, rejects }: FileLedger): void {
  const parts = [...bins, ...rejects];
  expect(parts.reduce((sum, part) => sum + part.lines, 0)).toBe(lines);
  expect(parts.reduce((sum, part) => sum + thousandths(part.amount), 0n)).toBe(thousandths(amount));
}

const HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n";

test("every line has a place, rejected ones with what they are worth where that can be read", async () => {
  const { file } = await readLedger(
    `${HEADER}1,85048,a,3,12/1/09 07:45,2.55,7,Norway
1,POST,postage,1,12/1/09 07:45,18.00,7,Norway
C2,85048,a,-1,12/2/09 07:45,2.55,7,Norway
3,85048,a,2,12/1/09 07:45,1.005,,Norway
4,85048,a,5,31/12/2009,0.1,7,Norway
4,85048,a,6,32/12/2009,0.2,7,Norway
5,85048,a,x,12/1/09 07:45,9.99,7,Norway
6,85048,a,y,12/1/09 07:45,9.99,7,Norway
7,85048,too,few
8,85048,a,2147483648,12/1/09 07:45,9.99,7,Norway
`,
  );
  expect(file.lines).toBe(10);
  expect(file.amount).toBe("26.810");
  const filled = file.bins.filter(({ lines }) => lines > 0);
  expect(filled.map(({ bin, lines, amount }) => [bin, lines, amount])).toEqual([
    ["no_customer", 1, "2.010"],
    ["cancelled", 1, "-2.55"],
    ["not_a_product", 1, "18.00"],
    ["purchase", 1, "7.65"],
  ]);
  expect(file.rejects).toEqual([
    { reason: "quantity … is not a number as the file writes them", lines: 2, amount: "0" },
    { reason: "quantity … does not fit … bits", lines: 1, amount: "0" },
    { reason: "… fields instead of …", lines: 1, amount: "0" },
    { reason: "… is a date only in the other order of day and month", lines: 1, amount: "0.5" },
    { reason: "… is not a date as the file writes them", lines: 1, amount: "1.2" },
  ]);
  expectToAddUp(file);
});

test("the generated file adds up, and its bins are those that pandas finds", async () => {
  const file = await expectSameAfterFold(generatedCsv());
  expect(file.lines).toBe(retailOracle.lines + retailOracle.rejects.length);
  const filled = file.bins.filter(({ lines }) => lines > 0);
  expect(Object.fromEntries(filled.map(({ bin, lines, amount }) => [bin, [lines, Number(amount)]]))).toEqual(
    Object.fromEntries(
      Object.entries(retailOracle.ledger).map(([bin, [lines, amount]]) => [bin, [lines, Number(amount)]]),
    ),
  );
});

/** What came into the ledger of a file is what the fold finds in its lines, bin by bin, to the last digit. */
async function expectSameAfterFold(text: string): Promise<FileLedger> {
  const { file, lines, rejects } = await readLedger(text);
  expectToAddUp(file);
  expect(file.lines).toBe(lines.length + rejects);
  const { ledger, aggregate } = foldLines(lines);
  for (const row of reconcile(file, ledger)) {
    const inFile = row.bin.startsWith("rejected") ? ["0", 0] : [row.amountInFile, row.linesInFile];
    if (row.bin !== "all lines") expect([row.amountInTable, row.linesInTable]).toEqual(inFile);
  }
  // The same once more without any sum of the project's: exact integers of a thousandth, line by line.
  const byLine = lines.reduce((sum, { price, quantity }) => {
    const scale = price.scale + quantity.scale;
    if (scale > 3) throw new Error(`Expected at most three decimals, got ${scale}`);
    return sum + quantity.unscaled * price.unscaled * 10n ** BigInt(3 - scale);
  }, 0n);
  expect(ledger.reduce((sum, { amount }) => sum + thousandths(amount), 0n)).toBe(byLine);
  // And the customers' amounts are those of the bins that have a customer.
  const known = ledger.filter(({ bin }) => bin !== "no_customer");
  expect([...aggregate.customers].reduce((sum, { netAmount }) => sum + thousandths(formatDecimal(netAmount)), 0n)).toBe(
    known.reduce((sum, { amount }) => sum + thousandths(amount), 0n),
  );
  const bought = ledger.filter(({ bin }) => isPurchase(bin));
  expect(
    [...aggregate.customers].reduce((sum, { salesAmount }) => sum + thousandths(formatDecimal(salesAmount)), 0n),
  ).toBe(bought.reduce((sum, { amount }) => sum + thousandths(amount), 0n));
  expect([file.firstInvoice, file.lastInvoice]).toEqual([
    aggregate.firstInvoice?.toISOString() ?? null,
    aggregate.lastInvoice?.toISOString() ?? null,
  ]);
  return file;
}

test.each([1, 2, 3, 4, 5])("generated data adds up before the fold and after: seed %d", async (seed) => {
  const file = await expectSameAfterFold(generateRetailCsv({ seed, customers: 20 * seed }));
  expect(file.rejects.length).toBeGreaterThan(3);
});

test("what no price of a shop looks like adds up as well", async () => {
  await expectSameAfterFold(
    `${HEADER}1,85048,a,2147483647,12/1/09 07:45,99999999999999.999,7,Norway
1,85048,a,-2147483648,12/1/09 07:45,0.001,7,Norway
A2,B,bad debt,1,12/1/09 07:45,-11062.06,,Norway
C3,85048,a,-3,12/1/09 07:45,0.1,7,Norway
4,85048,a,3,12/1/09 07:45,.2,8,Norway
5,85048,a,3,when,7.77,8,Norway
`,
  );
});

test("goods that are sold by weight add up to the last digit", async () => {
  const file = await expectSameAfterFold(
    `${HEADER}1,85048,apples,0.75,12/1/09 07:45,2.5,7,Norway
1,85048,pears,1.5,12/1/09 07:45,3.99,7,Norway
C2,85048,pears,-0.5,12/2/09 07:45,3.99,7,Norway
3,85048,apples,two kilos,12/2/09 07:45,2.5,7,Norway
`,
  );
  expect(file.amount).toBe("5.865");
  expect(file.bins.filter(({ lines }) => lines > 0).map(({ bin, amount }) => [bin, amount])).toEqual([
    ["cancelled", "-1.995"],
    ["purchase", "7.860"],
  ]);
  expect(file.rejects).toEqual([
    { reason: "quantity … is not a number as the file writes them", lines: 1, amount: "0" },
  ]);
});

test("a file of nothing but rejects has no first and no last invoice", async () => {
  const file = await expectSameAfterFold(`${HEADER}5,85048,a,3,2/30/2010,7.77,8,Norway\n`);
  expect([file.firstInvoice, file.lastInvoice, file.amount]).toEqual([null, null, "23.31"]);
});

testOnRealData("the real file adds up to £541,177.16, the same before the fold and after", async () => {
  const file = await expectSameAfterFold(readFileSync(realFile, "utf8"));
  expect([file.lines, file.amount]).toEqual([14_269, "541177.16"]);
  expect([file.firstInvoice, file.lastInvoice]).toEqual(["2009-12-01T09:28:00.000Z", "2010-12-09T14:55:00.000Z"]);
});

test("the reconciliation shows what a table has beside what the file had", () => {
  const file: FileLedger = {
    lines: 4,
    amount: "10.50",
    firstInvoice: null,
    lastInvoice: null,
    bins: [
      { bin: "cancelled", lines: 1, amount: "-2.5" },
      { bin: "purchase", lines: 2, amount: "12.00" },
    ],
    rejects: [{ reason: "… is not a date", lines: 1, amount: "1" }],
    repeated: { lines: 0, amount: "0" },
    rules: rulesOf(noEvidence),
    extremes: noExtremes,
  };
  const rows = reconcile(file, [{ bin: "purchase", lines: 1, amount: "7.00" }]);
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["rejected: … is not a date", 1, "1", 0, "0"],
    ["cancelled", 1, "-2.5", 0, "0"],
    ["purchase", 2, "12.00", 1, "7.00"],
    ["all lines", 4, "10.50", 1, "7.00"],
  ]);
});
