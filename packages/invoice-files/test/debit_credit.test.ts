import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

test.each([
  ["Debit", "Credit", false],
  ["Debit Amount", "Credit Amount", true],
  ["Soll", "Haben", false],
  ["Débit", "Crédit", true],
  ["Debe", "Haber", false],
  ["Debit (GBP)", "Credit (GBP)", false],
])("amounts on two sides of a ledger are those of sales where most are: %s and %s", async (debit, credit, isTurned) => {
  const row = (invoice: number, day: number, amount: string, isBack: boolean): string =>
    [invoice, `2024-01-${day}`, 7, ...(isBack === isTurned ? [amount, ""] : ["", amount])].join();
  const { customers, said } = await readFile("ledger.csv", [
    `Invoice,Date,Customer ID,${debit},${credit}`,
    row(1, 25, "10.00", false),
    row(2, 26, "15.00", false),
    row(3, 27, "5.00", true),
  ]);
  expect(customers).toEqual(["7 1 2 20"]);
  expect(said).toContain(`amounts of lines: ${isTurned ? credit : debit}, and below zero ${isTurned ? debit : credit}`);
});

test("with quantities, and a zero on the other side, the amounts are those of lines", async () => {
  const { customers } = await readFile("pieces.csv", [
    "Invoice,SKU,Date,Customer ID,Qty,Debit,Credit",
    "1,A,2024-01-25,7,3,10.00,0.00",
    "2,A,2024-01-26,7,2,15.00,0.00",
    "3,A,2024-01-27,7,1,0.00,5.00",
  ]);
  expect(customers).toEqual(["7 1 2 20"]);
});

test("where the other side has as many lines, they may be payments, and `columns` is asked for", async () => {
  const lines = [
    "Invoice,Date,Customer ID,Debit,Credit",
    ...[1, 2, 3, 4].flatMap((i) => [`${i},2024-01-2${i},7,10.00,`, `P${i},2024-01-2${i},7,,10.00`]),
  ];
  await expect(readFile("payments.csv", lines)).rejects.toMatchObject({ question: { parameter: "columns" } });
  const { customers, rejects } = await readFile("payments.csv", lines, { columns: "amount=Debit" });
  expect(customers).toEqual(["7 0 4 40"]);
  expect(rejects).toHaveLength(1);
});

test("a column of prices or amounts goes before both sides", async () => {
  const { customers } = await readFile("both.csv", [
    "Invoice,SKU,Date,Customer ID,Qty,Price,Debit,Credit",
    "1,A,2024-01-25,7,3,5.00,15.00,",
    "2,A,2024-01-26,7,2,5.00,10.00,",
  ]);
  expect(customers).toEqual(["7 0 2 25"]);
});

test.each([
  ["Sales", "Returns"],
  ["Sale Amount", "Refund Amount"],
  ["Invoiced", "Credited"],
  ["Dr", "Cr"],
  ["Debit in EUR", "Credit in EUR"],
  ["Money In", "Money Out"],
  ["Montant débit", "Montant crédit"],
])("amounts of sales and of what came back, in columns called %s and %s", async (sale, back) => {
  for (const nothing of ["", "0.00", "-"]) {
    const { customers } = await readFile("pairs.csv", [
      `Invoice,Date,Customer ID,${sale},${back}`,
      `1,2024-01-25,7,10.00,${nothing}`,
      `2,2024-01-26,7,15.00,${nothing}`,
      `3,2024-01-27,7,${nothing},5.00`,
    ]);
    expect(customers).toEqual(["7 1 2 20"]);
  }
});

test("what was given back of the sale in the same line is said, and not taken off", async () => {
  const { customers, said, rejects } = await readFile("beside.csv", [
    "Invoice,Date,Customer ID,Sales,Returns",
    "1,2024-01-25,7,10.00,2.00",
    "2,2024-01-26,7,15.00,0.00",
    "3,2024-01-27,7,5.00,0.00",
  ]);
  expect({ customers, rejects }).toEqual({ customers: ["7 0 3 30"], rejects: [] });
  expect(said).toContain("what was given back: Returns is left out");
});
