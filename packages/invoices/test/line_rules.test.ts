import { describe, expect, test } from "@jest/globals";
import { createFileLedger, type FileLedger, reconcile } from "@keyspaces-segmentation/invoices/dist/file_ledger.js";
import { binOf } from "@keyspaces-segmentation/invoices/dist/ledger.js";
import {
  combineRules,
  evidenceOf,
  onlineRetailRules,
  rulesOf,
  rulesText,
} from "@keyspaces-segmentation/invoices/dist/line_rules.js";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices/dist/parse.js";
import { foldLines, invoiceLine, parseGenerated } from "../../../test/support/retail.js";

/** So many lines on as many invoices, each with the next number behind the prefix. */
const lines = (prefix: string, count: number, quantity: number, stockCode = "61000"): InvoiceLine[] =>
  Array.from({ length: count }, (_, i) => invoiceLine({ invoice: `${prefix}${1001 + i}`, quantity, stockCode }));

const ledgerOf = (of: readonly InvoiceLine[]): FileLedger => {
  const ledger = createFileLedger();
  ledger.add({
    lines: [...of],
    lineNumbers: of.map((_, i) => i + 2),
    originals: of.map(() => ({ text: "" })),
    rejects: [],
  });
  return ledger.report();
};
const filled = ({ bins }: Pick<FileLedger, "bins">) =>
  Object.fromEntries(bins.filter((each) => each.lines > 0).map((each) => [each.bin, each.lines]));

describe("credit notes", () => {
  test.each(["C", "c"])("numbered %s and a digit, below zero", (prefix) => {
    const of = [...lines("", 20, 2), ...lines(prefix, 4, -1), ...lines(prefix, 1, 1)];
    expect(filled(ledgerOf(of))).toEqual({ purchase: 20, cancelled: 5 });
    expect(rulesText(rulesOf(evidenceOf(of)))).toEqual([
      "Credit notes: 4 of 5 lines of invoices numbered C and a digit are below zero, so such invoices are credit notes.",
    ]);
  });

  test("a shop whose every number begins with C has sales", () => {
    const of = [...lines("C", 20, 2), ...lines("C", 3, -1)];
    const file = ledgerOf(of);
    expect(filled(file)).toEqual({ purchase: 20, quantity_not_positive: 3 });
    expect(file.rules.creditPrefix).toBeNull();
    expect(rulesText(file.rules)[0]).toMatch(
      /^Credit notes: 3 of 23 lines .* a quantity below zero alone is a return\.$/,
    );
    expect([...foldLines(of, { rules: file.rules }).aggregate.customers][0]!.purchaseInvoices).toBe(20);
  });

  test("a branch called CA has sales, and is said", () => {
    const file = ledgerOf([...lines("", 20, 2), ...lines("CA-", 6, 2), ...lines("C", 3, -1)]);
    expect(filled(file)).toEqual({ purchase: 26, cancelled: 3 });
    expect(rulesText(file.rules)).toContain(
      "6 lines of invoices that begin with CA- have a quantity above zero: sales, unless the parameter `creditNotes` names CA-.",
    );
  });

  test.each(["CN-", "GS", "RF", "R-"])("the file's own prefix %s goes by its quantity, and is named", (prefix) => {
    const file = ledgerOf([...lines("", 20, 2), ...lines(prefix, 3, -1)]);
    expect(filled(file)).toEqual({ purchase: 20, quantity_not_positive: 3 });
    expect(rulesText(file.rules)).toEqual([
      `3 lines of invoices that begin with ${prefix} are below zero (100 %): returns, by their quantity.`,
    ]);
  });
});

describe("products", () => {
  test("are every code where few have five digits, and no line is called postage", () => {
    const of = [...lines("", 20, 2, "TOYS-1"), ...lines("9", 2, 1, "61000")];
    const file = ledgerOf(of);
    expect(filled(file)).toEqual({ purchase: 22 });
    expect(file.bins.map(({ bin }) => bin)).not.toContain("not_a_product");
    expect(foldLines(of, { rules: file.rules }).ledger.map(({ bin }) => bin)).not.toContain("not_a_product");
    expect(rulesText(file.rules)).toEqual([
      "Products: 2 of 22 lines have a stock code that begins with five digits, so every code counts as a product.",
    ]);
  });

  test("are every code where those of five digits are but half of them", () => {
    const of = [...lines("", 12, 2), ...lines("9", 8, 1, "LAMP-7")];
    expect(filled(ledgerOf(of))).toEqual({ purchase: 20 });
  });

  test("are codes of five digits where nearly all are", () => {
    expect(filled(ledgerOf([...lines("", 20, 2), ...lines("9", 2, 1, "POST")]))).toEqual({
      purchase: 20,
      not_a_product: 2,
    });
  });
});

test("the generated file has the rules of Online Retail, from all lines or a part", async () => {
  const { lines: all } = await parseGenerated();
  expect(rulesOf(evidenceOf(all))).toMatchObject(onlineRetailRules);
  expect(rulesOf(evidenceOf(all.slice(0, 300)))).toMatchObject(onlineRetailRules);
  expect(ledgerOf(all).rules.evidence).toEqual(evidenceOf(all));
  for (const line of all) expect(binOf(line)).toBe(binOf(line, onlineRetailRules));
});

describe("several files", () => {
  const [returns, branch] = [lines("C", 3, -1), lines("C", 30, 2)];
  test("have the rules of one with all their lines, and where they differ it is said", () => {
    const { conflicts, ...rules } = combineRules([rulesOf(evidenceOf(returns)), rulesOf(evidenceOf(branch))]);
    expect(rules).toEqual(rulesOf(evidenceOf([...returns, ...branch])));
    expect(rules.creditPrefix).toBeNull();
    expect(conflicts).toEqual([
      "The files differ in what an invoice numbered C and a digit is: of all their lines, 3 of 33 lines of invoices numbered C and a digit are below zero, so the number says nothing and a quantity below zero alone is a return.",
    ]);
  });

  test("do not differ where one has nothing to say", () => {
    const plain = rulesOf(evidenceOf(lines("", 5, 1)));
    expect(combineRules([plain, rulesOf(evidenceOf(branch))])).toMatchObject({ creditPrefix: null, conflicts: [] });
    expect(combineRules([])).toMatchObject({ ...onlineRetailRules, conflicts: [] });
  });

  test("lines of a bin that this file does not know are in the reconciliation all the same", () => {
    const file = ledgerOf(lines("", 4, 1, "TOYS"));
    const rows = reconcile(file, [
      { bin: "not_a_product", lines: 2, amount: "5.90" },
      { bin: "purchase", lines: 3, amount: "8.85" },
    ]);
    expect(rows.find(({ bin }) => bin === "not_a_product")).toMatchObject({ linesInFile: 0, linesInTable: 2 });
    expect(rows.at(-1)).toMatchObject({ linesInFile: 4, linesInTable: 5, amountInTable: "14.75" });
  });
});
